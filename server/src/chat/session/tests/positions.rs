//! One cursor a stream: resume, reset, replay, gaps.

use frontdesk_protocol::limits::PAGE_BYTES;

use super::*;

#[test]
fn a_welcome_comes_when_all_streams_are_looked_up() {
    let mut world = World::upgraded();
    let (one, two) = (channel(1), channel(2));
    let hello = format!(
        r#"{{"t":"hello","tok":"t","inst":"i","ch":[{{"id":"{one}","epoch":"{EPOCH}","seq":4}},{{"id":"{two}"}}]}}"#
    );
    assert_eq!(world.text(&hello), "verify");
    assert_eq!(
        world.on(Event::Verified(Ok(grant("guest", 900_000)))),
        "adopt, follow #1, follow #2"
    );
    let head = Ok(Head { head: 6, oldest: 1 });
    assert_eq!(world.on(Event::Followed { ticket: 2, stream: two, head }), "");
    assert_eq!(
        world.on(Event::Followed { ticket: 1, stream: one, head }),
        r#"<welcome ["Resume 1..6", "Reset 1..6"]>, read events #1 after 4"#
    );
}

#[test]
fn a_position_is_resumed_only_if_all_behind_it_is_still_there() {
    // (epoch, position, oldest, head) → resumed?
    for (epoch, seq, oldest, head, resumed) in [
        (EPOCH, 10, 1, 10, true),
        (EPOCH, 0, 1, 10, true),
        (EPOCH, 0, 1, 0, true),
        (EPOCH, 4, 5, 10, true),
        (EPOCH, 3, 5, 10, false),
        (EPOCH, 11, 1, 10, false),
        (EPOCH, u64::MAX, 1, 10, false),
        ("e0", 10, 1, 10, false),
    ] {
        let mut world = World::open();
        let stream = channel(1);
        world.text(&format!(
            r#"{{"t":"sub","ch":[{{"id":"{stream}","epoch":"{epoch}","seq":{seq}}}]}}"#
        ));
        let head = Ok(Head { head, oldest });
        let outcome = world.on(Event::Followed { ticket: 1, stream, head });
        assert_eq!(!outcome.contains("snapshot"), resumed, "{epoch} {seq}: {outcome}");
    }
}

#[test]
fn a_snapshot_is_followed_by_what_came_meanwhile() {
    let mut world = World::open();
    assert_eq!(world.sub(1, None, 10), "read snapshot #1");
    // Between the look-up and the snapshot the log went on, and both hints came.
    let stream = channel(1);
    assert_eq!(world.on(published(&stream, log_event(11, "x"))), "");
    assert_eq!(world.on(published(&stream, log_event(12, "x"))), "");
    let snapshot = Ok(snapshot(11));
    assert_eq!(
        world.on(Event::SnapshotRead { ticket: 1, stream: stream.clone(), snapshot }),
        "<snap 11 +0 false>, read events #1 after 11"
    );
    let events = Ok(events(12..=12, false));
    assert_eq!(
        world.on(Event::EventsRead { ticket: 1, stream: stream.clone(), events }),
        "<evs 12..=12 more false>, <live 12>"
    );
    assert_eq!(world.on(published(&stream, log_event(13, "x"))), "<ev 13>");
}

