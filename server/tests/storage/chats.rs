//! The books of chats: more cases of the contract.

use frontdesk_protocol::{
    ChannelSid, EventKind, MemberSid, Stream, UserSid,
    attributes::Attributes,
    id::{AccountSid, InviteSid, RoleSid, ServiceSid},
    state::{Role, Status},
};
use frontdesk_server::storage::{
    AttributesChange, Author, Change, ChannelType, DefaultRole, Mark, NewMember, Order, Outcome,
    Rejection, RoleRecord, RoleType, Service, User,
};

use super::world::{NOW, World, identity};

fn add(world: &World, channel: &ChannelSid, name: &str, most: usize) -> Change {
    let member = NewMember {
        sid: MemberSid::from_bits(world.bits()),
        identity: identity(name),
        role: Role::Bot,
        name: name.into(),
        attributes: Attributes::new(),
    };
    Change::Add { channel: channel.clone(), member, role_sid: None, most }
}

pub(crate) async fn channels_are_listed_in_the_order_they_were_opened(world: World) {
    let mut opened = Vec::new();
    for n in 0..5 {
        let sid = ChannelSid::from_bits(100 - n);
        let mut open = world.open(&sid);
        if let Change::OpenChannel { kind, unique_name, .. } = &mut open {
            if n % 2 == 0 {
                *kind = ChannelType::Public;
            }
            *unique_name = None;
        }
        world.one(open).await.unwrap();
        opened.push(sid);
    }
    let list = async |kind, after, most| {
        let found = world.store.channels(&world.service, kind, after, most).await.unwrap();
        found.into_iter().map(|channel| (channel.n, channel.sid)).collect::<Vec<_>>()
    };
    let all = list(None, 0, 100).await;
    assert_eq!(all.iter().map(|(_, sid)| sid.clone()).collect::<Vec<_>>(), opened);
    let first = list(None, 0, 2).await;
    assert_eq!(first, all[..2]);
    assert_eq!(list(None, first[1].0, 100).await, all[2..]);
    assert_eq!(list(Some(ChannelType::Private), 0, 9).await.len(), 2);
    assert_eq!(list(Some(ChannelType::Public), all[0].0, 9).await.len(), 2);
    let nowhere = world.store.channels(&ServiceSid::from_bits(404), None, 0, 9).await.unwrap();
    assert!(nowhere.is_empty());
}

pub(crate) async fn a_channels_other_name_is_unique_in_its_service(world: World) {
    let (first, second) = (world.channel("g").await, world.channel("g").await);
    let name = |channel: &ChannelSid, name: &str| Change::KeepChannel {
        channel: channel.clone(),
        unique_name: Some(name.into()),
        created_by: None,
    };
    world.one(name(&first, "support")).await.unwrap();
    world.one(name(&first, "support")).await.unwrap();
    assert_eq!(world.one(name(&second, "support")).await, Err(Rejection::Exists));
    let found = world.store.channel_named(&world.service, "support").await.unwrap().unwrap();
    assert_eq!((found.sid, found.members, found.messages), (first.clone(), 1, 0));
    // An empty name is none, and many may have none.
    world.one(name(&first, "")).await.unwrap();
    world.one(name(&second, "")).await.unwrap();
    assert!(world.store.channel_named(&world.service, "support").await.unwrap().is_none());
    assert_eq!(world.store.channel(&first).await.unwrap().unwrap().unique_name, None);
    let nowhere = ChannelSid::from_bits(404);
    assert_eq!(world.one(name(&nowhere, "x")).await, Err(Rejection::NotFound));
    assert!(world.store.channel(&nowhere).await.unwrap().is_none());
}

pub(crate) async fn a_channel_is_found_in_its_own_service_alone(world: World) {
    let channel = world.channel("g").await;
    let unique_name = Some("support".into());
    let name = Change::KeepChannel { channel: channel.clone(), unique_name, created_by: None };
    world.one(name).await.unwrap();
    let (sid, account, service) = (channel.as_str(), &world.account, &world.service);
    let at = async |account: &AccountSid, service: &ServiceSid, name: &str| {
        world.store.channel_at(account, service, name).await.unwrap()
    };
    assert_eq!(at(account, service, sid).await.as_ref(), Some(&channel));
    assert_eq!(at(account, service, "support").await.as_ref(), Some(&channel));
    let (elsewhere, stranger) = (ServiceSid::from_bits(404), AccountSid::from_bits(404));
    for name in [sid, "support"] {
        assert_eq!(at(account, &elsewhere, name).await, None);
        assert_eq!(at(&stranger, service, name).await, None);
    }
    for name in ["", "Support", "CH00000000000000000000000000000404"] {
        assert_eq!(at(account, service, name).await, None, "{name}");
    }
    world.one(Change::RemoveChannel { channel: channel.clone() }).await.unwrap();
    assert_eq!(at(account, service, sid).await, None);
}

