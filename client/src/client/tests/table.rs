//! Every state and every event: no panic, and nothing that is waited for without a timer (I14).

use std::fmt::Write as _;

use expect_test::expect_file;
use frontdesk_protocol::{
    Cid, CloseCode, EventKind, MediaSid, Millis,
    attributes::Attributes,
    frame::{Ack, ErrorFrame, Evs, Live, Mode, Nack, NackCode, Page, ServerFrame},
    rest::MediaLink,
    state::Status,
};

use super::scene::{
    Scene, channel, every_state, happened, message, said, session, show, snap, start, stream,
    submission, token, welcome, who,
};
use crate::{Connection, Event, Failure, OutboxEntry, RequestId, SendFailure, SocketId, Timer};

pub(super) const TIMERS: [Timer; 19] = [
    Timer::Reconnect,
    Timer::Handshake,
    Timer::Silence,
    Timer::Probe,
    Timer::Ack,
    Timer::Resend,
    Timer::Resub,
    Timer::Adopt,
    Timer::Token,
    Timer::Refresh,
    Timer::Opening,
    Timer::Ending,
    Timer::Page,
    Timer::Older,
    Timer::Marks,
    Timer::TypingIdle,
    Timer::TypingExpiry,
    Timer::HiddenLong,
    Timer::Linger,
];

fn frames() -> Vec<(&'static str, ServerFrame)> {
    let nack = |cid: Option<u128>, ch: bool, code, retry| {
        let ch = ch.then(stream);
        ServerFrame::Nack(Nack { cid: cid.map(Cid), ch, code, retry, after: Some(700) })
    };
    let ev = |event| ServerFrame::Ev { ch: stream(), event };
    vec![
        ("welcome resume", welcome(Mode::Resume, 2)),
        ("welcome reset", welcome(Mode::Reset, 2)),
        ("snap", ServerFrame::Snap(snap(4, vec![message(4, "anna", "New", None)], true))),
        (
            "evs",
            ServerFrame::Evs(Evs {
                ch: stream(),
                from: 3,
                to: 3,
                items: vec![said(3, "anna", "Replayed", None)],
                more: false,
            }),
        ),
        ("live", ServerFrame::Live(Live { ch: stream(), seq: 2 })),
        ("live beyond", ServerFrame::Live(Live { ch: stream(), seq: 9 })),
        ("ev next", ev(said(3, "anna", "Next", None))),
        ("ev old", ev(said(1, "anna", "Old", None))),
        ("ev gap", ev(said(7, "anna", "Gap", None))),
        ("ev own", ev(said(3, "guest", "Still there?", Some(200)))),
        ("ev ended", ev(happened(3, EventKind::Status { status: Status::Inactive }))),
        (
            "ack",
            ServerFrame::Ack(Ack {
                cid: Cid(200),
                ch: stream(),
                seq: 3,
                index: 2,
                ts: Millis(9),
                dup: false,
            }),
        ),
        ("nack rate", nack(Some(200), true, NackCode::Rate, true)),
        ("nack ended", nack(Some(200), true, NackCode::Ended, false)),
        ("nack sub later", nack(None, true, NackCode::Unavailable, true)),
        ("nack sub never", nack(None, true, NackCode::NotFound, false)),
        ("nack auth", nack(None, false, NackCode::Unauthorized, false)),
        ("page", ServerFrame::Page(Page { ch: stream(), items: Vec::new(), more: false })),
        ("ping", ServerFrame::Ping { n: 1, heads: [(stream(), 3)].into() }),
        ("auth ok", ServerFrame::AuthOk { exp: Millis(9) }),
        ("auth soon", ServerFrame::AuthSoon { in_ms: 180_000 }),
        ("drain", ServerFrame::Drain { after: 2_000 }),
        ("typing", ServerFrame::Typing { ch: stream(), who: who("anna"), on: true }),
        (
            "err",
            ServerFrame::Err(ErrorFrame { code: "x".into(), fatal: false, msg: "a word".into() }),
        ),
    ]
}

