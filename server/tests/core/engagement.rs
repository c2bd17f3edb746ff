//! Chats begin and end.

use frontdesk_protocol::{
    ChannelSid, QueueSid, Stream, TaskSid,
    form::FieldError,
    id::{AccountSid, FlowSid},
    state::{Role, Status, TaskStatus},
};
use frontdesk_server::{
    auth::{continuity::Grant, origin::Origin},
    engagement::{Asker, CreateError, EndError, Ender, Request, TaskError},
    log::Source,
    storage::{Access, Flow, IntegrationConfig, Party, PartyKind, Snapshot},
};
use serde_json::json;

use super::world::{World, answers, origin};

async fn snapshot(world: &World, channel: &ChannelSid) -> Snapshot {
    world.app.store().snapshot(&channel.clone().into(), 10).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_posted_form_is_a_chat_with_a_member_and_a_task() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let opened = world.open(&token).await.unwrap();
    let Snapshot { state, .. } = snapshot(&world, &opened.channel).await;
    let channel = state.channel.unwrap();
    let task = world.tasks().await.remove(0);
    assert_eq!(
        serde_json::Value::Object(channel.attributes),
        json!({
            "pre_engagement_data":
                { "friendlyName": "Bob", "location": "https://example.com/shop" },
            "channel_type": "web",
            "from": "Bob",
            "status": "ACTIVE",
            "long_lived": false,
            "task_sid": task.sid,
        })
    );
    assert_eq!((channel.name.as_str(), channel.created), ("Webchat", opened.created));
    let member = &state.members[0];
    assert_eq!((&member.identity, member.role), (&token.party.identity, Role::Guest));
    assert_eq!((task.status, task.channel), (TaskStatus::Waiting, opened.channel.clone()));
    assert_eq!(task.attributes["location"], "https://example.com/shop");
    let access = world.app.store().access(&opened.channel.into(), &token.party).await.unwrap();
    assert_eq!(access, Access::Member(Role::Guest));
}

#[tokio::test]
async fn a_name_beside_the_answers_counts_where_they_have_none() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let data = answers(json!({ "friendlyName": "Anonymous" }));
    let request = Request { pre_engagement_data: data, ..world.request(&token) };
    let opened = world.app.engagement.create(request).await.unwrap();
    let members = snapshot(&world, &opened.channel).await.state.members;
    assert_eq!(members[0].name, "Bob");
}

#[tokio::test]
async fn a_double_click_with_a_key_opens_one_chat() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let request = Request { idempotency_key: Some("k".into()), ..world.request(&token) };
    let create = |request: &Request| {
        let (engagement, request) = (world.app.engagement.clone(), request.clone());
        tokio::spawn(async move { engagement.create(request).await })
    };
    let (first, second) = (create(&request), create(&request));
    let (first, second) = (first.await.unwrap().unwrap(), second.await.unwrap().unwrap());
    assert_eq!(first.channel, second.channel);
    assert_eq!(first.created, second.created);
    assert!(first.replayed != second.replayed);
    assert_eq!(world.tasks().await.len(), 1);
    let other = Request { customer_name: "Eve".into(), ..request };
    let refused = create(&other).await.unwrap();
    assert!(matches!(refused, Err(CreateError::KeyReused)), "{refused:?}");
}

// The question stood beside the conversation only, which began empty.
#[tokio::test]
async fn the_question_of_the_form_is_said_by_the_guest_exactly_once() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let data = answers(json!({ "friendlyName": "Bob", "question": " Where is my order?\n" }));
    let key = Some("k".into());
    let asked =
        Request { pre_engagement_data: data, idempotency_key: key, ..world.request(&token) };
    for _ in 0..2 {
        let opened = world.app.engagement.create(asked.clone()).await.unwrap();
        let Snapshot { items, .. } = snapshot(&world, &opened.channel).await;
        let [message] = items.as_slice() else { panic!("one message, not {items:?}") };
        assert_eq!(message.body, "Where is my order?");
        assert_eq!((&message.author, message.index), (&token.party.identity, 0));
    }
}