pub(crate) async fn an_erased_channel_is_nowhere(mut world: World) {
    let channel = world.channel("g").await;
    let other = world.channel("g").await;
    world.said(world.say(&channel, "g", 1, "Erased")).await;
    world.said(world.say(&other, "g", 1, "Kept")).await;
    let remove = || Change::RemoveChannel { channel: channel.clone() };
    world.one(remove()).await.unwrap();
    assert_eq!(world.one(remove()).await, Err(Rejection::NotFound));
    assert!(world.store.channel(&channel).await.unwrap().is_none());
    let stream = Stream::Channel(channel.clone());
    assert!(world.all(&stream).await.is_empty());
    assert!(world.store.snapshot(&stream, 9).await.unwrap().is_none());
    let access = world.store.access(&stream, &world.guest("g")).await.unwrap();
    assert!(!access.can_read());
    let say = world.say(&channel, "g", 2, "Hello?");
    assert_eq!(world.one(say).await, Err(Rejection::NotMember));
    // Who followed it was told, and the user's own stream knows.
    let mut told = Vec::new();
    while !told.iter().any(|kind| matches!(kind, EventKind::Membership { joined: false, .. })) {
        let entries = world.feed.recv().await.unwrap();
        told.extend(entries.into_iter().map(|entry| entry.event.kind.clone()));
    }
    let ended = EventKind::Status { status: Status::Inactive };
    assert!(told.contains(&ended));
    assert!(told.contains(&EventKind::Leave { identity: identity("g") }));
    // Its positions never come twice.
    world.one(world.open(&channel)).await.unwrap();
    assert!(world.all(&stream).await[0].seq > 4);
    world.agrees(other).await;
}

pub(crate) async fn messages_are_listed_from_either_end(world: World) {
    let channel = world.channel("g").await;
    for n in 0..5 {
        world.said(world.say(&channel, "g", n, "Hello")).await;
    }
    let target = world.said(world.say(&channel, "g", 9, "Gone")).await.seq;
    let redact = Change::Redact { channel: channel.clone(), author: Author::System, target };
    world.one(redact).await.unwrap();
    let list = async |order, after, most| {
        let (found, more) = world.store.message_list(&channel, order, after, most).await.unwrap();
        (found.into_iter().map(|record| record.message.index).collect::<Vec<_>>(), more)
    };
    assert_eq!(list(Order::Asc, None, 2).await, (vec![0, 1], true));
    assert_eq!(list(Order::Asc, Some(1), 9).await, (vec![2, 3, 4], false));
    assert_eq!(list(Order::Desc, None, 2).await, (vec![4, 3], true));
    assert_eq!(list(Order::Desc, Some(3), 3).await, (vec![2, 1, 0], false));
    assert_eq!(world.store.position(&channel, 2).await.unwrap(), 5);
    assert_eq!(world.store.position(&world.channel("g").await, 2).await.unwrap(), 0);
    assert_eq!(world.store.channel(&channel).await.unwrap().unwrap().messages, 5);
    // A list is bounded in bytes.
    let long = "x".repeat(30_000);
    for n in 20..60 {
        world.said(world.say(&channel, "g", n, &long)).await;
    }
    let (found, more) = list(Order::Asc, Some(4), 1_000).await;
    assert!((30..40).contains(&found.len()) && more, "{}", found.len());
}

pub(crate) async fn a_message_is_found_by_its_sid_until_it_is_taken_back(world: World) {
    let (channel, other) = (world.channel("g").await, world.channel("g").await);
    let say = world.say(&channel, "g", 1, "Hello");
    let Change::Say { sid, .. } = say.clone() else { panic!("a message") };
    let target = world.said(say).await.seq;
    let found = world.store.message(&channel, &sid).await.unwrap().unwrap();
    assert_eq!((found.message.seq, found.edited_by), (target, None));
    assert!(world.store.message(&other, &sid).await.unwrap().is_none());
    let redact = Change::Redact { channel: channel.clone(), author: Author::System, target };
    world.one(redact).await.unwrap();
    assert!(world.store.message(&channel, &sid).await.unwrap().is_none());
}

