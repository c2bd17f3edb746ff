use bytes::Bytes;
use frontdesk_protocol::{ChannelSid, CloseCode, Identity, Stream, UserSid, id::AccountSid};

use super::{event::Sought, *};
use crate::{
    storage::{Party, PartyKind, StoreError},
    twilsock::{
        calls::Answer,
        feed::{Fed, Wish},
        objects::{Note, Object, Topic, note::Change},
    },
};

const WALL: Millis = Millis(1_795_000_000_000);

/// What a session gave out, in short.
#[derive(Debug, Clone, PartialEq)]
enum Out {
    /// A frame: its header and payload.
    Frame(Value, Value),
    Other(Effect),
}

fn said(effects: Vec<Effect>) -> Vec<Out> {
    effects
        .into_iter()
        .map(|effect| match effect {
            Effect::Send(bytes) => {
                let frame = frame::parse(&bytes).unwrap();
                let payload = serde_json::from_str(frame.payload).unwrap_or_default();
                Out::Frame(serde_json::from_str(frame.header).unwrap(), payload)
            }
            other @ (Effect::Verify { .. }
            | Effect::Adopt
            | Effect::Call { .. }
            | Effect::Resolve { .. }
            | Effect::Follow(_)
            | Effect::Unfollow(_)
            | Effect::Feed { .. }
            | Effect::Ping
            | Effect::Close { .. }) => Out::Other(other),
        })
        .collect()
}

fn header(out: &Out) -> &Value {
    match out {
        Out::Frame(header, _) => header,
        Out::Other(effect) => panic!("{effect:?} is no frame"),
    }
}

fn payload(out: &Out) -> &Value {
    match out {
        Out::Frame(_, payload) => payload,
        Out::Other(effect) => panic!("{effect:?} is no frame"),
    }
}

fn from_client(header: Value, payload: Option<&Value>) -> Event {
    Event::Binary(frame::write(header, payload))
}

fn settings() -> Arc<Settings> {
    Arc::new(Settings { subscriptions: 3, ..Settings::default() })
}

fn party(name: &str) -> Party {
    Party {
        account: AccountSid::from_bits(1),
        identity: Identity::parse(name).unwrap(),
        kind: PartyKind::Guest,
    }
}

fn grant(name: &str, ms: u64) -> Grant {
    Grant { party: party(name), exp: WALL.plus(ms), wall: WALL }
}

fn new() -> Session {
    Session::new(Millis(0), settings(), "c".into(), 0.5)
}

fn init() -> Event {
    from_client(json!({"method": "init", "id": "TM0", "token": "t"}), None)
}

/// A session that said who it is, at 0, with a token of an hour.
fn open() -> Session {
    let mut session = new();
    session.update(Millis(0), init());
    session.update(Millis(0), Event::Verified(Ok(grant("bob", 3_600_000))));
    session
}

fn message(id: &str, method: &str, path: &str, body: Option<&Value>) -> Event {
    let request = json!({"host": "h", "method": method, "path": path});
    from_client(json!({"method": "message", "id": id, "http_request": request}), body)
}

fn channel() -> ChannelSid {
    ChannelSid::from_bits(7)
}

fn topic() -> Topic {
    Topic::Stream(Stream::Channel(channel()))
}

fn subscribe(session: &mut Session, object: &Object, after: Option<u64>) -> Vec<Out> {
    let request = json!({
        "object_sid": object.sid(),
        "object_type": object.kind().word(),
        "last_event_id": after,
    });
    let body = json!({"action": "establish", "correlation_id": 5, "requests": [request]});
    let event = message("TM9", "POST", "/v4/Subscriptions", Some(&body));
    let asked = said(session.update(Millis(1), event));
    let [answer, Out::Other(Effect::Resolve { sought, .. })] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(header(answer)["http_status"]["code"], 202);
    let found = sought.iter().map(|sought| (sought.clone(), Ok(Some(object.clone())))).collect();
    let correlation = json!(5);
    said(session.update(Millis(1), Event::Resolved { correlation, found }))
}

