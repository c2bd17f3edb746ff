//! The contract. Each case is named after the rule it holds.

use frontdesk_protocol::{
    ChannelSid, Cid, EventKind, Identity, MessageSid, Millis, Stream, TaskSid, UserSid,
    attributes::Attributes,
    frame::FetchFrom,
    id::AccountSid,
    state::{Role, Status, TaskStatus},
};
use frontdesk_server::storage::{
    Access, AttributesChange, Author, Change, CommitError, Family, Head, Idempotency, Mark,
    Outcome, Party, Rejection, Session, Speaker,
};

use super::world::{NOW, World, identity};
pub(crate) use super::{chats::*, flex::*, hooks::*, keys::*, media::*};

/// Names of all cases, for each store to run: `contract!(run)` with `async fn run(case)`.
macro_rules! contract {
    ($run:path) => {
        contract! { $run:
            a_channel_begins_with_its_attributes
            positions_and_numbers_are_dense
            the_same_cid_is_one_message
            the_same_cid_with_another_content_is_a_conflict
            a_cid_is_its_authors_own
            a_repetition_is_compared_with_what_its_sender_gave
            only_a_member_of_a_chat_that_goes_on_may_speak
            a_commit_is_done_whole_or_not_at_all
            a_refused_commit_spoils_no_other
            commits_that_come_together_know_of_each_other
            marks_move_forward_to_messages_only
            an_ended_chat_can_still_be_read
            what_is_taken_back_is_nowhere
            only_the_author_may_change_a_message
            who_leaves_and_comes_back_keeps_their_marks
            a_users_stream_tells_their_channels
            a_task_is_taken_once
            a_closed_task_stays_closed
            a_clock_that_jumps_back_does_not_turn_time_around
            another_accounts_party_sees_nothing
            agents_may_look_at_what_is_in_their_queue
            replay_is_bounded_and_whole
            history_is_read_from_either_side
            the_feed_gives_each_event_once_and_in_order
            the_same_request_is_answered_the_same
            answers_are_forgotten_when_their_chat_is_old
            an_agents_sessions_are_theirs_alone
            a_family_goes_on_generation_by_generation
            many_writers_at_once_agree
            channels_are_listed_in_the_order_they_were_opened
            a_channels_other_name_is_unique_in_its_service
            an_erased_channel_is_nowhere
            messages_are_listed_from_either_end
            a_message_is_found_by_its_sid_until_it_is_taken_back
            who_changed_a_message_is_known
            members_are_listed_and_found
            a_channel_takes_so_many_members
            a_members_books_are_the_accounts
            a_user_in_channels_is_listed_with_what_they_have_not_read
            a_user_is_made_once_and_removed_whole
            a_service_begins_with_its_roles
            a_service_that_is_used_stays
            an_invitation_is_used_up
            two_enabled_flows_have_no_address_in_common
            flows_are_listed_in_the_order_they_were_made
            an_engagement_is_there_as_long_as_its_channel
            a_key_that_was_given_up_is_gone
            a_channel_is_found_in_its_own_service_alone
            what_was_newly_done_is_put_into_the_queue_with_it
            what_was_not_newly_done_is_not_put_into_the_queue
            a_lane_goes_out_one_after_the_other
            what_waits_for_a_receiver_that_is_back_is_due
            what_is_asked_for_is_bounded_and_fair
            the_dead_are_listed_tried_again_and_forgotten
            what_waits_too_long_is_buried
            what_is_taken_back_is_not_told_any_more
            nothing_is_told_of_what_was_removed_but_that
            a_channel_has_so_many_webhooks
            a_webhook_goes_by_itself_or_with_its_channel
            keys_are_listed_in_the_order_they_were_made
            a_file_is_said_once_by_who_brought_it
            a_file_of_the_account_may_be_said_by_anybody_in_it
            a_message_with_a_file_is_repeated_like_any_other
            what_is_taken_back_takes_its_file_along
            an_erased_channel_takes_its_files_along
            what_was_never_said_is_erased_after_a_while
            there_are_no_more_files_than_the_quota
        }
    };
    ($run:path: $($case:ident)*) => {$(
        #[tokio::test]
        async fn $case() {
            $run(async |world| $crate::contract::$case(world).await).await;
        }
    )*};
}
pub(crate) use contract;

