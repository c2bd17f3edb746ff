//! Webhooks of a channel, and what a service's hooks do.

use frontdesk_server::config::Config;
use serde_json::json;

use super::{Api, has_keys};
use crate::{hook::Program, served::Served};

const URL: &str = "https://example.com/hook";

#[tokio::test]
async fn a_webhook_is_made_changed_and_removed() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Webhooks");
    let fields = [
        ("Type", "webhook"),
        ("Configuration.Url", URL),
        ("Configuration.Method", "GET"),
        ("Configuration.Filters", "onMessageSent"),
        ("Configuration.Filters", "onMemberAdded"),
        ("Configuration.RetryCount", "2"),
    ];
    let (path, made) = api.make(&list, &fields).await;
    has_keys(
        &made,
        "sid, account_sid, service_sid, channel_sid, type, url, configuration, date_created, \
         date_updated",
    );
    let configuration = json!({
        "url": URL, "method": "GET", "filters": ["onMessageSent", "onMemberAdded"],
        "retry_count": 2,
    });
    assert_eq!((&made["type"], &made["configuration"]), (&json!("webhook"), &configuration));
    assert_eq!(api.fetch(&path).await, made);
    let changed = api.update(&path, &[("Configuration.Filters", "onMessageUpdated")]).await;
    assert_eq!(changed["configuration"]["filters"], json!(["onMessageUpdated"]));
    assert_eq!(changed["configuration"]["method"], "GET");
    assert_eq!(api.all(&list, "webhooks").await, [changed]);
    api.remove(&path).await;
    assert!(api.all(&list, "webhooks").await.is_empty());
}

#[tokio::test]
async fn a_channel_has_five_webhooks_at_most() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Webhooks");
    let trigger =
        [("Type", "trigger"), ("Configuration.Url", URL), ("Configuration.Triggers", "help")];
    let studio = [("Type", "studio"), ("Configuration.FlowSid", "FW1")];
    let (_, made) = api.make(&list, &studio).await;
    assert_eq!(made["configuration"]["flow_sid"], "FW1");
    for _ in 0..4 {
        api.make(&list, &trigger).await;
    }
    let sixth = api.post(&list, &trigger).await;
    sixth.is_error(400, "5 webhooks");
    assert_eq!(sixth.json()["code"], 50_321);
    assert_eq!(api.all(&format!("{list}?PageSize=2"), "webhooks").await.len(), 5);
}

#[tokio::test]
async fn a_webhook_that_cannot_be_is_refused() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Webhooks");
    let (long, many) = (format!("https://example.com/{}", "x".repeat(2_048)), ["x"; 33]);
    let (kind, url) = (("Type", "webhook"), ("Configuration.Url", URL));
    for (fields, code) in [
        (vec![url], 20_001),
        (vec![("Type", "sms"), url], 20_001),
        (vec![kind], 20_001),
        (vec![("Type", "studio"), url], 20_001),
        (vec![kind, ("Configuration.Url", "ftp://example.com/")], 20_001),
        (vec![kind, ("Configuration.Url", "https://user@example.com/")], 20_001),
        (vec![kind, ("Configuration.Url", "/hook")], 20_001),
        (vec![kind, ("Configuration.Url", &long)], 50_332),
        (vec![kind, url, ("Configuration.Method", "PUT")], 20_001),
        (vec![kind, url, ("Configuration.RetryCount", "4")], 20_001),
        (vec![kind, url, ("Configuration.Filters", "")], 20_001),
        (
            [kind, url]
                .into_iter()
                .chain(many.map(|word| ("Configuration.Triggers", word)))
                .collect(),
            50_322,
        ),
    ] {
        let answer = api.post(&list, &fields).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_u64()),
            (400, Some(code)),
            "{fields:?}"
        );
    }
    assert!(api.all(&list, "webhooks").await.is_empty());
    let nowhere = format!("{list}/WH00000000000000000000000000000404");
    api.get(&nowhere).await.is_error(404, "not found");
    api.get(&format!("{list}/x")).await.is_error(404, "not found");
}

