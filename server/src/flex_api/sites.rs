//! `GET /v1/Sites/{public id}`: what the widget needs once it is opened.

use axum::{
    extract::{Path, State},
    response::Response,
};
use frontdesk_protocol::{SUBPROTOCOL, site::SiteConfig};
use http::{HeaderMap, StatusCode};

use crate::{
    http::{
        Fronts,
        answer::{self, RestAnswer},
        origin::RequestOrigin,
    },
    openapi::refusals::Forbidden,
    storage::{Site, SiteId},
};

/// A site's configuration, for its own pages.
#[utoipa::path(
    get, path = "/v1/Sites/{site}", tag = "Sites",
    responses((status = 200, description = "The configuration.", body = SiteConfig), Forbidden),
    security(()),
)]
pub(crate) async fn fetch(
    State(fronts): State<Fronts>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, RestAnswer> {
    let site = find(&fronts, &id).await?;
    if let RequestOrigin::Page(origin) = RequestOrigin::of(&fronts, &headers)?
        && !site.origins.contains(&origin)
    {
        return Err(RestAnswer::foreign_origin(&origin, Some(&id)));
    }
    let staffed = fronts.app.is_staffed(&site.flow).await?;
    let config = SiteConfig {
        site: id,
        account_sid: site.account,
        flex_flow_sid: site.flow,
        name: site.profile.name,
        tagline: site.profile.tagline,
        staffed,
        form: site.profile.form,
        protocols: vec![SUBPROTOCOL.into()],
    };
    Ok(answer::json(StatusCode::OK, &config))
}

/// The site with this public id.
pub(crate) async fn find(fronts: &Fronts, id: &str) -> Result<Site, RestAnswer> {
    let unknown = || {
        RestAnswer::not_found(format!(
            "there is no site {id:.64}. `frontdesk site add` makes one and prints its tag"
        ))
    };
    let id = SiteId::parse(id).ok_or_else(unknown)?;
    fronts.app.store().site(&id).await?.ok_or_else(unknown)
}
