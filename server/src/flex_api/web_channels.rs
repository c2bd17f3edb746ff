//! WebChannels: a chat begins, a chat ends.

use axum::{
    extract::{Extension, Request, State},
    response::Response,
};
use frontdesk_protocol::{
    ChannelSid, Identity,
    attributes::{self, Attributes},
    form::FieldError,
    id::{AccountSid, FlowSid},
};
use http::{HeaderMap, StatusCode, header};
use utoipa::ToSchema;

use super::chat::{self, Chat, Chats, Known, Name};
use crate::{
    auth::{
        basic::{self, Basic},
        tokens::{Token, TokenError},
    },
    engagement::{Asker, CreateError, EndError, Ender, HandoverError, Request as ChatRequest},
    http::{
        Fronts, Peer,
        answer::{self, RestAnswer},
        origin::RequestOrigin,
    },
    limits::counted,
    log::Source,
    openapi::refusals::{Conflict, Forbidden, Missing},
    rest::{
        Answer, Caller, Listing, Params, program, read,
        schema::{self, JsonObject, Pages},
        unknown,
    },
};

/// The word that stands where a user's name would, in front of a token.
const TOKEN_USER: &str = "token";

const RESOURCE: &str = "WebChannels";
/// Longest `PostEngagementData`, in bytes: what is left among a channel's attributes.
const POST_DATA_BYTES: usize = 1_024;

/// A chat to be opened.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewWebChannel {
    /// The flow that says who handles it.
    flex_flow_sid: FlowSid,
    /// The visitor: with a guest's token, the one it was given to.
    identity: Identity,
    /// The visitor's name.
    customer_friendly_name: String,
    /// The name of the chat, for agents.
    chat_friendly_name: String,
    /// Its name for programs: no other channel of the service has it. Not heeded of guests.
    chat_unique_name: Option<schema::Name>,
    /// The answers of the site's form.
    pre_engagement_data: Option<JsonObject>,
}

/// The end of a chat, or who is to answer.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct WebChannelChange {
    /// Nothing but `inactive`; needed unless `Handover` is given.
    chat_status: Option<ChatStatus>,
    /// People are to answer a chat that a program has answered so far; for the account alone.
    handover: Option<Handover>,
    /// At most 1,024 bytes, kept as `post_engagement_data` among the channel's attributes.
    post_engagement_data: Option<JsonObject>,
}

/// Who is to answer.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it describes a parameter, which is read by name")]
enum Handover {
    /// The agents.
    Agents,
}

/// What a chat may become.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it describes a parameter, which is read by name")]
enum ChatStatus {
    /// It has ended.
    Inactive,
}

/// The chats that were opened with a flow.
#[utoipa::path(
    get, path = "/v1/WebChannels", tag = "WebChannels",
    params(Pages),
    responses((status = 200, description = "A page of chats.", body = Chats)),
)]
pub(crate) async fn list(State(fronts): State<Fronts>, caller: Caller, listing: Listing) -> Answer {
    let found = chat::page(&fronts, &caller, &listing).await?;
    let items = found.iter().map(|r| (r.n, Chat::of(&fronts, RESOURCE, r))).collect();
    let (meta, flex_chat_channels) = listing.page(&fronts, &caller, chat::KEY, items);
    Ok(answer::json(StatusCode::OK, &Chats { meta, flex_chat_channels }))
}

/// A chat.
#[utoipa::path(
    get, path = "/v1/WebChannels/{channel}", tag = "WebChannels",
    responses((status = 200, description = "The chat.", body = Chat)),
)]
pub(crate) async fn fetch(State(fronts): State<Fronts>, Known { known, .. }: Known) -> Answer {
    Ok(answer::json(StatusCode::OK, &Chat::of(&fronts, RESOURCE, &known)))
}

/// Ends a chat and takes it off the lists.
///
/// What was said stays until the channel is removed.
#[utoipa::path(
    delete, path = "/v1/WebChannels/{channel}", tag = "WebChannels",
    responses((status = 204, description = "It is off the lists.")),
)]
pub(crate) async fn remove(State(fronts): State<Fronts>, known: Known) -> Answer {
    chat::remove(&fronts, known).await
}

