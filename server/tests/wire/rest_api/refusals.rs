//! What no client should send, to every operation.

use super::stage::{FORM, Operation, Stage};
use crate::served::basic;

const NOWHERE: &str = "00000000000000000000000000000404";

fn code(answer: &crate::served::Answer) -> u64 {
    answer.json()["code"].as_u64().unwrap()
}

#[tokio::test]
async fn wrong_credentials_are_401_everywhere() {
    let stage = Stage::new().await;
    let guest = stage.served.guest().await;
    let account = stage.served.world.account.to_string();
    let wrong = [
        basic(&account, "wrong"),
        basic(&account, ""),
        basic("", "auth-token"),
        basic(&format!("AC{NOWHERE}"), "auth-token"),
        basic(&format!("SK{NOWHERE}"), "secret"),
        "Bearer auth-token".into(),
        "Basic !!!".into(),
        String::new(),
    ];
    for operation in stage.operations().iter().filter(|operation| operation.is_secured()) {
        let path = stage.address(operation, None);
        for auth in &wrong {
            let answer = stage.ask(operation, &path, auth, &[]).await;
            answer.is_error(401, "");
            assert_eq!(code(&answer), 20_003, "{} {auth}", operation.id());
        }
        // A guest may open a chat and end it, and nothing else.
        if operation.description.get("security").is_none() {
            stage.ask(operation, &path, &guest.basic(), &[]).await.is_error(401, "");
        }
    }
}

#[tokio::test]
async fn another_accounts_things_are_404_everywhere() {
    let stage = Stage::new().await;
    for operation in stage.operations() {
        if !operation.is_secured() || operation.names().is_empty() {
            continue;
        }
        let path = stage.address(&operation, None);
        // With a form that would do, if it were theirs.
        let form = [("ChatStatus", "inactive"), ("Body", "Changed"), ("FriendlyName", "Changed")];
        let form = if operation.method == "POST" { &form[..] } else { &[] };
        let answer = stage.ask(&operation, &path, &stage.stranger, form).await;
        answer.is_error(404, "");
        assert_eq!(code(&answer), 20_404, "{}", operation.id());
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_is_no_sid_are_the_same_404() {
    let stage = Stage::new().await;
    for operation in stage.operations().iter().filter(|operation| operation.is_secured()) {
        let form = [("ChatStatus", "inactive")];
        let form = if operation.method == "POST" { &form[..] } else { &[] };
        for name in operation.names() {
            let absent = format!("{}{NOWHERE}", prefix(name));
            let small = absent.to_ascii_lowercase();
            for sid in
                [absent.as_str(), &small, "XX1", "%00", "%ff", "%F0%9F%92%A9", "..%2f..", "'"]
            {
                let path = stage.address(operation, Some((name, sid)));
                let answer = stage.ask(operation, &path, &stage.auth, form).await;
                answer.is_error(404, "");
                assert_eq!(code(&answer), 20_404, "{} {sid}", operation.id());
            }
        }
    }
}

fn prefix(name: &str) -> &'static str {
    match name {
        "account" => "AC",
        "service" => "IS",
        "channel" => "CH",
        "message" => "IM",
        "member" => "MB",
        "user" => "US",
        "invite" => "IN",
        "webhook" => "WH",
        "role" => "RL",
        "key" => "SK",
        "flow" => "FO",
        _ => panic!("what is a {name}?"),
    }
}

#[tokio::test]
async fn what_a_form_cannot_do_without_is_named() {
    let stage = Stage::new().await;
    let mut asked = 0;
    for operation in stage.operations() {
        let path = stage.address(&operation, None);
        for field in stage.fields(&operation).iter().filter(|field| field.required) {
            let others = stage.required(&operation, &field.name);
            let form: Vec<_> = others.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let answer = stage.ask(&operation, &path, &stage.auth, &form).await;
            answer.is_error(400, &format!("{} is required", field.name));
            assert_eq!(code(&answer), 20_001, "{}", operation.id());
            asked += 1;
        }
    }
    assert!(asked >= 20, "{asked}");
}

#[tokio::test]
async fn a_megabyte_in_a_field_is_413_everywhere() {
    let stage = Stage::new().await;
    let large = "x".repeat(1 << 20);
    for operation in stage.operations().iter().filter(|operation| operation.takes_a_form()) {
        let path = stage.address(operation, None);
        for field in stage.fields(operation).iter().take(1) {
            let form = [(field.name.as_str(), large.as_str())];
            let answer = stage.ask(operation, &path, &stage.auth, &form).await;
            answer.is_error(413, "bytes");
            assert_eq!(code(&answer), 20_413, "{}", operation.id());
        }
    }
}

#[tokio::test]
async fn json_where_a_form_belongs_is_415_everywhere() {
    let stage = Stage::new().await;
    for operation in stage.operations().iter().filter(|operation| operation.takes_a_form()) {
        let path = stage.address(operation, None);
        for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
            let headers = [("Authorization", stage.auth.as_str()), ("Content-Type", kind)];
            let body = r#"{"FriendlyName":"x"}"#;
            let answer = stage.served.ask("POST", &path, &headers, body).await;
            answer.is_error(415, FORM);
            assert_eq!(code(&answer), 20_415, "{}", operation.id());
        }
        let packed = [
            ("Authorization", stage.auth.as_str()),
            ("Content-Type", FORM),
            ("Content-Encoding", "gzip"),
        ];
        stage.served.ask("POST", &path, &packed, "x").await.is_error(415, "Content-Encoding");
    }
}

