//! Bounds: what a connection may cost, and what happens at each.

use super::*;

#[test]
fn no_hello_in_five_seconds() {
    let mut world = World::upgraded();
    assert_eq!(world.session.deadline(), Some(Millis(6_000)));
    assert_eq!(world.at(4_999).on(Event::Tick), "");
    assert_eq!(world.at(5_000).on(Event::Tick), "CLOSE 4003 no hello in time");
}

#[test]
fn a_hello_of_more_than_64_kib_is_too_big() {
    let mut world = World::upgraded();
    let hello = format!(r#"{{"t":"hello","tok":"{}","inst":"i"}}"#, "t".repeat(65_536));
    assert_eq!(world.text(&hello), "CLOSE 1009 frame is too big");
}

#[test]
fn a_hello_asks_for_at_most_two_hundred_streams() {
    let hello = |count: u128| {
        let ch: Vec<_> = (0..count).map(|n| format!(r#"{{"id":"{}"}}"#, channel(n))).collect();
        format!(r#"{{"t":"hello","tok":"t","inst":"i","ch":[{}]}}"#, ch.join(","))
    };
    assert_eq!(World::upgraded().text(&hello(200)), "verify");
    assert_eq!(World::upgraded().text(&hello(201)), "CLOSE 4001 hello asks for too much");
}

#[test]
fn a_stream_beyond_the_two_hundredth_is_refused_alone() {
    let mut world = World::open();
    for n in 0..200 {
        world.at(1_000 * u64::try_from(n).unwrap());
        let asked = world.text(&format!(r#"{{"t":"sub","ch":[{{"id":"{}"}}]}}"#, channel(n)));
        assert!(asked.starts_with("follow"), "{asked}");
    }
    let asked = world.text(&format!(r#"{{"t":"sub","ch":[{{"id":"{}"}}]}}"#, channel(200)));
    assert_eq!(asked, "<nack - Forbidden retry false>");
}

#[test]
fn twenty_messages_at_once_then_five_a_second() {
    let mut world = World::live();
    for n in 1..=20 {
        world.say(n, "x");
        world.on(Event::Committed(Ok(said(u64::try_from(n).unwrap() + 10))));
    }
    assert_eq!(world.say(21, "x"), "<nack 21 Rate retry true after 200>");
    assert_eq!(world.at(200).say(21, "x"), "say x");
}

#[test]
fn a_flood_of_frames_is_closed_with_4029() {
    let mut world = World::live();
    let ch = channel(1);
    let typing = format!(r#"{{"t":"typing","ch":"{ch}","on":true}}"#);
    let sent = (0..60).filter(|_| world.text(&typing) == "type true").count();
    assert!((50..=60).contains(&sent), "{sent}");
    let dropped = (0..200).take_while(|_| world.text(&typing).is_empty()).count();
    assert!((95..=105).contains(&dropped), "{dropped}");
    assert!(world.session.is_closed());
}

#[test]
fn pings_of_the_framing_count_as_frames() {
    let mut world = World::live();
    let quiet = (0..500).take_while(|_| world.on(Event::Control).is_empty()).count();
    assert!(quiet < 200, "{quiet}");
    assert!(world.session.is_closed());
}

#[test]
fn the_queue_never_exceeds_its_bound() {
    let mut world = World::live();
    let stream = channel(1);
    for seq in 11..2_000 {
        world.on(published(&stream, log_event(seq, &"x".repeat(2_000))));
        let (frames, bytes) = world.session.queued();
        assert!(frames <= 256 && bytes <= 262_144, "{frames} frames, {bytes} bytes");
    }
    assert!(!world.session.is_closed());
    // Nothing was lost: as soon as there is room, the store is read from where it stopped.
    let (frames, _) = world.session.queued();
    let next = 10 + u64::try_from(frames).unwrap();
    assert_eq!(world.flush(), format!("read events #1 after {next}"));
}

#[test]
fn two_hundred_small_events_fit_and_typing_gives_way_first() {
    let mut world = World::live();
    let stream = channel(1);
    for seq in 11..=80 {
        assert_eq!(world.on(published(&stream, log_event(seq, "x"))), format!("<ev {seq}>"));
    }
    let who = Identity::parse("agent").unwrap();
    assert_eq!(world.on(Event::Typing { stream, who, on: true }), "");
}

#[test]
fn a_slow_client_is_fed_one_piece_at_a_time() {
    let mut world = World::open();
    world.sub(1, Some(0), 1_000);
    let long = |range: std::ops::RangeInclusive<u64>| Events {
        items: range.map(|seq| log_event(seq, &"x".repeat(600))).collect(),
        more: true,
    };
    let piece = Event::EventsRead { ticket: 1, stream: channel(1), events: Ok(long(1..=80)) };
    assert_eq!(world.on(piece), "<evs 1..=80 more true>", "60 KB wait: nothing more is read");
    assert_eq!(world.flush(), "read events #1 after 80");
}

#[test]
fn a_client_whose_answers_find_no_room_is_not_read() {
    let mut world = World::live();
    assert!(world.session.wants_frames());
    for seq in 11..400 {
        world.on(published(&channel(1), log_event(seq, "x")));
    }
    assert!(!world.session.wants_frames());
    assert_eq!(world.say(1, "x"), "", "nothing is begun whose answer finds no room");
    assert!(world.flush().contains("say x"));
    assert!(world.session.wants_frames());
}

#[test]
fn eight_waiting_writes_are_enough() {
    let mut world = World::live();
    for n in 0..9 {
        assert!(world.session.wants_frames());
        world.say(n, "x");
    }
    assert!(!world.session.wants_frames());
}

#[test]
fn nothing_is_read_between_hello_and_welcome() {
    let mut world = World::upgraded();
    world.text(r#"{"t":"hello","tok":"t","inst":"i"}"#);
    assert!(!world.session.wants_frames());
    assert_eq!(world.at(5_000).on(Event::Tick), "CLOSE 1013 the store takes too long");
}

#[test]
fn a_stall_closes_without_another_word() {
    let mut world = World::live();
    world.on(published(&channel(1), log_event(11, "x")));
    let effects = world.effects(Event::Stalled);
    assert!(matches!(
        effects[..],
        [Effect::Close { code: CloseCode::SlowConsumer, flush: false, .. }]
    ));
}

#[test]
fn nothing_is_said_after_the_decision_to_close() {
    // uWebSockets#1338.
    let mut world = World::live();
    world.say(1, "a");
    world.text("garbage");
    for event in [
        Event::Committed(Ok(said(11))),
        published(&channel(1), log_event(11, "x")),
        Event::Tick,
        Event::Text("garbage".into()),
        Event::Flushed { frames: 1, bytes: 1 },
        Event::Shut { code: CloseCode::Restart, reason: "restart" },
    ] {
        assert_eq!(world.on(event), "");
    }
}

#[test]
fn no_pong_in_ten_seconds_ends_it() {
    let mut world = World::live();
    assert_eq!(world.session.deadline(), Some(Millis(13_500)), "a random part of 25 s");
    assert_eq!(world.at(12_500).on(Event::Tick), "recheck 1");
    let heads = BTreeMap::from([(channel(1), 10)]);
    assert_eq!(world.on(Event::Rechecked(Ok(heads))), "<ping 1 [10]>");
    assert_eq!(world.at(22_500).on(Event::Tick), "CLOSE 4008 no pong in time");
}

#[test]
fn a_pong_starts_the_next_interval() {
    let mut world = World::live();
    world.at(12_500).on(Event::Tick);
    world.on(Event::Rechecked(Ok(BTreeMap::new())));
    assert_eq!(world.at(13_000).text(r#"{"t":"pong","n":1,"pos":{}}"#), "");
    assert_eq!(world.session.deadline(), Some(Millis(1_000 + 13_000 + 25_000)));
}

#[test]
fn a_position_nobody_sent_is_4010() {
    let mut world = World::live();
    let ch = channel(1);
    assert_eq!(
        world.text(&format!(r#"{{"t":"pong","n":0,"pos":{{"{ch}":11}}}}"#)),
        "CLOSE 4010 a position that was never sent"
    );
}
