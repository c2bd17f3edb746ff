//! A program of the account's that is asked before a client does something.

use frontdesk_server::config::Config;
use serde_json::{Value, json};

use super::sdk::Sdk;
use crate::{chat_api::Api, hook::Program, served::Served};

async fn with_program(program: &Program, filters: &[&str], webhook_down_refuses: bool) -> Api {
    let webhook_private = vec!["127.0.0.1".parse().unwrap()];
    let config = Config { webhook_private, webhook_down_refuses, ..Config::default() };
    let api = Api::on(Served::with(config).await).await;
    let mut fields = vec![("PreWebhookUrl", program.url.as_str())];
    fields.extend(filters.iter().map(|filter| ("WebhookFilters", *filter)));
    let service = api.service.clone();
    api.update(&service, &fields).await;
    api
}

fn edit(channel: &str, text: &str) -> Value {
    json!({"action": "editMessage", "channelSid": channel, "messageIdx": "0", "text": text})
}

#[tokio::test]
async fn a_program_refuses_changes_and_lets_through_what_a_client_does() {
    let filters = ["onMessageUpdate", "onMessageRemove", "onUserUpdate", "onMemberRemove"];
    let program = Program::start(403, "").await;
    let api = with_program(&program, &filters, false).await;
    let guest = api.served.guest().await;
    let channel = api.served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&api.served, &guest.token).await;
    assert_eq!(sdk.say("say", &channel, "hello").await["messageId"], "0");
    let (list, _) = sdk.open("list", "Lists", &format!("{channel}.messages")).await;

    let renamed = json!({
        "action": "editUserFriendlyName", "username": guest.identity, "friendlyName": "Bobby",
    });
    let requests = [
        edit(&channel, "bye"),
        json!({"action": "deleteMessage", "channelSid": channel, "messageIdx": "0"}),
        renamed,
        json!({"action": "leaveChannel", "channelSid": channel}),
    ];
    for (filter, request) in filters.into_iter().zip(requests) {
        let refused = sdk.command(filter, request).await;
        assert_eq!(refused["status"], 50_107, "{filter}: {refused}");
    }
    assert_eq!(program.told("EventType"), filters);
    assert_eq!(program.told("Body"), ["bye", "hello"]);

    program.answers(200, r#"{"body":"b*e"}"#);
    assert_eq!(sdk.command("edit", edit(&channel, "bye")).await["status"], 200);
    let edited = sdk.event("list_item_updated", &list).await;
    assert_eq!(edited["item_data"]["text"], "b*e");
}

#[tokio::test]
async fn a_program_that_is_down_refuses_for_now_if_it_is_set_so() {
    let program = Program::start(500, "").await;
    let api = with_program(&program, &["onMessageUpdate"], true).await;
    let guest = api.served.guest().await;
    let channel = api.served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&api.served, &guest.token).await;
    sdk.say("say", &channel, "hello").await;
    assert_eq!(sdk.command("1", edit(&channel, "bye")).await["status"], 20_503);
    program.answers(200, "");
    assert_eq!(sdk.command("2", edit(&channel, "bye")).await["status"], 200);
}