pub(crate) async fn a_channel_begins_with_its_attributes(world: World) {
    let channel = ChannelSid::from_bits(9);
    world.one(world.open(&channel)).await.unwrap();
    let stream = Stream::Channel(channel.clone());
    let events = world.all(&stream).await;
    assert!(matches!(events[0].kind, EventKind::Attributes { .. }));
    assert_eq!(world.one(world.open(&channel)).await, Err(Rejection::Exists));
    world.agrees(channel).await;
}

pub(crate) async fn positions_and_numbers_are_dense(world: World) {
    let channel = world.channel("g").await;
    for n in 0..20 {
        let said = world.said(world.say(&channel, "g", n, "Hello")).await;
        assert_eq!((said.seq, said.index, said.dup), (3 + n as u64, n as u64, false));
    }
    let streams = [channel.clone().into(), ChannelSid::from_bits(404).into()];
    let heads = world.store.heads(&streams).await.unwrap();
    assert_eq!(heads.len(), 1);
    assert_eq!(heads[&streams[0]], Head { head: 22, oldest: 1 });
    world.agrees(channel).await;
}

pub(crate) async fn the_same_cid_is_one_message(world: World) {
    let channel = world.channel("g").await;
    let first = world.said(world.say(&channel, "g", 1, "Hello")).await;
    world.clock.set(NOW.plus(60_000));
    let second = world.said(world.say(&channel, "g", 1, "Hello")).await;
    assert!(second.dup);
    assert_eq!((second.seq, second.index, second.ts), (first.seq, first.index, first.ts));
    // Within one commit too.
    let twice = vec![world.say(&channel, "g", 2, "a"), world.say(&channel, "g", 2, "a")];
    world.store.commit(twice).await.unwrap();
    // And when the chat has ended: the sender has to learn that it was said.
    let status = Status::Inactive;
    let end = Change::SetStatus { channel: channel.clone(), author: Author::System, status };
    world.one(end).await.unwrap();
    assert!(world.said(world.say(&channel, "g", 1, "Hello")).await.dup);
    assert_eq!(world.all(&channel.clone().into()).await.len(), 5);
    world.agrees(channel).await;
}

pub(crate) async fn the_same_cid_with_another_content_is_a_conflict(world: World) {
    let channel = world.channel("g").await;
    world.said(world.say(&channel, "g", 1, "Hello")).await;
    let other = world.one(world.say(&channel, "g", 1, "Goodbye")).await;
    assert_eq!(other, Err(Rejection::Conflict));
    let mut attributed = world.say(&channel, "g", 1, "Hello");
    if let Change::Say { attributes, .. } = &mut attributed {
        attributes.insert("x".into(), 1.into());
    }
    assert_eq!(world.one(attributed).await, Err(Rejection::Conflict));
}

pub(crate) async fn a_cid_is_its_authors_own(world: World) {
    let channel = world.channel("g").await;
    world.one(world.join(&channel, "h", Role::Guest)).await.unwrap();
    let first = world.said(world.say(&channel, "g", 1, "Hello")).await;
    let second = world.said(world.say(&channel, "h", 1, "Hi")).await;
    assert!(!second.dup && second.seq == first.seq + 1);
}

pub(crate) async fn a_repetition_is_compared_with_what_its_sender_gave(world: World) {
    let channel = world.channel("g").await;
    let submitting = |body: &str, given: Option<&str>| {
        let mut say = world.say(&channel, "g", 1, body);
        if let Change::Say { submitted, .. } = &mut say {
            *submitted = given.map(|given| (given.to_owned(), Attributes::new()));
        }
        say
    };
    let is_said =
        async |who, cid| world.store.is_said(&channel, &identity(who), Cid(cid)).await.unwrap();
    assert!(!is_said("g", 1).await);
    let first = world.said(submitting("H*ll", Some("Hell"))).await;
    // Nobody changed it this time.
    let again = world.said(submitting("Hell", None)).await;
    assert_eq!((again.dup, again.seq), (true, first.seq));
    assert_eq!(world.one(submitting("H*ll", None)).await, Err(Rejection::Conflict));
    assert_eq!(
        (is_said("g", 1).await, is_said("h", 1).await, is_said("g", 2).await),
        (true, false, false)
    );
    let said = world.store.snapshot(&channel.clone().into(), 9).await.unwrap().unwrap();
    assert_eq!(said.items[0].body, "H*ll");
}

