//! A page to try the widget on: the front of a small shop, with the public script tag in it.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use super::{answer, page_policy};
use crate::{
    auth::origin::Origin,
    http::{Fronts, answer::RestAnswer},
};

/// The page, with the tag of the site that has our own Origin. Without `--demo`, a line of text.
pub(crate) async fn page(
    State(fronts): State<Fronts>,
    headers: HeaderMap,
) -> Result<Response, RestAnswer> {
    if !fronts.app.config.demo {
        return Ok("Frontdesk is running. The console is at /console/.\n".into_response());
    }
    let origin = fronts.app.config.origin();
    let site = fronts.site_at(&origin).await?.ok_or_else(|| {
        RestAnswer::not_found(
            "no site has this server's own address among its Origins: `frontdesk site add` makes \
             one",
        )
    })?;
    // By another of this machine's names, the page's socket has that name too.
    let here = asked_at(&origin, &headers).filter(|here| site.origins.contains(here));
    let policy = page_policy(&here.unwrap_or(origin));
    // A site's public id is letters, digits, `_` and `-`: nothing to escape.
    let page = Html(include_str!("page.html").replace("{site}", site.id.as_str()));
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response())
}

/// Where the page was asked for, as its Origin will be.
fn asked_at(public: &Origin, headers: &HeaderMap) -> Option<Origin> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let scheme = if public.is_secure() { "https" } else { "http" };
    Origin::parse_lenient(&format!("{scheme}://{host}")).ok()
}

/// Its style sheet and its picture.
pub(crate) async fn file(
    State(fronts): State<Fronts>,
    Path(name): Path<String>,
) -> Result<Response, RestAnswer> {
    let (kind, text) = match name.as_str() {
        "style.css" if fronts.app.config.demo => {
            ("text/css; charset=utf-8", include_str!("style.css"))
        }
        "bike.svg" if fronts.app.config.demo => ("image/svg+xml", include_str!("bike.svg")),
        _ => return Err(answer::missing()),
    };
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], text).into_response())
}
