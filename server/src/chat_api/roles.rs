//! Roles of a service. They are kept and answered; what a widget's visitor may do follows from
//! their token alone.

use frontdesk_protocol::{Millis, id::RoleSid};
use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    refused,
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing, read},
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

/// `POST …/Roles`.
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

/// `GET …/Roles/RL…`.
pub(crate) async fn fetch(Path((service, sid)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let role = find(&ask, &scope, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &role)))
}

/// `GET …/Roles`.
pub(crate) async fn list(Path(service): Path<String>, listing: Listing, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let after = listing.after().unwrap_or(0);
    let found = ask.store().roles(scope.sid(), after, listing.most()).await?;
    let items = found.iter().map(|role| (role.n, show(&ask, &scope, role)));
    Ok(ask.page(&listing, "roles", items.collect()))
}

/// `POST …/Roles/RL…`: other permissions.
pub(crate) async fn update(Path((service, sid)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let known = find(&ask, &scope, &sid).await?;
    let permissions = permissions(&ask)?;
    scope::pace(&ask, scope.sid().as_str())?;
    ask.store().put_role(RoleRecord { permissions, ..known }).await?;
    let role = find(&ask, &scope, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &role)))
}

/// `DELETE …/Roles/RL…`: one that nobody has and that is no default.
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

fn show(ask: &Ask, scope: &Scope, role: &RoleRecord) -> Value {
    json!({
        "sid": role.sid,
        "account_sid": ask.account(),
        "service_sid": role.service,
        "friendly_name": role.name,
        "type": role.kind,
        "permissions": role.permissions,
        "date_created": time::iso(role.created),
        "date_updated": time::iso(role.updated),
        "url": format!("{}/Roles/{}", scope.url(ask), role.sid),
    })
}
