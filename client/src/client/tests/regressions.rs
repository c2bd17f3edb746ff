//! What went wrong in other products, each by name.

use frontdesk_protocol::{
    EventKind,
    attributes::Attributes,
    frame::{Evs, Live, Mode, ServerFrame},
    state::Status,
};

use super::scene::{Scene, happened, message, said, show, snap, stream, welcome};
use crate::{Connection, Event, Receipt, Screen, Timer};

fn reconnect(scene: &mut Scene) {
    scene.close(1006);
    scene.ring(Timer::Reconnect);
    scene.open();
}

fn replay(scene: &mut Scene, items: Vec<frontdesk_protocol::Event>) {
    let (from, to) = (items[0].seq, items[items.len() - 1].seq);
    scene.hear(welcome(Mode::Resume, to));
    scene.hear(ServerFrame::Evs(Evs { ch: stream(), from, to, items, more: false }));
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: to }));
}

/// R1, chatwoot#14934: a conversation older than the catch-up window stayed stale.
#[test]
fn r1_what_cannot_be_resumed_is_shown_anew() {
    let mut scene = Scene::live();
    scene.compose(200, "Unsent");
    reconnect(&mut scene);
    scene.hear(welcome(Mode::Reset, 900));
    assert_eq!(scene.rows().lines().count(), 3, "what was there stays until the snapshot is here");
    scene.hear(ServerFrame::Snap(snap(
        900,
        vec![message(900, "anna", "A month later", None)],
        true,
    )));
    let effects = scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 900 }));
    assert!(show(&effects).contains("Unsent"), "the outbox is kept");
    assert_eq!(scene.rows().lines().count(), 2);
}

/// R2, chatwoot#4335: the app came to the foreground and the socket was dead.
#[test]
fn r2_a_dead_socket_is_found_when_the_page_is_seen() {
    let mut scene = Scene::live();
    scene.on(Event::Hidden);
    scene.wait(600_000);
    let probed = show(&scene.on(Event::Visible));
    assert!(probed.contains("\"fetch\""), "{probed}");
    scene.wait(3_000);
    scene.ring(Timer::Probe);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
}

/// R3, chatwoot#14683: the status changed while offline.
#[test]
fn r3_a_chat_that_ended_while_away_is_ended() {
    let mut scene = Scene::live();
    reconnect(&mut scene);
    replay(&mut scene, vec![happened(3, EventKind::Status { status: Status::Inactive })]);
    assert_eq!(*scene.client.screen(), Screen::Ended);
}

/// R4, Rocket.Chat.ReactNative#7547: a message between fetch and subscribe was lost.
#[test]
fn r4_a_message_between_snapshot_and_live_is_there_once() {
    let mut scene = Scene::syncing();
    scene.hear(ServerFrame::Snap(snap(2, vec![message(2, "anna", "Before", None)], false)));
    for seq in [2, 3, 3] {
        let event = said(seq, "anna", "Between", None);
        scene.hear(ServerFrame::Ev { ch: stream(), event });
    }
    scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 3 }));
    assert_eq!(scene.rows().lines().count(), 2);
    assert!(scene.client.connection().is_live());
}

/// R5, Rocket.Chat#41759: an edit and a delete while offline were never seen.
#[test]
fn r5_an_edit_and_a_redaction_while_away_arrive() {
    let mut scene = Scene::live();
    reconnect(&mut scene);
    let edit = EventKind::Edit { target: 2, body: "Edited".into(), attributes: Attributes::new() };
    replay(&mut scene, vec![happened(3, edit), happened(4, EventKind::Redact { target: 1 })]);
    let rows = scene.client.timeline(&stream()).unwrap().rows();
    assert!(rows[1].edited && rows[1].body == "Edited");
    assert!(rows[0].redacted && rows[0].body.is_empty());
}

/// R6, Rocket.Chat.ReactNative#7513: connected, never authenticated, forever.
#[test]
fn r6_a_socket_that_is_never_welcomed_is_left() {
    let mut scene = Scene::connecting();
    scene.open();
    scene.wait(10_000);
    scene.ring(Timer::Handshake);
    assert_eq!(scene.client.connection(), Connection::Waiting { tries: 1 });
}

/// R7, Rocket.Chat#36076: one direction was black-holed for two minutes.
#[test]
fn r7_pings_that_arrive_do_not_hide_that_nothing_we_say_does() {
    let mut scene = Scene::live();
    scene.compose(200, "Into the void");
    for n in 0..3 {
        assert!(scene.client.connection().is_live());
        scene.wait(10_000);
        scene.hear(ServerFrame::Ping { n, heads: [(stream(), 2)].into() });
        scene.ring(Timer::Ack);
    }
    assert_eq!(scene.client.connection(), Connection::Waiting { tries: 1 });
    let rows = scene.client.timeline(&stream()).unwrap().rows();
    assert_eq!(rows[2].receipt, Some(Receipt::Sending));
}

/// R7, the other direction: nothing arrives any more.
#[test]
fn r7_silence_is_noticed_within_forty_three_seconds() {
    let mut scene = Scene::live();
    scene.wait(40_000);
    scene.ring(Timer::Silence);
    scene.wait(3_000);
    scene.ring(Timer::Probe);
    assert!(matches!(scene.client.connection(), Connection::Connecting { .. }));
}

/// R8, node-slack-sdk#1654: reconnecting left more and more sockets open.
#[test]
fn r8_there_is_one_socket_at_a_time() {
    let mut scene = Scene::live();
    let mut open = 1_i32;
    for round in 0..20_u64 {
        let effects = match round % 4 {
            0 => scene.on(Event::PageHide),
            1 => scene.on(Event::PageShow),
            2 => scene.on(Event::TryNow),
            _ => scene.ring(Timer::Handshake),
        };
        for line in show(&effects).lines() {
            open += i32::from(line.starts_with("open")) - i32::from(line.starts_with("close"));
        }
        assert!((0..=1).contains(&open), "{open} sockets");
    }
}