fn fed(session: &mut Session, number: u64, fed: Fed) -> Vec<Out> {
    let result = Ok(Box::new(fed));
    said(session.update(Millis(2), Event::Fed { number, topic: topic(), result }))
}

fn note(object: &Object, id: u64) -> Note {
    let change = Change::Added { key: json!(id), data: json!({}) };
    Note { object: object.clone(), id, ts: Millis(0), change }
}

/// The numbers of what was told, or the word for what else.
fn told(outs: &[Out]) -> Vec<String> {
    outs.iter()
        .map(|out| match out {
            Out::Frame(header, payload) if header["method"] == "notification" => {
                let id = &payload["event"]["id"];
                let word = payload["event_type"].as_str().unwrap_or_default();
                if id.is_null() { word.to_owned() } else { format!("{word} {id}") }
            }
            Out::Frame(header, _) => header["method"].as_str().unwrap_or_default().to_owned(),
            Out::Other(Effect::Feed { number, wishes, .. }) => {
                let after: Vec<_> = wishes.iter().map(|wish| wish.after).collect();
                format!("feed {number} {after:?}")
            }
            Out::Other(Effect::Follow(_)) => "follow".to_owned(),
            Out::Other(Effect::Unfollow(_)) => "unfollow".to_owned(),
            Out::Other(other) => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn who_says_init_with_a_good_token_is_welcome() {
    let mut session = new();
    let asked = session.update(Millis(1), init());
    assert_eq!(asked, [Effect::Verify { token: "t".into() }]);
    assert!(!session.wants_frames());
    let verdict = Event::Verified(Ok(grant("bob", 60_000)));
    let welcome = said(session.update(Millis(2), verdict));
    let [Out::Other(Effect::Adopt), reply] = welcome.as_slice() else { panic!("{welcome:?}") };
    let header = header(reply);
    assert_eq!((&header["method"], &header["id"]), (&json!("reply"), &json!("TM0")));
    assert_eq!(header["status"]["code"], 200);
    assert_eq!(header["continuation_token_status"]["reissued"], true);
    let storage = header["offline_storage"]["ip_messaging"]["storage_id"].as_str().unwrap();
    assert_eq!(header["continuation_token"], format!("CT{storage}"));
    assert!(session.wants_frames());
}

#[test]
fn what_may_be_kept_is_named_by_store_and_party() {
    let id = |epoch: &str, name| {
        Settings { epoch: epoch.into(), ..Settings::default() }.storage_id(&party(name))
    };
    assert_eq!(id("1", "a"), id("1", "a"));
    assert_ne!(id("1", "a"), id("2", "a"));
    assert_ne!(id("1", "a"), id("1", "b"));
}

#[test]
fn a_bad_token_is_told_apart_and_ends_the_connection() {
    for (error, code, number, close) in [
        (BearerError::Expired, 401, 20_104, CloseCode::TokenExpired),
        (BearerError::Refused, 401, 20_101, CloseCode::TokenRefused),
        (BearerError::Origin, 403, 20_403, CloseCode::TokenRefused),
        (BearerError::Unavailable, 503, 20_503, CloseCode::Restart),
    ] {
        let mut session = new();
        session.update(Millis(1), init());
        let outs = said(session.update(Millis(2), Event::Verified(Err(error))));
        let [reply, Out::Other(Effect::Close { code: closed, flush: true, .. })] = outs.as_slice()
        else {
            panic!("{outs:?}")
        };
        assert_eq!(header(reply)["status"]["code"], code);
        assert_eq!(header(reply)["status"]["errorCode"], number);
        assert_eq!(*closed, close);
        assert_eq!(session.update(Millis(3), init()), []);
    }
}

#[test]
fn who_says_nothing_or_something_else_first_is_sent_away() {
    let mut silent = new();
    assert_eq!(silent.deadline(), Some(Millis(5_000)));
    let outs = silent.update(Millis(5_000), Event::Tick);
    assert!(matches!(outs[..], [Effect::Close { code: CloseCode::HelloTimeout, .. }]));
    for event in [
        message("TM1", "GET", "/v3/SyncList", None),
        Event::Text,
        Event::Binary(Bytes::from_static(b"GET / HTTP/1.1\r\n\r\n")),
        from_client(json!({"method": "telemetry.v1", "id": "TM1"}), None),
    ] {
        let outs = said(new().update(Millis(1), event));
        let [close, Out::Other(Effect::Close { .. })] = outs.as_slice() else { panic!("{outs:?}") };
        assert_eq!(header(close)["method"], "close");
        assert_eq!(header(close)["status"]["code"], 406);
    }
}

#[test]
fn requests_are_answered_one_by_one_in_their_order() {
    let mut session = open();
    let first = session.update(Millis(1), message("TM1", "GET", "/v3/SyncList", None));
    assert!(matches!(first[..], [Effect::Call { number: 1, .. }]));
    assert_eq!(session.update(Millis(1), message("TM2", "GET", "/v3/Users", None)), []);
    let answer = Box::new(Answer::error(404, 20_404, "nothing"));
    let outs = said(session.update(Millis(2), Event::Answered { number: 1, answer }));
    let [reply, Out::Other(Effect::Call { number: 2, .. })] = outs.as_slice() else {
        panic!("{outs:?}")
    };
    assert_eq!(header(reply)["id"], "TM1");
    assert_eq!(header(reply)["status"]["code"], 200);
    assert_eq!(header(reply)["http_status"]["code"], 404);
    assert_eq!(payload(reply)["code"], 20_404);
}

#[test]
fn too_many_requests_wait_and_then_hold_their_sender_back() {
    let mut session = open();
    for n in 0..65 {
        assert!(session.wants_frames(), "{n}");
        session.update(Millis(1), message("TM1", "GET", "/v3/SyncList", None));
    }
    assert!(!session.wants_frames());
}

#[test]
fn requests_over_the_rate_are_told_when_to_come_again() {
    let frames = crate::limits::Rate { per_second: 1.0, burst: 2.0 };
    let settings = Settings { frames, ..Settings::default() };
    let mut session = Session::new(Millis(0), Arc::new(settings), "c".into(), 0.5);
    session.update(Millis(0), init());
    session.update(Millis(0), Event::Verified(Ok(grant("bob", 60_000))));
    session.update(Millis(0), message("TM1", "GET", "/v3/SyncList", None));
    let outs = said(session.update(Millis(0), message("TM2", "GET", "/v3/SyncList", None)));
    assert_eq!(header(&outs[0])["http_status"]["code"], 429);
    assert_eq!(payload(&outs[0])["backoff_policy"]["reconnect_min_ms"], 1_000);
}

#[test]
fn who_never_stops_is_sent_away() {
    let frames = crate::limits::Rate { per_second: 1.0, burst: 2.0 };
    let settings = Settings { frames, frames_over: 3, ..Settings::default() };
    let mut session = Session::new(Millis(0), Arc::new(settings), "c".into(), 0.5);
    session.update(Millis(0), init());
    session.update(Millis(0), Event::Verified(Ok(grant("bob", 60_000))));
    let reply = || from_client(json!({"method": "reply", "id": "TM1"}), None);
    for _ in 0..4 {
        assert_eq!(session.update(Millis(0), reply()), []);
    }
    let outs = said(session.update(Millis(0), reply()));
    assert_eq!(header(&outs[0])["status"]["code"], 429);
    assert!(session.is_closed());
}

#[test]
fn long_requests_hold_their_sender_back_sooner() {
    let mut session = open();
    let body = json!({"data": "x".repeat(200_000)});
    for _ in 0..2 {
        assert!(session.wants_frames());
        session.update(Millis(1), message("TM1", "POST", "/v3/Lists", Some(&body)));
    }
    assert!(session.wants_frames());
    session.update(Millis(1), message("TM1", "POST", "/v3/Lists", Some(&body)));
    assert!(!session.wants_frames());
}

#[test]
fn what_needs_no_answer_of_the_core_is_answered_at_once() {
    let mut session = open();
    for method in ["put_notification_ctx", "delete_notification_ctx", "telemetry.v1"] {
        let event = from_client(json!({"method": method, "id": "TM1"}), Some(&json!({})));
        let outs = said(session.update(Millis(1), event));
        assert_eq!(header(&outs[0])["status"]["code"], 200, "{method}");
    }
    let outs = said(session.update(Millis(1), init()));
    assert_eq!(header(&outs[0])["status"]["code"], 400);
    let event = from_client(json!({"method": "reply", "id": "TM1"}), None);
    assert_eq!(session.update(Millis(1), event), []);
}

#[test]
fn a_token_is_renewed_before_it_ends_and_only_by_the_same_party() {
    let mut session = open();
    let soon = Millis(3_600_000 - 180_000);
    // The heartbeat is looked after on the way.
    let mut now = Millis(0);
    let mut outs = Vec::new();
    while now < soon {
        now = session.deadline().unwrap();
        outs = said(session.update(now, Event::Tick));
        session.update(now, Event::Control);
    }
    let update = outs.iter().find(|out| matches!(out, Out::Frame(..))).unwrap();
    assert_eq!(header(update)["client_update_type"], "token_about_to_expire");
    let update = || from_client(json!({"method": "update", "id": "TM1", "token": "new"}), None);
    assert_eq!(session.update(now, update()), [Effect::Verify { token: "new".into() }]);
    let outs = said(session.update(now, Event::Verified(Ok(grant("bob", 3_600_000)))));
    assert_eq!(header(&outs[1])["status"]["code"], 200);
    session.update(now, update());
    let outs = said(session.update(now, Event::Verified(Ok(grant("eve", 3_600_000)))));
    assert_eq!(header(&outs[0])["status"]["errorCode"], 20_101);
    assert!(session.is_closed());
}

#[test]
fn a_token_that_was_not_renewed_ends_the_connection() {
    let mut session = new();
    session.update(Millis(0), init());
    session.update(Millis(0), Event::Verified(Ok(grant("bob", 1_000))));
    session.update(Millis(1), Event::Tick);
    session.update(Millis(1), Event::Control);
    let outs = said(session.update(Millis(61_000), Event::Tick));
    assert_eq!(header(&outs[0])["status"]["code"], 410);
    assert!(session.is_closed());
}

#[test]
fn who_does_not_answer_a_ping_is_gone() {
    let mut session = open();
    let due = session.deadline().unwrap();
    assert_eq!(due, Millis(12_500));
    assert_eq!(session.update(due, Event::Tick), [Effect::Ping]);
    session.update(due.plus(9_999), Event::Control);
    assert_eq!(session.deadline(), Some(due.plus(9_999 + 25_000)));
    let due = session.deadline().unwrap();
    session.update(due, Event::Tick);
    let outs = session.update(due.plus(10_000), Event::Tick);
    assert!(matches!(outs[..], [Effect::Close { code: CloseCode::SlowConsumer, .. }]));
}

#[test]
fn who_is_sent_elsewhere_is_told_to_come_back() {
    let mut session = open();
    let outs = said(session.update(Millis(1), Event::Shut(Shut::Away)));
    assert_eq!(header(&outs[0])["status"]["code"], 308);
    assert_eq!(payload(&outs[0])["backoff_policy"]["reconnect_min_ms"], 1_000);
    assert!(matches!(outs[1], Out::Other(Effect::Close { flush: true, .. })));
}

#[test]
fn an_object_is_established_after_what_was_missed() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    let outs = subscribe(&mut session, &list, Some(3));
    assert_eq!(told(&outs), ["follow", "feed 1 [Some(3)]"]);
    let missed = Fed {
        notes: vec![note(&list, 4), note(&list, 6)],
        upto: vec![(list.clone(), 8)],
        more: true,
        ..Fed::default()
    };
    let outs = fed(&mut session, 1, missed);
    assert_eq!(told(&outs), ["list_item_added 4", "list_item_added 6", "feed 2 [Some(8)]"]);
    let rest = Fed { upto: vec![(list.clone(), 9)], ..Fed::default() };
    let outs = fed(&mut session, 2, rest);
    assert_eq!(told(&outs), ["subscription_established"]);
    let event = &payload(&outs[0])["event"];
    assert_eq!(
        (&event["last_event_id"], &event["replay_status"]),
        (&json!(9), &json!("completed"))
    );
    assert_eq!(payload(&outs[0])["correlation_id"], 5);
}

#[test]
fn what_was_told_is_not_told_again() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    subscribe(&mut session, &list, Some(3));
    fed(&mut session, 1, Fed { upto: vec![(list.clone(), 5)], ..Fed::default() });
    let stream = channel().into();
    let outs = said(session.update(Millis(3), Event::Published { stream }));
    assert_eq!(told(&outs), ["feed 2 [Some(5)]"]);
    let news = Fed {
        notes: vec![note(&list, 4), note(&list, 5), note(&list, 6)],
        upto: vec![(list.clone(), 6)],
        ..Fed::default()
    };
    assert_eq!(told(&fed(&mut session, 2, news)), ["list_item_added 6"]);
}

#[test]
fn news_while_something_is_read_are_read_afterwards() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    subscribe(&mut session, &list, Some(3));
    let event = || Event::Published { stream: channel().into() };
    assert_eq!(session.update(Millis(3), event()), []);
    let outs = fed(&mut session, 1, Fed { upto: vec![(list, 4)], ..Fed::default() });
    assert_eq!(told(&outs), ["subscription_established", "feed 2 [Some(4)]"]);
}