#[tokio::test]
async fn nothing_is_said_where_the_form_was_not_asked_or_not_answered() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let unanswered = world.request(&token);
    let question = answers(json!({ "friendlyName": "Bob", "question": "Where is it?" }));
    let by_account = Request {
        asker: Asker::Account(world.account.clone()),
        pre_engagement_data: question.clone(),
        ..world.request(&token)
    };
    let grant = Grant {
        account: world.account.clone(),
        site: None,
        origin: Some(origin()),
        continuity: false,
    };
    let old_page = world.read(&world.app.guests.issue(grant).token);
    let by_old_page = Request { pre_engagement_data: question, ..world.request(&old_page) };
    for request in [unanswered, by_account, by_old_page] {
        let opened = world.app.engagement.create(request).await.unwrap();
        assert_eq!(snapshot(&world, &opened.channel).await.items, []);
    }
}

#[tokio::test]
async fn a_refused_request_leaves_nothing_behind() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let good = world.request(&token);
    let other_site = Origin::parse("https://evil-example.com").unwrap();
    let mut stranger = token.party.clone();
    stranger.identity = frontdesk_protocol::Identity::parse("somebody").unwrap();
    let flow = FlowSid::from_bits(2);
    let disabled = world.app.store().flow(&world.flow).await.unwrap().unwrap();
    let disabled = Flow { sid: flow.clone(), enabled: false, ..disabled };
    world.app.store().put_flow(disabled).await.unwrap();
    let refused = async |request: Request| {
        let error = world.app.engagement.create(request).await.unwrap_err();
        error.to_string()
    };
    let cases = [
        (Request { flow: FlowSid::from_bits(404), ..good.clone() }, "there is no such flow"),
        (Request { flow, ..good.clone() }, "the flow is disabled"),
        (Request { origin: Some(other_site), ..good.clone() }, "the origin is not allowed"),
        (Request { origin: None, ..good.clone() }, "the origin is not allowed"),
        (
            Request { identity: stranger.identity, ..good.clone() },
            "the identity is not the token's",
        ),
        (
            Request { pre_engagement_data: answers(json!({})), ..good.clone() },
            "the form was refused",
        ),
        (Request { chat_name: "x".repeat(300), ..good.clone() }, "ChatFriendlyName is too long"),
        (
            Request { idempotency_key: Some("x".repeat(300)), ..good.clone() },
            "Idempotency-Key is too long",
        ),
        (
            Request { asker: Asker::Account(AccountSid::from_bits(2)), ..good },
            "there is no such flow",
        ),
    ];
    for (request, why) in cases {
        assert_eq!(refused(request).await, why);
    }
    assert!(world.tasks().await.is_empty());
    let user = world.app.store().user(&world.account, &token.party.identity).await.unwrap();
    assert!(user.is_none());
}

#[tokio::test]
async fn a_refused_form_says_which_field_and_why() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let data = answers(json!({ "email": "bob@", "role": "admin" }));
    let request = Request { pre_engagement_data: data, ..world.request(&token) };
    let error = world.app.engagement.create(request).await.unwrap_err();
    let CreateError::Form { fields } = error else { panic!("{error}") };
    let fields: Vec<_> = fields.into_iter().collect();
    assert_eq!(
        fields,
        [
            ("email".into(), FieldError::Email),
            ("friendlyName".into(), FieldError::Required),
            ("role".into(), FieldError::UnknownField),
        ]
    );
}

#[tokio::test]
async fn a_name_cannot_turn_the_line_around() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let data = answers(json!({ "friendlyName": "\u{202e}tnega\u{2066} " }));
    let request = Request { pre_engagement_data: data, ..world.request(&token) };
    let opened = world.app.engagement.create(request).await.unwrap();
    let state = snapshot(&world, &opened.channel).await.state;
    assert_eq!(state.members[0].name, "tnega");
}

