//! Any history folds to what a snapshot says, and the diffs tell views all of it.

use frontdesk_protocol::{
    Cid, Event, EventKind, Identity, Media, MediaSid, MessageSid, Millis, Stream,
    attributes::Attributes,
    frame::{Page, Snap},
    state::{Channel, Member, Message, Role, Status, StreamState},
};
use proptest::{collection::vec, prelude::*};

use super::{Diff, Receipt, Row, RowKey, Timeline};
use crate::outbox::OutboxEntry;

const NAMES: [&str; 3] = ["guest", "anna", "bot"];

fn who(n: usize) -> Identity {
    Identity::parse(NAMES[n % NAMES.len()]).unwrap()
}

fn ch() -> Stream {
    Stream::parse("CH00000000000000000000000000000001").unwrap()
}

/// What may happen in a channel; numbers are taken modulo what is there.
#[derive(Debug, Clone)]
enum Step {
    Say { by: usize, wait_min: u64, with_cid: bool },
    Edit(usize),
    Redact(usize),
    Seen(usize, usize),
    Read(usize, usize),
    Leave(usize),
    Rejoin(usize),
    Rename(usize),
    Retitle,
    End(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_usize, 0..900_u64, any::<bool>())
            .prop_map(|(by, wait_min, with_cid)| Step::Say { by, wait_min, with_cid }),
        1 => any::<usize>().prop_map(Step::Edit),
        1 => any::<usize>().prop_map(Step::Redact),
        2 => (0..3_usize, any::<usize>()).prop_map(|(by, at)| Step::Seen(by, at)),
        2 => (0..3_usize, any::<usize>()).prop_map(|(by, at)| Step::Read(by, at)),
        1 => (0..3_usize).prop_map(Step::Leave),
        1 => (0..3_usize).prop_map(Step::Rejoin),
        1 => (0..3_usize).prop_map(Step::Rename),
        1 => Just(Step::Retitle),
        1 => any::<bool>().prop_map(Step::End),
    ]
}

/// The store's tables: what a snapshot is made of, kept without the reducer's help.
#[derive(Debug, Clone)]
struct Tables {
    channel: Channel,
    members: Vec<Member>,
    messages: Vec<Message>,
    seq: u64,
    now: Millis,
}

impl Tables {
    fn new() -> Self {
        let Stream::Channel(sid) = ch() else { unreachable!("a channel") };
        let (name, status, created) = ("Bob".into(), Status::Active, Millis(0));
        let channel = Channel { sid, name, status, created, attributes: Attributes::new() };
        let members = (0..3)
            .map(|n| Member {
                identity: who(n),
                role: [Role::Guest, Role::Agent, Role::Bot][n],
                name: NAMES[n].into(),
                seen: 0,
                read: 0,
                left: false,
                attributes: Attributes::new(),
            })
            .collect();
        let now = Millis(1_795_350_000_000);
        Self { channel, members, messages: Vec::new(), seq: 0, now }
    }