pub(crate) async fn who_changed_a_message_is_known(world: World) {
    let channel = world.channel("g").await;
    let say = world.say(&channel, "g", 1, "Hello");
    let Change::Say { sid, .. } = say.clone() else { panic!("a message") };
    let target = world.said(say).await.seq;
    let edit = Change::Edit {
        channel: channel.clone(),
        author: Author::Anybody(identity("clerk")),
        target,
        body: "Good evening".into(),
        attributes: Attributes::new(),
    };
    world.one(edit).await.unwrap();
    let found = world.store.message(&channel, &sid).await.unwrap().unwrap();
    assert_eq!(found.edited_by, Some(identity("clerk")));
    assert_eq!(found.message.author, identity("g"));
    world.agrees(channel).await;
}

pub(crate) async fn members_are_listed_and_found(world: World) {
    let channel = world.channel("g").await;
    for name in ["a", "b", "c"] {
        world.one(add(&world, &channel, name, 100)).await.unwrap();
    }
    let leave = Change::Leave { channel: channel.clone(), identity: identity("b") };
    world.one(leave).await.unwrap();
    let list = async |identities: &[&str], after, most| {
        let identities: Vec<_> = identities.iter().map(|name| identity(name)).collect();
        world.store.members(&channel, &identities, after, most).await.unwrap()
    };
    let all = list(&[], 0, 100).await;
    let names: Vec<_> = all.iter().map(|member| member.identity.as_str()).collect();
    assert_eq!(names, ["g", "a", "c"]);
    assert_eq!(list(&[], all[0].n, 1).await, all[1..2]);
    assert_eq!(list(&["c", "b", "nobody"], 0, 9).await, all[2..]);
    let found = world.store.member(&channel, &all[1].sid).await.unwrap().unwrap();
    assert_eq!(found, all[1]);
    assert_eq!((found.channel, found.created, found.read), (channel.clone(), NOW, None));
    let named = world.store.member_named(&channel, &identity("c")).await.unwrap();
    assert_eq!(named.as_ref(), Some(&all[2]));
    assert_eq!(world.store.member_named(&channel, &identity("b")).await.unwrap(), None);
    let elsewhere = world.channel("g").await;
    assert_eq!(world.store.member(&elsewhere, &all[1].sid).await.unwrap(), None);
    assert_eq!(world.store.channel(&channel).await.unwrap().unwrap().members, 3);
}

pub(crate) async fn a_channel_takes_so_many_members(world: World) {
    let channel = world.channel("g").await;
    world.one(add(&world, &channel, "a", 2)).await.unwrap();
    assert_eq!(world.one(add(&world, &channel, "a", 2)).await, Err(Rejection::Exists));
    assert_eq!(world.one(add(&world, &channel, "b", 2)).await, Err(Rejection::Full));
    let leave = Change::Leave { channel: channel.clone(), identity: identity("a") };
    world.one(leave).await.unwrap();
    world.one(add(&world, &channel, "b", 2)).await.unwrap();
    world.agrees(channel).await;
}

pub(crate) async fn a_members_books_are_the_accounts(world: World) {
    let channel = world.channel("g").await;
    let before = world.all(&channel.clone().into()).await.len();
    let role = RoleSid::from_bits(5);
    let keep = |name: &str, role_sid, muted| Change::KeepMember {
        channel: channel.clone(),
        identity: identity(name),
        role_sid,
        muted,
    };
    world.one(keep("g", Some(role.clone()), None)).await.unwrap();
    world.one(keep("g", None, Some(true))).await.unwrap();
    assert_eq!(world.one(keep("h", None, None)).await, Err(Rejection::NotFound));
    let member = world.store.member_named(&channel, &identity("g")).await.unwrap().unwrap();
    assert_eq!((member.role_sid, member.muted), (Some(role), true));
    assert_eq!(world.all(&channel.into()).await.len(), before, "nobody is told");
}