async fn with_program(program: &Program, filters: &[&str]) -> Api {
    let webhook_private = vec!["127.0.0.1".parse().unwrap()];
    let api = Api::on(Served::with(Config { webhook_private, ..Config::default() }).await).await;
    let mut fields = vec![("PreWebhookUrl", program.url.as_str())];
    fields.extend(filters.iter().map(|filter| ("WebhookFilters", *filter)));
    let service = api.service.clone();
    let set = api.update(&service, &fields).await;
    assert_eq!(set["pre_webhook_url"], program.url.as_str());
    api
}

#[tokio::test]
async fn a_program_refuses_a_form_with_words_for_its_fields() {
    let body = r#"{"errors":{"email":"We do not know you"}}"#;
    let program = Program::start(403, body).await;
    let api = with_program(&program, &["onWebChannelCreate"]).await;
    let guest = api.served.guest().await;
    let refused = api
        .served
        .post_form(&guest, &[("PreEngagementData", r#"{"friendlyName":"Bob"}"#)], &[])
        .await;
    refused.is_error(403, "refused");
    assert_eq!(refused.json()["fields"], json!({ "email": "We do not know you" }));
    assert_eq!(program.told("EventType"), ["onWebChannelCreate"]);
    assert_eq!(program.told("PreEngagementData"), [r#"{"friendlyName":"Bob"}"#]);
    program.answers(403, r#"{"errors":{"email":"Who?","other":"No."}}"#);
    let refused = api
        .served
        .post_form(&guest, &[("PreEngagementData", r#"{"friendlyName":"Bob"}"#)], &[])
        .await;
    assert_eq!(refused.json()["fields"], json!({ "email": "Who?", "": "No." }));
    program.answers(200, "");
    let opened = api
        .served
        .post_form(&guest, &[("PreEngagementData", r#"{"friendlyName":"Bob"}"#)], &[])
        .await;
    assert_eq!(opened.status, 201, "{opened:?}");
}

#[tokio::test]
async fn what_programs_say_is_not_asked_about() {
    let program = Program::start(403, "").await;
    let api = with_program(&program, &["onMessageSend", "onChannelAdd"]).await;
    let channel = api.channel(&[]).await;
    api.make(&format!("{channel}/Messages"), &[("Body", "Hello")]).await;
    assert!(program.told("EventType").is_empty());
}

#[tokio::test]
async fn a_flow_gives_its_chats_to_a_program_which_gives_one_to_people() {
    let program = Program::start(200, "").await;
    let api = with_program(&program, &[]).await;
    let flow = format!("/v1/FlexFlows/{}", api.served.world.flow);
    let external = [("IntegrationType", "external"), ("Integration.Url", program.url.as_str())];
    assert_eq!(api.update(&flow, &external).await["integration_type"], "external");
    let guest = api.served.guest().await;
    let channel = api.served.open_chat(&guest).await;
    let (web, flex) = (format!("/v1/WebChannels/{channel}"), format!("/v1/Channels/{channel}"));
    assert_eq!(api.fetch(&flex).await["task_sid"], json!(null));
    let webhooks = format!("{}/Channels/{channel}/Webhooks", api.service);
    let [webhook] = &api.all(&webhooks, "webhooks").await[..] else { panic!("one webhook") };
    assert_eq!(webhook["configuration"]["url"], program.url.as_str());
    let basic = guest.basic();
    let headers = [
        ("Authorization", basic.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", crate::served::PAGE),
    ];
    let refused = api.served.ask("POST", &web, &headers, "Handover=agents").await;
    refused.is_error(403, "Handover");
    api.post(&web, &[("Handover", "robots")]).await.is_error(400, "Handover");
    assert!(api.served.world.tasks().await.is_empty());
    api.update(&web, &[("Handover", "agents")]).await;
    api.update(&web, &[("Handover", "agents")]).await;
    let tasks = api.served.world.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(api.fetch(&flex).await["task_sid"], tasks[0].sid.as_str());
    assert!(api.all(&webhooks, "webhooks").await.is_empty());
    let carried = api.fetch(&format!("{}/Channels/{channel}", api.service)).await;
    assert!(carried["attributes"].as_str().unwrap().contains(tasks[0].sid.as_str()));
}