    /// Does what `step` says to the tables; the event it leaves in the log, if it does.
    fn take(&mut self, step: &Step) -> Option<Event> {
        let seq = self.seq + 1;
        let count = self.messages.len();
        let (author, kind) = match *step {
            Step::Say { by, wait_min, with_cid } => {
                self.now = self.now.plus(wait_min * 60_000);
                let (sid, index) = (MessageSid::from_bits(u128::from(seq)), count as u64);
                let cid = with_cid.then_some(Cid(u128::from(seq) + 1_000));
                let (body, attributes) = (format!("m{seq}"), Attributes::new());
                // Every third has a file.
                let media = seq.is_multiple_of(3).then(|| Media {
                    sid: MediaSid::from_bits(u128::from(seq)),
                    content_type: "image/png".into(),
                    filename: None,
                    size_bytes: seq,
                });
                self.messages.push(Message {
                    seq,
                    index,
                    sid: sid.clone(),
                    cid,
                    author: who(by),
                    body: body.clone(),
                    media: media.clone(),
                    attributes: attributes.clone(),
                    ts: self.now,
                    edited: None,
                    redacted: false,
                });
                (Some(who(by)), EventKind::Msg { sid, index, cid, body, media, attributes })
            }
            Step::Edit(at) => {
                let message = self.messages.get_mut(at % count.max(1)).filter(|m| !m.redacted)?;
                message.body = format!("edited at {seq}");
                message.edited = Some(self.now);
                let (target, body) = (message.seq, message.body.clone());
                (None, EventKind::Edit { target, body, attributes: Attributes::new() })
            }
            Step::Redact(at) => {
                let message = self.messages.get_mut(at % count.max(1))?;
                message.body.clear();
                message.media = None;
                message.redacted = true;
                (None, EventKind::Redact { target: message.seq })
            }
            Step::Seen(by, at) | Step::Read(by, at) => {
                let target = self.messages.get(at % count.max(1))?.seq;
                let identity = who(by);
                let member = &mut self.members[by];
                if matches!(step, Step::Seen(..)) {
                    member.seen = member.seen.max(target);
                    (None, EventKind::Seen { identity, target })
                } else {
                    member.read = member.read.max(target);
                    (None, EventKind::Read { identity, target })
                }
            }
            Step::Leave(by) => {
                self.members[by].left = true;
                (None, EventKind::Leave { identity: who(by) })
            }
            Step::Rejoin(by) => {
                self.members[by].left = false;
                (None, EventKind::Join { member: self.members[by].clone() })
            }
            Step::Rename(by) => {
                let member = &mut self.members[by];
                member.name = format!("name at {seq}");
                let Member { identity, role, name, attributes, .. } = member.clone();
                (None, EventKind::Member { identity, role, name, attributes })
            }
            Step::Retitle => {
                self.channel.name = format!("title at {seq}");
                let name = self.channel.name.clone();
                (None, EventKind::Attributes { name, attributes: Attributes::new() })
            }
            Step::End(on) => {
                let status = if on { Status::Active } else { Status::Inactive };
                self.channel.status = status;
                (None, EventKind::Status { status })
            }
        };
        self.seq = seq;
        Some(Event { seq, ts: self.now, author, kind })
    }

    fn snapshot(&self, page: usize) -> Snap {
        let from = self.messages.len().saturating_sub(page);
        let state = StreamState {
            channel: Some(self.channel.clone()),
            members: self.members.clone(),
            ..StreamState::default()
        };
        let items = self.messages[from..].to_vec();
        Snap { ch: ch(), epoch: "e".into(), seq: self.seq, state, items, more: from > 0 }
    }
}

/// A keyed list as a view keeps it: it knows nothing but the diffs.
fn follow(list: &mut Vec<Row>, diffs: Vec<Diff>) {
    for diff in diffs {
        match diff {
            Diff::Reset(rows) => *list = rows,
            Diff::Insert { at, row } => list.insert(at, row),
            Diff::Update { at, row } => {
                assert_eq!(list[at].key, row.key, "an update keeps its key");
                list[at] = row;
            }
            Diff::Remove { at, key } => assert_eq!(list.remove(at).key, key),
        }
    }
}

fn fold(snap: Snap) -> Timeline {
    let mut timeline = Timeline::new(who(0), 60);
    timeline.take_snapshot(snap);
    timeline
}

fn same(left: &Timeline, right: &Timeline) {
    assert_eq!(left.rows, right.rows);
    assert_eq!(left.members, right.members);
    assert_eq!(left.channel, right.channel);
    assert_eq!((left.unread, left.first_unread()), (right.unread, right.first_unread()));
}

