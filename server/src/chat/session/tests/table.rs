//! Every event in every state.

use expect_test::{Expect, expect};
use frontdesk_protocol::frame::NackCode;

use super::*;

/// The states a connection can be in, each made fresh.
fn states() -> Vec<(&'static str, World)> {
    let hello = format!(r#"{{"t":"hello","tok":"t","inst":"i","ch":[{{"id":"{}"}}]}}"#, channel(1));
    let mut verifying = World::upgraded();
    verifying.text(&hello);
    let mut opening = World::upgraded();
    opening.text(&hello);
    opening.on(Event::Verified(Ok(grant("guest", 900_000))));
    let mut snapshot_due = World::open();
    snapshot_due.sub(1, None, 10);
    let mut replaying = World::open();
    replaying.sub(1, Some(5), 10);
    let mut lagging = World::live();
    lagging.on(published(&channel(1), log_event(15, "x")));
    let mut closed = World::live();
    closed.on(Event::Stalled);
    vec![
        ("upgraded", World::upgraded()),
        ("verifying", verifying),
        ("opening", opening),
        ("open", World::open()),
        ("snapshot", snapshot_due),
        ("replaying", replaying),
        ("live", World::live()),
        ("lagging", lagging),
        ("closed", closed),
    ]
}

/// What `event` comes to in each state; states in which nothing happens are left out.
fn check(event: &Event, expected: &Expect) {
    let mut lines = String::new();
    for (name, mut world) in states() {
        let outcome = world.on(event.clone());
        if !outcome.is_empty() {
            lines += &format!("{name}: {outcome}\n");
        }
    }
    expected.assert_eq(&lines);
}

fn check_text(text: &str, expected: &Expect) {
    check(&Event::Text(text.into()), expected);
}

#[test]
fn hello_is_the_first_frame_and_only_that() {
    check_text(
        r#"{"t":"hello","tok":"t","inst":"i"}"#,
        &expect![[r#"
            upgraded: verify
            verifying: CLOSE 4001 a second hello
            opening: CLOSE 4001 a second hello
            open: CLOSE 4001 a second hello
            snapshot: CLOSE 4001 a second hello
            replaying: CLOSE 4001 a second hello
            live: CLOSE 4001 a second hello
            lagging: CLOSE 4001 a second hello
        "#]],
    );
}

#[test]
fn sub_and_unsub_wait_for_the_welcome() {
    let ch = channel(1);
    check_text(
        &format!(r#"{{"t":"sub","ch":[{{"id":"{ch}"}}]}}"#),
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        open: follow #1
        snapshot: follow #2
        replaying: follow #2
        live: follow #2
        lagging: follow #2
    "#]],
    );
    check_text(
        &format!(r#"{{"t":"unsub","ch":["{ch}"]}}"#),
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        snapshot: unfollow
        replaying: unfollow
        live: unfollow
        lagging: unfollow
    "#]],
    );
}

#[test]
fn send_needs_a_live_stream() {
    let (ch, cid) = (channel(1), Cid(7));
    check_text(
        &format!(r#"{{"t":"send","ch":"{ch}","cid":"{cid}","body":"hi"}}"#),
        &expect![[r#"
            upgraded: CLOSE 4001 the first frame is hello
            verifying: CLOSE 4001 a frame before welcome
            opening: CLOSE 4001 a frame before welcome
            open: <nack 7 NotFound retry false>
            snapshot: <nack 7 NotLive retry true after 1000>
            replaying: <nack 7 NotLive retry true after 1000>
            live: say hi
            lagging: say hi
        "#]],
    );
}

#[test]
fn marks_typing_and_history() {
    let ch = channel(1);
    check_text(
        &format!(r#"{{"t":"seen","ch":"{ch}","seq":3}}"#),
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        live: move Seen 3
        lagging: move Seen 3
    "#]],
    );
    check_text(
        &format!(r#"{{"t":"read","ch":"{ch}","seq":3}}"#),
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        live: move Read 3
        lagging: move Read 3
    "#]],
    );
    check_text(
        &format!(r#"{{"t":"typing","ch":"{ch}","on":true}}"#),
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        live: type true
        lagging: type true
    "#]],
    );
    check_text(
        &format!(r#"{{"t":"fetch","ch":"{ch}","before":3,"limit":500}}"#),
        &expect![[r#"
            upgraded: CLOSE 4001 the first frame is hello
            verifying: CLOSE 4001 a frame before welcome
            opening: CLOSE 4001 a frame before welcome
            open: <nack - NotFound retry false>
            snapshot: read 200 Before(3)
            replaying: read 200 Before(3)
            live: read 200 Before(3)
            lagging: read 200 Before(3)
        "#]],
    );
}

#[test]
fn pong_and_auth() {
    check_text(
        r#"{"t":"pong","n":0,"pos":{}}"#,
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
    "#]],
    );
    check_text(
        r#"{"t":"pong","n":1,"pos":{}}"#,
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        open: CLOSE 4001 pong without its ping
        snapshot: CLOSE 4001 pong without its ping
        replaying: CLOSE 4001 pong without its ping
        live: CLOSE 4001 pong without its ping
        lagging: CLOSE 4001 pong without its ping
    "#]],
    );
    check_text(
        r#"{"t":"auth","tok":"t"}"#,
        &expect![[r#"
        upgraded: CLOSE 4001 the first frame is hello
        verifying: CLOSE 4001 a frame before welcome
        opening: CLOSE 4001 a frame before welcome
        open: verify
        snapshot: verify
        replaying: verify
        live: verify
        lagging: verify
    "#]],
    );
}

#[test]
fn what_is_no_frame_ends_the_connection_in_every_state() {
    for text in [
        "",
        "garbage",
        "[]",
        "{}",
        r#"{"t":7}"#,
        r#"{"t":"hello","tok":"t","tok":"u","inst":"i"}"#,
        r#"{"t":"seen","ch":"CH00000000000000000000000000000001","seq":-1}"#,
        &"[".repeat(10_000),
    ] {
        for (name, mut world) in states() {
            let outcome = world.text(text);
            let expected = if name == "closed" { "" } else { "CLOSE 4001" };
            assert_eq!(outcome.get(..10).unwrap_or_default(), expected, "{name}: {text:.40}");
        }
    }
}

#[test]
fn an_unknown_type_ends_the_connection() {
    check_text(
        r#"{"t":"poke"}"#,
        &expect![[r#"
        upgraded: CLOSE 4001 frame is not known or lacks something
        verifying: CLOSE 4001 frame is not known or lacks something
        opening: CLOSE 4001 frame is not known or lacks something
        open: CLOSE 4001 frame is not known or lacks something
        snapshot: CLOSE 4001 frame is not known or lacks something
        replaying: CLOSE 4001 frame is not known or lacks something
        live: CLOSE 4001 frame is not known or lacks something
        lagging: CLOSE 4001 frame is not known or lacks something
    "#]],
    );
}

#[test]
fn binary_frames_are_not_spoken() {
    check(
        &Event::Binary,
        &expect![[r#"
        upgraded: CLOSE 1003 frames are text
        verifying: CLOSE 1003 frames are text
        opening: CLOSE 1003 frames are text
        open: CLOSE 1003 frames are text
        snapshot: CLOSE 1003 frames are text
        replaying: CLOSE 1003 frames are text
        live: CLOSE 1003 frames are text
        lagging: CLOSE 1003 frames are text
    "#]],
    );
}

#[test]
fn a_tick_before_its_time_does_nothing() {
    check(&Event::Tick, &expect![[r#""#]]);
    check(&Event::Control, &expect![[r#""#]]);
}

#[test]
fn the_ends_of_a_connection() {
    check(
        &Event::Stalled,
        &expect![[r#"
        upgraded: CLOSE 4008 writes make no progress
        verifying: CLOSE 4008 writes make no progress
        opening: CLOSE 4008 writes make no progress
        open: CLOSE 4008 writes make no progress
        snapshot: CLOSE 4008 writes make no progress
        replaying: CLOSE 4008 writes make no progress
        live: CLOSE 4008 writes make no progress
        lagging: CLOSE 4008 writes make no progress
    "#]],
    );
    check(&Event::Gone, &expect![[r#""#]]);
    let shut = Event::Shut { code: CloseCode::Restart, reason: "restart" };
    check(
        &shut,
        &expect![[r#"
        upgraded: CLOSE 1012 restart
        verifying: CLOSE 1012 restart
        opening: CLOSE 1012 restart
        open: CLOSE 1012 restart
        snapshot: CLOSE 1012 restart
        replaying: CLOSE 1012 restart
        live: CLOSE 1012 restart
        lagging: CLOSE 1012 restart
    "#]],
    );
    check(
        &Event::Drain { after_ms: 7 },
        &expect![[r#"
            upgraded: CLOSE 1012 the server restarts
            verifying: CLOSE 1012 the server restarts
            opening: CLOSE 1012 the server restarts
            open: <drain 7>
            snapshot: <drain 7>
            replaying: <drain 7>
            live: <drain 7>
            lagging: <drain 7>
        "#]],
    );
}

#[test]
fn verdicts_come_only_where_they_were_asked_for() {
    check(
        &Event::Verified(Ok(grant("guest", 1_000))),
        &expect![[r#"
        verifying: adopt, follow #1
    "#]],
    );
    check(
        &Event::Verified(Err(TokenRefusal::Expired)),
        &expect![[r#"
        verifying: CLOSE 4400 the token has expired
    "#]],
    );
    check(&Event::Rechecked(Ok(BTreeMap::new())), &expect![[r#""#]]);
}

#[test]
fn answers_that_were_not_asked_for_change_nothing() {
    let stream = channel(1);
    for event in [
        Event::Committed(Ok(said(3))),
        Event::Committed(Err(Refused { code: NackCode::Ended, retry: false, after: None })),
        Event::Marked,
        Event::PageRead(Ok(MessagePage::default())),
        Event::PageRead(Err(Unreadable::NotFound)),
        Event::Followed { ticket: 99, stream: stream.clone(), head: Err(Unreadable::NotFound) },
        Event::SnapshotRead { ticket: 99, stream: stream.clone(), snapshot: Ok(snapshot(3)) },
        Event::EventsRead { ticket: 99, stream, events: Ok(events(3..=4, false)) },
    ] {
        for (name, mut world) in states() {
            assert_eq!(world.on(event.clone()), "", "{name}: {event:?}");
        }
    }
}

#[test]
fn look_ups() {
    let stream = channel(1);
    for (head, expected) in [
        (
            Ok(Head { head: 10, oldest: 1 }),
            expect![[r#"
            opening: <welcome ["Reset 1..10"]>, read snapshot #1
        "#]],
        ),
        (
            Err(Unreadable::NotFound),
            expect![[r#"
            opening: unfollow, <welcome []>, <nack - NotFound retry false>, CLOSE 4404 none of the streams is there for you
        "#]],
        ),
        (
            Err(Unreadable::Unavailable),
            expect![[r#"
            opening: CLOSE 1013 the store cannot be read now
        "#]],
        ),
    ] {
        check(&Event::Followed { ticket: 1, stream: stream.clone(), head }, &expected);
    }
    for (snapshot, expected) in [
        (
            Ok(snapshot(10)),
            expect![[r#"
            snapshot: <snap 10 +0 false>, <live 10>
            replaying: read events #1 after 5
            lagging: read events #1 after 10
        "#]],
        ),
        (
            Err(Unreadable::NotFound),
            expect![[r#"
            snapshot: unfollow, <nack - NotFound retry false>
            replaying: read events #1 after 5
            lagging: read events #1 after 10
        "#]],
        ),
        (
            Err(Unreadable::Unavailable),
            expect![[r#"
            snapshot: CLOSE 1013 the store cannot be read now
            replaying: read events #1 after 5
            lagging: read events #1 after 10
        "#]],
        ),
    ] {
        check(&Event::SnapshotRead { ticket: 1, stream: stream.clone(), snapshot }, &expected);
    }
    for (events, expected) in [
        (
            Ok(events(6..=10, false)),
            expect![[r#"
            snapshot: read snapshot #1
            replaying: <evs 6..=10 more false>, <live 10>
            lagging: CLOSE 4010 the log has a hole
        "#]],
        ),
        (
            Ok(events(11..=15, false)),
            expect![[r#"
            snapshot: read snapshot #1
            replaying: CLOSE 4010 the log has a hole
            lagging: <evs 11..=15 more false>, <live 15>
        "#]],
        ),
        (
            Err(Unreadable::NotFound),
            expect![[r#"
            snapshot: read snapshot #1
            replaying: unfollow, <nack - NotFound retry false>
            lagging: unfollow, <nack - NotFound retry false>
        "#]],
        ),
        (
            Err(Unreadable::Unavailable),
            expect![[r#"
            snapshot: read snapshot #1
            replaying: CLOSE 1013 the store cannot be read now
            lagging: CLOSE 1013 the store cannot be read now
        "#]],
        ),
    ] {
        check(&Event::EventsRead { ticket: 1, stream: stream.clone(), events }, &expected);
    }
}

#[test]
fn events_and_typing_reach_only_live_streams() {
    check(
        &published(&channel(1), log_event(11, "x")),
        &expect![[r#"
        live: <ev 11>
    "#]],
    );
    check(
        &Event::Lagging { stream: channel(1) },
        &expect![[r#"
        live: read events #1 after 10
    "#]],
    );
    let who = Identity::parse("agent").unwrap();
    check(
        &Event::Typing { stream: channel(1), who, on: true },
        &expect![[r#"
        live: <typing agent true>
        lagging: <typing agent true>
    "#]],
    );
}

#[test]
fn every_state_but_closed_has_a_deadline() {
    for (name, world) in states() {
        assert_eq!(world.session.deadline().is_none(), name == "closed", "{name}");
    }
}