#[test]
fn an_answer_from_before_the_object_was_asked_for_again_is_not_heeded() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    subscribe(&mut session, &list, Some(9));
    let outs = subscribe(&mut session, &list, Some(3));
    assert_eq!(told(&outs), ["feed 2 [Some(3)]"]);
    let old = Fed { upto: vec![(list.clone(), 9)], ..Fed::default() };
    assert_eq!(fed(&mut session, 1, old), []);
    let new = Fed { notes: vec![note(&list, 4)], upto: vec![(list, 9)], ..Fed::default() };
    assert_eq!(told(&fed(&mut session, 2, new)), ["list_item_added 4", "subscription_established"]);
}

#[test]
fn who_does_not_say_from_where_follows_from_what_was_read_here() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    session.update(Millis(1), message("TM1", "GET", "/v3/Lists/x", None));
    let read = Some(Box::new((list.clone(), 6)));
    let answer = Box::new(Answer { read, ..Answer::new(200, json!({})) });
    session.update(Millis(1), Event::Answered { number: 1, answer });
    assert_eq!(told(&subscribe(&mut session, &list, None)), ["follow", "feed 1 [Some(6)]"]);
}

#[test]
fn an_object_that_is_not_there_fails_and_one_that_is_lost_is_not_followed() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    let sought = Sought { sid: list.sid(), kind: "list".into(), after: None };
    let (correlation, found) = (json!(5), vec![(sought, Ok(None))]);
    let outs = said(session.update(Millis(1), Event::Resolved { correlation, found }));
    assert_eq!(told(&outs), ["subscription_failed"]);
    assert_eq!(payload(&outs[0])["event"]["error"]["status"], 404);
    subscribe(&mut session, &list, Some(3));
    let outs = fed(&mut session, 1, Fed { lost: vec![list], ..Fed::default() });
    assert_eq!(told(&outs), ["subscription_failed", "unfollow"]);
}

