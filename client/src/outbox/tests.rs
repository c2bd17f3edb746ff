//! The outbox by itself.

use frontdesk_protocol::{
    Cid, Millis, Stream,
    attributes::Attributes,
    frame::{ClientFrame, NackCode},
};

use super::{Nacked, Outbox, OutboxEntry, SendFailure};

fn stream(n: u8) -> Stream {
    Stream::parse(&format!("CH{n:032x}")).unwrap()
}

fn entry(cid: u128, order: u64) -> OutboxEntry {
    OutboxEntry {
        cid: Cid(cid),
        stream: stream(1),
        body: format!("m{cid}"),
        attributes: Attributes::new(),
        written: Millis(0),
        order,
        failed: None,
    }
}

/// An outbox with the messages 1 to 3, and the ids that leave it now.
fn filled() -> Outbox {
    let mut outbox = Outbox::new();
    for n in [3, 1, 2] {
        outbox.put(entry(n, n as u64), false);
    }
    outbox
}

fn flushed(outbox: &mut Outbox, now: u64) -> Vec<u128> {
    let cid = |frame: &ClientFrame| {
        let ClientFrame::Send(send) = frame else { panic!("a send") };
        send.cid.0
    };
    outbox.flush(Millis(now), &stream(1)).iter().map(cid).collect()
}

#[test]
fn what_is_on_its_way_is_not_sent_again_until_the_connection_is_gone() {
    let mut outbox = filled();
    assert_eq!(flushed(&mut outbox, 0), [1, 2, 3]);
    assert!(flushed(&mut outbox, 1).is_empty());
    assert_eq!(outbox.oldest_sent(), Some(Millis(0)));
    outbox.disconnect();
    assert_eq!(flushed(&mut outbox, 2), [1, 2, 3]);
}

#[test]
fn another_channel_waits_for_nobody() {
    let mut outbox = filled();
    outbox.put(OutboxEntry { stream: stream(2), ..entry(4, 4) }, false);
    outbox.nack(Millis(0), Cid(1), NackCode::Rate, true, Some(500));
    assert!(flushed(&mut outbox, 0).is_empty());
    assert_eq!(outbox.flush(Millis(0), &stream(2)).len(), 1);
    assert_eq!(outbox.next_resend(), Some(Millis(500)));
    assert_eq!(flushed(&mut outbox, 500), [1]);
    outbox.take(Cid(1));
    outbox.acked();
    assert_eq!(flushed(&mut outbox, 500), [2, 3]);
}

#[test]
fn each_refusal_for_good_has_its_reason_and_lets_the_rest_go_on() {
    for (code, failure) in [
        (NackCode::BadBody, SendFailure::BadBody),
        (NackCode::TooLong, SendFailure::TooLong),
        (NackCode::Conflict, SendFailure::Conflict),
        (NackCode::Ended, SendFailure::Ended),
        (NackCode::NotFound, SendFailure::Ended),
        (NackCode::Forbidden, SendFailure::Forbidden),
        (NackCode::Refused, SendFailure::Refused),
        (NackCode::Unauthorized, SendFailure::Forbidden),
        (NackCode::Unknown, SendFailure::Other),
    ] {
        let mut outbox = filled();
        assert_eq!(outbox.nack(Millis(0), Cid(1), code, false, None), Nacked::Failed(failure));
        assert_eq!(flushed(&mut outbox, 0), [2, 3]);
        assert_eq!(outbox.get(Cid(1)).and_then(|entry| entry.failed), Some(failure));
    }
    let unknown = filled().nack(Millis(0), Cid(9), NackCode::Rate, true, None);
    assert_eq!(unknown, Nacked::Unknown);
}

#[test]
fn what_another_tab_wrote_is_left_to_it_until_it_is_adopted() {
    let mut outbox = Outbox::new();
    outbox.put(entry(1, 1), true);
    assert!(flushed(&mut outbox, 0).is_empty());
    outbox.adopt();
    assert_eq!(flushed(&mut outbox, 0), [1]);
}

#[test]
fn the_order_of_writing_outlives_a_clock_that_goes_back() {
    let mut outbox = Outbox::new();
    let first = outbox.next_order(Millis(1_000));
    assert!(outbox.next_order(Millis(5)) > first);
}

#[test]
fn a_retry_takes_a_fresh_id_only_after_a_conflict() {
    for (code, cid) in [(NackCode::Conflict, 9), (NackCode::Forbidden, 1)] {
        let mut outbox = filled();
        outbox.nack(Millis(0), Cid(1), code, false, None);
        let (entry, is_renamed) = outbox.retry(Cid(1), Cid(9)).unwrap();
        assert_eq!((entry.cid, is_renamed, entry.failed), (Cid(cid), cid == 9, None));
        assert_eq!(flushed(&mut outbox, 0).len(), 3);
    }
    assert!(filled().retry(Cid(1), Cid(9)).is_none(), "it has not failed");
}

#[test]
fn an_entry_and_a_later_reason_survive_the_disk() {
    let entry = OutboxEntry { failed: Some(SendFailure::Ended), ..entry(1, 7) };
    assert_eq!(OutboxEntry::from_json(&entry.to_json()), Some(entry.clone()));
    let tomorrow = entry.to_json().replace("ended", "of_tomorrow");
    let read = OutboxEntry::from_json(&tomorrow).unwrap();
    assert_eq!(read.failed, Some(SendFailure::Other));
    assert_eq!(OutboxEntry::from_json("{}"), None);
}