/// Opens a chat.
///
/// With a guest's token for the guest, with the account's credentials for anybody.
#[utoipa::path(
    post, path = "/v1/WebChannels", tag = "WebChannels",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, pattern = r"^[!-~]([ -~]*[!-~])?$", description = "The same request with the same key opens no second chat within a week.")),
    request_body(content = NewWebChannel, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The chat.", body = Chat), Forbidden, Conflict, Missing),
    security(("account" = []), ("guest" = [])),
)]
pub(crate) async fn create(
    State(fronts): State<Fronts>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
) -> Result<Response, RestAnswer> {
    let asker = authenticate(&fronts, request.headers()).await?;
    let origin = RequestOrigin::of(&fronts, request.headers())?.origin().cloned();
    let idempotency_key = idempotency_key(request.headers())?;
    let form = Params::of(request).await?;
    let asked = ChatRequest {
        origin,
        flow: form.required("FlexFlowSid", |text| FlowSid::parse(text).ok())?,
        identity: form.required("Identity", Identity::parse)?,
        chat_name: form.required("ChatFriendlyName", read::text)?,
        unique_name: match &asker {
            Asker::Account(_) => form.optional("ChatUniqueName", read::name)?,
            // A guest could ask which names there are.
            Asker::Guest(_) => None,
        },
        customer_name: form.required("CustomerFriendlyName", read::text)?,
        pre_engagement_data: form.optional("PreEngagementData", read::object)?.unwrap_or_default(),
        idempotency_key,
        asker,
    };
    let account = match &asked.asker {
        Asker::Guest(token) => {
            // The account's own servers open chats for many.
            let taken = fronts.app.new_chats.take(counted(peer), fronts.app.now());
            taken.map_err(|after_ms| {
                RestAnswer::too_many("too many new chats from this address", after_ms)
            })?;
            token.party.account.clone()
        }
        Asker::Account(account) => account.clone(),
    };
    let flow = asked.flow.clone();
    let opened =
        fronts.app.engagement.create(asked).await.map_err(|error| refused(error, &flow))?;
    let known = chat::find(&fronts, &account, opened.channel.as_str()).await?;
    Ok(answer::json(StatusCode::CREATED, &Chat::of(&fronts, RESOURCE, &known)))
}

/// Ends a chat, or gives one to people.
#[utoipa::path(
    post, path = "/v1/WebChannels/{channel}", tag = "WebChannels",
    request_body(content = WebChannelChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The chat.", body = Chat), Forbidden, Conflict),
    security(("account" = []), ("guest" = [])),
)]
pub(crate) async fn update(
    State(fronts): State<Fronts>,
    Name(channel): Name,
    request: Request,
) -> Result<Response, RestAnswer> {
    let asker = authenticate(&fronts, request.headers()).await?;
    let source = program(request.headers());
    let form = Params::of(request).await?;
    let unknown = || RestAnswer::not_found(format!("there is no channel {channel:.64}"));
    let sid = ChannelSid::parse(&channel).map_err(|_| unknown())?;
    let handover = |text: &str| (text == "agents").then_some(());
    if form.optional("Handover", handover)?.is_some() {
        let Asker::Account(account) = asker else {
            return Err(RestAnswer::forbidden("Handover is for the account's programs"));
        };
        return hand_over(&fronts, &account, &sid, &source).await;
    }
    let (account, ender) = match asker {
        Asker::Guest(token) => (token.party.account.clone(), Ender::Member(token.party)),
        Asker::Account(account) => (account.clone(), Ender::Account { account, source }),
    };
    let mut attributes = Attributes::new();
    let data = form.optional("PostEngagementData", read::object)?;
    form.required("ChatStatus", |text| text.eq_ignore_ascii_case("inactive").then_some(()))?;
    if let Some(data) = data.filter(|data| !data.is_empty()) {
        if !attributes::fits(&data, POST_DATA_BYTES) {
            return Err(RestAnswer::bad_request("PostEngagementData is too long"));
        }
        attributes.insert("post_engagement_data".into(), data.into());
    }
    let ended = fronts.app.engagement.end_with(&sid, ender, attributes).await;
    ended.map_err(|error| match error {
        EndError::NotFound => unknown(),
        EndError::Store(error) => error.into(),
    })?;
    let known = chat::find(&fronts, &account, &channel).await?;
    Ok(answer::json(StatusCode::OK, &Chat::of(&fronts, RESOURCE, &known)))
}