pub(crate) async fn only_a_member_of_a_chat_that_goes_on_may_speak(world: World) {
    let channel = world.channel("g").await;
    let say = |who: &str, cid| world.say(&channel, who, cid, "Hello");
    assert_eq!(world.one(say("stranger", 1)).await, Err(Rejection::NotMember));
    let nowhere = world.say(&ChannelSid::from_bits(404), "g", 1, "Hello");
    assert_eq!(world.one(nowhere).await, Err(Rejection::NotMember));
    world.one(world.join(&channel, "h", Role::Guest)).await.unwrap();
    let leave = Change::Leave { channel: channel.clone(), identity: identity("h") };
    world.one(leave).await.unwrap();
    assert_eq!(world.one(say("h", 2)).await, Err(Rejection::NotMember));
    let author = Author::Member(world.guest("g"));
    let status = Status::Inactive;
    let end = Change::SetStatus { channel: channel.clone(), author, status };
    world.one(end.clone()).await.unwrap();
    assert_eq!(world.one(end).await, Ok(Outcome::Quiet));
    assert_eq!(world.one(say("g", 3)).await, Err(Rejection::Ended));
    world.agrees(channel).await;
}

pub(crate) async fn a_commit_is_done_whole_or_not_at_all(world: World) {
    let channel = world.channel("g").await;
    let before = world.all(&channel.clone().into()).await;
    let opened = ChannelSid::from_bits(10);
    let changes = vec![
        world.say(&channel, "g", 1, "Hello"),
        world.open(&opened),
        world.join(&opened, "g", Role::Guest),
        world.say(&channel, "stranger", 2, "Hello"),
    ];
    let error = world.store.commit(changes).await.unwrap_err();
    let CommitError::Rejected { index, reason } = error else { panic!("{error}") };
    assert_eq!((index, reason), (3, Rejection::NotMember));
    assert_eq!(world.all(&channel.clone().into()).await, before);
    assert!(world.store.snapshot(&opened.into(), 10).await.unwrap().is_none());
    // What was undone left no trace in what the store remembers.
    let said = world.said(world.say(&channel, "g", 1, "Another")).await;
    assert_eq!((said.seq, said.index, said.dup), (before.len() as u64 + 1, 0, false));
    world.agrees(channel).await;
}

pub(crate) async fn a_refused_commit_spoils_no_other(world: World) {
    let channel = world.channel("g").await;
    let mut waiting = Vec::new();
    for cid in 0..60 {
        let changes = match cid % 3 {
            0 => vec![world.say(&channel, "g", cid, "Hello")],
            1 => vec![world.say(&channel, "stranger", cid, "Hello")],
            _ => vec![
                world.say(&channel, "g", cid, "Hello"),
                world.say(&channel, "stranger", cid, "Hello"),
            ],
        };
        let store = world.store.clone();
        waiting.push(tokio::spawn(async move { store.commit(changes).await.is_ok() }));
    }
    for (cid, done) in waiting.into_iter().enumerate() {
        assert_eq!(done.await.unwrap(), cid % 3 == 0, "{cid}");
    }
    assert_eq!(world.all(&channel.clone().into()).await.len(), 2 + 20);
    world.agrees(channel).await;
}

