//! Who is told of what.

use frontdesk_protocol::{
    ChannelSid, Cid, MessageSid, Millis, attributes::Attributes, id::ServiceSid, state::Status,
};
use frontdesk_server::{
    engagement::HandoverError,
    log::{Refusal, Say, Source},
    storage::{
        Author, Change, FlowRecord, HookKind, HookMethod, IntegrationConfig, Look, NewWebhook,
        Speaker, system,
    },
};
use serde_json::{Value, json};

use super::world::{World, answers};

const HOOK: &str = "https://example.com/hook";

/// Sets the service's hooks.
pub(crate) async fn hook(world: &World, settings: Value) {
    let store = world.app.store();
    let sid = ServiceSid::from_bits(1);
    store.set_service(&sid, "Chat".into(), answers(settings)).await.unwrap();
    world.app.listeners.service_changed();
}

async fn listen(world: &World, filters: &[&str]) {
    hook(world, json!({ "PostWebhookUrl": HOOK, "WebhookFilters": filters })).await;
}

/// What waits to be told, oldest first: event, address and fields.
async fn waiting(world: &World) -> Vec<(String, String, Vec<(String, String)>)> {
    let store = world.app.store();
    let mut told = Vec::new();
    let mut n = 0;
    // Numbers are dense as long as nothing is delivered.
    while let Some(delivery) = store.delivery(n + 1).await.unwrap() {
        let what = delivery.what;
        let fields = what.fields.into_iter().chain(what.text).collect();
        told.push((what.event, what.url, fields));
        n += 1;
    }
    let look = Look {
        now: Millis(u64::MAX / 4),
        lanes: Vec::new(),
        targets: Vec::new(),
        accounts: Vec::new(),
        each: 99,
        most: 99,
    };
    assert_eq!(store.due(look).await.unwrap().waiting.is_empty(), told.is_empty());
    told
}

