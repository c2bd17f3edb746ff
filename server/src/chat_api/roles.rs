//! Roles of a service. They are kept and answered; what a widget's visitor may do follows from
//! their token alone.

use frontdesk_protocol::{
    Millis,
    id::{AccountSid, RoleSid, ServiceSid},
};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::{
    ask::{self, Ask, Path},
    refused,
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    openapi::refusals::Conflict,
    rest::{
        Answer, Listing, Meta, read,
        schema::{Moment, Name, Pages},
    },
    storage::{DefaultRole, RoleRecord, RoleType},
};

/// All permissions there are.
const PERMISSIONS: [&str; 17] = [
    "addMember",
    "createChannel",
    "deleteAnyMessage",
    "deleteOwnMessage",
    "destroyChannel",
    "editAnyMessage",
    "editAnyMessageAttributes",
    "editAnyUserInfo",
    "editChannelAttributes",
    "editChannelName",
    "editOwnMessage",
    "editOwnMessageAttributes",
    "editOwnUserInfo",
    "inviteMember",
    "joinChannel",
    "leaveChannel",
    "removeMember",
];
/// And those of saying something.
const SENDING: [&str; 2] = ["sendMediaMessage", "sendMessage"];

/// A role: permissions under a name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Role {
    /// Its SID.
    sid: RoleSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// Its name.
    friendly_name: String,
    /// What it is about.
    #[serde(rename = "type")]
    kind: RoleType,
    /// What its bearers may do.
    permissions: Vec<String>,
    /// When it was made.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Its own address.
    url: String,
}

/// A page of roles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Roles {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    roles: Vec<Role>,
}

/// What a new role is to be.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewRole {
    /// Its name.
    friendly_name: Name,
    /// What it is about.
    r#type: RoleType,
    /// What its bearers may do, each once.
    #[schema(min_items = 1)]
    permission: Vec<Permission>,
}

/// What a role is to allow from now on.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct RoleChange {
    /// What its bearers may do, each once.
    #[schema(min_items = 1)]
    permission: Vec<Permission>,
}

/// One of the permissions there are.
pub(crate) enum Permission {}

impl PartialSchema for Permission {
    fn schema() -> RefOr<Schema> {
        let words = PERMISSIONS.iter().chain(&SENDING).copied();
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl ToSchema for Permission {}

/// Makes a role.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Roles", tag = "Roles",
    request_body(content = NewRole, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The role.", body = Role)),
)]
pub(crate) async fn create(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let name = ask.required("FriendlyName", read::name)?;
    let kind = ask.required("Type", |text| match text {
        "channel" => Some(RoleType::Channel),
        "deployment" => Some(RoleType::Deployment),
        _ => None,
    })?;
    let permissions = permissions(&ask)?;
    scope::pace(&ask, scope.sid().as_str())?;
    let sid = RoleSid::from_bits(ask.app().random().bits());
    let role = RoleRecord {
        n: 0,
        sid: sid.clone(),
        service: scope.sid().clone(),
        name,
        kind,
        permissions,
        created: Millis(0),
        updated: Millis(0),
    };
    ask.store().put_role(role).await?;
    let role = find(&ask, &scope, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &role)))
}

/// A role.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Roles/{role}", tag = "Roles",
    responses((status = 200, description = "The role.", body = Role)),
)]
pub(crate) async fn fetch(Path((service, sid)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let role = find(&ask, &scope, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &role)))
}

/// The roles of a service.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Roles", tag = "Roles",
    params(Pages),
    responses((status = 200, description = "A page of roles.", body = Roles)),
)]
pub(crate) async fn list(Path(service): Path<String>, listing: Listing, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let after = listing.after().unwrap_or(0);
    let found = ask.store().roles(scope.sid(), after, listing.most()).await?;
    let items = found.iter().map(|role| (role.n, show(&ask, &scope, role)));
    let (meta, roles) = ask.page(&listing, "roles", items.collect());
    Ok(ask::found(&Roles { meta, roles }))
}

/// Gives a role other permissions.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Roles/{role}", tag = "Roles",
    request_body(content = RoleChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The role.", body = Role)),
)]
pub(crate) async fn update(Path((service, sid)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let known = find(&ask, &scope, &sid).await?;
    let permissions = permissions(&ask)?;
    scope::pace(&ask, scope.sid().as_str())?;
    ask.store().put_role(RoleRecord { permissions, ..known }).await?;
    let role = find(&ask, &scope, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &role)))
}

/// Removes a role.
///
/// Only one that nobody has and that is no default.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Roles/{role}", tag = "Roles",
    responses((status = 204, description = "It is removed."), Conflict),
)]
pub(crate) async fn remove(Path((service, sid)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let role = find(&ask, &scope, &sid).await?;
    scope::pace(&ask, scope.sid().as_str())?;
    let is_default = DefaultRole::ALL.iter().any(|default| {
        let now = scope.settings().default_role(*default);
        role.sid == now || role.sid == default.sid(scope.sid())
    });
    if is_default || !ask.store().delete_role(&role.sid).await? {
        return Err(RestAnswer::conflict("the role is a default of the service, or somebody's"));
    }
    Ok(ask::removed())
}

fn permissions(ask: &Ask) -> Result<Vec<String>, RestAnswer> {
    let asked = ask.all("Permission");
    if asked.is_empty() {
        return Err(RestAnswer::bad_request("Permission is required"));
    }
    let known = |text: &&str| PERMISSIONS.contains(text) || SENDING.contains(text);
    if !asked.iter().all(known) {
        return Err(RestAnswer::bad_request("Permission is not valid"));
    }
    let mut permissions: Vec<String> = asked.into_iter().map(str::to_owned).collect();
    permissions.sort_unstable();
    permissions.dedup();
    Ok(permissions)
}

async fn find(ask: &Ask, scope: &Scope, sid: &str) -> Result<RoleRecord, RestAnswer> {
    let found = match RoleSid::parse(sid) {
        Ok(sid) => ask.store().role(&sid).await?,
        Err(_) => None,
    };
    let role = found.filter(|role| role.service == *scope.sid());
    role.ok_or_else(|| refused::absent(&format!("/Services/{}/Roles/{sid}", scope.sid())))
}

fn show(ask: &Ask, scope: &Scope, role: &RoleRecord) -> Role {
    Role {
        sid: role.sid.clone(),
        account_sid: ask.account().clone(),
        service_sid: role.service.clone(),
        friendly_name: role.name.clone(),
        kind: role.kind,
        permissions: role.permissions.clone(),
        date_created: time::iso(role.created),
        date_updated: time::iso(role.updated),
        url: format!("{}/Roles/{}", scope.url(ask), role.sid),
    }
}
