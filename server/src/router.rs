//! Every route in one list.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware,
    response::Redirect,
    routing::{any, get, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    account_api::keys,
    agent_api, assets, chat, chat_api, flex_api,
    http::{Fronts, answer::RestAnswer, cors, layers},
    media_api, openapi, twilsock,
};

/// All that is served.
pub(crate) fn router(fronts: Fronts) -> Router {
    let (pages, mut description) = for_pages().split_for_parts();
    let pages = pages
        .route("/media/v1/Services/{service}/Media", post(media_api::upload::create))
        .route("/media/v1/Services/{service}/Media/{media}", get(media_api::resource::fetch))
        .route("/media/v1/Services/{service}/Media/{media}/Content", get(media_api::content::fetch))
        .route("/media/v1/Media/{media}/Link", get(media_api::resource::temporary))
        // Before the layer, so that preflights go through it.
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(fronts.clone(), cors::allow));
    let (servers, of_servers) = for_servers().split_for_parts();
    description.merge(of_servers);
    // What the console asks for, same Origin.
    let console = Router::new()
        .route("/console/api/login", post(agent_api::session::login))
        .route("/console/api/logout", post(agent_api::session::logout))
        .route("/console/api/me", get(agent_api::session::me))
        .route("/console/api/token", post(agent_api::session::token))
        .route("/console/api/tasks/{task}/accept", post(agent_api::tasks::accept))
        .route("/console/api/tasks/{task}/close", post(agent_api::tasks::close));
    // What is built in.
    let built_in = Router::new()
        .route("/", get(assets::demo::page))
        .route("/demo/{file}", get(assets::demo::file))
        .route("/frontdesk.js", get(assets::loader::serve))
        .route("/assets/{file}", get(assets::asset))
        .route("/console", get(|| async { Redirect::permanent("/console/") }))
        .route("/console/", get(assets::console::page))
        .route("/console/{file}", get(assets::console::file))
        .route("/robots.txt", get(|| async { assets::ROBOTS }));
    let docs = if fronts.app.config.api_docs {
        keys::describe_twins(&mut description);
        openapi::routes(&openapi::complete(description, fronts.app.config.origin().as_str()))
    } else {
        Router::new()
    };
    Router::new()
        .merge(pages)
        .merge(servers)
        .merge(console)
        .merge(built_in)
        .merge(docs)
        .route("/chat", any(chat::upgrade))
        .route("/v3/wsconnect", any(twilsock::upgrade))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .fallback(|| async { RestAnswer::not_found("there is nothing at this address") })
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(fronts.clone(), layers::around))
        .with_state(fronts)
}

/// What pages of other Origins ask for. The addresses stand at the handlers.
fn for_pages() -> OpenApiRouter<Fronts> {
    use flex_api::{sites, tokens, web_channels};
    OpenApiRouter::new()
        .routes(routes!(tokens::create))
        .routes(routes!(tokens::refresh))
        .routes(routes!(sites::fetch))
        .routes(routes!(web_channels::list, web_channels::create))
        .routes(routes!(web_channels::fetch, web_channels::update, web_channels::remove))
}

/// What an account's own servers ask for: keys, Flex API, version 1, and Programmable Chat,
/// version 2.
fn for_servers() -> OpenApiRouter<Fronts> {
    use chat_api::{
        channels, invites, members, messages, roles, services, user_channels, users, webhooks,
    };
    use flex_api::{channels as flex_channels, flex_flows};
    let [(_, key_list), (_, key)] = keys::TWINS;
    OpenApiRouter::new()
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::fetch, keys::update, keys::remove))
        .route(key_list, get(keys::list).post(keys::create))
        .route(key, get(keys::fetch).post(keys::update).delete(keys::remove))
        .routes(routes!(flex_channels::list, flex_channels::create))
        .routes(routes!(flex_channels::fetch, flex_channels::remove))
        .routes(routes!(flex_flows::list, flex_flows::create))
        .routes(routes!(flex_flows::fetch, flex_flows::update, flex_flows::remove))
        .routes(routes!(services::list, services::create))
        .routes(routes!(services::fetch, services::update, services::remove))
        .routes(routes!(channels::list, channels::create))
        .routes(routes!(channels::fetch, channels::update, channels::remove))
        .routes(routes!(messages::list, messages::create))
        .routes(routes!(messages::fetch, messages::update, messages::remove))
        .routes(routes!(members::list, members::create))
        .routes(routes!(members::fetch, members::update, members::remove))
        .routes(routes!(invites::list, invites::create))
        .routes(routes!(invites::fetch, invites::remove))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::fetch, webhooks::update, webhooks::remove))
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::fetch, roles::update, roles::remove))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::fetch, users::update, users::remove))
        .routes(routes!(user_channels::list))
        .routes(routes!(user_channels::fetch, user_channels::update, user_channels::remove))
}

async fn wrong_method() -> RestAnswer {
    let message = "this address does not take this method";
    RestAnswer::new(StatusCode::METHOD_NOT_ALLOWED, 20_004, message)
}

/// Whether requests are taken.
async fn ready(State(fronts): State<Fronts>) -> (StatusCode, &'static str) {
    if fronts.app.is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
