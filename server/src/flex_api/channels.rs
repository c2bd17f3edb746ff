//! Channels: what WebChannels are, with the task and the user.

use axum::extract::State;
use frontdesk_protocol::{Identity, id::FlowSid};
use http::StatusCode;

use super::{
    chat::{self, Channel, Chat, Known},
    web_channels::refused,
};
use crate::{
    engagement::{Asker, Request},
    http::{Fronts, answer},
    rest::{Answer, Caller, Listing, Params, read},
    storage::{EngagementRecord, StoreError},
};

const RESOURCE: &str = "Channels";

/// `GET /v1/Channels`
pub(crate) async fn list(State(fronts): State<Fronts>, caller: Caller, listing: Listing) -> Answer {
    let mut items = Vec::new();
    for record in chat::page(&fronts, &caller, &listing).await? {
        items.push((record.n, channel(&fronts, &record).await?));
    }
    Ok(listing.page(&fronts, &caller, chat::KEY, items))
}

/// `POST /v1/Channels`: opens a chat for somebody.
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

/// `GET /v1/Channels/{channel}`
pub(crate) async fn fetch(State(fronts): State<Fronts>, Known { known, .. }: Known) -> Answer {
    Ok(answer::json(StatusCode::OK, &channel(&fronts, &known).await?))
}

/// `DELETE /v1/Channels/{channel}`
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
