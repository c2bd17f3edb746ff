//! Users: the account's, under each of its services.

use frontdesk_protocol::{Identity, UserSid, limits::MESSAGE_ATTRIBUTES_BYTES};
use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing, read},
    storage::{Change, DefaultRole, RoleType, User, UserRecord},
};

/// `POST …/Users`.
pub(crate) async fn create(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let identity = ask.required("Identity", Identity::parse)?;
    let name = ask.parsed("FriendlyName", read::name)?.unwrap_or_default();
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Deployment).await?;
    scope::pace(&ask, scope.sid().as_str())?;
    let sid = UserSid::from_bits(ask.app().random().bits());
    let account = ask.account().clone();
    let user = User { sid: sid.clone(), account, identity, name, attributes };
    commit(&ask, Change::AddUser { user, role_sid }, Thing::User, &sid).await?;
    let user = scope.user(&ask, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &user)))
}

/// `GET …/Users/{SID or identity}`.
pub(crate) async fn fetch(Path((service, user)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    Ok(ask::found(&show(&ask, &scope, &user)))
}

/// `GET …/Users`.
pub(crate) async fn list(Path(service): Path<String>, listing: Listing, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let after = listing.after().unwrap_or(0);
    let found = ask.store().users(ask.account(), after, listing.most()).await?;
    let items = found.iter().map(|user| (user.n, show(&ask, &scope, user)));
    Ok(ask.page(&listing, "users", items.collect()))
}

/// `POST …/Users/US…`.
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

/// `DELETE …/Users/US…`: they leave all channels.
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

fn show(ask: &Ask, scope: &Scope, record: &UserRecord) -> Value {
    let user = &record.user;
    let url = format!("{}/Users/{}", scope.url(ask), user.sid);
    json!({
        "sid": user.sid,
        "account_sid": user.account,
        "service_sid": scope.sid(),
        "identity": user.identity,
        "friendly_name": Some(&user.name).filter(|name| !name.is_empty()),
        "attributes": json!(user.attributes).to_string(),
        "role_sid": scope.role(record.role_sid.clone(), DefaultRole::ServiceUser),
        // Nobody is told who is here: reachability is off.
        "is_online": null,
        "is_notifiable": null,
        "joined_channels_count": record.channels,
        "date_created": time::iso(record.created),
        "date_updated": time::iso(record.updated),
        "links": { "user_channels": format!("{url}/Channels") },
        "url": url,
    })
}
