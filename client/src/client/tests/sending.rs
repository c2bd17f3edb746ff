//! From the composer to the log: nothing is lost, nothing blinks, the order stays.

use expect_test::expect;
use frontdesk_protocol::{
    Cid, Millis,
    attributes::Attributes,
    frame::{Ack, Live, Nack, NackCode, ServerFrame},
};

use super::scene::{Scene, check, message, said, session, show, snap, start, stream};
use crate::{Effect, Event, OutboxEntry, RowKey, SendFailure, Start, Timer};

fn ack(cid: u128, seq: u64, dup: bool) -> ServerFrame {
    let ts = Millis(super::scene::WALL + seq * 1_000);
    ServerFrame::Ack(Ack { cid: Cid(cid), ch: stream(), seq, index: seq, ts, dup })
}

fn nack(cid: u128, code: NackCode, retry: bool) -> ServerFrame {
    let cid = Some(Cid(cid));
    ServerFrame::Nack(Nack { cid, ch: Some(stream()), code, retry, after: Some(700) })
}

fn entry(cid: u128, body: &str, order: u64) -> OutboxEntry {
    OutboxEntry {
        cid: Cid(cid),
        stream: stream(),
        body: body.into(),
        attributes: Attributes::new(),
        written: Millis(super::scene::WALL),
        order,
        failed: None,
    }
}

fn sent(effects: &[Effect]) -> Vec<String> {
    let body = |line: &str| line.split("\"body\":\"").nth(1)?.split('"').next().map(str::to_owned);
    show(effects).lines().filter_map(body).collect()
}

