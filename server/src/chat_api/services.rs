//! Chat services of the account.

use frontdesk_protocol::id::ServiceSid;
use serde_json::{Map, Value, json};

use super::{
    ask::{self, Ask, Path},
    scope::{self, Scope},
    settings,
};
use crate::{
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing, read},
    storage::{RoleType, Service, ServiceRecord},
};

/// The parameters of default roles, with what they are about.
const ROLES: [(&str, RoleType); 3] = [
    ("DefaultServiceRoleSid", RoleType::Deployment),
    ("DefaultChannelRoleSid", RoleType::Channel),
    ("DefaultChannelCreatorRoleSid", RoleType::Channel),
];

/// `POST /Services`.
pub(crate) async fn create(ask: Ask) -> Answer {
    let name = ask.required("FriendlyName", read::name)?;
    scope::pace(&ask, ask.account().as_str())?;
    let sid = ServiceSid::from_bits(ask.app().random().bits());
    let account = ask.account().clone();
    ask.store().put_service(Service { sid: sid.clone(), account, name }).await?;
    let scope = Scope::of(&ask, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, scope.service)))
}

/// `GET /Services/IS…`.
pub(crate) async fn fetch(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    Ok(ask::found(&show(&ask, scope.service)))
}

/// `GET /Services`.
pub(crate) async fn list(listing: Listing, ask: Ask) -> Answer {
    let after = listing.after().unwrap_or(0);
    let found = ask.store().service_list(ask.account(), after, listing.most()).await?;
    let items = found.into_iter().map(|service| (service.n, show(&ask, service)));
    Ok(ask.page(&listing, "services", items.collect()))
}

/// `POST /Services/IS…`.
pub(crate) async fn update(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let name = ask.parsed("FriendlyName", read::name)?;
    let mut asked = settings::asked(&ask)?;
    for (name, kind) in ROLES {
        if let Some(role) = scope.role_parameter(&ask, name, kind).await? {
            asked.insert(name, json!(role));
        }
    }
    scope::pace(&ask, scope.sid().as_str())?;
    let ServiceRecord { service, mut settings, .. } = scope.service;
    settings.extend(asked.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let name = name.unwrap_or(service.name);
    ask.store().set_service(&service.sid, name, settings).await?;
    let scope = Scope::of(&ask, service.sid.as_str()).await?;
    Ok(ask::found(&show(&ask, scope.service)))
}

/// `DELETE /Services/IS…`: one without channels and flows.
pub(crate) async fn remove(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    if ask.store().delete_service(scope.sid()).await? {
        return Ok(ask::removed());
    }
    Err(RestAnswer::conflict("the service has channels or Flex flows; remove them first"))
}

fn show(ask: &Ask, record: ServiceRecord) -> Value {
    let scope = Scope { service: record };
    let (service, url) = (&scope.service.service, scope.url(ask));
    let mut answer = Map::new();
    scope.settings().write(&mut answer);
    let own = json!({
        "sid": service.sid,
        "account_sid": service.account,
        "friendly_name": service.name,
        "date_created": time::iso(scope.service.created),
        "date_updated": time::iso(scope.service.updated),
        "links": {
            "channels": format!("{url}/Channels"),
            "users": format!("{url}/Users"),
            "roles": format!("{url}/Roles"),
        },
        "url": url,
    });
    if let Value::Object(own) = own {
        answer.extend(own);
    }
    Value::Object(answer)
}
