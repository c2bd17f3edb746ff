//! CORS: an exact list of Origins, no credentials, and nothing that a cache could mix up.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, StatusCode, header};

use super::{
    Fronts,
    answer::{self, RestAnswer},
    origin::RequestOrigin,
};

/// Answers preflights, and lets the pages of known sites read the answers of a route. Whether that
/// page may do what it asks is the route's own question.
pub(crate) async fn allow(State(fronts): State<Fronts>, request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let allowed = match RequestOrigin::of(&fronts, request.headers()) {
        Ok(RequestOrigin::Nowhere) => None,
        Ok(RequestOrigin::Own(origin)) => Some(origin),
        Ok(RequestOrigin::Page(origin)) => match fronts.site_at(&origin).await {
            Ok(Some(_)) => Some(origin),
            // The answer is there for people who look at it with other tools than a page.
            Ok(None) => return vary(RestAnswer::foreign_origin(&origin, None).into_response()),
            Err(error) => return vary(RestAnswer::from(error).into_response()),
        },
        Err(refused) => return vary(refused.into_response()),
    };
    let mut response =
        if preflight { answer::empty(StatusCode::NO_CONTENT) } else { next.run(request).await };
    let Some(origin) = allowed.and_then(|o| HeaderValue::from_str(o.as_str()).ok()) else {
        return vary(response);
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if preflight {
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "authorization, content-type, idempotency-key, x-twilio-token",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    } else {
        let readable = HeaderValue::from_static("retry-after, x-request-id");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, readable);
    }
    vary(response)
}

fn vary(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}
