//! Files beside messages: more cases of the contract.

use frontdesk_protocol::{
    ChannelSid, EventKind, Media, MediaSid, MessageSid, Millis,
    id::{AccountSid, ServiceSid},
    state::Role,
};
use frontdesk_server::storage::{
    Author, Change, LEAST_BYTES, MediaQuota, NewMedia, Outcome, Rejection, SaidIn,
};

use super::world::{NOW, World, identity};

const ROOM: MediaQuota = MediaQuota { account_bytes: 1 << 30, owner_bytes: None };

fn brought(world: &World, bits: u128, owner: Option<&str>) -> NewMedia {
    NewMedia {
        media: Media {
            sid: MediaSid::from_bits(bits),
            content_type: "image/png".into(),
            filename: Some("sketch.png".into()),
            size_bytes: 10_000,
        },
        account: world.account.clone(),
        service: world.service.clone(),
        owner: owner.map(identity),
    }
}

async fn bring(world: &World, bits: u128, owner: Option<&str>) -> Media {
    let new = brought(world, bits, owner);
    assert!(world.store.put_media(new.clone(), ROOM).await.unwrap());
    new.media
}

/// Says a file, with a text or without.
fn show(world: &World, channel: &ChannelSid, who: &str, cid: u128, file: u128) -> Change {
    let mut change = world.say(channel, who, cid, "");
    if let Change::Say { media, .. } = &mut change {
        *media = Some(MediaSid::from_bits(file));
    }
    change
}

fn sid_of(change: &Change) -> MessageSid {
    let Change::Say { sid, .. } = change else { panic!("a message") };
    sid.clone()
}

async fn erased(world: &World) -> Vec<MediaSid> {
    world.store.erased_media(100).await.unwrap()
}

pub(crate) async fn a_file_is_said_once_by_who_brought_it(world: World) {
    let channel = world.channel("g").await;
    world.one(world.join(&channel, "h", Role::Guest)).await.unwrap();
    let media = bring(&world, 1, Some("g")).await;
    let record = world.store.media(&media.sid).await.unwrap().unwrap();
    assert_eq!((record.brought, record.created), (brought(&world, 1, Some("g")), NOW));
    assert_eq!(record.said, None);

    let other = world.one(show(&world, &channel, "h", 1, 1)).await;
    assert_eq!(other, Err(Rejection::NotFound), "somebody else brought it");
    let nothing = world.one(show(&world, &channel, "g", 1, 404)).await;
    assert_eq!(nothing, Err(Rejection::NotFound));

    let say = show(&world, &channel, "g", 1, 1);
    let message = sid_of(&say);
    world.said(say).await;
    let said = Some(SaidIn { channel: channel.clone(), message: message.clone() });
    let record = world.store.media(&media.sid).await.unwrap().unwrap();
    assert_eq!(record.said, said);
    assert_eq!(world.store.media_of(&channel, &message).await.unwrap(), Some(record));
    let shown = world.store.message(&channel, &message).await.unwrap().unwrap().message;
    assert_eq!((shown.body.as_str(), shown.media.as_ref()), ("", Some(&media)));
    let events = world.all(&channel.clone().into()).await;
    assert!(
        matches!(&events.last().unwrap().kind, EventKind::Msg { media: Some(told), .. } if *told == media)
    );

    let again = world.one(show(&world, &channel, "g", 2, 1)).await;
    assert_eq!(again, Err(Rejection::NotFound), "it was said");
    world.agrees(channel).await;
}

pub(crate) async fn a_file_of_the_account_may_be_said_by_anybody_in_it(world: World) {
    let channel = world.channel("g").await;
    bring(&world, 1, None).await;
    let mut foreign = brought(&world, 2, None);
    foreign.account = AccountSid::from_bits(2);
    foreign.service = ServiceSid::from_bits(2);
    assert!(world.store.put_media(foreign, ROOM).await.unwrap());

    let other = world.one(show(&world, &channel, "g", 1, 2)).await;
    assert_eq!(other, Err(Rejection::NotFound), "it is another account's");
    world.said(show(&world, &channel, "g", 1, 1)).await;
    world.agrees(channel).await;
}

pub(crate) async fn a_message_with_a_file_is_repeated_like_any_other(world: World) {
    let channel = world.channel("g").await;
    bring(&world, 1, Some("g")).await;
    bring(&world, 2, Some("g")).await;
    let first = world.said(show(&world, &channel, "g", 1, 1)).await;
    let again = world.said(show(&world, &channel, "g", 1, 1)).await;
    assert_eq!((again.seq, again.dup), (first.seq, true));
    let other = world.one(show(&world, &channel, "g", 1, 2)).await;
    assert_eq!(other, Err(Rejection::Conflict));
    let without = world.one(world.say(&channel, "g", 1, "")).await;
    assert_eq!(without, Err(Rejection::Conflict));
    // Of several in one commit, what was refused leaves the file free.
    let (good, bad) = (show(&world, &channel, "g", 3, 2), show(&world, &channel, "g", 4, 2));
    assert!(world.store.commit(vec![good, bad]).await.is_err());
    world.said(show(&world, &channel, "g", 5, 2)).await;
    world.agrees(channel).await;
}

