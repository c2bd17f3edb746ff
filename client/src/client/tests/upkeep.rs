//! Keeping a connection and its streams in order: heartbeat, gaps, marks, typing, tokens, pages.

use expect_test::expect;
use frontdesk_protocol::{
    Cid, CloseCode, Millis, Stream,
    attributes::Attributes,
    frame::{Live, Mode, Nack, NackCode, Page, ServerFrame},
    state::Role,
};

use super::scene::{
    Scene, check, happened, member, message, said, show, snap, start, stream, welcome, who,
};
use crate::{Connection, Event, FailReason, Failure, RequestId, SuspendReason, Timer};

#[test]
fn a_silent_socket_is_probed_and_then_replaced_at_once() {
    let mut scene = Scene::live();
    scene.wait(40_000);
    check(
        &mut scene,
        vec![Event::Timer(Timer::Silence), Event::Timer(Timer::Probe)],
        &expect![[r#"
            send {"t":"fetch","ch":"CH00000000000000000000000000000001","after":2,"limit":1}
            timer Probe 3000
            timer Silence 40000
            close 1 1000
            clear Handshake
            clear Silence
            clear Probe
            clear Ack
            clear Reconnect
            open 2
            timer Handshake 10000
            changed Connection
        "#]],
    );
}

#[test]
fn an_answered_probe_leaves_everything_as_it_is() {
    let mut scene = Scene::live();
    scene.wait(40_000);
    scene.ring(Timer::Silence);
    let page = Page { ch: stream(), items: vec![message(3, "anna", "Not yet", None)], more: false };
    scene.hear(ServerFrame::Page(page));
    assert!(scene.ring(Timer::Probe).is_empty());
    assert_eq!(scene.rows().lines().count(), 2, "a probe is no page of history");
}

#[test]
fn a_gap_is_filled_from_where_we_are() {
    let mut scene = Scene::live();
    let ev = |event| ServerFrame::Ev { ch: stream(), event };
    let asked = show(&scene.hear(ev(said(4, "anna", "Four", None))));
    expect![[r#"
        send {"t":"sub","ch":[{"id":"CH00000000000000000000000000000001","epoch":"e1","seq":2}]}
    "#]]
    .assert_eq(&asked);
    scene.hear(ev(said(3, "anna", "Three", None)));
    scene.hear(ev(said(4, "anna", "Four", None)));
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 4 }));
    expect![[r#"
        Some(1) Hi Some(Sent)
        Some(2) Hello None
        Some(3) Three None
        Some(4) Four None
    "#]]
    .assert_eq(&scene.rows());
}

#[test]
fn a_head_that_stays_ahead_is_a_silent_gap() {
    let mut scene = Scene::live();
    let ping = |n| ServerFrame::Ping { n, heads: [(stream(), 3)].into() };
    assert!(!show(&scene.hear(ping(1))).contains("\"sub\""));
    assert!(show(&scene.hear(ping(2))).contains("\"sub\""));
}

#[test]
fn a_replay_that_never_ends_is_asked_for_anew() {
    let mut scene = Scene::syncing();
    for n in 0..3 {
        scene.hear(ServerFrame::Ping { n, heads: [(stream(), 3)].into() });
    }
    assert_eq!(scene.client.connection(), Connection::Waiting { tries: 1 });
}

#[test]
fn seen_and_read_go_out_at_most_once_a_second() {
    let mut scene = Scene::live();
    scene.wait(2_000);
    let ev = |seq| ServerFrame::Ev { ch: stream(), event: said(seq, "anna", "x", None) };
    expect![[r#"
        send {"t":"seen","ch":"CH00000000000000000000000000000001","seq":3}
        rows +2 None, ~1 None
        changed Unread
    "#]]
    .assert_eq(&show(&scene.hear(ev(3))));
    scene.wait(100);
    expect![[r#"
        timer Marks 900
        rows +3 None, ~2 None
        changed Unread
    "#]]
    .assert_eq(&show(&scene.hear(ev(4))));
    check(
        &mut scene,
        vec![Event::ReadUpTo { stream: stream(), seq: 4 }],
        &expect![[r#"
        changed Unread
    "#]],
    );
    scene.wait(900);
    check(
        &mut scene,
        vec![Event::Timer(Timer::Marks)],
        &expect![[r#"
        send {"t":"seen","ch":"CH00000000000000000000000000000001","seq":4}
        send {"t":"read","ch":"CH00000000000000000000000000000001","seq":4}
    "#]],
    );
}

#[test]
fn a_hidden_page_has_read_nothing_until_it_is_seen() {
    let mut scene = Scene::live();
    scene.wait(2_000);
    scene.on(Event::Hidden);
    assert!(scene.on(Event::ReadUpTo { stream: stream(), seq: 2 }).is_empty());
    assert_eq!(scene.client.unread(&stream()), 1);
    let shown = show(&scene.on(Event::Visible));
    assert!(shown.contains(r#""read""#), "{shown}");
    assert_eq!(scene.client.unread_total(), 0);
}

#[test]
fn typing_is_told_every_five_seconds_and_then_taken_back() {
    let mut scene = Scene::live();
    let key = || Event::Keystroke { stream: stream() };
    scene.on(key());
    scene.wait(4_000);
    assert!(scene.on(key()).is_empty());
    scene.wait(1_000);
    expect![[r#"
        timer TypingIdle 4000
    "#]]
    .assert_eq(&show(&scene.ring(Timer::TypingIdle)));
    scene.wait(4_000);
    expect![[r#"
        send {"t":"typing","ch":"CH00000000000000000000000000000001","on":false}
    "#]]
    .assert_eq(&show(&scene.ring(Timer::TypingIdle)));
}

#[test]
fn a_sent_message_ends_typing_without_a_word() {
    let mut scene = Scene::live();
    scene.on(Event::Keystroke { stream: stream() });
    scene.compose(200, "Done");
    scene.wait(5_000);
    assert!(scene.ring(Timer::TypingIdle).is_empty());
}

#[test]
fn the_typing_of_others_ends_with_their_message_or_after_eight_seconds() {
    let mut scene = Scene::live();
    let typing = || ServerFrame::Typing { ch: stream(), who: who("anna"), on: true };
    scene.hear(typing());
    assert_eq!(scene.client.typing(&stream()), [&who("anna")]);
    scene.hear(ServerFrame::Ev { ch: stream(), event: said(3, "anna", "Here", None) });
    assert!(scene.client.typing(&stream()).is_empty());
    scene.hear(typing());
    scene.wait(8_000);
    scene.ring(Timer::TypingExpiry);
    assert!(scene.client.typing(&stream()).is_empty());
}

#[test]
fn a_token_that_ends_soon_is_renewed_without_a_break() {
    let mut scene = Scene::live();
    scene.hear(ServerFrame::AuthSoon { in_ms: 180_000 });
    expect![[r#"
        clear Token
        save session t1 channel=true pending=false
        send {"t":"auth","tok":"t1"}
    "#]]
    .assert_eq(&show(&scene.token_answer(1, "t1")));
}

#[test]
fn an_older_page_goes_on_top_and_is_asked_for_once() {
    let mut scene = Scene::syncing();
    let items = vec![message(51, "anna", "51", None)];
    scene.hear(ServerFrame::Snap(snap(51, items, true)));
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 51 }));
    let older = || Event::LoadOlder { stream: stream() };
    check(
        &mut scene,
        vec![older(), older()],
        &expect![[r#"
        send {"t":"fetch","ch":"CH00000000000000000000000000000001","before":51,"limit":50}
        timer Page 10000
        changed Channel
    "#]],
    );
    let items = vec![message(49, "anna", "49", None), message(50, "guest", "50", Some(5))];
    let page = ServerFrame::Page(Page { ch: stream(), items, more: false });
    expect![[r#"
        rows +0 None, ~1 None, +1 Some(Sent), ~0 None, ~2 None
        changed Channel
        changed Unread
    "#]]
    .assert_eq(&show(&scene.hear(page)));
    expect![[r#"
        Some(49) 49 None
        Some(50) 50 Some(Sent)
        Some(51) 51 None
    "#]]
    .assert_eq(&scene.rows());
    assert!(!scene.client.timeline(&stream()).unwrap().has_older());
}

// Somebody at the oldest message there is was stuck there when the server was busy: nothing to scroll.
#[test]
fn an_older_page_that_was_refused_is_asked_for_again() {
    let mut scene = Scene::syncing();
    scene.hear(ServerFrame::Snap(snap(51, vec![message(51, "anna", "51", None)], true)));
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 51 }));
    scene.on(Event::LoadOlder { stream: stream() });
    let refused = ServerFrame::Nack(Nack {
        cid: None,
        ch: Some(stream()),
        code: NackCode::Rate,
        retry: true,
        after: Some(29),
    });
    expect![[r#"
        timer Older 29
        changed Channel
    "#]]
    .assert_eq(&show(&scene.hear(refused)));
    expect![[r#"
        send {"t":"fetch","ch":"CH00000000000000000000000000000001","before":51,"limit":50}
        timer Page 10000
        changed Channel
    "#]]
    .assert_eq(&show(&scene.ring(Timer::Older)));
}

#[test]
fn an_older_page_that_a_lost_connection_took_along_is_asked_for_again() {
    let mut scene = Scene::syncing();
    scene.hear(ServerFrame::Snap(snap(51, vec![message(51, "anna", "51", None)], true)));
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 51 }));
    scene.on(Event::LoadOlder { stream: stream() });
    scene.close(1006);
    scene.ring(Timer::Reconnect);
    scene.resume(51);
    let live = show(&scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 51 })));
    assert!(live.contains(r#"send {"t":"fetch""#) && live.contains(r#""before":51"#), "{live}");
}

#[test]
fn a_page_in_the_back_forward_cache_holds_no_socket() {
    let mut scene = Scene::live();
    let socket = scene.socket();
    let closed = show(&scene.on(Event::PageHide));
    assert!(closed.starts_with("close 1 4900"), "{closed}");
    assert!(scene.on(Event::SocketClosed { socket, code: CloseCode::PageHidden }).is_empty());
    scene.on(Event::PageShow);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
}

#[test]
fn a_long_hidden_page_lets_go_only_without_a_running_chat() {
    let mut scene = Scene::live();
    scene.on(Event::Hidden);
    assert!(scene.ring(Timer::HiddenLong).is_empty());
    let status = frontdesk_protocol::state::Status::Inactive;
    let event = happened(3, frontdesk_protocol::EventKind::Status { status });
    scene.hear(ServerFrame::Ev { ch: stream(), event });
    scene.ring(Timer::HiddenLong);
    assert_eq!(scene.client.connection(), Connection::Suspended(SuspendReason::Hidden));
    scene.on(Event::Visible);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
}

#[test]
fn an_agent_follows_and_leaves_channels_while_connected() {
    let mut scene = Scene::agent();
    scene.on(start(None));
    scene.token_answer(1, "t1");
    expect![[r#"
        send {"t":"hello","tok":"t1","inst":"tab1","ch":[{"id":"US00000000000000000000000000000001"},{"id":"WQ00000000000000000000000000000001"}]}
        timer Handshake 10000
        changed Connection
    "#]].assert_eq(&show(&scene.open()));
    scene.hear(welcome(Mode::Reset, 0));
    check(
        &mut scene,
        vec![Event::Follow { stream: stream() }],
        &expect![[r#"
        send {"t":"sub","ch":[{"id":"CH00000000000000000000000000000001"}]}
    "#]],
    );
    // Not a member yet: reading leaves no mark, typing is not told, nothing breaks.
    let mut picture = snap(2, vec![message(2, "guest", "Hello?", None)], false);
    picture.state.members = vec![member("guest", Role::Guest)];
    scene.hear(ServerFrame::Snap(picture));
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 2 }));
    scene.wait(5_000);
    assert_eq!(scene.client.unread(&stream()), 1);
    let read = show(&scene.on(Event::ReadUpTo { stream: stream(), seq: 2 }));
    assert_eq!(read, "changed Unread\n");
    assert!(scene.on(Event::Keystroke { stream: stream() }).is_empty());
    check(
        &mut scene,
        vec![Event::Unfollow { stream: stream() }],
        &expect![[r#"
        send {"t":"unsub","ch":["CH00000000000000000000000000000001"]}
    "#]],
    );
}

// The console looked connected until the token ended, and what was asked of the server was refused.
#[test]
fn an_agent_who_is_signed_out_is_told_before_the_token_ends() {
    let refused = |status| Failure { status, retry_after_ms: None, error: None };
    for (status, is_out) in [(401, true), (503, false), (403, false)] {
        let mut scene = Scene::agent();
        scene.on(start(None));
        scene.token_answer(1, "t1");
        scene.open();
        scene.hear(welcome(Mode::Reset, 0));
        scene.hear(ServerFrame::AuthSoon { in_ms: 180_000 });
        scene.on(Event::TokenAnswered { request: RequestId(2), result: Err(refused(status)) });
        let is_failed = scene.client.connection() == Connection::Failed(FailReason::Token);
        assert_eq!(is_failed, is_out, "{status}");
    }
}

#[test]
fn an_agent_may_write_before_the_channel_is_live() {
    let mut scene = Scene::agent();
    scene.on(start(None));
    scene.on(Event::Follow { stream: stream() });
    let event = Event::Compose {
        stream: stream(),
        body: "On my way".into(),
        cid: Cid(7),
        attributes: Attributes::new(),
    };
    assert!(show(&scene.on(event)).starts_with("save entry"));
    assert!(scene.client.has_unsent());
}

#[test]
fn the_wall_clock_is_the_servers_whatever_the_computers_says() {
    // The visitor's clock is a day off.
    let mut scene = Scene::live();
    scene.wait(1_000);
    scene.compose(200, "When?");
    let row = scene.client.timeline(&stream()).unwrap().rows()[2].clone();
    assert_eq!(row.ts, Millis(super::scene::WALL + 6_000));
    let _: Stream = stream();
}
