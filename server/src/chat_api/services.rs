//! Chat services of the account.

use frontdesk_protocol::id::{AccountSid, ServiceSid};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    scope::{self, Scope},
    settings::{self, ServiceChange},
};
use crate::{
    http::{answer::RestAnswer, time},
    openapi::refusals::Conflict,
    rest::{
        Answer, Listing, Meta, read,
        schema::{Moment, Name, Pages},
    },
    storage::{self, ServiceRecord},
};

/// A chat service: what channels and users are kept in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Service {
    /// Its SID.
    sid: ServiceSid,
    /// The account.
    account_sid: AccountSid,
    /// Its name.
    friendly_name: String,
    /// When it was made.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    #[serde(flatten)]
    settings: settings::Shown,
    /// What is in it.
    links: ServiceLinks,
    /// Its own address.
    url: String,
}

/// Addresses of what is in a service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceLinks {
    channels: String,
    users: String,
    roles: String,
}

/// A page of services.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Services {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    services: Vec<Service>,
}

/// What a new service is called.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewService {
    /// Its name.
    friendly_name: Name,
}

/// Makes a service.
#[utoipa::path(
    post, path = "/v2/Services", tag = "Services",
    request_body(content = NewService, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The service.", body = Service)),
)]
pub(crate) async fn create(ask: Ask) -> Answer {
    let name = ask.required("FriendlyName", read::name)?;
    scope::pace(&ask, ask.account().as_str())?;
    let sid = ServiceSid::from_bits(ask.app().random().bits());
    let account = ask.account().clone();
    ask.store().put_service(storage::Service { sid: sid.clone(), account, name }).await?;
    let scope = Scope::of(&ask, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, scope.service)))
}

/// A service.
#[utoipa::path(
    get, path = "/v2/Services/{service}", tag = "Services",
    responses((status = 200, description = "The service.", body = Service)),
)]
pub(crate) async fn fetch(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    Ok(ask::found(&show(&ask, scope.service)))
}

/// The services of the account.
#[utoipa::path(
    get, path = "/v2/Services", tag = "Services",
    params(Pages),
    responses((status = 200, description = "A page of services.", body = Services)),
)]
pub(crate) async fn list(listing: Listing, ask: Ask) -> Answer {
    let after = listing.after().unwrap_or(0);
    let found = ask.store().service_list(ask.account(), after, listing.most()).await?;
    let items = found.into_iter().map(|service| (service.n, show(&ask, service)));
    let (meta, services) = ask.page(&listing, "services", items.collect());
    Ok(ask::found(&Services { meta, services }))
}

/// Changes the settings of a service.
#[utoipa::path(
    post, path = "/v2/Services/{service}", tag = "Services",
    request_body(content = ServiceChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The service.", body = Service)),
)]
pub(crate) async fn update(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let name = ask.parsed("FriendlyName", read::name)?;
    let mut asked = settings::asked(&ask)?;
    for (name, kind) in settings::ROLES {
        if let Some(role) = scope.role_parameter(&ask, name, kind).await? {
            asked.insert(name, json!(role));
        }
    }
    scope::pace(&ask, scope.sid().as_str())?;
    let ServiceRecord { service, mut settings, .. } = scope.service;
    settings.extend(asked.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let name = name.unwrap_or(service.name);
    ask.store().set_service(&service.sid, name, settings).await?;
    ask.app().listeners.service_changed();
    let scope = Scope::of(&ask, service.sid.as_str()).await?;
    Ok(ask::found(&show(&ask, scope.service)))
}

/// Removes a service.
///
/// Only one without channels and flows.
#[utoipa::path(
    delete, path = "/v2/Services/{service}", tag = "Services",
    responses((status = 204, description = "It is removed."), Conflict),
)]
pub(crate) async fn remove(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    if ask.store().delete_service(scope.sid()).await? {
        return Ok(ask::removed());
    }
    Err(RestAnswer::conflict("the service has channels or Flex flows; remove them first"))
}

fn show(ask: &Ask, record: ServiceRecord) -> Service {
    let scope = Scope { service: record };
    let (service, url) = (&scope.service.service, scope.url(ask));
    Service {
        sid: service.sid.clone(),
        account_sid: service.account.clone(),
        friendly_name: service.name.clone(),
        date_created: time::iso(scope.service.created),
        date_updated: time::iso(scope.service.updated),
        settings: scope.settings().shown(),
        links: ServiceLinks {
            channels: format!("{url}/Channels"),
            users: format!("{url}/Users"),
            roles: format!("{url}/Roles"),
        },
        url,
    }
}