#[test]
fn what_cannot_be_read_now_is_read_with_the_next_heartbeat() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    subscribe(&mut session, &list, Some(3));
    let result = Err(StoreError::Closed);
    let event = Event::Fed { number: 1, topic: topic(), result };
    assert_eq!(session.update(Millis(2), event), []);
    let due = session.deadline().unwrap();
    let outs = said(session.update(due, Event::Tick));
    assert_eq!(told(&outs), ["Ping", "feed 2 [Some(3)]"]);
}

#[test]
fn a_connection_follows_so_many_objects() {
    let mut session = open();
    for n in 0..3 {
        subscribe(&mut session, &Object::Messages(ChannelSid::from_bits(n)), None);
    }
    let outs = subscribe(&mut session, &Object::Messages(channel()), None);
    assert_eq!(told(&outs), ["subscription_failed"]);
    assert_eq!(payload(&outs[0])["event"]["error"]["status"], 429);
}

#[test]
fn what_is_cancelled_is_not_followed_any_more() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    subscribe(&mut session, &list, Some(3));
    let request = json!({"object_sid": list.sid(), "object_type": "list"});
    let body = json!({"action": "cancel", "correlation_id": 6, "requests": [request]});
    let event = message("TM9", "POST", "/v4/Subscriptions", Some(&body));
    let outs = said(session.update(Millis(1), event));
    assert_eq!(told(&outs), ["reply", "unfollow", "subscription_canceled"]);
    let news = Fed { notes: vec![note(&list, 4)], ..Fed::default() };
    assert_eq!(fed(&mut session, 1, news), []);
}

