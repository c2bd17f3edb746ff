//! Members of a channel.

use frontdesk_protocol::{
    Identity, MemberSid, UserSid, attributes::Attributes, limits::MESSAGE_ATTRIBUTES_BYTES,
    state::Role,
};
use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing},
    storage::{
        Change, ChannelRecord, DefaultRole, Mark, MemberRecord, NewMember, Party, PartyKind,
        RoleType,
    },
};

/// What of a member's parameters is the store's own to say.
const NOT_HERE: [&str; 3] = ["LastConsumptionTimestamp", "DateCreated", "DateUpdated"];

/// `POST …/Members`. Who is no user of the account yet becomes one.
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    ask.not_here(&NOT_HERE)?;
    let identity = ask.required("Identity", Identity::parse)?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Channel).await?;
    let read = ask.parsed("LastConsumedMessageIndex", |text| text.parse().ok())?;
    let user = ask.store().user_named(ask.account(), &identity).await?;
    let name = user.map(|record| record.user.name).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| identity.to_string());
    let role = part(&ask, &identity, &attributes).await?;
    scope::pace(&ask, channel.sid.as_str())?;
    let random = ask.app().random();
    let mut changes = vec![
        Change::EnsureUser {
            sid: UserSid::from_bits(random.bits()),
            account: ask.account().clone(),
            identity: identity.clone(),
            name: name.clone(),
        },
        Change::Add {
            channel: channel.sid.clone(),
            member: NewMember {
                sid: MemberSid::from_bits(random.bits()),
                identity: identity.clone(),
                role,
                name,
                attributes,
            },
            role_sid,
            most: scope.settings().most_members(),
        },
    ];
    changes.extend(consume(&ask, &channel, &identity, read).await?);
    commit(&ask, changes, &channel, &identity).await?;
    let member = scope::member(&ask, &channel, identity.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &channel, &member)))
}

/// `GET …/Members/{SID or identity}`.
pub(crate) async fn fetch(
    Path((service, channel, member)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let member = scope::member(&ask, &channel, &member).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &member)))
}

/// `GET …/Members`: all, or those of some `Identity`.
pub(crate) async fn list(
    Path((service, channel)): Path<(String, String)>,
    listing: Listing,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let identities = identities(&listing)?;
    let after = listing.after().unwrap_or(0);
    let found = ask.store().members(&channel.sid, &identities, after, listing.most()).await?;
    let items = found.iter().map(|member| (member.n, show(&ask, &scope, &channel, member)));
    Ok(ask.page(&listing, "members", items.collect()))
}

/// `POST …/Members/MB…`.
pub(crate) async fn update(
    Path((service, channel, member)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let known = scope::member(&ask, &channel, &member).await?;
    ask.not_here(&NOT_HERE)?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?;
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Channel).await?;
    let read = ask.parsed("LastConsumedMessageIndex", |text| text.parse().ok())?;
    scope::pace(&ask, channel.sid.as_str())?;
    let identity = known.identity;
    let mut changes = Vec::new();
    if role_sid.is_some() {
        let (channel, identity) = (channel.sid.clone(), identity.clone());
        changes.push(Change::KeepMember { channel, identity, role_sid, muted: None });
    }
    if let Some(attributes) = attributes {
        changes.push(Change::SetMember {
            channel: channel.sid.clone(),
            identity: identity.clone(),
            role: part(&ask, &identity, &attributes).await?,
            name: known.name,
            attributes,
        });
    }
    changes.extend(consume(&ask, &channel, &identity, read).await?);
    commit(&ask, changes, &channel, &identity).await?;
    let member = scope::member(&ask, &channel, identity.as_str()).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &member)))
}

/// `DELETE …/Members/MB…`: they leave.
pub(crate) async fn remove(
    Path((service, channel, member)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let identity = scope::member(&ask, &channel, &member).await?.identity;
    scope::pace(&ask, channel.sid.as_str())?;
    let leave = Change::Leave { channel: channel.sid.clone(), identity: identity.clone() };
    commit(&ask, vec![leave], &channel, &identity).await?;
    Ok(ask::removed())
}

/// What part somebody plays: what the attributes say, as the retired service wrote them; otherwise
/// an agent is an agent, and anybody else whom a program brings in a program.
async fn part(ask: &Ask, identity: &Identity, attributes: &Attributes) -> Result<Role, RestAnswer> {
    Ok(match attributes.get("member_type").and_then(Value::as_str) {
        Some("guest") => Role::Guest,
        Some("agent") => Role::Agent,
        Some(_) | None => match ask.store().agent(ask.account(), identity).await? {
            Some(_) => Role::Agent,
            None => Role::Bot,
        },
    })
}

/// Moves what somebody has read forward, to a message's number.
pub(super) async fn consume(
    ask: &Ask,
    channel: &ChannelRecord,
    identity: &Identity,
    index: Option<u64>,
) -> Result<Option<Change>, RestAnswer> {
    let Some(index) = index else { return Ok(None) };
    let upto = ask.store().position(&channel.sid, index).await?;
    let party = Party {
        account: ask.account().clone(),
        identity: identity.clone(),
        kind: PartyKind::Guest,
    };
    Ok(Some(Change::Move { channel: channel.sid.clone(), party, mark: Mark::Read, upto }))
}

/// Every value of the filter `Identity`.
pub(super) fn identities(listing: &Listing) -> Result<Vec<Identity>, RestAnswer> {
    let parse = |text| {
        let identity = Identity::parse(text);
        identity.ok_or_else(|| RestAnswer::bad_request("Identity is not valid"))
    };
    listing.filters("Identity").into_iter().map(parse).collect()
}

pub(super) async fn commit(
    ask: &Ask,
    changes: Vec<Change>,
    channel: &ChannelRecord,
    identity: &Identity,
) -> Result<(), RestAnswer> {
    if changes.is_empty() {
        return Ok(());
    }
    let what = format!("/Channels/{}/Members/{identity}", channel.sid);
    let done = ask.app().log.commit(ask.source(), changes).await;
    done.map(drop).map_err(|error| refused::commit(error, Thing::Member, &what))
}

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord, member: &MemberRecord) -> Value {
    json!({
        "sid": member.sid,
        "account_sid": channel.account,
        "service_sid": channel.service,
        "channel_sid": channel.sid,
        "identity": member.identity,
        "role_sid": scope.role(member.role_sid.clone(), DefaultRole::ChannelUser),
        "attributes": json!(member.attributes).to_string(),
        "last_consumed_message_index": member.read,
        "last_consumption_timestamp": member.read_at.map(time::iso),
        "date_created": time::iso(member.created),
        "date_updated": time::iso(member.updated),
        "url": format!("{}/Channels/{}/Members/{}", scope.url(ask), channel.sid, member.sid),
    })
}
