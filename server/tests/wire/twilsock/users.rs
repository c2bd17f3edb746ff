//! Users whom the account's own server vouches for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use frontdesk_protocol::id::KeySid;
use frontdesk_server::storage::ApiKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::sdk::Sdk;
use crate::{served::Served, world::NOW};

const SECRET: &str = "secret of the key";

/// An access token, as the official library writes it.
async fn mint(served: &Served, identity: &str) -> String {
    let (sid, account) = (KeySid::from_bits(1), served.world.account.clone());
    let key = ApiKey {
        sid: sid.clone(),
        account: account.clone(),
        name: "k".into(),
        secret: SECRET.into(),
    };
    served.world.app.store().put_api_key(key).await.unwrap();
    let seconds = NOW.0 / 1_000;
    let claims = json!({
        "jti": format!("{sid}-{seconds}"), "iss": sid, "sub": account,
        "iat": seconds, "exp": seconds + 3_600,
        "grants": {"identity": identity, "chat": {}},
    });
    let header = json!({"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

async fn create(sdk: &mut Sdk, kind: &str, name: &str) -> String {
    let request = json!({
        "action": "createChannel", "type": kind, "friendlyName": name, "uniqueName": name,
        "attributes": "{}",
    });
    let made = sdk.command(name, request).await;
    assert_eq!(made["status"], 200, "{made}");
    made["channelSid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_public_channel_is_there_for_users_and_a_private_one_for_who_is_asked_in() {
    let served = Served::start().await;
    let mut ann = Sdk::start(&served, &mint(&served, "ann").await).await;
    let mut bob = Sdk::start(&served, &mint(&served, "bob").await).await;
    let public = create(&mut ann, "public", "open").await;
    let private = create(&mut ann, "private", "closed").await;
    let (_, list) = bob.get("/v3/PublicChannels").await;
    assert_eq!(list["channels"].as_array().unwrap().len(), 1);
    assert_eq!(list["channels"][0]["sid"], public);
    assert_eq!(bob.get("/v3/PublicChannels/open").await.1["status"], "notParticipating");
    assert_eq!(bob.get("/v3/PublicChannels/closed").await.0, 404);
    // What is said in it is for its members.
    assert_eq!(bob.get(&format!("/v3/Documents/{public}.channel")).await.0, 200);
    assert_eq!(bob.get(&format!("/v3/Lists/{public}.messages")).await.0, 404);
    assert_eq!(bob.say("early", &public, "hi").await["status"], 50_400);

    let join = |channel: &str| json!({"action": "joinChannelV2", "channelSid": channel});
    assert_eq!(bob.command("join", join(&public)).await["status"], 200);
    assert_eq!(bob.say("now", &public, "hi").await["messageId"], "0");
    assert_eq!(bob.command("push", join(&private)).await["status"], 50_300);
    let invite = json!({"action": "inviteMember", "channelSid": private, "username": "bob"});
    assert_eq!(ann.command("invite", invite.clone()).await["status"], 200);
    assert_eq!(ann.command("again", invite).await["status"], 50_404);
    assert_eq!(bob.command("in", join(&private)).await["status"], 200);

    // To a visitor neither is there.
    let guest = served.guest().await;
    served.open_chat(&guest).await;
    let mut visitor = Sdk::start(&served, &guest.token).await;
    assert_eq!(visitor.get("/v3/PublicChannels").await.1["channels"], json!([]));
    assert_eq!(visitor.get("/v3/PublicChannels/open").await.0, 404);
    assert_eq!(visitor.command("join", join(&public)).await["status"], 50_300);
}

#[tokio::test]
async fn who_made_a_channel_does_more_in_it_than_who_came_in() {
    let served = Served::start().await;
    let mut ann = Sdk::start(&served, &mint(&served, "ann").await).await;
    let mut bob = Sdk::start(&served, &mint(&served, "bob").await).await;
    let channel = create(&mut ann, "public", "tea").await;
    let add = json!({"action": "addMemberV2", "channelSid": channel, "username": "bob"});
    assert_eq!(ann.command("add", add).await["status"], 200);
    assert_eq!(bob.say("1", &channel, "mine").await["messageId"], "0");
    let commands = [
        json!({"action": "editAttributes", "channelSid": channel, "attributes": "{\"a\":1}"}),
        json!({"action": "editFriendlyName", "channelSid": channel, "friendlyName": "Tea"}),
        json!({"action": "editUniqueName", "channelSid": channel, "uniqueName": "coffee"}),
        json!({"action": "deleteMessage", "channelSid": channel, "messageIdx": "0"}),
        json!({"action": "removeMember", "channelSid": channel, "username": "bob"}),
        json!({"action": "destroyChannel", "channelSid": channel}),
    ];
    for (n, request) in commands.iter().enumerate().filter(|(n, _)| *n != 3) {
        let refused = bob.command(&format!("bob {n}"), request.clone()).await;
        assert_eq!(refused["status"], 50_107, "{request}");
    }
    for (n, request) in commands.iter().enumerate() {
        let done = ann.command(&format!("ann {n}"), request.clone()).await;
        assert_eq!(done["status"], 200, "{request}: {done}");
    }
    assert_eq!(ann.get(&format!("/v3/PublicChannels/{channel}")).await.0, 404);
}

#[tokio::test]
async fn a_program_of_the_accounts_is_on_no_page() {
    let served = Served::start().await;
    let mut sdk = Sdk::bare(&served, None).await;
    let (header, _) = sdk.init(&mint(&served, "bot").await).await;
    assert_eq!(header["status"]["code"], 200, "{header}");
}
