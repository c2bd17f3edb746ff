//! Every route in one list.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware,
    response::Redirect,
    routing::{any, get, post},
};

use crate::{
    agent_api, assets, chat, chat_api, flex_api,
    http::{Fronts, answer::RestAnswer, cors, layers},
    media_api,
};

/// All that is served.
pub(crate) fn router(fronts: Fronts) -> Router {
    use flex_api::{channels, flex_flows, web_channels};
    // What pages of other Origins ask for.
    let flex = Router::new()
        .route("/v1/Accounts/{account}/Tokens", post(flex_api::tokens::create))
        .route("/v1/Accounts/{account}/Tokens/refresh", post(flex_api::tokens::refresh))
        .route("/v1/Sites/{site}", get(flex_api::sites::fetch))
        .route("/v1/WebChannels", get(web_channels::list).post(web_channels::create))
        .route(
            "/v1/WebChannels/{channel}",
            get(web_channels::fetch).post(web_channels::update).delete(web_channels::remove),
        )
        .route("/media/v1/Services/{service}/Media", post(media_api::upload::create))
        .route("/media/v1/Services/{service}/Media/{media}", get(media_api::resource::fetch))
        .route("/media/v1/Services/{service}/Media/{media}/Content", get(media_api::content::fetch))
        .route("/media/v1/Media/{media}/Link", get(media_api::resource::temporary))
        // Before the layer, so that preflights go through it.
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(fronts.clone(), cors::allow));
    // What an account's own servers ask for: Flex API, version 1.
    let flex_servers = Router::new()
        .route("/v1/Channels", get(channels::list).post(channels::create))
        .route("/v1/Channels/{channel}", get(channels::fetch).delete(channels::remove))
        .route("/v1/FlexFlows", get(flex_flows::list).post(flex_flows::create))
        .route(
            "/v1/FlexFlows/{flow}",
            get(flex_flows::fetch).post(flex_flows::update).delete(flex_flows::remove),
        );
    let chat = chat_v2();
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
    Router::new()
        .merge(flex)
        .merge(flex_servers)
        .merge(chat)
        .merge(console)
        .merge(built_in)
        .route("/chat", any(chat::upgrade))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .fallback(|| async { RestAnswer::not_found("there is nothing at this address") })
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(fronts.clone(), layers::around))
        .with_state(fronts)
}

/// What an account's own servers ask for: Programmable Chat, version 2.
fn chat_v2() -> Router<Fronts> {
    use chat_api::{channels, invites, members, messages, roles, services, user_channels, users};
    const SERVICE: &str = "/v2/Services/{service}";
    let at = |rest: &str| format!("{SERVICE}{rest}");
    let (channel, user) = (at("/Channels/{channel}"), at("/Users/{user}"));
    let (in_channel, of_user) =
        (|rest: &str| format!("{channel}{rest}"), |rest: &str| format!("{user}{rest}"));
    Router::new()
        .route("/v2/Services", get(services::list).post(services::create))
        .route(SERVICE, get(services::fetch).post(services::update).delete(services::remove))
        .route(&at("/Channels"), get(channels::list).post(channels::create))
        .route(&channel, get(channels::fetch).post(channels::update).delete(channels::remove))
        .route(&in_channel("/Messages"), get(messages::list).post(messages::create))
        .route(
            &in_channel("/Messages/{message}"),
            get(messages::fetch).post(messages::update).delete(messages::remove),
        )
        .route(&in_channel("/Members"), get(members::list).post(members::create))
        .route(
            &in_channel("/Members/{member}"),
            get(members::fetch).post(members::update).delete(members::remove),
        )
        .route(&in_channel("/Invites"), get(invites::list).post(invites::create))
        .route(&in_channel("/Invites/{invite}"), get(invites::fetch).delete(invites::remove))
        .route(&at("/Roles"), get(roles::list).post(roles::create))
        .route(&at("/Roles/{role}"), get(roles::fetch).post(roles::update).delete(roles::remove))
        .route(&at("/Users"), get(users::list).post(users::create))
        .route(&user, get(users::fetch).post(users::update).delete(users::remove))
        .route(&of_user("/Channels"), get(user_channels::list))
        .route(
            &of_user("/Channels/{channel}"),
            get(user_channels::fetch).post(user_channels::update).delete(user_channels::remove),
        )
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
