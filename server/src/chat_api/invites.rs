//! Invitations into a channel. One is used up when its bearer comes in.

use frontdesk_protocol::{
    ChannelSid, Identity,
    id::{AccountSid, InviteSid, RoleSid, ServiceSid},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    members::identities,
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    openapi::refusals::Conflict,
    rest::{
        Answer, Listing, Meta,
        schema::{Moment, Pages},
    },
    storage::{Change, ChannelRecord, DefaultRole, InviteRecord, RoleType, system},
};

/// An invitation into a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invite {
    /// Its SID.
    sid: InviteSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// The channel.
    channel_sid: ChannelSid,
    /// Who is invited.
    identity: Identity,
    /// The role they will have.
    role_sid: RoleSid,
    /// Who invited them.
    created_by: Identity,
    /// When it was made.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Its own address.
    url: String,
}

/// A page of invitations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invites {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    invites: Vec<Invite>,
}

/// Who is to be invited.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewInvite {
    /// Who.
    identity: Identity,
    /// A role of the service for channels.
    role_sid: Option<RoleSid>,
}

/// Invites somebody into a channel.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Invites", tag = "Invites",
    request_body(content = NewInvite, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The invitation.", body = Invite), Conflict),
)]
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let identity = ask.required("Identity", Identity::parse)?;
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Channel).await?;
    scope::pace(&ask, channel.sid.as_str())?;
    let sid = InviteSid::from_bits(ask.app().random().bits());
    let change = Change::Invite {
        channel: channel.sid.clone(),
        sid: sid.clone(),
        identity,
        role_sid,
        created_by: system(),
    };
    commit(&ask, change, &channel).await?;
    let invite = find(&ask, &channel, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &channel, &invite)))
}

/// An invitation.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Invites/{invite}", tag = "Invites",
    responses((status = 200, description = "The invitation.", body = Invite)),
)]
pub(crate) async fn fetch(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let invite = find(&ask, &channel, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &invite)))
}

/// The invitations into a channel.
///
/// All, or those of some identities.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Invites", tag = "Invites",
    params(Pages, ("Identity" = Option<Vec<Identity>>, Query, description = "Only theirs.")),
    responses((status = 200, description = "A page of invitations.", body = Invites)),
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
    let found = ask.store().invites(&channel.sid, &identities, after, listing.most()).await?;
    let items = found.iter().map(|invite| (invite.n, show(&ask, &scope, &channel, invite)));
    let (meta, invites) = ask.page(&listing, "invites", items.collect());
    Ok(ask::found(&Invites { meta, invites }))
}

/// Takes an invitation back.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Channels/{channel}/Invites/{invite}", tag = "Invites",
    responses((status = 204, description = "It is taken back.")),
)]
pub(crate) async fn remove(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let sid = find(&ask, &channel, &sid).await?.sid;
    scope::pace(&ask, channel.sid.as_str())?;
    commit(&ask, Change::Uninvite { channel: channel.sid.clone(), sid }, &channel).await?;
    Ok(ask::removed())
}

async fn commit(ask: &Ask, change: Change, channel: &ChannelRecord) -> Result<(), RestAnswer> {
    let what = format!("/Channels/{}/Invites", channel.sid);
    let done = ask.app().log.commit(ask.source(), vec![change]).await;
    done.map(drop).map_err(|error| refused::commit(error, Thing::Invite, &what))
}

async fn find(ask: &Ask, channel: &ChannelRecord, sid: &str) -> Result<InviteRecord, RestAnswer> {
    let found = match InviteSid::parse(sid) {
        Ok(sid) => ask.store().invite(&channel.sid, &sid).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| refused::absent(&format!("/Channels/{}/Invites/{sid}", channel.sid)))
}

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord, invite: &InviteRecord) -> Invite {
    Invite {
        sid: invite.sid.clone(),
        account_sid: channel.account.clone(),
        service_sid: channel.service.clone(),
        channel_sid: channel.sid.clone(),
        identity: invite.identity.clone(),
        role_sid: scope.role(invite.role_sid.clone(), DefaultRole::ChannelUser),
        created_by: invite.created_by.clone(),
        date_created: time::iso(invite.created),
        date_updated: time::iso(invite.created),
        url: format!("{}/Channels/{}/Invites/{}", scope.url(ask), channel.sid, invite.sid),
    }
}