#[tokio::test]
async fn an_agent_takes_a_chat_and_nobody_else_can() {
    let world = World::new().await;
    let bob = world.hire("bob").await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let task = world.tasks().await.remove(0).sid;
    let engagement = &world.app.engagement;
    let taken = engagement.accept(&world.agent, &task).await.unwrap();
    assert_eq!(taken.agent.as_ref(), Some(&world.agent.identity));
    engagement.accept(&world.agent, &task).await.unwrap();
    let refused = engagement.accept(&bob, &task).await;
    assert!(matches!(refused, Err(TaskError::Taken { .. })), "{refused:?}");
    let refused = engagement.close(&bob, &task).await;
    assert!(matches!(refused, Err(TaskError::Taken { .. })), "{refused:?}");
    let members = snapshot(&world, &channel).await.state.members;
    assert_eq!(members.iter().map(|m| m.role).collect::<Vec<_>>(), [Role::Guest, Role::Agent]);

    let closed = engagement.close(&world.agent, &task).await.unwrap();
    assert_eq!(closed.status, TaskStatus::Closed);
    let ended = snapshot(&world, &channel).await.state.channel.unwrap();
    assert_eq!((ended.status, &ended.attributes["status"]), (Status::Inactive, &"INACTIVE".into()));
    let refused = engagement.accept(&bob, &task).await;
    assert!(matches!(refused, Err(TaskError::Closed)), "{refused:?}");
    let nothing = engagement.accept(&bob, &TaskSid::from_bits(404)).await;
    assert!(matches!(nothing, Err(TaskError::NotFound)));
}

// Visitors read that they are usually answered in minutes while nobody was at any desk.
#[tokio::test]
async fn a_flow_is_staffed_while_an_agent_of_its_queue_is_connected() {
    let world = World::new().await;
    let app = &world.app;
    let flow = app.store().flow(&world.flow).await.unwrap().unwrap();
    let other = Flow {
        sid: FlowSid::from_bits(2),
        integration: IntegrationConfig::Task { queue: QueueSid::from_bits(2) },
        ..flow.clone()
    };
    let program =
        Flow { sid: FlowSid::from_bits(3), integration: IntegrationConfig::External, ..flow };
    for flow in [&other, &program] {
        app.store().put_flow(flow.clone()).await.unwrap();
    }
    let party = |kind| Party {
        account: world.account.clone(),
        kind,
        identity: world.agent.identity.clone(),
    };
    let mut ticket = app.registry.admit([127, 0, 0, 1].into()).unwrap();
    assert!(!app.is_staffed(&world.flow).await.unwrap(), "nobody has said who they are");
    let mut guest = app.registry.admit([127, 0, 0, 1].into()).unwrap();
    guest.identify(&party(PartyKind::Guest), 1, app.now()).unwrap();
    assert!(!app.is_staffed(&world.flow).await.unwrap(), "a guest of the same name is no agent");

    ticket.identify(&party(PartyKind::Agent), 2, app.now()).unwrap();
    assert!(app.is_staffed(&world.flow).await.unwrap());
    assert!(!app.is_staffed(&other.sid).await.unwrap(), "it is another queue's agent");
    assert!(!app.is_staffed(&program.sid).await.unwrap());
    assert!(!app.is_staffed(&FlowSid::from_bits(404)).await.unwrap());

    drop(ticket);
    assert!(!app.is_staffed(&world.flow).await.unwrap(), "the agent has gone");
}

#[tokio::test]
async fn a_guest_ends_their_own_chat_and_no_other() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let other = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let engagement = &world.app.engagement;
    let refused = engagement.end(&channel, Ender::Member(other.party)).await;
    assert!(matches!(refused, Err(EndError::NotFound)), "{refused:?}");
    let foreign = Party {
        account: AccountSid::from_bits(2),
        kind: PartyKind::Guest,
        identity: token.party.identity.clone(),
    };
    assert!(engagement.end(&channel, Ender::Member(foreign)).await.is_err());
    let theirs = Ender::Account { account: AccountSid::from_bits(2), source: Source::Server };
    assert!(engagement.end(&channel, theirs).await.is_err());
    engagement.end(&channel, Ender::Member(token.party.clone())).await.unwrap();
    engagement.end(&channel, Ender::Member(token.party)).await.unwrap();
    let account = world.account.clone();
    engagement.end(&channel, Ender::Account { account, source: Source::Server }).await.unwrap();
    assert_eq!(world.tasks().await[0].status, TaskStatus::Closed);
    let events = world.app.store().events(&Stream::Channel(channel), 0, 100, 100_000).await;
    assert_eq!(events.unwrap().items.len(), 4, "ending again is no event");
}