pub(crate) async fn a_user_in_channels_is_listed_with_what_they_have_not_read(world: World) {
    let (first, second) = (world.channel("g").await, world.channel("g").await);
    for cid in 0..3 {
        world.said(world.say(&first, "g", cid, "Hello")).await;
    }
    world.clock.set(NOW.plus(5_000));
    world.mark(&first, "g", Mark::Read, 4).await.unwrap();
    let who = identity("g");
    let all = world.store.memberships(&world.service, &who, 0, 9).await.unwrap();
    assert_eq!(
        all.iter().map(|m| m.member.channel.clone()).collect::<Vec<_>>(),
        [first.clone(), second.clone()]
    );
    assert_eq!((all[0].unread, all[0].member.read), (1, Some(1)));
    assert_eq!(all[0].member.read_at, Some(NOW.plus(5_000)));
    assert_eq!((all[1].unread, all[1].member.read), (0, None));
    let rest = world.store.memberships(&world.service, &who, all[0].n, 9).await.unwrap();
    assert_eq!(rest, all[1..]);
    let one = world.store.membership(&second, &who).await.unwrap();
    assert_eq!(one.as_ref(), Some(&all[1]));
    let elsewhere = ServiceSid::from_bits(404);
    assert!(world.store.memberships(&elsewhere, &who, 0, 9).await.unwrap().is_empty());
    let user = world.store.user_named(&world.account, &who).await.unwrap().unwrap();
    assert_eq!(user.channels, 2);
}

pub(crate) async fn a_user_is_made_once_and_removed_whole(world: World) {
    let sid = UserSid::from_bits(70);
    let user = User {
        sid: sid.clone(),
        account: world.account.clone(),
        identity: identity("g"),
        name: "Gina".into(),
        attributes: Attributes::new(),
    };
    let make = Change::AddUser { user: user.clone(), role_sid: None };
    world.one(make.clone()).await.unwrap();
    assert_eq!(world.one(make).await, Err(Rejection::Exists));
    let mut attributes = Attributes::new();
    attributes.insert("avatar".into(), "a.png".into());
    let keep = Change::KeepUser {
        sid: sid.clone(),
        name: None,
        attributes: Some(attributes.clone()),
        role_sid: Some(RoleSid::from_bits(3)),
    };
    world.one(keep).await.unwrap();
    let found = world.store.user_record(&sid).await.unwrap().unwrap();
    assert_eq!(found.user, User { attributes, ..user });
    assert_eq!((found.role_sid, found.created), (Some(RoleSid::from_bits(3)), NOW));

    let channel = world.channel("g").await;
    world.employ("alice").await;
    let users = world.store.users(&world.account, 0, 9).await.unwrap();
    assert_eq!(users.iter().map(|u| u.user.identity.as_str()).collect::<Vec<_>>(), ["g", "alice"]);
    assert_eq!(world.store.users(&world.account, users[0].n, 9).await.unwrap(), users[1..]);
    let agent = Change::RemoveUser { sid: users[1].user.sid.clone() };
    assert_eq!(world.one(agent).await, Err(Rejection::Exists));
    world.one(Change::RemoveUser { sid: sid.clone() }).await.unwrap();
    assert_eq!(world.one(Change::RemoveUser { sid: sid.clone() }).await, Err(Rejection::NotFound));
    assert!(world.store.user_record(&sid).await.unwrap().is_none());
    assert!(world.store.members(&channel, &[], 0, 9).await.unwrap().is_empty());
    world.agrees(channel).await;
}