pub(crate) async fn commits_that_come_together_know_of_each_other(world: World) {
    let channel = world.channel("g").await;
    let old = world.said(world.say(&channel, "g", 1, "Old")).await.seq;
    let author = Author::Member(world.guest("g"));
    let take_back = Change::Redact { channel: channel.clone(), author, target: old };
    let (party, upto) = (world.guest("g"), 1_000);
    let read = Change::Move { channel: channel.clone(), party, mark: Mark::Read, upto };
    let new = old + 1;
    let said = |seq, dup| Ok((seq, dup));
    let mut waiting = Vec::new();
    for (change, expected) in [
        (world.say(&channel, "g", 1, "Old"), said(old, true)),
        (world.say(&channel, "g", 1, "Not old"), Err(Rejection::Conflict)),
        (world.say(&channel, "g", 2, "New"), said(new, false)),
        (world.say(&channel, "g", 2, "New"), said(new, true)),
        (world.say(&channel, "g", 2, "Not new"), Err(Rejection::Conflict)),
        (read, said(new + 1, false)),
        (take_back, said(new + 2, false)),
        (world.say(&channel, "g", 1, "Whatever it was"), said(old, true)),
        (world.say(&channel, "g", 3, "Newest"), said(new + 3, false)),
    ] {
        let store = world.store.clone();
        let commit = tokio::spawn(async move { store.commit(vec![change]).await });
        waiting.push((commit, expected));
    }
    for (number, (commit, expected)) in waiting.into_iter().enumerate() {
        let came_to = match commit.await.unwrap() {
            Ok(committed) => match committed.outcomes[0] {
                Outcome::Said(said) => Ok((said.seq, said.dup)),
                Outcome::Event { seq, .. } => Ok((seq, false)),
                Outcome::Quiet => panic!("change {number} came to nothing"),
            },
            Err(CommitError::Rejected { reason, .. }) => Err(reason),
            Err(CommitError::Store(error)) => panic!("{error}"),
        };
        assert_eq!(came_to, expected, "change {number}");
    }
    let snapshot = world.store.snapshot(&channel.clone().into(), 10).await.unwrap().unwrap();
    assert_eq!(snapshot.state.members[0].read, new);
    world.agrees(channel).await;
}

pub(crate) async fn marks_move_forward_to_messages_only(world: World) {
    let channel = world.channel("g").await;
    assert_eq!(world.mark(&channel, "g", Mark::Read, 2).await, Ok(Outcome::Quiet));
    let first = world.said(world.say(&channel, "g", 1, "Hello")).await.seq;
    world.one(world.join(&channel, "h", Role::Agent)).await.unwrap();
    let moved = world.mark(&channel, "h", Mark::Read, 1_000).await.unwrap();
    assert!(matches!(moved, Outcome::Event { .. }));
    assert_eq!(world.mark(&channel, "h", Mark::Read, 1_000).await, Ok(Outcome::Quiet));
    assert_eq!(world.mark(&channel, "h", Mark::Read, first).await, Ok(Outcome::Quiet));
    world.mark(&channel, "h", Mark::Seen, first).await.unwrap();
    assert_eq!(world.mark(&channel, "stranger", Mark::Read, 1).await, Err(Rejection::NotMember));
    let snapshot = world.store.snapshot(&channel.clone().into(), 1).await.unwrap().unwrap();
    let marks: Vec<_> = snapshot.state.members.iter().map(|m| (m.seen, m.read)).collect();
    assert_eq!(marks, [(0, 0), (first, first)]);
    world.agrees(channel).await;
}

pub(crate) async fn an_ended_chat_can_still_be_read(world: World) {
    let channel = world.channel("g").await;
    let said = world.said(world.say(&channel, "g", 1, "Hello")).await;
    let status = Status::Inactive;
    let end = Change::SetStatus { channel: channel.clone(), author: Author::System, status };
    world.one(end).await.unwrap();
    let moved = world.mark(&channel, "g", Mark::Read, said.seq).await.unwrap();
    assert!(matches!(moved, Outcome::Event { .. }));
    world.agrees(channel).await;
}

pub(crate) async fn what_is_taken_back_is_nowhere(world: World) {
    let channel = world.channel("g").await;
    let target = world.said(world.say(&channel, "g", 1, "canary one")).await.seq;
    let author = Author::Member(world.guest("g"));
    let edit = Change::Edit {
        channel: channel.clone(),
        author: author.clone(),
        target,
        body: "canary two".into(),
        attributes: Attributes::new(),
    };
    world.one(edit).await.unwrap();
    world.agrees(channel.clone()).await;
    let redact = Change::Redact { channel: channel.clone(), author, target };
    world.one(redact.clone()).await.unwrap();
    assert_eq!(world.one(redact).await, Ok(Outcome::Quiet));
    let stream: Stream = channel.clone().into();
    let snapshot = world.store.snapshot(&stream, 10).await.unwrap().unwrap();
    assert!(snapshot.items[0].redacted);
    let told = format!("{:?} {snapshot:?}", world.all(&stream).await);
    assert!(!told.contains("canary"), "{told}");
    // Its sender, who asks again, learns that it was said.
    assert!(world.said(world.say(&channel, "g", 1, "canary one")).await.dup);
    // The fold of an emptied log differs from the tables in nothing but when it was edited.
    assert_eq!(snapshot.items.len(), 1);
    world.agrees(channel).await;
}