async fn events(world: &World) -> Vec<String> {
    waiting(world).await.into_iter().map(|(event, ..)| event).collect()
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn say(channel: &ChannelSid, cid: u128, body: &str) -> Say {
    let (channel, cid, attributes) = (channel.clone(), Some(Cid(cid)), Attributes::new());
    Say { channel, cid, body: body.into(), attributes, media: None }
}

fn program_says(channel: &ChannelSid, sid: u128) -> Change {
    Change::Say {
        channel: channel.clone(),
        author: Speaker::Anybody(system()),
        sid: MessageSid::from_bits(sid),
        cid: None,
        body: "Hello".into(),
        attributes: Attributes::new(),
        media: None,
        submitted: None,
    }
}

#[tokio::test]
async fn what_a_client_says_is_told_once() {
    let world = World::new().await;
    listen(&world, &["onMessageSent"]).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    assert!(events(&world).await.is_empty(), "the filters name messages only");
    world.app.log.say(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    world.app.log.say(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    let told = waiting(&world).await;
    let [(event, url, fields)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((event.as_str(), url.as_str()), ("onMessageSent", HOOK));
    for (name, value) in [
        ("Body", "Hello"),
        ("Source", "SDK"),
        ("From", token.party.identity.as_str()),
        ("ClientIdentity", token.party.identity.as_str()),
        ("ChannelSid", channel.as_str()),
    ] {
        assert_eq!(field(fields, name), value, "{name}");
    }
    // Not stored, so not told.
    let refused = world.app.log.say(&token.party, say(&channel, 1, "Goodbye")).await;
    assert_eq!(refused, Err(Refusal::Conflict));
    assert_eq!(events(&world).await.len(), 1);
}

#[tokio::test]
async fn a_program_is_told_of_another_only_if_that_one_wants_it() {
    let world = World::new().await;
    listen(&world, &["onMessageSent", "onChannelUpdated"]).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    for (source, told) in [
        (Source::Program { tells: false }, 0),
        (Source::Server, 0),
        (Source::Program { tells: true }, 1),
    ] {
        let change = program_says(&channel, 100 + told);
        world.app.log.commit(&source, vec![change]).await.unwrap();
        assert_eq!(events(&world).await.len() as u128, told, "{source:?}");
    }
    assert_eq!(field(&waiting(&world).await[0].2, "Source"), "API");
}

#[tokio::test]
async fn a_form_is_told_in_order() {
    let world = World::new().await;
    let all = ["onUserAdded", "onChannelAdded", "onMemberAdded", "onChannelUpdated"];
    listen(&world, &all).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    assert_eq!(events(&world).await, ["onUserAdded", "onChannelAdded", "onMemberAdded"]);
    let told = waiting(&world).await;
    let data: Value = serde_json::from_str(field(&told[1].2, "Attributes")).unwrap();
    assert_eq!(data["pre_engagement_data"]["friendlyName"], "Bob");
    let task = world.tasks().await.remove(0);
    // An agent comes in: somebody with a token too.
    world.app.engagement.accept(&world.agent, &task.sid).await.unwrap();
    world.app.engagement.close(&world.agent, &task.sid).await.unwrap();
    assert_eq!(events(&world).await[3..], ["onMemberAdded", "onChannelUpdated"]);
    let last = waiting(&world).await.pop().unwrap().2;
    assert_eq!(field(&last, "ChannelSid"), channel.as_str());
    assert!(field(&last, "Attributes").contains(r#""status":"INACTIVE""#));
    // The same guest again is no new user.
    world.open(&token).await.unwrap();
    assert_eq!(events(&world).await[5..], ["onChannelAdded", "onMemberAdded"]);
}

#[tokio::test]
async fn hooks_are_heeded_as_soon_as_they_are_changed() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let log = &world.app.log;
    log.say(&token.party, say(&channel, 1, "nobody hears")).await.unwrap();
    listen(&world, &["onMessageSent"]).await;
    log.say(&token.party, say(&channel, 2, "heard")).await.unwrap();
    assert_eq!(events(&world).await.len(), 1);
    listen(&world, &[]).await;
    log.say(&token.party, say(&channel, 3, "not heard")).await.unwrap();
    let trigger = NewWebhook {
        sid: frontdesk_protocol::id::WebhookSid::from_bits(9),
        kind: HookKind::Trigger,
        url: Some("https://bot.example.com/".into()),
        method: HookMethod::Get,
        filters: Vec::new(),
        triggers: vec!["help".into()],
        flow_sid: None,
        retry_count: 0,
    };
    let put = Change::PutWebhook { channel: channel.clone(), webhook: Box::new(trigger) };
    log.commit(&Source::Program { tells: false }, vec![put]).await.unwrap();
    log.say(&token.party, say(&channel, 4, "Help!")).await.unwrap();
    log.say(&token.party, say(&channel, 5, "No.")).await.unwrap();
    let told = waiting(&world).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[1].1, "https://bot.example.com/");
    let sid = frontdesk_protocol::id::WebhookSid::from_bits(9);
    let remove = Change::RemoveWebhook { channel: channel.clone(), sid };
    log.commit(&Source::Program { tells: false }, vec![remove]).await.unwrap();
    log.say(&token.party, say(&channel, 6, "Help?")).await.unwrap();
    assert_eq!(events(&world).await.len(), 2);
}

#[tokio::test]
async fn edits_and_erasures_are_told_without_what_is_erased() {
    let world = World::new().await;
    listen(&world, &["onMessageSent", "onMessageUpdated", "onMessageRemoved"]).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let log = &world.app.log;
    let said = log.say(&token.party, say(&channel, 1, "a secret")).await.unwrap();
    let source = Source::Client(token.party.identity.clone());
    let (author, target) = (Author::Member(token.party.clone()), said.seq);
    let edit = Change::Edit {
        channel: channel.clone(),
        author: author.clone(),
        target,
        body: "another".into(),
        attributes: Attributes::new(),
    };
    log.commit(&source, vec![edit]).await.unwrap();
    let redact = Change::Redact { channel: channel.clone(), author, target };
    log.commit(&source, vec![redact]).await.unwrap();
    assert_eq!(events(&world).await, ["onMessageSent", "onMessageUpdated", "onMessageRemoved"]);
    let told = format!("{:?}", waiting(&world).await);
    assert!(!told.contains("secret") && !told.contains("another"), "{told}");
    let last = waiting(&world).await.pop().unwrap().2;
    assert_eq!(field(&last, "Index"), "0");
    assert_eq!(field(&last, "RemovedBy"), token.party.identity.as_str());
}

async fn external(world: &World) {
    let store = world.app.store();
    let FlowRecord { mut flow, .. } = store.flow_record(&world.flow).await.unwrap().unwrap();
    flow.integration = IntegrationConfig::External;
    let settings = answers(json!({ "Integration.Url": "https://bot.example.com/" }));
    assert!(store.put_flow_settings(flow, settings).await.unwrap());
}

#[tokio::test]
async fn a_program_that_a_flow_connects_hears_everything_from_the_beginning() {
    let world = World::new().await;
    external(&world).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    world.app.log.say(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    // Its own answer is not told to it.
    let answer = vec![program_says(&channel, 7)];
    world.app.log.commit(&Source::Program { tells: false }, answer).await.unwrap();
    let heard = ["onChannelAdded", "onMemberAdded", "onMessageSent"];
    assert_eq!(events(&world).await, heard);
    assert!(waiting(&world).await.iter().all(|(_, url, _)| url == "https://bot.example.com/"));
    assert!(world.tasks().await.is_empty());
    let store = world.app.store();
    let engagement = store.engagement(&channel).await.unwrap().unwrap().engagement;
    assert_eq!(engagement.task, None);
    let carried = store.channel(&channel).await.unwrap().unwrap().attributes;
    assert_eq!(carried["task_sid"], Value::Null);
}

#[tokio::test]
async fn a_program_gives_a_chat_to_people_once() {
    let world = World::new().await;
    external(&world).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let source = Source::Program { tells: false };
    let engagement = &world.app.engagement;
    let before = events(&world).await.len();
    for _ in 0..2 {
        engagement.hand_over(&world.account, &channel, &source).await.unwrap();
    }
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!((tasks[0].name.as_str(), &tasks[0].channel), ("Bob", &channel));
    assert_eq!(tasks[0].attributes["friendlyName"], "Bob");
    let store = world.app.store();
    let carried = store.channel(&channel).await.unwrap().unwrap().attributes;
    assert_eq!(carried["task_sid"], tasks[0].sid.as_str());
    // It hears no more.
    world.app.log.say(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    assert_eq!(events(&world).await.len(), before);
    let nowhere = ChannelSid::from_bits(404);
    let refused = engagement.hand_over(&world.account, &nowhere, &source).await;
    assert!(matches!(refused, Err(HandoverError::NotFound)));
}

#[tokio::test]
async fn an_ended_chat_is_not_given_to_people() {
    let world = World::new().await;
    external(&world).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let (author, status) = (Author::System, Status::Inactive);
    let end = Change::SetStatus { channel: channel.clone(), author, status };
    world.app.log.commit(&Source::Server, vec![end]).await.unwrap();
    let refused = world.app.engagement.hand_over(&world.account, &channel, &Source::Server).await;
    assert!(matches!(refused, Err(HandoverError::Ended)));
    assert!(world.tasks().await.is_empty());
}

#[tokio::test]
async fn what_a_removed_user_leaves_is_told() {
    let world = World::new().await;
    listen(&world, &["onMemberRemoved"]).await;
    let token = world.read(&world.issue().token);
    let first = world.open(&token).await.unwrap().channel;
    let second = world.open(&token).await.unwrap().channel;
    let left = world.open(&token).await.unwrap().channel;
    let other = world.read(&world.issue().token);
    world.open(&other).await.unwrap();
    let (log, identity) = (&world.app.log, &token.party.identity);
    let leave = Change::Leave { channel: left, identity: identity.clone() };
    log.commit(&Source::Server, vec![leave]).await.unwrap();
    let user = world.app.store().user_named(&world.account, identity).await.unwrap().unwrap();
    let remove = vec![Change::RemoveUser { sid: user.user.sid }];
    log.commit(&Source::Program { tells: true }, remove.clone()).await.unwrap();
    let told = waiting(&world).await;
    let channels: Vec<_> = told.iter().map(|(.., fields)| field(fields, "ChannelSid")).collect();
    assert_eq!(channels, [first.as_str(), second.as_str()]);
    for (event, _, fields) in &told {
        let what = (event.as_str(), field(fields, "Identity"), field(fields, "Reason"));
        assert_eq!(what, ("onMemberRemoved", identity.as_str(), "REMOVED"));
    }
    // They are not there any more.
    assert!(log.commit(&Source::Program { tells: true }, remove).await.is_err());
    assert_eq!(waiting(&world).await.len(), 2);
}

#[tokio::test]
async fn a_removed_user_is_told_of_only_to_who_listens() {
    let world = World::new().await;
    listen(&world, &["onMemberAdded"]).await;
    let token = world.read(&world.issue().token);
    let quiet = world.open(&token).await.unwrap().channel;
    let heard = world.open(&token).await.unwrap().channel;
    let before = events(&world).await.len();
    let webhook = NewWebhook {
        sid: frontdesk_protocol::id::WebhookSid::from_bits(9),
        kind: HookKind::Webhook,
        url: Some("https://bot.example.com/".into()),
        method: HookMethod::Post,
        filters: vec!["onMemberRemoved".into()],
        triggers: Vec::new(),
        flow_sid: None,
        retry_count: 0,
    };
    let put = Change::PutWebhook { channel: heard.clone(), webhook: Box::new(webhook) };
    world.app.log.commit(&Source::Server, vec![put]).await.unwrap();
    let store = world.app.store();
    let user = store.user_named(&world.account, &token.party.identity).await.unwrap().unwrap();
    let agent = Change::RemoveUser { sid: world.agent.user.clone() };
    let program = Source::Program { tells: true };
    assert!(world.app.log.commit(&program, vec![agent]).await.is_err(), "an agent stays");
    let remove = Change::RemoveUser { sid: user.user.sid };
    world.app.log.commit(&program, vec![remove]).await.unwrap();
    let told = waiting(&world).await.split_off(before);
    let [(event, url, fields)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((event.as_str(), url.as_str()), ("onMemberRemoved", "https://bot.example.com/"));
    assert_ne!(field(fields, "ChannelSid"), quiet.as_str());
    assert_eq!(field(fields, "ChannelSid"), heard.as_str());
}