#[test]
fn requests_to_follow_that_are_none_are_refused() {
    let mut session = open();
    let many: Vec<Value> =
        (0..101).map(|_| json!({"object_sid": "ES0", "object_type": "list"})).collect();
    for body in [
        json!({}),
        json!({"action": "establish"}),
        json!({"action": "dance", "requests": []}),
        json!({"action": "establish", "requests": [{"object_type": "list"}]}),
        json!({"action": "establish", "requests": many}),
    ] {
        let event = message("TM9", "POST", "/v4/Subscriptions", Some(&body));
        let outs = said(session.update(Millis(1), event));
        assert_eq!(header(&outs[0])["http_status"]["code"], 400, "{outs:?}");
    }
}

#[test]
fn only_in_a_channel_that_is_followed_somebody_is_seen_to_write() {
    let mut session = open();
    let typing =
        |on| Event::Typing { stream: channel().into(), who: Identity::parse("eve").unwrap(), on };
    assert_eq!(session.update(Millis(1), typing(true)), []);
    subscribe(&mut session, &Object::Messages(channel()), None);
    let outs = said(session.update(Millis(1), typing(true)));
    assert_eq!(header(&outs[0])["message_type"], "twilio.ipmsg.typing_indicator");
    assert_eq!(payload(&outs[0])["identity"], "eve");
    assert_eq!(session.update(Millis(1), typing(false)), []);
}

