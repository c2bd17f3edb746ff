use expect_test::{Expect, expect};
use frontdesk_protocol::{
    ChannelSid, Identity, Media, MediaSid, MemberSid, MessageSid, Millis, UserSid,
    id::{FlowSid, RoleSid},
};
use serde_json::json;

use super::*;
use crate::storage::ChannelType;

const THEN: Millis = Millis(1_795_350_884_999);

fn who(name: &str) -> Identity {
    Identity::parse(name).unwrap()
}

fn attributes() -> Attributes {
    serde_json::from_value(json!({ "order": 7 })).unwrap()
}

/// What is told of in the service, on behalf of `source`.
#[track_caller]
fn check(source: &Source, tell: impl FnOnce(Place<'_>) -> Told, expected: &Expect) {
    let (account, service) = (&AccountSid::from_bits(1), &ServiceSid::from_bits(2));
    let told = tell(Place { account, service, source });
    let mut text = String::new();
    for (name, value) in &told.fields {
        text.push_str(&format!("{name}={value}\n"));
    }
    for (name, value) in &told.text {
        text.push_str(&format!("said {name}={value}\n"));
    }
    for (name, stamp) in &told.stamps {
        text.push_str(&format!("later {name}: {stamp:?}\n"));
    }
    expected.assert_eq(&text.replace("0000000000000000000000000000000", "…"));
}

fn client() -> Source {
    Source::Client(who("bob"))
}

/// Gives a message to tell of.
#[track_caller]
fn message(tell: impl FnOnce(Place<'_>, MessageFacts<'_>) -> Told, expected: &Expect) {
    let (channel, sid) = (&ChannelSid::from_bits(3), &MessageSid::from_bits(4));
    let (from, attributes) = (&who("bob"), &attributes());
    let facts = MessageFacts { channel, sid, from, body: "Grüße & more", attributes };
    check(&client(), |place| tell(place, facts), expected);
}

/// Gives a channel to tell of.
#[track_caller]
fn channel(tell: impl FnOnce(Place<'_>, ChannelFacts<'_>) -> Told, expected: &Expect) {
    let (sid, created_by, attributes) = (&ChannelSid::from_bits(3), &who("system"), &attributes());
    let (kind, unique_name) = (ChannelType::Private, Some("order-7"));
    let facts = ChannelFacts { sid, kind, name: "Order", unique_name, created_by, attributes };
    check(&Source::Program { tells: true }, |place| tell(place, facts), expected);
}

/// Gives a member to tell of.
#[track_caller]
fn member(
    source: &Source,
    tell: impl FnOnce(Place<'_>, MemberFacts<'_>) -> Told,
    expected: &Expect,
) {
    let (channel, sid) = (&ChannelSid::from_bits(3), &MemberSid::from_bits(5));
    let (identity, role, attributes) = (&who("bob"), &RoleSid::from_bits(6), &attributes());
    let facts = MemberFacts { channel, sid, identity, role, attributes };
    check(source, |place| tell(place, facts), expected);
}

/// Gives a user to tell of.
#[track_caller]
fn user(tell: impl FnOnce(Place<'_>, UserFacts<'_>) -> Told, expected: &Expect) {
    let (sid, identity) = (&UserSid::from_bits(7), &who("bob"));
    let (role, attributes) = (&RoleSid::from_bits(6), &attributes());
    let facts = UserFacts { sid, identity, name: "Bob", role, attributes };
    check(&client(), |place| tell(place, facts), expected);
}

fn known(by: &Identity) -> Spoken<'_> {
    Spoken { index: 9, created: THEN, by: Some(by) }
}