pub(crate) async fn only_the_author_may_change_a_message(world: World) {
    let channel = world.channel("g").await;
    world.one(world.join(&channel, "h", Role::Agent)).await.unwrap();
    let target = world.said(world.say(&channel, "g", 1, "Hello")).await.seq;
    let redact = |author, target| Change::Redact { channel: channel.clone(), author, target };
    let other = Author::Member(world.guest("h"));
    assert_eq!(world.one(redact(other.clone(), target)).await, Err(Rejection::NotAuthor));
    assert_eq!(world.one(redact(other, 99)).await, Err(Rejection::NotFound));
    world.one(redact(Author::System, target)).await.unwrap();
}

pub(crate) async fn who_leaves_and_comes_back_keeps_their_marks(world: World) {
    let channel = world.channel("g").await;
    let said = world.said(world.say(&channel, "g", 1, "Hello")).await.seq;
    world.mark(&channel, "g", Mark::Read, said).await.unwrap();
    let leave = Change::Leave { channel: channel.clone(), identity: identity("g") };
    world.one(leave.clone()).await.unwrap();
    assert_eq!(world.one(leave).await, Ok(Outcome::Quiet));
    let (at, who) = (channel.clone(), identity("g"));
    assert!(world.store.member_named(&at, &who).await.unwrap().is_none());
    assert_eq!(world.store.member_ever(&at, &who).await.unwrap().unwrap().identity, who);
    assert!(world.store.member_ever(&at, &identity("h")).await.unwrap().is_none());
    world.agrees(channel.clone()).await;
    world.one(world.join(&channel, "g", Role::Guest)).await.unwrap();
    let set = Change::SetMember {
        channel: channel.clone(),
        identity: identity("g"),
        role: Role::Guest,
        name: "Gina".into(),
        attributes: Attributes::new(),
    };
    world.one(set).await.unwrap();
    let snapshot = world.store.snapshot(&channel.clone().into(), 1).await.unwrap().unwrap();
    let member = &snapshot.state.members[0];
    assert_eq!((member.read, member.left, member.name.as_str()), (said, false, "Gina"));
    world.agrees(channel).await;
}

pub(crate) async fn a_users_stream_tells_their_channels(world: World) {
    let first = world.channel("g").await;
    let second = world.channel("g").await;
    let user = world.store.user(&world.account, &identity("g")).await.unwrap().unwrap().sid;
    let leave = Change::Leave { channel: first.clone(), identity: identity("g") };
    world.one(leave).await.unwrap();
    let stream = Stream::User(user.clone());
    let snapshot = world.store.snapshot(&stream, 0).await.unwrap().unwrap();
    assert_eq!(snapshot.state.channels, [second]);
    world.one(world.join(&first, "g", Role::Guest)).await.unwrap();
    world.agrees(stream.clone()).await;
    assert_eq!(world.store.access(&stream, &world.guest("g")).await.unwrap(), Access::Reader);
    assert_eq!(world.store.access(&stream, &world.guest("h")).await.unwrap(), Access::None);
    // A user without a channel has an empty stream; nobody has none.
    let agent = world.employ("alice").await;
    let empty = world.store.snapshot(&agent.into(), 0).await.unwrap().unwrap();
    assert_eq!(empty.seq, 0);
    let nobody = UserSid::from_bits(404);
    assert!(world.store.snapshot(&nobody.into(), 0).await.unwrap().is_none());
}

pub(crate) async fn a_task_is_taken_once(world: World) {
    let channel = world.channel("g").await;
    let (sid, open) = world.task(&channel);
    world.one(open.clone()).await.unwrap();
    assert_eq!(world.one(open).await, Err(Rejection::Exists));
    let accept = |agent: &str| Change::AcceptTask { sid: sid.clone(), agent: identity(agent) };
    world.one(accept("alice")).await.unwrap();
    assert_eq!(world.one(accept("alice")).await, Ok(Outcome::Quiet));
    let taken = Rejection::TaskTaken { by: identity("alice") };
    assert_eq!(world.one(accept("bob")).await, Err(taken));
    let (_, task) = world.store.task(&sid).await.unwrap().unwrap();
    assert_eq!((task.status, task.agent), (TaskStatus::Accepted, Some(identity("alice"))));
    world.agrees(world.queue.clone()).await;
}

