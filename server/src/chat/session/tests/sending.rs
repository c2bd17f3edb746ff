//! Saying something: order, acknowledgement, refusal.

use frontdesk_protocol::frame::NackCode;

use super::*;

const fn refused(code: NackCode, retry: bool, after: Option<u64>) -> Event {
    Event::Committed(Err(Refused { code, retry, after }))
}

#[test]
fn a_message_is_acknowledged_after_its_commit_and_not_before() {
    let mut world = World::live();
    assert_eq!(world.say(1, "hi"), "say hi");
    assert_eq!(world.on(Event::Committed(Ok(said(11)))), "<ack 1 seq 11>");
}

#[test]
fn sends_are_worked_off_one_after_the_other() {
    let mut world = World::live();
    assert_eq!(world.say(1, "a"), "say a");
    assert_eq!(world.say(2, "b"), "");
    assert_eq!(world.say(3, "c"), "");
    assert_eq!(world.on(Event::Committed(Ok(said(11)))), "<ack 1 seq 11>, say b");
    assert_eq!(world.on(Event::Committed(Ok(said(12)))), "<ack 2 seq 12>, say c");
}

#[test]
fn the_sender_gets_its_own_event_too() {
    let mut world = World::live();
    world.say(1, "hi");
    assert_eq!(world.on(published(&channel(1), log_event(11, "hi"))), "<ev 11>");
    assert_eq!(world.on(Event::Committed(Ok(said(11)))), "<ack 1 seq 11>");
}