/// One of every event, those of a socket for `socket`, answers for the newest request.
pub(super) fn events(scene: &Scene) -> Vec<(String, Event)> {
    let socket = scene.client.connection().socket().unwrap_or(SocketId(99));
    let request = RequestId(scene.client.last_request);
    let down = || Failure { status: 503, retry_after_ms: Some(4_000), error: None };
    let refused = || Failure { status: 401, retry_after_ms: None, error: None };
    let entry = |failed| {
        let (stream, written) = (stream(), Millis(5));
        let attributes = Attributes::new();
        let body = "From the other tab".into();
        Box::new(OutboxEntry { cid: Cid(300), stream, body, attributes, written, order: 9, failed })
    };
    let mut events: Vec<(String, Event)> = vec![
        ("start".into(), start(Some(session()))),
        ("submit".into(), Event::SubmitForm(submission("k2"))),
        (
            "compose".into(),
            Event::Compose {
                stream: stream(),
                body: "Typed".into(),
                cid: Cid(201),
                attributes: Attributes::new(),
            },
        ),
        ("retry".into(), Event::Retry { cid: Cid(200), fresh: Cid(202) }),
        ("discard".into(), Event::Discard { cid: Cid(200) }),
        ("keystroke".into(), Event::Keystroke { stream: stream() }),
        ("cleared".into(), Event::Cleared { stream: stream() }),
        ("read up to".into(), Event::ReadUpTo { stream: stream(), seq: 2 }),
        ("load older".into(), Event::LoadOlder { stream: stream() }),
        ("follow".into(), Event::Follow { stream: stream() }),
        ("unfollow".into(), Event::Unfollow { stream: stream() }),
        ("end".into(), Event::End { channel: channel() }),
        ("forget".into(), Event::Forget),
        ("try now".into(), Event::TryNow),
        ("online".into(), Event::Online),
        ("offline".into(), Event::Offline),
        ("visible".into(), Event::Visible),
        ("hidden".into(), Event::Hidden),
        ("page hide".into(), Event::PageHide),
        ("page show".into(), Event::PageShow),
        ("token".into(), Event::TokenAnswered { request, result: Ok(token("t9")) }),
        ("token down".into(), Event::TokenAnswered { request, result: Err(down()) }),
        ("token refused".into(), Event::TokenAnswered { request, result: Err(refused()) }),
        (
            "token stale".into(),
            Event::TokenAnswered { request: RequestId(99), result: Ok(token("t9")) },
        ),
        (
            "channel".into(),
            Event::ChannelAnswered {
                request,
                result: Ok(frontdesk_protocol::rest::WebChannelAnswer { sid: channel() }),
            },
        ),
        ("channel down".into(), Event::ChannelAnswered { request, result: Err(down()) }),
        ("channel refused".into(), Event::ChannelAnswered { request, result: Err(refused()) }),
        ("end done".into(), Event::EndAnswered { request, result: Ok(()) }),
        ("end down".into(), Event::EndAnswered { request, result: Err(down()) }),
        ("open file".into(), Event::OpenFile(MediaSid::from_bits(1))),
        (
            "link stale".into(),
            Event::LinkAnswered { request, result: Ok(MediaLink { url: "https://x".into() }) },
        ),
        ("opened".into(), Event::SocketOpened { socket }),
        ("opened stale".into(), Event::SocketOpened { socket: SocketId(77) }),
        (
            "closed stale".into(),
            Event::SocketClosed { socket: SocketId(77), code: CloseCode::BadFrame },
        ),
        ("garbage".into(), Event::Received { socket, text: "{".into() }),
        ("unknown".into(), Event::Received { socket, text: r#"{"t":"poll","x":1}"#.into() }),
        ("stale".into(), Event::Received { socket: SocketId(77), text: "{".into() }),
        ("session".into(), Event::SessionChanged(Some(Box::new(session())))),
        ("session gone".into(), Event::SessionChanged(None)),
        ("entry".into(), Event::EntryChanged(entry(None))),
        ("entry failed".into(), Event::EntryChanged(entry(Some(SendFailure::Ended)))),
        ("entry gone".into(), Event::EntryGone(Cid(200))),
    ];
    for timer in TIMERS {
        events.push((format!("{timer:?}"), Event::Timer(timer)));
    }
    for (name, frame) in frames() {
        events.push((name.into(), Event::Received { socket, text: frame.to_json() }));
    }
    for code in [1000, 1006, 1009, 1012, 1013, 4001, 4010, 4400, 4401, 4404, 4409] {
        let code = CloseCode::from_u16(code);
        events.push((format!("close {}", code.as_u16()), Event::SocketClosed { socket, code }));
    }
    events
}

/// Whoever waits for something has a timer that ends the waiting.
#[track_caller]
pub(super) fn assert_nothing_is_stuck(scene: &Scene, context: &str) {
    let needed = match scene.client.connection() {
        Connection::Token => Some(Timer::Token),
        Connection::Connecting { .. } | Connection::Hello { .. } => Some(Timer::Handshake),
        Connection::Syncing { .. } | Connection::Live { .. } => Some(Timer::Silence),
        Connection::Waiting { .. } => Some(Timer::Reconnect),
        Connection::Idle
        | Connection::Suspended(_)
        | Connection::Failed(_)
        | Connection::Closed => None,
    };
    if let Some(timer) = needed {
        assert!(scene.timers.contains(&timer), "{context}: no {timer:?} timer");
    }
    if scene.client.heartbeat.is_probing() && scene.client.connection().welcomed().is_some() {
        assert!(scene.timers.contains(&Timer::Probe), "{context}: no Probe timer");
    }
    if scene.client.outbox.oldest_sent().is_some() {
        assert!(scene.timers.contains(&Timer::Ack), "{context}: no Ack timer");
    }
    if *scene.client.screen() == crate::Screen::Starting {
        let timers = [Timer::Token, Timer::Opening];
        assert!(
            timers.iter().any(|timer| scene.timers.contains(timer)),
            "{context}: starting without a timer"
        );
    }
}

#[test]
fn every_event_is_defined_in_every_state() {
    let mut table = String::new();
    for (state, scene) in every_state() {
        assert_nothing_is_stuck(&scene, state);
        let _ = writeln!(table, "== {state}: {:?}", scene.client.connection());
        for (name, event) in events(&scene) {
            let mut scene = scene.clone();
            scene.wait(500);
            let effects = show(&scene.on(event));
            assert_nothing_is_stuck(&scene, &format!("{state}, {name}"));
            if effects.is_empty() {
                continue;
            }
            let _ = writeln!(table, "{name} -> {:?}", scene.client.connection());
            for line in effects.lines() {
                let _ = writeln!(table, "    {line}");
            }
        }
    }
    expect_file!["table.txt"].assert_eq(&table);
}