#[test]
fn a_message_is_on_disk_before_it_is_sent() {
    let mut scene = Scene::live();
    let shown = show(&scene.compose(200, "Mind the order"));
    expect![[r#"
        save entry Mind the order None
        send {"t":"send","ch":"CH00000000000000000000000000000001","cid":"000000000000000000000000000000c8","body":"Mind the order"}
        timer Ack 10000
        rows +2 Some(Sending)
    "#]].assert_eq(&shown);
}

#[test]
fn the_row_keeps_its_key_when_the_acknowledgement_comes_first() {
    let mut scene = Scene::live();
    scene.compose(200, "Hey");
    scene.hear(ack(200, 3, false));
    let key = scene.client.timeline(&stream()).unwrap().rows()[2].key;
    scene.hear(ServerFrame::Ev { ch: stream(), event: said(3, "guest", "Hey", Some(200)) });
    let rows = scene.client.timeline(&stream()).unwrap().rows();
    assert_eq!((rows.len(), rows[2].key, rows[2].seq), (3, key, Some(3)));
    assert_eq!(key, RowKey::Cid(Cid(200)));
}

#[test]
fn the_row_keeps_its_key_when_the_event_comes_first() {
    let mut scene = Scene::live();
    scene.compose(200, "Hey");
    let event = said(3, "guest", "Hey", Some(200));
    let shown = show(&scene.hear(ServerFrame::Ev { ch: stream(), event }));
    expect![[r#"
        forget entry c8
        rows ~2 Some(Sent)
    "#]]
    .assert_eq(&shown);
    assert!(show(&scene.hear(ack(200, 3, true))).is_empty());
}

#[test]
fn what_others_said_meanwhile_stands_above_ones_own() {
    let mut scene = Scene::live();
    scene.compose(200, "Mine");
    scene.hear(ServerFrame::Ev { ch: stream(), event: said(3, "anna", "Hers", None) });
    scene.hear(ServerFrame::Ev { ch: stream(), event: said(4, "guest", "Mine", Some(200)) });
    expect![[r#"
        Some(1) Hi Some(Sent)
        Some(2) Hello None
        Some(3) Hers None
        Some(4) Mine Some(Sent)
    "#]]
    .assert_eq(&scene.rows());
}

#[test]
fn at_most_eight_are_on_their_way_and_the_rest_follows_in_order() {
    let mut scene = Scene::live();
    let mut bodies = Vec::new();
    for n in 0..10 {
        bodies.extend(sent(&scene.compose(200 + n, &format!("m{n}"))));
    }
    assert_eq!(bodies.len(), 8);
    assert_eq!(sent(&scene.hear(ack(200, 3, false))), ["m8"]);
    assert_eq!(sent(&scene.hear(ack(201, 4, false))), ["m9"]);
}

#[test]
fn a_pause_the_server_asks_for_is_kept_and_the_order_too() {
    let mut scene = Scene::live();
    for n in 0..3 {
        scene.compose(200 + n, &format!("m{n}"));
    }
    scene.hear(ack(200, 3, false));
    scene.hear(nack(201, NackCode::Rate, true));
    assert!(sent(&scene.compose(203, "m3")).is_empty());
    scene.wait(700);
    // One, to see whether the server keeps up, then more.
    assert_eq!(sent(&scene.ring(Timer::Resend)), ["m1"]);
    assert_eq!(sent(&scene.hear(ack(201, 4, false))), ["m2", "m3"]);
}

#[test]
fn a_message_that_is_refused_for_good_stays_in_sight_until_it_is_discarded() {
    let mut scene = Scene::live();
    scene.compose(200, "Too late");
    scene.hear(nack(200, NackCode::Ended, false));
    expect![[r#"
        Some(1) Hi Some(Sent)
        Some(2) Hello None
        None Too late Some(Failed(Ended))
    "#]]
    .assert_eq(&scene.rows());
    check(
        &mut scene,
        vec![Event::Discard { cid: Cid(200) }],
        &expect![[r#"
        forget entry c8
        rows -2
    "#]],
    );
}

#[test]
fn a_message_on_its_way_cannot_be_discarded() {
    let mut scene = Scene::live();
    scene.compose(200, "Perhaps stored already");
    assert!(scene.on(Event::Discard { cid: Cid(200) }).is_empty());
}

#[test]
fn a_conflict_is_tried_again_under_a_fresh_id() {
    let mut scene = Scene::live();
    scene.compose(200, "Other text");
    scene.hear(nack(200, NackCode::Conflict, false));
    check(
        &mut scene,
        vec![Event::Retry { cid: Cid(200), fresh: Cid(201) }],
        &expect![[r#"
        forget entry c8
        save entry Other text None
        send {"t":"send","ch":"CH00000000000000000000000000000001","cid":"000000000000000000000000000000c9","body":"Other text"}
        timer Ack 10000
        rows -2, +2 Some(Sending)
    "#]],
    );
}

#[test]
fn a_lost_acknowledgement_is_asked_for_with_the_same_id() {
    let mut scene = Scene::live();
    scene.compose(200, "Stored or not?");
    scene.close(1006);
    scene.ring(Timer::Reconnect);
    scene.resume(2);
    let effects = scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 2 }));
    assert_eq!(sent(&effects), ["Stored or not?"]);
    assert!(show(&effects).contains("c8"), "the same cid");
    scene.hear(ack(200, 3, true));
    assert!(!scene.client.has_unsent());
}

#[test]
fn after_a_reload_the_outbox_is_shown_and_sent() {
    let mut scene = Scene::guest();
    let Event::Start(begin) = start(Some(session())) else { unreachable!() };
    // On disk they lie in no order; the third is in the log already, its acknowledgement lost.
    let outbox = vec![entry(302, "second", 2), entry(301, "first", 1), entry(303, "stored", 3)];
    scene.on(Event::Start(Box::new(Start { outbox, ..*begin })));
    scene.open();
    scene.hear(super::scene::welcome(frontdesk_protocol::frame::Mode::Reset, 2));
    let items = vec![message(1, "anna", "Hello", None), message(2, "guest", "stored", Some(303))];
    let settled = show(&scene.hear(ServerFrame::Snap(snap(2, items, false))));
    assert!(settled.contains("forget entry 12f"), "{settled}");
    let effects = scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 2 }));
    assert_eq!(sent(&effects), ["first", "second"]);
    expect![[r#"
        Some(1) Hello None
        Some(2) stored Some(Sent)
        None first Some(Sending)
        None second Some(Sending)
    "#]]
    .assert_eq(&scene.rows());
}

#[test]
fn a_second_tab_shows_the_outbox_and_sends_it_only_when_the_first_is_gone() {
    let mut scene = Scene::live();
    let effects = scene.on(Event::EntryChanged(Box::new(entry(300, "From the other tab", 1))));
    assert!(sent(&effects).is_empty() && scene.rows().contains("From the other tab"));
    assert_eq!(sent(&scene.ring(Timer::Adopt)), ["From the other tab"]);
    let event = said(3, "guest", "From the other tab", Some(300));
    scene.hear(ServerFrame::Ev { ch: stream(), event });
    assert!(scene.on(Event::EntryGone(Cid(300))).is_empty(), "no second row, no blink");
    assert_eq!(scene.rows().lines().count(), 3);
}

#[test]
fn of_several_on_their_way_the_largest_was_too_big() {
    let mut scene = Scene::live();
    scene.compose(200, "small");
    scene.compose(201, &"large".repeat(5_000));
    scene.close(1009);
    let rows = scene.client.timeline(&stream()).unwrap().rows();
    let receipt = |at: usize| rows[at].receipt.unwrap();
    assert_eq!(receipt(2), crate::Receipt::Sending);
    assert_eq!(receipt(3), crate::Receipt::Failed(SendFailure::TooLong));
    scene.ring(Timer::Reconnect);
    scene.resume(2);
    let effects = scene.hear(ServerFrame::Live(Live { ch: stream(), seq: 2 }));
    assert_eq!(sent(&effects), ["small"]);
}

#[test]
fn an_own_message_above_the_loaded_page_leaves_no_echo_behind() {
    let mut scene = Scene::live();
    scene.compose(200, "Long ago");
    // The acknowledgement says that it was stored before what is loaded.
    scene.hear(ServerFrame::Snap(snap(80, vec![message(80, "anna", "Now", None)], true)));
    scene.hear(ack(200, 9, true));
    assert_eq!(scene.rows().lines().count(), 1);
}