#[test]
fn what_no_message_may_be_is_refused_for_good() {
    let mut world = World::live();
    let attributes = "a".repeat(5_000);
    let (ch, cid) = (channel(1), Cid(1));
    for (body, extra, answer) in [
        ("", String::new(), "<nack 1 BadBody retry false>"),
        (" ", String::new(), "<nack 1 BadBody retry false>"),
        (r"a\u0000b", String::new(), "<nack 1 BadBody retry false>"),
        (&*"x".repeat(32_769), String::new(), "<nack 1 TooLong retry false>"),
        ("x", format!(r#","attributes":{{"a":"{attributes}"}}"#), "<nack 1 TooLong retry false>"),
    ] {
        let text = format!(r#"{{"t":"send","ch":"{ch}","cid":"{cid}","body":"{body}"{extra}}}"#);
        assert_eq!(world.text(&text), answer);
    }
    assert_eq!(world.say(2, &"x".repeat(32_768)), "say xxxxxxxxx");
}

#[test]
fn a_channel_that_is_not_followed_is_not_there() {
    let mut world = World::live();
    let (ch, cid) = (channel(2), Cid(1));
    assert_eq!(
        world.text(&format!(r#"{{"t":"send","ch":"{ch}","cid":"{cid}","body":"x"}}"#)),
        "<nack 1 NotFound retry false>"
    );
}

#[test]
fn nobody_speaks_into_a_user_or_a_queue() {
    let mut world = World::live();
    let (ch, cid) = (Stream::User(UserSid::from_bits(1)), Cid(1));
    assert_eq!(
        world.text(&format!(r#"{{"t":"send","ch":"{ch}","cid":"{cid}","body":"x"}}"#)),
        "<nack 1 Forbidden retry false>"
    );
}

#[test]
fn a_refusal_of_the_store_is_handed_on() {
    for (code, retry) in [
        (NackCode::Ended, false),
        (NackCode::Conflict, false),
        (NackCode::Forbidden, false),
        (NackCode::NotFound, false),
        (NackCode::Unavailable, true),
    ] {
        let mut world = World::live();
        world.say(1, "hi");
        assert_eq!(
            world.on(refused(code, retry, None)),
            format!("<nack 1 {code:?} retry {retry}>")
        );
    }
}

#[test]
fn a_token_revoked_at_a_send_ends_the_connection() {
    let mut world = World::live();
    world.say(1, "hi");
    assert_eq!(
        world.on(refused(NackCode::Unauthorized, false, None)),
        "<nack 1 Unauthorized retry false>, CLOSE 4401 the token was revoked"
    );
}

#[test]
fn messages_behind_one_that_was_sent_back_wait_for_it() {
    let mut world = World::live();
    world.say(1, "a");
    world.say(2, "b");
    // The first is sent back for now: the second must not overtake it.
    assert_eq!(
        world.on(refused(NackCode::Unavailable, true, Some(1000))),
        "<nack 1 Unavailable retry true after 1000>, <nack 2 Rate retry true after 200>"
    );
    assert_eq!(world.say(3, "c"), "<nack 3 Rate retry true after 200>");
    assert_eq!(world.at(1_000).say(1, "a"), "say a");
    assert_eq!(world.say(2, "b"), "");
    assert_eq!(world.on(Event::Committed(Ok(said(11)))), "<ack 1 seq 11>, say b");
}

/// Found by the simulation: the third held back the second, which then came after it.
#[test]
fn messages_before_one_that_was_sent_back_do_not_wait_for_it() {
    let mut world = World::live();
    for n in 1..=18 {
        world.say(n, "x");
        world.on(Event::Committed(Ok(said(n as u64))));
    }
    assert_eq!(world.say(19, "a"), "say a");
    assert_eq!(world.say(20, "b"), "");
    // The budget is spent: this one is sent back, and has nothing to do with those before it.
    assert_eq!(world.say(21, "c"), "<nack 21 Rate retry true after 200>");
    assert_eq!(world.on(Event::Committed(Ok(said(29)))), "<ack 19 seq 29>, say b");
}

#[test]
fn a_message_that_never_comes_again_holds_each_of_the_others_once() {
    let mut world = World::live();
    world.say(1, "a");
    world.on(refused(NackCode::Unavailable, true, None));
    assert_eq!(world.say(2, "b"), "<nack 2 Rate retry true after 200>");
    // Sent again without the first: the client knows, and has given the first up.
    assert_eq!(world.say(2, "b"), "say b");
}

/// Found by the simulation: frames that were stalled for longer than a hold of ten seconds.
#[test]
fn a_message_that_was_long_on_its_way_does_not_overtake() {
    let mut world = World::live();
    world.say(1, "a");
    world.on(refused(NackCode::Unavailable, true, None));
    assert_eq!(world.at(60_000).say(2, "b"), "<nack 2 Rate retry true after 200>");
    assert_eq!(world.say(1, "a"), "say a");
}

#[test]
fn a_message_on_its_way_is_stored_although_its_stream_is_left() {
    let mut world = World::live();
    world.say(1, "a");
    world.say(2, "b");
    world.text(&format!(r#"{{"t":"unsub","ch":["{}"]}}"#, channel(1)));
    assert_eq!(world.on(Event::Committed(Ok(said(11)))), "<ack 1 seq 11>, say b");
}

#[test]
fn marks_are_moved_in_their_turn_and_only_the_last_counts() {
    let mut world = World::live();
    let ch = channel(1);
    world.say(1, "a");
    for seq in [5, 7, 6] {
        assert_eq!(world.text(&format!(r#"{{"t":"read","ch":"{ch}","seq":{seq}}}"#)), "");
    }
    assert_eq!(world.text(&format!(r#"{{"t":"seen","ch":"{ch}","seq":9}}"#)), "");
    assert_eq!(world.on(Event::Committed(Ok(said(11)))), "<ack 1 seq 11>, move Read 7");
    assert_eq!(world.on(Event::Marked), "move Seen 9");
    assert_eq!(world.on(Event::Marked), "");
}

#[test]
fn history_comes_page_by_page() {
    let mut world = World::live();
    let ch = channel(1);
    let fetch = |before| format!(r#"{{"t":"fetch","ch":"{ch}","before":{before},"limit":20}}"#);
    assert_eq!(world.text(&fetch(9)), "read 20 Before(9)");
    assert_eq!(world.text(&fetch(8)), "");
    let page = MessagePage { items: vec![message(3, "x".into())], more: true };
    assert_eq!(world.on(Event::PageRead(Ok(page))), "<page +1 true>, read 20 Before(8)");
    assert_eq!(
        world.on(Event::PageRead(Err(Unreadable::Unavailable))),
        "<nack - Unavailable retry true after 1000>"
    );
    assert_eq!(
        world.text(&format!(r#"{{"t":"fetch","ch":"{ch}","before":1,"after":2,"limit":1}}"#)),
        "CLOSE 4001 fetch names exactly one side"
    );
}

#[test]
fn typing_goes_to_others_and_never_back() {
    let mut world = World::live();
    let typing = |who: &str, on| Event::Typing {
        stream: channel(1),
        who: Identity::parse(who).unwrap(),
        on,
    };
    assert_eq!(world.on(typing("agent", true)), "<typing agent true>");
    assert_eq!(world.on(typing("guest", true)), "");
}
