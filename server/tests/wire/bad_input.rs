//! What is wrong gets its clear error, leaves nothing behind, and nobody else notices.

use frontdesk_protocol::{ChannelSid, Identity, id::FlowSid};
use frontdesk_server::storage::{Flow, Site, SiteId};
use serde_json::{Value, json};

use crate::{
    served::{Guest, PAGE, Served},
    socket::{Said, Socket, handshake},
};

/// A server with a chat that goes on beside whatever is tried, and how much there was before.
struct Scene {
    served: Served,
    guest: Guest,
    witness: Socket,
    channel: String,
    tasks: usize,
}

impl Scene {
    async fn new() -> Self {
        let served = Served::start().await;
        let other = served.guest().await;
        let channel = served.open_chat(&other).await;
        let witness = served.live(&other, &channel).await;
        let guest = served.guest().await;
        let tasks = served.world.tasks().await.len();
        Self { served, guest, witness, channel, tasks }
    }

    /// That nothing half-made stays, and that the chat beside it goes on undisturbed.
    async fn nothing_happened(mut self) {
        let store = self.served.world.app.store();
        assert_eq!(self.served.world.tasks().await.len(), self.tasks, "a task was left");
        let identity = Identity::parse(&self.guest.identity).unwrap();
        let user = store.user(&self.served.world.account, &identity).await.unwrap();
        assert!(user.is_none(), "a user was left");
        let stream = ChannelSid::parse(&self.channel).unwrap().into();
        let before = store.snapshot(&stream, 10).await.unwrap().unwrap();
        assert!(before.items.is_empty(), "something was said");
        self.witness.say(&self.channel, 99, "all is well").await;
        let said = [self.witness.expect_any().await, self.witness.expect_any().await];
        for frame in said {
            assert_eq!(frame["seq"], before.seq + 1, "{frame}");
        }
    }
}