#[test]
fn who_does_not_read_is_told_nothing_more_until_they_do() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    subscribe(&mut session, &list, Some(0));
    let data = json!({"text": "x".repeat(300_000)});
    let change = Change::Added { key: json!(0), data };
    let large = Note { object: list.clone(), id: 1, ts: Millis(0), change };
    let news = Fed { notes: vec![large], upto: vec![(list, 1)], ..Fed::default() };
    fed(&mut session, 1, news);
    assert!(!session.wants_frames());
    let event = Event::Published { stream: channel().into() };
    assert_eq!(session.update(Millis(3), event), []);
    let flushed = Event::Flushed { frames: 100, bytes: 1 << 20 };
    let outs = said(session.update(Millis(4), flushed));
    assert_eq!(told(&outs), ["feed 2 [Some(1)]"]);
}

#[test]
fn where_one_stands_in_a_channel_is_told_among_ones_own() {
    let (mut session, list) = (open(), Object::Messages(channel()));
    let mine = Object::MyChannels(UserSid::from_bits(1));
    subscribe(&mut session, &list, Some(1));
    subscribe(&mut session, &mine, Some(1));
    let read = Event::Fed {
        number: 2,
        topic: mine.topic(),
        result: Ok(Box::new(Fed { upto: vec![(mine.clone(), 1)], ..Fed::default() })),
    };
    session.update(Millis(2), read);
    let outs = fed(&mut session, 1, Fed { own: vec![channel()], ..Fed::default() });
    let [Out::Other(Effect::Feed { wishes, refresh, .. })] = outs.as_slice() else {
        panic!("{outs:?}")
    };
    assert_eq!(*wishes, [Wish { object: mine, after: Some(1) }]);
    assert!(refresh.contains(&channel()));
}