/// `Handover=agents`: people are to answer from now on. Ours.
async fn hand_over(
    fronts: &Fronts,
    account: &AccountSid,
    sid: &ChannelSid,
    source: &Source,
) -> Answer {
    let done = fronts.app.engagement.hand_over(account, sid, source).await;
    done.map_err(|error| match error {
        HandoverError::NotFound => unknown("channel", sid.as_str()),
        HandoverError::Ended => RestAnswer::conflict("the chat has ended"),
        HandoverError::NoQueue => RestAnswer::conflict("the account has no queue"),
        HandoverError::Store(error) => error.into(),
    })?;
    let known = chat::find(fronts, account, sid.as_str()).await?;
    Ok(answer::json(StatusCode::OK, &Chat::of(fronts, RESOURCE, &known)))
}

/// `Basic token:JWT` or `Basic AC…:auth token`.
async fn authenticate(fronts: &Fronts, headers: &HeaderMap) -> Result<Asker, RestAnswer> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = header.and_then(Basic::parse).ok_or_else(|| {
        RestAnswer::unauthorized(
            "Authorization has to be Basic, of `token:` and a guest token, or of the account's \
             SID and auth token",
        )
    })?;
    if basic.user != TOKEN_USER {
        return match basic::account(fronts.app.store(), &basic).await? {
            Some(account) => Ok(Asker::Account(account.sid)),
            None => Err(RestAnswer::unauthorized("the SID or auth token is wrong")),
        };
    }
    let origin = RequestOrigin::of(fronts, headers)?;
    match fronts.app.identify(&basic.password, origin.origin()).await? {
        Ok(Token::Guest(token)) => Ok(Asker::Guest(Box::new(token))),
        Ok(Token::Agent(_)) => Err(RestAnswer::unauthorized("this takes guest tokens only")),
        Err(TokenError::Expired) => Err(RestAnswer::unauthorized("the token has expired")),
        Err(TokenError::Refused) => Err(RestAnswer::unauthorized("the token was refused")),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, RestAnswer> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| RestAnswer::bad_request("Idempotency-Key is not valid"))?;
    Ok(Some(key.to_owned()))
}

pub(super) fn refused(error: CreateError, flow: &FlowSid) -> RestAnswer {
    match error {
        CreateError::UnknownFlow => {
            RestAnswer::not_found(format!("FlexFlowSid: there is no flow {flow} for this chat"))
        }
        CreateError::FlowDisabled => {
            RestAnswer::bad_request(format!("FlexFlowSid: the flow {flow} is disabled"))
        }
        CreateError::NoHandler => chat::no_handler(flow),
        CreateError::NameTaken => chat::name_taken(),
        CreateError::UnknownSite => RestAnswer::not_found("the token's site is not there any more"),
        CreateError::OriginRefused { origin: Some(origin) } => {
            RestAnswer::foreign_origin(&origin, None)
        }
        CreateError::OriginRefused { origin: None } => {
            RestAnswer::forbidden("a guest's chat begins on a page: the Origin is missing")
        }
        CreateError::OtherIdentity => RestAnswer::forbidden("Identity is not the one of the token"),
        CreateError::Form { fields } => {
            RestAnswer::form(fields.into_iter().map(|(name, error)| (name, word(error))).collect())
        }
        CreateError::Refused { mut fields, message } => {
            let mut answer = RestAnswer::forbidden(
                message.clone().unwrap_or_else(|| "the chat was refused".into()),
            );
            if let Some(message) = message.filter(|_| !fields.is_empty()) {
                fields.insert(String::new(), message);
            }
            answer.fields = fields;
            answer
        }
        CreateError::Down => {
            RestAnswer::unavailable("whoever has to be asked did not answer; try again", 5)
        }
        CreateError::TooLong(what) => RestAnswer::bad_request(format!("{what} is too long")),
        CreateError::KeyReused => {
            RestAnswer::conflict("Idempotency-Key was used for another request")
        }
        CreateError::Store(error) => error.into(),
    }
}

/// The word for what is wrong with a field that browser and server share.
fn word(error: FieldError) -> String {
    match serde_json::to_value(error) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => error.to_string(),
    }
}