#[tokio::test]
async fn an_unknown_flow() {
    let scene = Scene::new().await;
    let flow = FlowSid::from_bits(99).to_string();
    let answer = scene.served.post_form(&scene.guest, &[("FlexFlowSid", &flow)], &[]).await;
    answer.is_error(404, &flow);
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_disabled_flow() {
    let scene = Scene::new().await;
    let store = scene.served.world.app.store();
    let flow = store.flow(&scene.served.world.flow).await.unwrap().unwrap();
    store.put_flow(Flow { enabled: false, ..flow }).await.unwrap();
    scene.served.post_form(&scene.guest, &[], &[]).await.is_error(400, "is disabled");
    scene.nothing_happened().await;
}

#[tokio::test]
async fn an_unknown_site() {
    let scene = Scene::new().await;
    let served = &scene.served;
    served.ask_token(PAGE, &json!({"site": "nowhere"})).await.is_error(404, "no site nowhere");
    let answer = served.ask("GET", "/v1/Sites/nowhere", &[("Origin", PAGE)], "").await;
    answer.is_error(404, "frontdesk site add");
    let loader = served.ask("GET", "/frontdesk.js?site=nowhere", &[], "").await;
    // A browser runs no script of another status; 501 is a server built without its assets.
    let told = loader.status == 200 && loader.body.contains("console.error(");
    assert!(told || loader.status == 501, "{loader:?}");
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_missing_or_wrong_parameter_is_named() {
    let scene = Scene::new().await;
    for (name, value) in [
        ("FlexFlowSid", "-"),
        ("FlexFlowSid", "FO123"),
        ("FlexFlowSid", ""),
        ("Identity", "-"),
        ("Identity", ""),
        ("ChatFriendlyName", "-"),
        ("CustomerFriendlyName", "-"),
        ("PreEngagementData", "{"),
        ("PreEngagementData", "[]"),
        ("PreEngagementData", r#"{"a":1,"a":2}"#),
        ("ChatFriendlyName", &"x".repeat(257)),
    ] {
        let answer = scene.served.post_form(&scene.guest, &[(name, value)], &[]).await;
        answer.is_error(400, name);
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_missing_or_wrong_form_field_is_named_by_field() {
    let scene = Scene::new().await;
    for (data, field, word) in [
        (json!({}), "friendlyName", "required"),
        (json!({"friendlyName": " "}), "friendlyName", "required"),
        (json!({"friendlyName": "Bob", "email": "bob"}), "email", "email"),
        (json!({"friendlyName": "Bob", "role": "admin"}), "role", "unknown_field"),
        (json!({"friendlyName": ["Bob"]}), "friendlyName", "required"),
        (json!({"friendlyName": "B".repeat(5_000)}), "friendlyName", "too_long"),
    ] {
        let data = data.to_string();
        let answer =
            scene.served.post_form(&scene.guest, &[("PreEngagementData", &data)], &[]).await;
        answer.is_error(400, "form");
        assert_eq!(answer.json()["fields"][field], word, "{data}");
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_foreign_origin() {
    let scene = Scene::new().await;
    let served = &scene.served;
    for origin in [
        "https://evil.example",
        "https://evil-example.com",
        "https://example.com.evil",
        "http://example.com",
        "https://example.com:8443",
    ] {
        let answer = served.ask_token(origin, &json!({"site": "site"})).await;
        answer.is_error(403, &format!("frontdesk site add --origin {origin}"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        let form = served.post_form(&scene.guest, &[], &[("Origin", origin)]).await;
        form.is_error(403, "frontdesk site add");
        let site = served.ask("GET", "/v1/Sites/site", &[("Origin", origin)], "").await;
        site.is_error(403, origin);
        let request = handshake(&served.address.to_string(), Some(origin));
        let request = request.replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n");
        let refused = served.raw_status(&request).await;
        assert_eq!(refused, 403, "{origin}");
    }
    for origin in ["null", "https://Example.com", "https://example.com/", "example.com"] {
        served.ask_token(origin, &json!({"site": "site"})).await.is_error(403, "Origin");
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_token_of_another_origin() {
    let scene = Scene::new().await;
    // Another page of the same account: allowed to connect, but the token is not from there.
    let world = &scene.served.world;
    let site = world.app.store().site(&world.site).await.unwrap().unwrap();
    let other = Site {
        id: SiteId::parse("other").unwrap(),
        origins: vec![
            frontdesk_server::auth::origin::Origin::parse("https://other.example").unwrap(),
        ],
        ..site
    };
    world.app.store().put_site(other).await.unwrap();
    let mut socket = Socket::connect(&scene.served, "https://other.example").await;
    socket.hello(&scene.guest.token, json!([])).await;
    assert_eq!(socket.next().await, Said::Close(4403));
    let mut socket = Socket::connect_from(&scene.served, None).await;
    socket.hello(&scene.guest.token, json!([])).await;
    assert_eq!(socket.next().await, Said::Close(4403), "a guest's token without an Origin");
    let origin = [("Origin", "https://other.example")];
    let form = scene.served.post_form(&scene.guest, &[], &origin).await;
    form.is_error(403, "https://other.example");
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_forged_or_broken_token() {
    let scene = Scene::new().await;
    let token = scene.guest.token.clone();
    let (head, tail) = token.split_at(token.len() - 5);
    let flipped: String = tail.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
    let unsigned = {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let header = engine.encode(r#"{"alg":"none","typ":"frontdesk-guest"}"#);
        format!("{header}.{}.", token.split('.').nth(1).unwrap())
    };
    for forged in [format!("{head}{flipped}"), unsigned, String::new(), "x".repeat(9_000)] {
        let guest =
            Guest { token: forged.clone(), identity: scene.guest.identity.clone(), secret: None };
        scene.served.post_form(&guest, &[], &[]).await.is_error(401, "token was refused");
        let mut socket = Socket::connect(&scene.served, PAGE).await;
        socket.hello(&forged, json!([{"id": scene.channel}])).await;
        assert_eq!(socket.next().await, Said::Close(4401));
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn an_expired_token() {
    let scene = Scene::new().await;
    scene.served.world.later(3_600_000);
    scene.served.post_form(&scene.guest, &[], &[]).await.is_error(401, "expired");
    let mut socket = Socket::connect(&scene.served, PAGE).await;
    socket.hello(&scene.guest.token, json!([])).await;
    assert_eq!(socket.next().await, Said::Close(4400));
    scene.nothing_happened().await;
}

#[tokio::test]
async fn another_guests_identity_and_channel() {
    let scene = Scene::new().await;
    let answer =
        scene.served.post_form(&scene.guest, &[("Identity", "guest-of-somebody")], &[]).await;
    answer.is_error(403, "Identity");
    // Absent and not yours look the same.
    let absent = ChannelSid::from_bits(12_345).to_string();
    let mut told = Vec::new();
    for channel in [&scene.channel, &absent] {
        let mut socket = Socket::connect(&scene.served, PAGE).await;
        socket.hello(&scene.guest.token, json!([{"id": channel}])).await;
        let welcome = socket.expect("welcome").await;
        assert_eq!(welcome["ch"], json!([]));
        let nack = socket.expect("nack").await;
        told.push(nack["code"].clone());
        assert_eq!(socket.next().await, Said::Close(4404));
    }
    assert_eq!(told, ["not_found", "not_found"]);
    scene.nothing_happened().await;
}

#[tokio::test]
async fn other_peoples_channels_take_no_verb() {
    let scene = Scene::new().await;
    let mut socket = Socket::connect(&scene.served, PAGE).await;
    socket.hello(&scene.guest.token, json!([])).await;
    socket.expect("welcome").await;
    let ch = &scene.channel;
    let cid = format!("{:032x}", 1);
    for (frame, code) in [
        (json!({"t": "sub", "ch": [{"id": ch}]}), "not_found"),
        (json!({"t": "send", "ch": ch, "cid": cid, "body": "x"}), "not_found"),
        (json!({"t": "fetch", "ch": ch, "before": 9, "limit": 9}), "not_found"),
    ] {
        socket.send(frame).await;
        assert_eq!(socket.expect("nack").await["code"], code);
    }
    for frame in [
        json!({"t": "read", "ch": ch, "seq": 2}),
        json!({"t": "seen", "ch": ch, "seq": 2}),
        json!({"t": "typing", "ch": ch, "on": true}),
    ] {
        socket.send(frame).await;
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_body_over_32768_bytes() {
    let scene = Scene::new().await;
    let guest = served_guest(&scene).await;
    let channel = scene.served.open_chat(&guest).await;
    let mut visitor = scene.served.live(&guest, &channel).await;
    visitor.say(&channel, 1, &"x".repeat(32_769)).await;
    let nack = visitor.expect("nack").await;
    assert_eq!((&nack["code"], &nack["retry"]), (&json!("too_long"), &json!(false)));
    visitor.say(&channel, 2, &"\u{1}".repeat(32_768)).await;
    assert_eq!(visitor.expect_any().await["seq"], visitor.expect_any().await["seq"]);
    let body = "x".repeat(140_000);
    let answer = scene.served.post_form(&scene.guest, &[("PreEngagementData", &body)], &[]).await;
    answer.is_error(413, "131072");
    let answer = scene.served.ask_token(PAGE, &json!({"site": "x".repeat(20_000)})).await;
    answer.is_error(413, "16384");
}

async fn served_guest(scene: &Scene) -> Guest {
    scene.served.guest().await
}

#[tokio::test]
async fn frames_that_break_the_protocol_are_4001() {
    let scene = Scene::new().await;
    let hello = json!({"t": "hello", "tok": scene.guest.token, "inst": "i"});
    for text in [
        r#"{"t":"poke"}"#.to_owned(),
        "garbage".to_owned(),
        "[".repeat(10_000),
        r#"{"t":"typing","t":"hello"}"#.to_owned(),
        r#"{"t":"seen","ch":"CH1","seq":-1}"#.to_owned(),
        hello.to_string(),
    ] {
        let mut socket = Socket::connect(&scene.served, PAGE).await;
        socket.hello(&scene.guest.token, json!([])).await;
        socket.expect("welcome").await;
        socket.text(&text).await;
        assert_eq!(socket.next().await, Said::Close(4001), "{text:.60}");
    }
    let mut socket = Socket::connect(&scene.served, PAGE).await;
    socket.send(json!({"t": "sub", "ch": [{"id": scene.channel}]})).await;
    assert_eq!(socket.next().await, Said::Close(4001), "something before hello");
    scene.nothing_happened().await;
}

#[tokio::test]
async fn bodies_that_are_no_json_or_no_form() {
    let scene = Scene::new().await;
    let path = format!("/v1/Accounts/{}/Tokens", scene.served.world.account);
    for (kind, body, status) in [
        ("application/json", "garbage", 400),
        ("application/json", r#"{"a":1,"a":2}"#, 400),
        ("application/json", r#"{"products":"flex"}"#, 400),
        ("text/plain", "{}", 415),
        ("application/x-www-form-urlencoded", "{}", 415),
    ] {
        let headers = [("Origin", PAGE), ("Content-Type", kind)];
        let answer = scene.served.ask("POST", &path, &headers, body).await;
        answer.is_error(status, "body");
    }
    let packed =
        [("Origin", PAGE), ("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    let answer = scene.served.ask("POST", &path, &packed, "{}").await;
    answer.is_error(415, "Content-Encoding");
    let unknown = "/v1/Accounts/AC00000000000000000000000000000099/Tokens";
    let headers = [("Origin", PAGE), ("Content-Type", "application/json")];
    scene.served.ask("POST", unknown, &headers, "{}").await.is_error(404, "no account");
    let no_origin = [("Content-Type", "application/json")];
    scene.served.ask("POST", &path, &no_origin, "{}").await.is_error(403, "Origin is missing");
    scene.nothing_happened().await;
}

#[tokio::test]
async fn credentials_that_are_none() {
    let scene = Scene::new().await;
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    for authorization in ["", "Bearer x", "Basic !!!", "Basic QUM6eA=="] {
        let headers = [("Authorization", authorization), ("Origin", PAGE), kind];
        let answer = scene.served.ask("POST", "/v1/WebChannels", &headers, "").await;
        assert_eq!(answer.status, 401, "{authorization}");
        assert_eq!(answer.json()["code"], Value::from(20_003));
    }
    let cookie = scene.served.sign_in().await;
    let agent = scene.served.agent_token(&cookie).await;
    let guest = Guest { token: agent, identity: "alice".into(), secret: None };
    scene.served.post_form(&guest, &[], &[]).await.is_error(401, "guest tokens only");
    scene.nothing_happened().await;
}

impl Served {
    /// The status of a request that is not answered by a websocket.
    pub(crate) async fn raw_status(&self, request: &str) -> u16 {
        let request = request.replace("Connection: Upgrade", "Connection: Upgrade, close");
        let answer = self.raw(request.as_bytes()).await;
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}