fn entry(cid: u128) -> OutboxEntry {
    let (written, attributes) = (Millis(1_795_350_000_000), Attributes::new());
    let body = "mine".into();
    OutboxEntry { cid: Cid(cid), stream: ch(), body, attributes, written, order: 1, failed: None }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// I10: a snapshot at k and the events after it are the snapshot at n.
    #[test]
    fn any_history_folds_to_its_snapshot(steps in vec(step(), 1..60), cut in any::<prop::sample::Index>()) {
        let mut tables = Tables::new();
        let cut = cut.index(steps.len());
        for step in &steps[..cut] {
            tables.take(step);
        }
        let mut timeline = fold(tables.snapshot(usize::MAX));
        let mut list = Vec::new();
        follow(&mut list, timeline.take_diffs());
        for step in &steps[cut..] {
            if let Some(event) = tables.take(step) {
                timeline.apply(event);
                follow(&mut list, timeline.take_diffs());
            }
        }
        same(&timeline, &fold(tables.snapshot(usize::MAX)));
        prop_assert_eq!(list, timeline.rows);
    }

    /// Pages put on top of a snapshot, whatever happens meanwhile, are the longer snapshot.
    #[test]
    fn pages_on_top_are_the_longer_snapshot(steps in vec(step(), 1..60), size in 1..10_usize) {
        let mut tables = Tables::new();
        for step in &steps {
            tables.take(step);
        }
        let mut timeline = fold(tables.snapshot(size));
        let mut list = Vec::new();
        follow(&mut list, timeline.take_diffs());
        for step in steps.iter().cycle() {
            let Some(before) = timeline.start_loading() else { break };
            if let Some(event) = tables.take(step) {
                timeline.apply(event);
            }
            let older: Vec<Message> =
                tables.messages.iter().filter(|m| m.seq < before).cloned().collect();
            let from = older.len().saturating_sub(size);
            let page = Page { ch: ch(), items: older[from..].to_vec(), more: from > 0 };
            timeline.take_page(page);
            follow(&mut list, timeline.take_diffs());
        }
        same(&timeline, &fold(tables.snapshot(usize::MAX)));
        prop_assert_eq!(list, timeline.rows);
    }

    /// One's own messages, written, acknowledged and logged in any order, stand there once, under
    /// one key.
    #[test]
    fn an_echo_becomes_its_message(
        steps in vec(step(), 1..40),
        early in vec((any::<bool>(), any::<bool>()), 40),
    ) {
        let mut tables = Tables::new();
        let mut timeline = fold(tables.snapshot(usize::MAX));
        let mut list = Vec::new();
        for (step, (is_echoed, is_acked)) in steps.iter().zip(early) {
            let Some(event) = tables.take(step) else { continue };
            let own = if let EventKind::Msg { cid, .. } = &event.kind
                && event.author == Some(who(0))
            {
                *cid
            } else {
                None
            };
            if let Some(cid) = own.filter(|_| is_echoed) {
                timeline.echo(&entry(cid.0));
                if is_acked {
                    timeline.ack(cid, event.seq, event.ts, event.seq - 1);
                }
                follow(&mut list, timeline.take_diffs());
                prop_assert_eq!(list.last().map(|row| row.key), Some(RowKey::Cid(cid)));
            }
            prop_assert_eq!(timeline.apply(event), own);
            follow(&mut list, timeline.take_diffs());
        }
        same(&timeline, &fold(tables.snapshot(usize::MAX)));
        prop_assert_eq!(list, timeline.rows);
        prop_assert!(timeline.acked.is_empty());
    }
}

#[test]
fn messages_of_one_author_within_five_minutes_and_one_day_are_a_group() {
    let mut tables = Tables::new();
    for (by, wait_min) in [(1, 0), (1, 5), (1, 6), (0, 0), (0, 24 * 60)] {
        tables.take(&Step::Say { by, wait_min, with_cid: false });
    }
    let timeline = fold(tables.snapshot(usize::MAX));
    let layout: Vec<(bool, bool, bool)> = timeline
        .rows()
        .iter()
        .map(|row| (row.divider.is_some(), row.starts_group, row.ends_group))
        .collect();
    assert_eq!(
        layout,
        [
            (true, true, false),
            (false, false, true),
            (false, true, true),
            (false, true, true),
            (true, true, true),
        ]
    );
}

#[test]
fn marks_of_others_move_receipts_forward() {
    let mut tables = Tables::new();
    for _ in 0..3 {
        tables.take(&Step::Say { by: 0, wait_min: 0, with_cid: true });
    }
    let mut timeline = fold(tables.snapshot(usize::MAX));
    timeline.take_diffs();
    timeline.apply(tables.take(&Step::Seen(1, 1)).unwrap());
    assert_eq!(timeline.take_diffs().len(), 2, "two rows, not three");
    timeline.apply(tables.take(&Step::Read(1, 0)).unwrap());
    let receipts: Vec<_> = timeline.rows().iter().map(|row| row.receipt.unwrap()).collect();
    assert_eq!(receipts, [Receipt::Read, Receipt::Delivered, Receipt::Sent]);
    timeline.apply(tables.take(&Step::Read(0, 2)).unwrap());
    assert!(timeline.take_diffs().len() == 1, "one's own reading is no receipt");
}