pub(crate) async fn a_closed_task_stays_closed(world: World) {
    let channel = world.channel("g").await;
    let (sid, open) = world.task(&channel);
    world.one(open).await.unwrap();
    let close = Change::CloseTask { sid: sid.clone(), by: None };
    world.one(close.clone()).await.unwrap();
    assert_eq!(world.one(close).await, Ok(Outcome::Quiet));
    let accept = Change::AcceptTask { sid: sid.clone(), agent: identity("alice") };
    assert_eq!(world.one(accept).await, Err(Rejection::TaskClosed));
    assert_eq!(world.store.task_of(&channel).await.unwrap().unwrap().sid, sid);
    let nothing = Change::CloseTask { sid: TaskSid::from_bits(404), by: None };
    assert_eq!(world.one(nothing).await, Err(Rejection::NotFound));
    world.agrees(world.queue.clone()).await;
}

pub(crate) async fn a_clock_that_jumps_back_does_not_turn_time_around(world: World) {
    let channel = world.channel("g").await;
    world.clock.set(NOW.plus(86_400_000));
    let first = world.said(world.say(&channel, "g", 1, "Tomorrow")).await;
    world.clock.set(Millis(0));
    let second = world.said(world.say(&channel, "g", 2, "Long ago")).await;
    assert_eq!(second.ts, first.ts);
    world.agrees(channel).await;
}

pub(crate) async fn another_accounts_party_sees_nothing(world: World) {
    let channel = world.channel("g").await;
    let (_, open) = world.task(&channel);
    world.one(open).await.unwrap();
    let theirs = |party: Party| Party { account: AccountSid::from_bits(2), ..party };
    let stream: Stream = channel.clone().into();
    for party in [theirs(world.guest("g")), theirs(world.agent("g")), world.guest("h")] {
        assert_eq!(world.store.access(&stream, &party).await.unwrap(), Access::None);
        let queue = world.queue.clone().into();
        assert_eq!(world.store.access(&queue, &party).await.unwrap(), Access::None);
        let say = Change::Say {
            channel: channel.clone(),
            author: Speaker::Member(party),
            sid: MessageSid::from_bits(5),
            cid: None,
            body: "Hello".into(),
            media: None,
            attributes: Attributes::new(),
            submitted: None,
        };
        assert_eq!(world.one(say).await, Err(Rejection::NotMember));
    }
    let ours = world.store.access(&stream, &world.guest("g")).await.unwrap();
    assert_eq!(ours, Access::Member(Role::Guest));
    let account = world.store.channel_account(&channel).await.unwrap();
    assert_eq!(account, Some(world.account.clone()));
}

pub(crate) async fn agents_may_look_at_what_is_in_their_queue(world: World) {
    world.employ("alice").await;
    let channel = world.channel("g").await;
    let stream: Stream = channel.clone().into();
    let alice = world.agent("alice");
    assert_eq!(world.store.access(&stream, &alice).await.unwrap(), Access::None);
    let (_, open) = world.task(&channel);
    world.one(open).await.unwrap();
    assert_eq!(world.store.access(&stream, &alice).await.unwrap(), Access::Reader);
    let queue = world.queue.clone().into();
    assert_eq!(world.store.access(&queue, &alice).await.unwrap(), Access::Reader);
    // A guest who has an agent's name is no agent.
    assert_eq!(world.store.access(&queue, &world.guest("alice")).await.unwrap(), Access::None);
    assert_eq!(world.store.access(&stream, &world.guest("alice")).await.unwrap(), Access::None);
    world.one(world.join(&channel, "alice", Role::Agent)).await.unwrap();
    let member = world.store.access(&stream, &alice).await.unwrap();
    assert_eq!(member, Access::Member(Role::Agent));
}