pub(crate) async fn what_is_taken_back_takes_its_file_along(world: World) {
    let channel = world.channel("g").await;
    let media = bring(&world, 1, Some("g")).await;
    bring(&world, 2, Some("g")).await;
    let target = world.said(show(&world, &channel, "g", 1, 1)).await.seq;
    world.said(show(&world, &channel, "g", 2, 2)).await;
    let author = Author::Member(world.guest("g"));
    let redact = Change::Redact { channel: channel.clone(), author, target };
    assert!(matches!(world.one(redact).await, Ok(Outcome::Event { .. })));

    assert_eq!(world.store.media(&media.sid).await.unwrap(), None);
    assert_eq!(erased(&world).await, std::slice::from_ref(&media.sid));
    let log = format!("{:?}", world.all(&channel.clone().into()).await);
    assert!(!log.contains(media.sid.as_str()));
    assert!(world.store.media(&MediaSid::from_bits(2)).await.unwrap().is_some());
    world.agrees(channel).await;

    world.store.forget_erased_media(vec![media.sid]).await.unwrap();
    assert!(erased(&world).await.is_empty());
}

pub(crate) async fn an_erased_channel_takes_its_files_along(world: World) {
    let (channel, other) = (world.channel("g").await, world.channel("g").await);
    for file in 1..=3 {
        bring(&world, file, Some("g")).await;
    }
    world.said(show(&world, &channel, "g", 1, 1)).await;
    world.said(show(&world, &channel, "g", 2, 2)).await;
    world.said(show(&world, &other, "g", 1, 3)).await;
    world.one(Change::RemoveChannel { channel }).await.unwrap();

    let sids: Vec<_> = (1..=3).map(MediaSid::from_bits).collect();
    assert_eq!(erased(&world).await, sids[..2]);
    assert_eq!(world.store.known_media(&sids).await.unwrap(), sids[2..]);
}

pub(crate) async fn what_was_never_said_is_erased_after_a_while(world: World) {
    let channel = world.channel("g").await;
    let (unsaid, said) = (bring(&world, 1, Some("g")).await, bring(&world, 2, Some("g")).await);
    world.said(show(&world, &channel, "g", 1, 2)).await;

    world.store.erase_unsaid_media(NOW).await.unwrap();
    assert!(erased(&world).await.is_empty(), "it is not older than that");
    world.store.erase_unsaid_media(NOW.plus(1)).await.unwrap();
    assert_eq!(erased(&world).await, std::slice::from_ref(&unsaid.sid));
    assert!(world.store.media(&said.sid).await.unwrap().is_some());
    let late = world.one(show(&world, &channel, "g", 2, 1)).await;
    assert_eq!(late, Err(Rejection::NotFound));
}

pub(crate) async fn there_are_no_more_files_than_the_quota(world: World) {
    let tight = MediaQuota { account_bytes: 30_000, owner_bytes: Some((NOW, 20_000)) };
    let put = |bits, owner| world.store.put_media(brought(&world, bits, owner), tight);
    assert!(put(1, Some("g")).await.unwrap());
    assert!(put(2, Some("g")).await.unwrap());
    assert!(!put(3, Some("g")).await.unwrap(), "they have brought as much as they may");
    assert!(put(4, Some("h")).await.unwrap());
    assert!(!put(5, None).await.unwrap(), "the account is full");
    assert!(world.store.media(&MediaSid::from_bits(5)).await.unwrap().is_none());

    let guest = identity("g");
    let of = |since| world.store.media_bytes_of(&world.account, &guest, since);
    assert_eq!(of(NOW).await.unwrap(), 20_000);
    assert_eq!(of(NOW.plus(1)).await.unwrap(), 0);
    assert_eq!(world.store.media_bytes(&world.account).await.unwrap(), 30_000);
    assert_eq!(world.store.media_bytes(&AccountSid::from_bits(2)).await.unwrap(), 0);

    // Tiny ones are not free.
    world.clock.set(Millis(NOW.0 + 1));
    let mut tiny = brought(&world, 6, None);
    tiny.media.size_bytes = 1;
    assert!(world.store.put_media(tiny, ROOM).await.unwrap());
    assert_eq!(world.store.media_bytes(&world.account).await.unwrap(), 30_000 + LEAST_BYTES);
}
