//! What the agents' console asks for.

use serde_json::{Value, json};

use crate::{
    served::{PAGE, Served},
    socket::{Said, Socket},
    world::PASSWORD,
};

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let served = Served::start().await;
    let who = json!({"name": "alice", "password": PASSWORD});
    let answer = served.console("login", "", &who).await;
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn who_is_signed_in_is_told() {
    let served = Served::start().await;
    let cookie = served.sign_in().await;
    let answer = served.ask("GET", "/console/api/me", &[("Cookie", &cookie)], "").await;
    let agent = &served.world.agent;
    assert_eq!(
        answer.json(),
        json!({
            "identity": "alice",
            "name": agent.name,
            "user_sid": agent.user,
            "queue_sid": agent.queue,
        })
    );
    served.ask("GET", "/console/api/me", &[], "").await.is_error(401, "nobody is signed in");
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let served = Served::start().await;
    let mut told = Vec::new();
    for (name, password) in [("alice", "wrong"), ("nobody", PASSWORD), ("", "")] {
        let who = json!({"name": name, "password": password});
        let answer = served.console("login", "", &who).await;
        answer.is_error(401, "name or the password");
        assert_eq!(answer.header("set-cookie"), None);
        told.push(answer.json());
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn other_pages_can_ask_nothing() {
    let served = Served::start().await;
    let cookie = served.sign_in().await;
    let own = served.own();
    let json = ("Content-Type", "application/json");
    let cookies = ("Cookie", cookie.as_str());
    for headers in [
        vec![json, cookies],
        vec![json, cookies, ("Origin", PAGE)],
        vec![json, cookies, ("Origin", "null")],
        vec![json, cookies, ("Origin", &own), ("Sec-Fetch-Site", "cross-site")],
        vec![json, cookies, ("Origin", &own), ("Sec-Fetch-Site", "same-site")],
    ] {
        for path in ["login", "logout", "token", "tasks/WT00000000000000000000000000000001/close"] {
            let path = format!("/console/api/{path}");
            let answer = served.ask("POST", &path, &headers, "{}").await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
        }
    }
    let form = [cookies, ("Origin", &own), ("Content-Type", "text/plain")];
    served.ask("POST", "/console/api/token", &form, "{}").await.is_error(415, "json");
}

#[tokio::test]
async fn signing_out_closes_the_sockets_and_the_session() {
    let served = Served::start().await;
    let cookie = served.sign_in().await;
    let token = served.agent_token(&cookie).await;
    let mut socket = Socket::connect(&served, &served.own()).await;
    socket.hello(&token, json!([])).await;
    socket.expect("welcome").await;
    let answer = served.console("logout", &cookie, &json!({})).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(socket.next().await, Said::Close(4401));
    served.console("token", &cookie, &json!({})).await.is_error(401, "nobody is signed in");
    let mut again = Socket::connect(&served, &served.own()).await;
    again.hello(&token, json!([])).await;
    assert_eq!(again.next().await, Said::Close(4401));
}

#[tokio::test]
async fn a_chat_is_taken_by_one_agent_only() {
    let served = Served::start().await;
    let guest = served.guest().await;
    served.open_chat(&guest).await;
    let task = served.world.tasks().await[0].sid.to_string();
    let alice = served.sign_in().await;
    served.world.hire("bob").await;
    let who = json!({"name": "bob", "password": PASSWORD});
    let answer = served.console("login", "", &who).await;
    let bob = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let accept = format!("tasks/{task}/accept");
    let taken = served.console(&accept, &alice, &json!({})).await;
    assert_eq!((taken.status, &taken.json()["agent"]), (200, &Value::from("alice")));
    served.console(&accept, &bob, &json!({})).await.is_error(409, "alice has taken");
    served.console(&accept, &alice, &json!({})).await.json();
    let close = format!("tasks/{task}/close");
    served.console(&close, &bob, &json!({})).await.is_error(403, "alice's");
    assert_eq!(served.console(&close, &alice, &json!({})).await.status, 200);
    served.console("tasks/WT123/close", &alice, &json!({})).await.is_error(404, "no task");
    let unknown = "tasks/WT00000000000000000000000000000099/accept";
    served.console(unknown, &alice, &json!({})).await.is_error(404, "no task");
}