pub(crate) async fn replay_is_bounded_and_whole(world: World) {
    let channel = world.channel("g").await;
    for n in 0..30 {
        world.said(world.say(&channel, "g", n, &"x".repeat(n as usize * 100 + 1))).await;
    }
    let stream: Stream = channel.into();
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let piece = world.store.events(&stream, after, 7, 4_000).await.unwrap();
        let bytes: usize =
            piece.items.iter().map(|event| serde_json::to_string(event).unwrap().len()).sum();
        assert!(piece.items.len() <= 7 && (bytes <= 4_000 || piece.items.len() == 1));
        after = piece.items.last().unwrap().seq;
        seen.extend(piece.items);
        if !piece.more {
            break;
        }
    }
    assert_eq!(seen, world.all(&stream).await);
    assert!(world.store.events(&stream, after, 7, 4_000).await.unwrap().items.is_empty());
}

pub(crate) async fn history_is_read_from_either_side(world: World) {
    let channel = world.channel("g").await;
    for n in 0..10 {
        world.said(world.say(&channel, "g", n, &n.to_string())).await;
    }
    let page = async |from, limit| {
        let page = world.store.messages(&channel, from, limit).await.unwrap();
        (page.items.iter().map(|m| m.index).collect::<Vec<_>>(), page.more)
    };
    assert_eq!(page(FetchFrom::Before(9), 3).await, (vec![3, 4, 5], true));
    assert_eq!(page(FetchFrom::Before(6), 3).await, (vec![0, 1, 2], false));
    assert_eq!(page(FetchFrom::After(6), 3).await, (vec![4, 5, 6], true));
    assert_eq!(page(FetchFrom::After(9), 9).await, (vec![7, 8, 9], false));
    let nowhere = ChannelSid::from_bits(404);
    let nothing = world.store.messages(&nowhere, FetchFrom::After(0), 9).await.unwrap();
    assert!(nothing.items.is_empty() && !nothing.more);
}

pub(crate) async fn the_feed_gives_each_event_once_and_in_order(mut world: World) {
    let channel = world.channel("g").await;
    let mut waiting = Vec::new();
    for cid in 0..100 {
        let store = world.store.clone();
        // Every message is said twice: the second is no event.
        let say = world.say(&channel, "g", cid % 50, "Hello");
        waiting.push(tokio::spawn(async move { store.commit(vec![say]).await.unwrap() }));
    }
    for done in waiting {
        done.await.unwrap();
    }
    let stream: Stream = channel.into();
    let mut told = Vec::new();
    while told.len() < 52 {
        let entries = world.feed.recv().await.unwrap();
        told.extend(entries.into_iter().filter(|e| e.stream == stream).map(|e| e.event.seq));
    }
    assert_eq!(told, (1..=52).collect::<Vec<u64>>());
}

pub(crate) async fn the_same_request_is_answered_the_same(world: World) {
    let channel = world.channel("g").await;
    let record = Idempotency {
        account: world.account.clone(),
        identity: identity("g"),
        key: "k".into(),
        content_hash: [1; 32],
        channel: channel.clone(),
    };
    let remember = |record: &Idempotency| world.one(Change::Remember(record.clone()));
    assert_eq!(remember(&record).await, Ok(Outcome::Quiet));
    let again = Idempotency { channel: ChannelSid::from_bits(8), ..record.clone() };
    assert_eq!(remember(&again).await, Err(Rejection::Answered { channel }));
    let other = Idempotency { content_hash: [2; 32], ..record.clone() };
    assert_eq!(remember(&other).await, Err(Rejection::KeyReused));
    let somebody: Identity = identity("h");
    let theirs = Idempotency { identity: somebody, ..other };
    assert_eq!(remember(&theirs).await, Ok(Outcome::Quiet));
}

pub(crate) async fn answers_are_forgotten_when_their_chat_is_old(world: World) {
    let old = world.channel("g").await;
    world.clock.set(NOW.plus(1_000));
    let young = ChannelSid::from_bits(77);
    world.one(world.open(&young)).await.unwrap();
    let record = |key: &str, channel: &ChannelSid| Idempotency {
        account: world.account.clone(),
        identity: identity("g"),
        key: key.into(),
        content_hash: [1; 32],
        channel: channel.clone(),
    };
    for record in [record("old", &old), record("young", &young)] {
        world.one(Change::Remember(record)).await.unwrap();
    }
    let known = async |key| {
        world.store.idempotency(&world.account, &identity("g"), key).await.unwrap().is_some()
    };
    world.store.forget_idempotency(NOW).await.unwrap();
    assert!(known("old").await && known("young").await);
    world.store.forget_idempotency(NOW.plus(1)).await.unwrap();
    assert!(!known("old").await && known("young").await);
    assert_eq!(world.one(Change::Remember(record("old", &young))).await, Ok(Outcome::Quiet));
}