pub(crate) async fn a_service_begins_with_its_roles(world: World) {
    let roles = world.store.roles(&world.service, 0, 9).await.unwrap();
    let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["service admin", "service user", "channel admin", "channel user"]);
    let default = DefaultRole::ChannelUser.sid(&world.service);
    assert_eq!(roles[3].sid, default);
    assert_eq!((roles[3].kind, roles[0].kind), (RoleType::Channel, RoleType::Deployment));
    assert!(roles[3].permissions.contains(&"sendMessage".to_owned()));
    let changed = RoleRecord { permissions: vec!["sendMessage".into()], ..roles[3].clone() };
    world.store.put_role(changed.clone()).await.unwrap();
    // Renaming the service does not bring the permissions back.
    let (sid, account) = (world.service.clone(), world.account.clone());
    world.store.put_service(Service { sid, account, name: "Renamed".into() }).await.unwrap();
    let found = world.store.role(&default).await.unwrap().unwrap();
    assert_eq!(found.permissions, changed.permissions);
    assert_eq!(world.store.roles(&world.service, roles[2].n, 9).await.unwrap(), [found]);

    let own = RoleRecord { sid: RoleSid::from_bits(8), name: "bot".into(), ..changed };
    world.store.put_role(own.clone()).await.unwrap();
    let channel = world.channel("g").await;
    let keep = |role_sid| Change::KeepMember {
        channel: channel.clone(),
        identity: identity("g"),
        role_sid: Some(role_sid),
        muted: None,
    };
    world.one(keep(own.sid.clone())).await.unwrap();
    assert!(!world.store.delete_role(&own.sid).await.unwrap(), "somebody has it");
    world.one(keep(default)).await.unwrap();
    assert!(world.store.delete_role(&own.sid).await.unwrap());
    assert!(world.store.role(&own.sid).await.unwrap().is_none());
}

pub(crate) async fn a_service_that_is_used_stays(world: World) {
    let sid = ServiceSid::from_bits(50);
    let account = world.account.clone();
    let new = Service { sid: sid.clone(), account: account.clone(), name: "New".into() };
    world.store.put_service(new).await.unwrap();
    let all = world.store.service_list(&account, 0, 9).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(world.store.service_list(&account, all[0].n, 9).await.unwrap(), all[1..]);
    let mut settings = serde_json::Map::new();
    settings.insert("ReadStatusEnabled".into(), false.into());
    world.store.set_service(&sid, "Newer".into(), settings.clone()).await.unwrap();
    let found = world.store.service(&sid).await.unwrap().unwrap();
    assert_eq!((found.service.name.as_str(), found.settings), ("Newer", settings));
    assert!(!world.store.delete_service(&world.service).await.unwrap(), "a flow uses it");
    assert!(world.store.delete_service(&sid).await.unwrap());
    assert!(world.store.service(&sid).await.unwrap().is_none());
    assert!(world.store.roles(&sid, 0, 9).await.unwrap().is_empty());
}

pub(crate) async fn an_invitation_is_used_up(world: World) {
    let channel = world.channel("g").await;
    let invite = |n, name: &str| Change::Invite {
        channel: channel.clone(),
        sid: InviteSid::from_bits(n),
        identity: identity(name),
        role_sid: None,
        created_by: identity("system"),
    };
    assert_eq!(world.one(invite(1, "g")).await, Err(Rejection::Exists));
    assert_eq!(world.one(invite(1, "a")).await, Ok(Outcome::Quiet));
    assert_eq!(world.one(invite(2, "a")).await, Err(Rejection::Exists));
    world.one(invite(3, "b")).await.unwrap();
    world.one(invite(4, "c")).await.unwrap();
    let list = async |identities: &[&str], after| {
        let identities: Vec<_> = identities.iter().map(|name| identity(name)).collect();
        let found = world.store.invites(&channel, &identities, after, 9).await.unwrap();
        found.into_iter().map(|i| (i.n, i.identity.to_string())).collect::<Vec<_>>()
    };
    let all = list(&[], 0).await;
    assert_eq!(all.len(), 3);
    assert_eq!(list(&["b"], 0).await, all[1..2]);
    assert_eq!(list(&[], all[1].0).await, all[2..]);
    let found = world.store.invite(&channel, &InviteSid::from_bits(3)).await.unwrap().unwrap();
    assert_eq!((found.channel.clone(), found.created), (channel.clone(), NOW));

    world.one(add(&world, &channel, "a", 9)).await.unwrap();
    let back = |n| Change::Uninvite { channel: channel.clone(), sid: InviteSid::from_bits(n) };
    world.one(back(3)).await.unwrap();
    assert_eq!(world.one(back(3)).await, Err(Rejection::NotFound));
    assert_eq!(world.one(back(1)).await, Err(Rejection::NotFound));
    assert_eq!(list(&[], 0).await, all[2..]);
    // Attributes of the channel have nothing to do with it.
    let attributes = AttributesChange::Merge(Attributes::new());
    let (name, author) = (None, Author::System);
    let set = Change::SetAttributes { channel: channel.clone(), author, name, attributes };
    assert_eq!(world.one(set).await, Ok(Outcome::Quiet));
}
