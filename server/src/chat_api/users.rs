//! Users: the account's, under each of its services.

use frontdesk_protocol::{
    Identity, UserSid,
    id::{AccountSid, RoleSid, ServiceSid},
    limits::MESSAGE_ATTRIBUTES_BYTES,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    openapi::refusals::Conflict,
    rest::{
        Answer, Listing, Meta, read,
        schema::{JsonObject, Moment, Name, Pages},
    },
    storage::{self, Change, DefaultRole, RoleType, UserRecord},
};

/// A user: a guest, an agent or a program.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Their SID.
    sid: UserSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// Who they are.
    identity: Identity,
    /// The name to show.
    friendly_name: Option<String>,
    /// A JSON object, as text.
    #[schema(value_type = JsonObject)]
    attributes: String,
    /// Their role.
    role_sid: RoleSid,
    /// Always null.
    is_online: Option<bool>,
    /// Always null.
    is_notifiable: Option<bool>,
    /// How many channels they are in.
    joined_channels_count: u64,
    /// When it was made.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// What they have.
    links: UserLinks,
    /// Its own address.
    url: String,
}

/// Addresses of what a user has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserLinks {
    user_channels: String,
}

/// A page of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    users: Vec<User>,
}

/// Who a new user is to be.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewUser {
    /// Who they are.
    identity: Identity,
    /// The name to show.
    friendly_name: Option<Name>,
    /// At most 4,096 bytes.
    attributes: Option<JsonObject>,
    /// A role of the service for the whole service.
    role_sid: Option<RoleSid>,
}

/// What is to be changed of a user; what is not there stays.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct UserChange {
    /// The name to show.
    friendly_name: Option<Name>,
    /// At most 4,096 bytes; what was there is replaced.
    attributes: Option<JsonObject>,
    /// A role of the service for the whole service.
    role_sid: Option<RoleSid>,
}

/// Makes a user.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Users", tag = "Users",
    request_body(content = NewUser, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The user.", body = User), Conflict),
)]
pub(crate) async fn create(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let identity = ask.required("Identity", Identity::parse)?;
    let name = ask.parsed("FriendlyName", read::name)?.unwrap_or_default();
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Deployment).await?;
    scope::pace(&ask, scope.sid().as_str())?;
    let sid = UserSid::from_bits(ask.app().random().bits());
    let account = ask.account().clone();
    let user = storage::User { sid: sid.clone(), account, identity, name, attributes };
    commit(&ask, Change::AddUser { user, role_sid }, Thing::User, &sid).await?;
    let user = scope.user(&ask, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &user)))
}

/// A user.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Users/{user}", tag = "Users",
    responses((status = 200, description = "The user.", body = User)),
)]
pub(crate) async fn fetch(Path((service, user)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    Ok(ask::found(&show(&ask, &scope, &user)))
}

/// The users of the account.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Users", tag = "Users",
    params(Pages),
    responses((status = 200, description = "A page of users.", body = Users)),
)]
pub(crate) async fn list(Path(service): Path<String>, listing: Listing, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let after = listing.after().unwrap_or(0);
    let found = ask.store().users(ask.account(), after, listing.most()).await?;
    let items = found.iter().map(|user| (user.n, show(&ask, &scope, user)));
    let (meta, users) = ask.page(&listing, "users", items.collect());
    Ok(ask::found(&Users { meta, users }))
}

/// Changes a user.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Users/{user}", tag = "Users",
    request_body(content = UserChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The user.", body = User)),
)]
pub(crate) async fn update(Path((service, user)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let sid = scope.user(&ask, &user).await?.user.sid;
    let name = ask.parsed("FriendlyName", read::name)?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?;
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Deployment).await?;
    scope::pace(&ask, scope.sid().as_str())?;
    let change = Change::KeepUser { sid: sid.clone(), name, attributes, role_sid };
    commit(&ask, change, Thing::User, &sid).await?;
    let user = scope.user(&ask, sid.as_str()).await?;
    Ok(ask::found(&show(&ask, &scope, &user)))
}

/// Removes a user.
///
/// They leave all channels.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Users/{user}", tag = "Users",
    responses((status = 204, description = "They are removed."), Conflict),
)]
pub(crate) async fn remove(Path((service, user)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let sid = scope.user(&ask, &user).await?.user.sid;
    scope::pace(&ask, scope.sid().as_str())?;
    commit(&ask, Change::RemoveUser { sid: sid.clone() }, Thing::Agent, &sid).await?;
    Ok(ask::removed())
}

async fn commit(ask: &Ask, change: Change, thing: Thing, sid: &UserSid) -> Result<(), RestAnswer> {
    let what = format!("/Users/{sid}");
    let done = ask.app().log.commit(ask.source(), vec![change]).await;
    done.map(drop).map_err(|error| refused::commit(error, thing, &what))
}

fn show(ask: &Ask, scope: &Scope, record: &UserRecord) -> User {
    let user = &record.user;
    let url = format!("{}/Users/{}", scope.url(ask), user.sid);
    User {
        sid: user.sid.clone(),
        account_sid: user.account.clone(),
        service_sid: scope.sid().clone(),
        identity: user.identity.clone(),
        friendly_name: Some(&user.name).filter(|name| !name.is_empty()).cloned(),
        attributes: ask::text_of(&user.attributes),
        role_sid: scope.role(record.role_sid.clone(), DefaultRole::ServiceUser),
        // Nobody is told who is here: reachability is off.
        is_online: None,
        is_notifiable: None,
        joined_channels_count: record.channels,
        date_created: time::iso(record.created),
        date_updated: time::iso(record.updated),
        links: UserLinks { user_channels: format!("{url}/Channels") },
        url,
    }
}