#[tokio::test]
async fn a_page_is_one_of_the_list_everywhere() {
    let stage = Stage::new().await;
    let operations = stage.operations();
    let lists: Vec<&Operation> =
        operations.iter().filter(|operation| operation.is_list()).collect();
    assert!(lists.len() >= 11);
    for list in lists {
        let path = stage.address(list, None);
        let ask =
            async |query: &str| stage.ask(list, &format!("{path}?{query}"), &stage.auth, &[]).await;
        for query in [
            "PageSize=0",
            "PageSize=-1",
            "PageSize=x",
            "PageSize=",
            "PageSize=1.5",
            "Page=1",
            "Page=-1",
            "PageToken=",
            "PageToken=forged",
            "PageToken=%00",
            "PageToken=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            let answer = ask(query).await;
            answer.is_error(400, query.split_once('=').unwrap().0);
            assert_eq!(code(&answer), 20_001, "{} {query}", list.id());
        }
        // The libraries ask for as many as the caller wants, and take what they get.
        for size in ["1000", "1001", "4294967295"] {
            let answer = ask(&format!("PageSize={size}")).await;
            assert_eq!(answer.json()["meta"]["page_size"], 1_000, "{}", list.id());
        }
    }
}

#[tokio::test]
async fn attributes_that_are_no_object_are_named() {
    let stage = Stage::new().await;
    let deep = "[".repeat(5_000);
    let mut asked = 0;
    for operation in stage.operations() {
        let path = stage.address(&operation, None);
        for field in stage.fields(&operation) {
            let schema = field.schema.to_string();
            if !schema.contains("JsonObject") {
                continue;
            }
            for wrong in
                ["{", "no JSON", "[1]", "null", "1", r#"{"a":1,"a":2}"#, &deep, "{\"a\":\"\u{0}\"}"]
            {
                let others = stage.required(&operation, &field.name);
                let mut form: Vec<_> =
                    others.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                form.push((&field.name, wrong));
                let answer = stage.ask(&operation, &path, &stage.auth, &form).await;
                answer.is_error(400, &field.name);
                asked += 1;
            }
        }
    }
    assert!(asked > 50, "{asked}");
}

#[tokio::test]
async fn a_method_that_is_none_is_405_and_says_which_there_are() {
    let stage = Stage::new().await;
    for operation in stage.operations() {
        let path = stage.address(&operation, None);
        for method in ["PUT", "PATCH", "TRACE"] {
            let headers = [("Authorization", stage.auth.as_str())];
            let answer = stage.served.ask(method, &path, &headers, "").await;
            answer.is_error(405, "method");
            let allowed = answer.header("allow").unwrap_or_default();
            assert!(allowed.contains(&operation.method), "{method} {path}: {answer:?}");
        }
    }
}