#[test]
fn a_message_between_fetch_and_subscribe_is_not_missed() {
    // Rocket.Chat.ReactNative#7547: here the subscription stands before the head is read.
    let mut world = World::open();
    let stream = channel(1);
    world.text(&format!(r#"{{"t":"sub","ch":[{{"id":"{stream}","epoch":"{EPOCH}","seq":10}}]}}"#));
    world.on(published(&stream, log_event(11, "x")));
    let head = Ok(Head { head: 10, oldest: 1 });
    assert_eq!(world.on(Event::Followed { ticket: 1, stream, head }), "read events #1 after 10");
}

#[test]
fn nothing_to_replay_is_live_at_once() {
    assert_eq!(World::open().sub(1, Some(10), 10), "<live 10>");
}

#[test]
fn below_the_cursor_is_dropped_equal_is_sent_above_is_read() {
    let mut world = World::live();
    let stream = channel(1);
    assert_eq!(world.on(published(&stream, log_event(11, "x"))), "<ev 11>");
    assert_eq!(world.on(published(&stream, log_event(11, "x"))), "");
    assert_eq!(world.on(published(&stream, log_event(9, "x"))), "");
    assert_eq!(world.on(published(&stream, log_event(13, "x"))), "read events #1 after 11");
    // While the gap is read, what comes is left to the store.
    assert_eq!(world.on(published(&stream, log_event(14, "x"))), "");
    let piece = Ok(events(12..=13, false));
    assert_eq!(
        world.on(Event::EventsRead { ticket: 1, stream: stream.clone(), events: piece }),
        "<evs 12..=13 more true>, read events #1 after 13"
    );
    let piece = Ok(events(14..=14, false));
    assert_eq!(
        world.on(Event::EventsRead { ticket: 1, stream: stream.clone(), events: piece }),
        "<evs 14..=14 more false>, <live 14>"
    );
    assert_eq!(world.on(published(&stream, log_event(15, "x"))), "<ev 15>");
}

#[test]
fn an_event_of_a_stream_that_is_not_followed_is_dropped() {
    let mut world = World::live();
    assert_eq!(world.on(published(&channel(2), log_event(1, "x"))), "");
    let stream = channel(1);
    assert_eq!(world.text(&format!(r#"{{"t":"unsub","ch":["{stream}"]}}"#)), "unfollow");
    assert_eq!(world.on(published(&stream, log_event(11, "x"))), "");
}

#[test]
fn an_answer_to_an_older_subscription_is_not_taken() {
    let mut world = World::open();
    world.sub(1, Some(5), 10);
    assert_eq!(world.sub(1, Some(8), 10), "", "one piece is read at a time");
    let stale = Ok(events(6..=10, false));
    assert_eq!(
        world.on(Event::EventsRead { ticket: 1, stream: channel(1), events: stale }),
        "read events #2 after 8"
    );
}

#[test]
fn a_piece_of_replay_is_at_most_64_kib_or_one_event() {
    let mut world = World::open();
    world.sub(1, Some(0), 3);
    let long = |seq| log_event(seq, &"y".repeat(40_000));
    let items = vec![long(1), long(2), long(3)];
    let effects = world.effects(Event::EventsRead {
        ticket: 1,
        stream: channel(1),
        events: Ok(Events { items, more: false }),
    });
    assert!(matches!(&effects[0], Effect::Send(text) if text.len() < PAGE_BYTES));
    assert_eq!(brief(&effects[0]), "<evs 1..=1 more true>");
}

#[test]
fn a_snapshot_carries_at_most_64_kib_of_messages() {
    let mut world = World::open();
    world.sub(1, None, 9);
    let mut snapshot = snapshot(9);
    snapshot.items = (1..=9).map(|seq| message(seq, "y".repeat(20_000))).collect();
    assert_eq!(
        world.on(Event::SnapshotRead { ticket: 1, stream: channel(1), snapshot: Ok(snapshot) }),
        "<snap 9 +3 true>, <live 9>"
    );
}

#[test]
fn a_hole_in_the_log_is_never_handed_on() {
    let mut world = World::open();
    world.sub(1, Some(5), 10);
    let mut holed = events(6..=10, false);
    holed.items.remove(2);
    let outcome = world.on(Event::EventsRead { ticket: 1, stream: channel(1), events: Ok(holed) });
    assert_eq!(outcome, "CLOSE 4010 the log has a hole");
}

#[test]
fn a_lost_hint_is_found_by_the_next_ping() {
    let mut world = World::live();
    world.at(12_500).on(Event::Tick);
    let heads = BTreeMap::from([(channel(1), 12)]);
    assert_eq!(world.on(Event::Rechecked(Ok(heads))), "<ping 1 [12]>, read events #1 after 10");
}

#[test]
fn who_leaves_gets_that_event_and_nothing_after_it() {
    let mut world = World::live();
    let stream = channel(1);
    assert_eq!(world.on(left(&stream, 11, "somebody")), "<ev 11>");
    assert_eq!(
        world.on(left(&stream, 12, "guest")),
        "<ev 12>, unfollow, <nack - NotFound retry false>"
    );
    assert_eq!(world.on(published(&stream, log_event(13, "x"))), "");
}

#[test]
fn who_left_during_replay_gets_nothing_more() {
    let mut world = World::open();
    world.sub(1, Some(5), 10);
    world.on(left(&channel(1), 11, "guest"));
    let gone = Err(Unreadable::NotFound);
    assert_eq!(
        world.on(Event::EventsRead { ticket: 1, stream: channel(1), events: gone }),
        "unfollow, <nack - NotFound retry false>"
    );
}

#[test]
fn a_hello_whose_streams_are_all_gone_is_closed_with_4404() {
    let mut world = World::upgraded();
    let (one, two) = (channel(1), channel(2));
    let hello =
        format!(r#"{{"t":"hello","tok":"t","inst":"i","ch":[{{"id":"{one}"}},{{"id":"{two}"}}]}}"#);
    world.text(&hello);
    world.on(Event::Verified(Ok(grant("guest", 900_000))));
    let head = Err(Unreadable::NotFound);
    assert_eq!(world.on(Event::Followed { ticket: 1, stream: one, head }), "unfollow");
    assert_eq!(
        world.on(Event::Followed { ticket: 2, stream: two, head }),
        "unfollow, <welcome []>, <nack - NotFound retry false>, <nack - NotFound retry false>, \
         CLOSE 4404 none of the streams is there for you"
    );
}

#[test]
fn a_user_stream_is_followed_like_any_other() {
    let mut world = World::open();
    let stream = Stream::User(UserSid::from_bits(3));
    let asked = world.text(&format!(r#"{{"t":"sub","ch":[{{"id":"{stream}"}}]}}"#));
    assert_eq!(asked, "follow #1");
}

#[test]
fn events_that_were_passed_over_are_read_from_the_store() {
    let mut world = World::live();
    let stream = channel(1);
    let lagging = Event::Lagging { stream: stream.clone() };
    assert_eq!(world.on(lagging.clone()), "read events #1 after 10");
    // Once more while the piece is read: what it was about may be behind that piece.
    assert_eq!(world.on(lagging), "");
    let piece = Ok(events(11..=12, false));
    assert_eq!(
        world.on(Event::EventsRead { ticket: 1, stream: stream.clone(), events: piece }),
        "<evs 11..=12 more false>, read events #1 after 12"
    );
    let nothing = Ok(Events::default());
    assert_eq!(world.on(Event::EventsRead { ticket: 1, stream, events: nothing }), "<live 12>");
}
