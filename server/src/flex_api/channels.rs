//! Channels: what WebChannels are, with the task and the user.

use axum::extract::State;
use frontdesk_protocol::{Identity, id::FlowSid};
use http::StatusCode;
use utoipa::ToSchema;

use super::{
    chat::{self, Channel, Channels, Chat, Known},
    web_channels::refused,
};
use crate::{
    engagement::{Asker, Request},
    http::{Fronts, answer},
    openapi::refusals::{Conflict, Missing},
    rest::{
        Answer, Caller, Listing, Params, read,
        schema::{JsonObject, Name, Pages},
    },
    storage::{EngagementRecord, StoreError},
};

const RESOURCE: &str = "Channels";

/// A chat to be opened.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase", as = NewFlexChannel)]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewChannel {
    /// The flow that says who handles it.
    flex_flow_sid: FlowSid,
    /// The visitor.
    identity: Identity,
    /// The visitor's name.
    chat_user_friendly_name: String,
    /// The name of the chat, for agents.
    chat_friendly_name: String,
    /// Its name for programs: no other channel of the service has it.
    chat_unique_name: Option<Name>,
    /// The answers of the site's form.
    pre_engagement_data: Option<JsonObject>,
}

/// The chats, with their tasks and users.
#[utoipa::path(
    get, path = "/v1/Channels", tag = "Flex Channels",
    params(Pages),
    responses((status = 200, description = "A page of chats.", body = Channels)),
)]
pub(crate) async fn list(State(fronts): State<Fronts>, caller: Caller, listing: Listing) -> Answer {
    let mut items = Vec::new();
    for record in chat::page(&fronts, &caller, &listing).await? {
        items.push((record.n, channel(&fronts, &record).await?));
    }
    let (meta, flex_chat_channels) = listing.page(&fronts, &caller, chat::KEY, items);
    Ok(answer::json(StatusCode::OK, &Channels { meta, flex_chat_channels }))
}

/// Opens a chat for somebody.
#[utoipa::path(
    post, path = "/v1/Channels", tag = "Flex Channels",
    request_body(content = NewChannel, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The chat.", body = Channel), Conflict, Missing),
)]
pub(crate) async fn create(State(fronts): State<Fronts>, caller: Caller, form: Params) -> Answer {
    let flow = form.required("FlexFlowSid", |text| FlowSid::parse(text).ok())?;
    let request = Request {
        asker: Asker::Account(caller.sid().clone()),
        origin: None,
        flow: flow.clone(),
        identity: form.required("Identity", Identity::parse)?,
        customer_name: form.required("ChatUserFriendlyName", read::text)?,
        chat_name: form.required("ChatFriendlyName", read::text)?,
        unique_name: form.optional("ChatUniqueName", read::name)?,
        pre_engagement_data: form.optional("PreEngagementData", read::object)?.unwrap_or_default(),
        idempotency_key: None,
    };
    let opened = fronts.app.engagement.create(request).await;
    let opened = opened.map_err(|error| refused(error, &flow))?;
    let known = chat::find(&fronts, caller.sid(), opened.channel.as_str()).await?;
    Ok(answer::json(StatusCode::CREATED, &channel(&fronts, &known).await?))
}

/// A chat, with its task and user.
#[utoipa::path(
    get, path = "/v1/Channels/{channel}", tag = "Flex Channels",
    responses((status = 200, description = "The chat.", body = Channel)),
)]
pub(crate) async fn fetch(State(fronts): State<Fronts>, Known { known, .. }: Known) -> Answer {
    Ok(answer::json(StatusCode::OK, &channel(&fronts, &known).await?))
}

/// Ends a chat and takes it off the lists.
///
/// What was said stays until the channel is removed.
#[utoipa::path(
    delete, path = "/v1/Channels/{channel}", tag = "Flex Channels",
    responses((status = 204, description = "It is off the lists.")),
)]
pub(crate) async fn remove(State(fronts): State<Fronts>, known: Known) -> Answer {
    chat::remove(&fronts, known).await
}

async fn channel(fronts: &Fronts, record: &EngagementRecord) -> Result<Channel, StoreError> {
    let engagement = &record.engagement;
    let user = fronts.app.store().user(&engagement.account, &engagement.identity).await?;
    Ok(Channel {
        chat: Chat::of(fronts, RESOURCE, record),
        user_sid: user.map(|user| user.sid),
        task_sid: engagement.task.clone(),
    })
}
