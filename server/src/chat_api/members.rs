//! Members of a channel.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, UserSid,
    attributes::Attributes,
    id::{AccountSid, RoleSid, ServiceSid},
    limits::MESSAGE_ATTRIBUTES_BYTES,
    state::Role,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    openapi::refusals::{Conflict, Forbidden},
    rest::{
        Answer, Listing, Meta, read,
        schema::{JsonObject, Moment, Pages},
    },
    storage::{
        Change, ChannelRecord, DefaultRole, Mark, MemberRecord, NewMember, Party, PartyKind,
        RoleType,
    },
};

/// What of a member's parameters is the store's own to say.
const NOT_HERE: [&str; 3] = ["LastConsumptionTimestamp", "DateCreated", "DateUpdated"];

/// A member of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    /// Their SID.
    sid: MemberSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// The channel.
    channel_sid: ChannelSid,
    /// Who they are.
    identity: Identity,
    /// Their role.
    role_sid: RoleSid,
    /// A JSON object, as text.
    #[schema(value_type = JsonObject)]
    attributes: String,
    /// The number of the last message they have read.
    last_consumed_message_index: Option<u64>,
    /// When they read it.
    #[schema(value_type = Option<Moment>)]
    last_consumption_timestamp: Option<String>,
    /// When they came in.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Its own address.
    url: String,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Members {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    members: Vec<Member>,
}

/// Who is to come in.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase", as = NewMember)]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct MemberForm {
    /// Who.
    identity: Identity,
    /// A role of the service for channels.
    role_sid: Option<RoleSid>,
    /// At most 4,096 bytes. `member_type` says whether they are shown as a `guest` or an `agent`.
    attributes: Option<JsonObject>,
    /// The number of the last message they have read; it only moves forward.
    last_consumed_message_index: Option<u64>,
}

/// What is to be changed of a member; what is not there stays.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct MemberChange {
    /// A role of the service for channels.
    role_sid: Option<RoleSid>,
    /// At most 4,096 bytes; what was there is replaced.
    attributes: Option<JsonObject>,
    /// The number of the last message they have read; it only moves forward.
    last_consumed_message_index: Option<u64>,
}

/// Brings somebody into a channel.
///
/// Who is no user of the account yet becomes one.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Members", tag = "Members",
    request_body(content = MemberForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The member.", body = Member), Conflict, Forbidden),
)]
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    ask.not_here(&NOT_HERE)?;
    let identity = ask.required("Identity", Identity::parse)?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Channel).await?;
    let read = ask.parsed("LastConsumedMessageIndex", read::number)?;
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

/// A member of a channel.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Members/{member}", tag = "Members",
    responses((status = 200, description = "The member.", body = Member)),
)]
pub(crate) async fn fetch(
    Path((service, channel, member)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let member = scope::member(&ask, &channel, &member).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &member)))
}

/// The members of a channel.
///
/// All, or those of some identities.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Members", tag = "Members",
    params(Pages, ("Identity" = Option<Vec<Identity>>, Query, description = "Only these.")),
    responses((status = 200, description = "A page of members.", body = Members)),
)]
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
    let (meta, members) = ask.page(&listing, "members", items.collect());
    Ok(ask::found(&Members { meta, members }))
}

/// Changes a member.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Members/{member}", tag = "Members",
    request_body(content = MemberChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The member.", body = Member), Conflict),
)]
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
    let read = ask.parsed("LastConsumedMessageIndex", read::number)?;
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

/// Takes a member out of a channel.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Channels/{channel}/Members/{member}", tag = "Members",
    responses((status = 204, description = "They have left."), Conflict),
)]
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

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord, member: &MemberRecord) -> Member {
    Member {
        sid: member.sid.clone(),
        account_sid: channel.account.clone(),
        service_sid: channel.service.clone(),
        channel_sid: channel.sid.clone(),
        identity: member.identity.clone(),
        role_sid: scope.role(member.role_sid.clone(), DefaultRole::ChannelUser),
        attributes: ask::text_of(&member.attributes),
        last_consumed_message_index: member.read,
        last_consumption_timestamp: member.read_at.map(time::iso),
        date_created: time::iso(member.created),
        date_updated: time::iso(member.updated),
        url: format!("{}/Channels/{}/Members/{}", scope.url(ask), channel.sid, member.sid),
    }
}