pub(crate) async fn an_agents_sessions_are_theirs_alone(world: World) {
    let session = |n: u8, name: &str| Session {
        id_hash: [n; 32],
        account: world.account.clone(),
        identity: identity(name),
        expires: NOW.plus(u64::from(n)),
    };
    let (first, second, other) = (session(1, "alice"), session(2, "alice"), session(3, "bob"));
    for session in [&first, &second, &other] {
        world.store.put_session(session.clone()).await.unwrap();
    }
    let of = async |name| {
        let mut all = world.store.sessions_of(&world.account, &identity(name)).await.unwrap();
        all.sort_by_key(|session| session.id_hash);
        all
    };
    assert_eq!(of("alice").await, [first, second.clone()]);
    world.store.delete_session(&[1; 32]).await.unwrap();
    assert_eq!(of("alice").await, [second]);
    assert_eq!(of("bob").await, [other]);
    assert_eq!(of("nobody").await, []);
}

pub(crate) async fn a_family_goes_on_generation_by_generation(world: World) {
    let family = Family {
        id: 5,
        account: world.account.clone(),
        identity: identity("g"),
        generation: 0,
        advanced: NOW,
        revoked: None,
        first_secret: Some([1; 32]),
    };
    world.one(Change::KeepFamily(family.clone())).await.unwrap();
    // Another chat of the same guest changes nothing.
    world.one(Change::KeepFamily(Family { first_secret: Some([9; 32]), ..family })).await.unwrap();
    assert!(world.store.family_secret(&[9; 32]).await.unwrap().is_none());
    let known = world.store.family_secret(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((known.family, known.generation), (5, 1));
    let rotate = |generation, secret| world.store.rotate_family(5, generation, [secret; 32], NOW);
    assert!(rotate(1, 2).await.unwrap());
    // Eight secrets of a generation, no more.
    for secret in 3..10 {
        assert!(rotate(1, secret).await.unwrap(), "{secret}");
    }
    assert!(!rotate(1, 10).await.unwrap());
    assert!(rotate(2, 11).await.unwrap());
    assert!(!rotate(1, 12).await.unwrap(), "it never goes back");
    assert_eq!(world.store.family(5).await.unwrap().unwrap().generation, 2);
    world.store.revoke_family(5, NOW).await.unwrap();
    assert!(!rotate(2, 13).await.unwrap());
    assert_eq!(world.store.family(5).await.unwrap().unwrap().revoked, Some(NOW));
    assert_eq!(world.store.revoked_families(NOW).await.unwrap(), [5]);
    assert!(world.store.revoked_families(NOW.plus(1)).await.unwrap().is_empty());
}

pub(crate) async fn many_writers_at_once_agree(world: World) {
    let channels = [world.channel("g").await, world.channel("g").await];
    let mut waiting = Vec::new();
    for n in 0..200_u128 {
        let channel = channels[(n % 2) as usize].clone();
        let mut changes = vec![world.say(&channel, "g", n, "Hello")];
        match n % 5 {
            0 => changes.push(Change::Move {
                channel: channel.clone(),
                party: world.guest("g"),
                mark: Mark::Read,
                upto: n as u64,
            }),
            1 => {
                let mut attributes = Attributes::new();
                attributes.insert(format!("k{}", n % 3), (n as u64).into());
                changes.push(Change::SetAttributes {
                    channel: channel.clone(),
                    author: Author::System,
                    name: None,
                    attributes: AttributesChange::Merge(attributes),
                });
            }
            2 => changes.push(world.task(&channel).1),
            3 => changes.push(world.say(&channel, "stranger", n, "Hello")),
            _ => {}
        }
        let store = world.store.clone();
        waiting.push(tokio::spawn(async move { store.commit(changes).await.is_ok() }));
    }
    let mut done = 0;
    for waiting in waiting {
        done += usize::from(waiting.await.unwrap());
    }
    assert_eq!(done, 160);
    for channel in channels {
        world.agrees(channel).await;
    }
    world.agrees(world.queue.clone()).await;
}