#[test]
fn on_message_sent() {
    message(
        message_sent,
        &expect![[r#"
        EventType=onMessageSent
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MessageSid=IM…4
        From=bob
        To=CH…3
        said Body=Grüße & more
        said Attributes={"order":7}
        later RetryCount: Retries
        later Index: Index
        later DateCreated: Time
    "#]],
    );
}

#[test]
fn on_media_message_sent() {
    let media = Media {
        sid: MediaSid::from_bits(9),
        content_type: "image/png".into(),
        filename: Some("cat.png".into()),
        size_bytes: 7,
    };
    message(
        |place, message| media_message_sent(place, message, &media),
        &expect![[r#"
        EventType=onMediaMessageSent
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MessageSid=IM…4
        From=bob
        To=CH…3
        MediaSid=ME…9
        MediaContentType=image/png
        MediaSize=7
        said Body=Grüße & more
        said Attributes={"order":7}
        said MediaFilename=cat.png
        later RetryCount: Retries
        later Index: Index
        later DateCreated: Time
    "#]],
    );
}

#[test]
fn on_message_updated() {
    let by = who("clerk");
    message(
        |place, message| message_updated(place, message, known(&by)),
        &expect![[r#"
        EventType=onMessageUpdated
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MessageSid=IM…4
        From=bob
        To=CH…3
        Index=9
        ModifiedBy=clerk
        DateCreated=2026-11-22T12:34:44Z
        said Body=Grüße & more
        said Attributes={"order":7}
        later RetryCount: Retries
        later DateUpdated: Time
    "#]],
    );
}

#[test]
fn on_message_removed() {
    let by = who("clerk");
    message(
        |place, message| message_removed(place, message, known(&by)),
        &expect![[r#"
        EventType=onMessageRemoved
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MessageSid=IM…4
        From=bob
        To=CH…3
        Index=9
        RemovedBy=clerk
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateRemoved: Time
    "#]],
    );
}

#[test]
fn on_channel_added() {
    channel(
        channel_added,
        &expect![[r#"
        EventType=onChannelAdded
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=API
        ChannelSid=CH…3
        ChannelType=private
        FriendlyName=Order
        UniqueName=order-7
        CreatedBy=system
        Attributes={"order":7}
        later RetryCount: Retries
        later DateCreated: Time
    "#]],
    );
}

#[test]
fn on_channel_updated() {
    channel(
        |place, channel| channel_updated(place, channel, THEN),
        &expect![[r#"
        EventType=onChannelUpdated
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=API
        ChannelSid=CH…3
        ChannelType=private
        FriendlyName=Order
        UniqueName=order-7
        CreatedBy=system
        Attributes={"order":7}
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateUpdated: Time
    "#]],
    );
}

#[test]
fn on_channel_destroyed() {
    channel(
        |place, channel| channel_destroyed(place, channel, THEN),
        &expect![[r#"
        EventType=onChannelDestroyed
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=API
        ChannelSid=CH…3
        ChannelType=private
        FriendlyName=Order
        UniqueName=order-7
        CreatedBy=system
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateRemoved: Time
    "#]],
    );
}

#[test]
fn on_member_added() {
    member(
        &client(),
        member_added,
        &expect![[r#"
        EventType=onMemberAdded
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MemberSid=MB…5
        Identity=bob
        RoleSid=RL…6
        Attributes={"order":7}
        later RetryCount: Retries
        later DateCreated: Time
    "#]],
    );
}

#[test]
fn on_member_updated() {
    member(
        &client(),
        |place, member| member_updated(place, member, THEN),
        &expect![[r#"
        EventType=onMemberUpdated
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MemberSid=MB…5
        Identity=bob
        RoleSid=RL…6
        Attributes={"order":7}
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateUpdated: Time
    "#]],
    );
}

#[test]
fn on_member_removed() {
    let left = |place: Place<'_>, member: MemberFacts<'_>| member_removed(place, member, THEN);
    member(
        &client(),
        left,
        &expect![[r#"
        EventType=onMemberRemoved
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MemberSid=MB…5
        Identity=bob
        RoleSid=RL…6
        Attributes={"order":7}
        Reason=LEFT
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateRemoved: Time
    "#]],
    );
    member(
        &Source::Program { tells: true },
        left,
        &expect![[r#"
        EventType=onMemberRemoved
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=API
        ChannelSid=CH…3
        MemberSid=MB…5
        Identity=bob
        RoleSid=RL…6
        Attributes={"order":7}
        Reason=REMOVED
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateRemoved: Time
    "#]],
    );
}

#[test]
fn on_user_added() {
    user(
        user_added,
        &expect![[r#"
        EventType=onUserAdded
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        UserSid=US…7
        Identity=bob
        FriendlyName=Bob
        RoleSid=RL…6
        Attributes={"order":7}
        later RetryCount: Retries
        later DateCreated: Time
    "#]],
    );
}

#[test]
fn on_user_updated() {
    user(
        |place, user| user_updated(place, user, THEN),
        &expect![[r#"
        EventType=onUserUpdated
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        UserSid=US…7
        Identity=bob
        FriendlyName=Bob
        RoleSid=RL…6
        Attributes={"order":7}
        DateCreated=2026-11-22T12:34:44Z
        later RetryCount: Retries
        later DateUpdated: Time
    "#]],
    );
}

#[test]
fn on_message_send_update_and_remove() {
    let (at, from, attributes) = (ChannelSid::from_bits(3), who("bob"), attributes());
    let send = |place: Place<'_>| message_send(place, &at, &from, "Hello", &attributes);
    check(
        &client(),
        send,
        &expect![[r#"
        EventType=onMessageSend
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        From=bob
        To=CH…3
        said Body=Hello
        said Attributes={"order":7}
    "#]],
    );
    message(
        |place, message| message_update(place, message, 9),
        &expect![[r#"
        EventType=onMessageUpdate
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MessageSid=IM…4
        Index=9
        From=bob
        To=CH…3
        said Body=Grüße & more
        said Attributes={"order":7}
    "#]],
    );
    message(
        |place, message| message_remove(place, message, 9),
        &expect![[r#"
        EventType=onMessageRemove
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MessageSid=IM…4
        Index=9
        From=bob
        To=CH…3
        said Body=Grüße & more
        said Attributes={"order":7}
    "#]],
    );
}

#[test]
fn on_channel_add_update_and_destroy() {
    let (sid, attributes) = (ChannelSid::from_bits(3), attributes());
    let (kind, unique_name) = (ChannelType::Public, None);
    let wish = ChannelWish { kind, name: "Order", unique_name, attributes: &attributes };
    check(
        &client(),
        |place| channel_add(place, wish),
        &expect![[r#"
        EventType=onChannelAdd
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelType=public
        FriendlyName=Order
        Attributes={"order":7}
    "#]],
    );
    check(
        &client(),
        |place| channel_update(place, &sid, wish),
        &expect![[r#"
        EventType=onChannelUpdate
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        ChannelType=public
        FriendlyName=Order
        Attributes={"order":7}
    "#]],
    );
    check(
        &client(),
        |place| channel_destroy(place, &sid, wish),
        &expect![[r#"
        EventType=onChannelDestroy
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        ChannelType=public
        FriendlyName=Order
        Attributes={"order":7}
    "#]],
    );
}

#[test]
fn on_member_add_and_remove() {
    let (at, identity, role) = (ChannelSid::from_bits(3), who("ann"), RoleSid::from_bits(6));
    check(
        &client(),
        |place| member_add(place, &at, &identity, &role),
        &expect![[r#"
        EventType=onMemberAdd
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        Identity=ann
        RoleSid=RL…6
    "#]],
    );
    member(
        &client(),
        member_remove,
        &expect![[r#"
        EventType=onMemberRemove
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        ChannelSid=CH…3
        MemberSid=MB…5
        Identity=bob
        RoleSid=RL…6
    "#]],
    );
}

#[test]
fn on_user_update() {
    user(
        user_update,
        &expect![[r#"
        EventType=onUserUpdate
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        UserSid=US…7
        Identity=bob
        FriendlyName=Bob
        RoleSid=RL…6
        Attributes={"order":7}
    "#]],
    );
}

#[test]
fn on_web_channel_create() {
    let (flow, identity) = (FlowSid::from_bits(8), who("bob"));
    let answers: Attributes = serde_json::from_value(json!({
        "email": "bob@example.com", "location": "https://example.com/shop"
    }))
    .unwrap();
    let chat = NewChatFacts {
        flow: &flow,
        identity: &identity,
        customer_name: "Bob",
        chat_name: "Webchat",
        answers: &answers,
    };
    check(
        &client(),
        |place| web_channel_create(place, chat),
        &expect![[r#"
        EventType=onWebChannelCreate
        AccountSid=AC…1
        InstanceSid=IS…2
        Source=SDK
        ClientIdentity=bob
        FlexFlowSid=FO…8
        Identity=bob
        CustomerFriendlyName=Bob
        ChatFriendlyName=Webchat
        PreEngagementData={"email":"bob@example.com","location":"https://example.com/shop"}
        Location=https://example.com/shop
    "#]],
    );
}
