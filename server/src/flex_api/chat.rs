//! A chat that was opened with a flow, as WebChannels and Channels answer it.

use axum::extract::{FromRequestParts, Path};
use frontdesk_protocol::{
    ChannelSid, TaskSid, UserSid,
    id::{AccountSid, FlowSid},
};
use http::{StatusCode, request::Parts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    engagement::{EndError, Ender},
    http::{
        Fronts,
        answer::{self, RestAnswer},
        time,
    },
    log::Source,
    rest::{Answer, Caller, Listing, Meta, schema::Moment, unknown},
    storage::EngagementRecord,
};

/// The key of both lists.
pub(super) const KEY: &str = "flex_chat_channels";

/// A chat that was opened with a flow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebChannel)]
pub(crate) struct Chat {
    /// The account.
    pub(super) account_sid: AccountSid,
    /// The flow it was opened with.
    pub(super) flex_flow_sid: FlowSid,
    /// Its channel.
    pub(super) sid: ChannelSid,
    /// Its own address.
    pub(super) url: String,
    /// When it was opened.
    #[schema(value_type = Moment)]
    pub(super) date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    pub(super) date_updated: String,
}

impl Chat {
    /// `resource` is the word in the address.
    pub(super) fn of(fronts: &Fronts, resource: &str, record: &EngagementRecord) -> Self {
        let sid = record.engagement.channel.clone();
        Self {
            account_sid: record.engagement.account.clone(),
            flex_flow_sid: record.engagement.flow.clone(),
            url: format!("{}/v1/{resource}/{sid}", fronts.app.config.origin()),
            sid,
            date_created: time::iso(record.created),
            date_updated: time::iso(record.updated),
        }
    }
}

/// A chat that was opened with a flow, with the task and the user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlexChannel)]
pub(crate) struct Channel {
    #[serde(flatten)]
    pub(super) chat: Chat,
    /// The visitor.
    pub(super) user_sid: Option<UserSid>,
    /// The task about it, if people are to answer.
    pub(super) task_sid: Option<TaskSid>,
}

/// A page of chats.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebChannels)]
pub(crate) struct Chats {
    /// Where it is in the list.
    pub(super) meta: Meta,
    /// What is on the page.
    pub(super) flex_chat_channels: Vec<Chat>,
}

/// A page of chats, with their tasks and users.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlexChannels)]
pub(crate) struct Channels {
    /// Where it is in the list.
    pub(super) meta: Meta,
    /// What is on the page.
    pub(super) flex_chat_channels: Vec<Channel>,
}

/// The last part of the address.
#[derive(Debug)]
pub(crate) struct Name(pub(super) String);

impl FromRequestParts<Fronts> for Name {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        // What is no UTF-8 names nothing.
        let path = Path::<String>::from_request_parts(parts, fronts).await;
        path.map(|Path(text)| Self(text)).map_err(|_| unknown("such thing", "here"))
    }
}

/// The chat in the address, which is the caller's.
#[derive(Debug)]
pub(crate) struct Known {
    pub(super) known: EngagementRecord,
    /// On whose behalf it is asked for.
    pub(super) source: Source,
}

impl FromRequestParts<Fronts> for Known {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let caller = Caller::from_request_parts(parts, fronts).await?;
        let Name(text) = Name::from_request_parts(parts, fronts).await?;
        let known = find(fronts, caller.sid(), &text).await?;
        Ok(Self { known, source: caller.source().clone() })
    }
}

pub(super) async fn find(
    fronts: &Fronts,
    account: &AccountSid,
    text: &str,
) -> Result<EngagementRecord, RestAnswer> {
    let record = match ChannelSid::parse(text) {
        Ok(sid) => fronts.app.store().engagement(&sid).await?,
        Err(_) => None,
    };
    let record = record.filter(|record| record.engagement.account == *account);
    record.ok_or_else(|| unknown("channel", text))
}

/// A page of the caller's chats.
pub(super) async fn page(
    fronts: &Fronts,
    caller: &Caller,
    listing: &Listing,
) -> Result<Vec<EngagementRecord>, RestAnswer> {
    let after = listing.after().unwrap_or_default();
    let found = fronts.app.store().engagements(caller.sid(), after, listing.most()).await?;
    Ok(found)
}

/// Ends the chat if it goes on, and forgets that it was one of a flow. What was said stays, until
/// the channel itself is removed.
pub(super) async fn remove(fronts: &Fronts, Known { known, source }: Known) -> Answer {
    let engagement = &known.engagement;
    let ender = Ender::Account { account: engagement.account.clone(), source };
    fronts.app.engagement.end(&engagement.channel, ender).await.map_err(|error| match error {
        EndError::NotFound => unknown("channel", engagement.channel.as_str()),
        EndError::Store(error) => error.into(),
    })?;
    fronts.app.store().delete_engagement(&engagement.channel).await?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// Why a chat was not opened, beside what is told in words elsewhere.
pub(super) fn no_handler(flow: &FlowSid) -> RestAnswer {
    RestAnswer::bad_request(format!(
        "FlexFlowSid: nothing here runs the integration of the flow {flow} yet; chats of flows with \
         IntegrationType task can be opened"
    ))
}

/// The name of the chat for programs is another's.
pub(super) fn name_taken() -> RestAnswer {
    RestAnswer::conflict("ChatUniqueName: another channel of the service has it")
}
