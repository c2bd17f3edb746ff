//! WebChannels: a chat begins, a chat ends.

use axum::{
    extract::{Extension, Request, State},
    response::Response,
};
use frontdesk_protocol::{
    ChannelSid, Identity,
    attributes::{self, Attributes},
    form::FieldError,
    id::FlowSid,
};
use http::{HeaderMap, StatusCode, header};

use super::chat::{self, Chat, Known, Name};
use crate::{
    auth::{
        basic::{self, Basic},
        tokens::{Token, TokenError},
    },
    engagement::{Asker, CreateError, EndError, Ender, Request as ChatRequest},
    http::{
        Fronts, Peer,
        answer::{self, RestAnswer},
        origin::RequestOrigin,
    },
    limits::counted,
    rest::{Answer, Caller, Listing, Params, program, read},
};

/// The word that stands where a user's name would, in front of a token.
const TOKEN_USER: &str = "token";

const RESOURCE: &str = "WebChannels";
/// Longest `PostEngagementData`, in bytes: what is left among a channel's attributes.
const POST_DATA_BYTES: usize = 1_024;

/// `GET /v1/WebChannels`
pub(crate) async fn list(State(fronts): State<Fronts>, caller: Caller, listing: Listing) -> Answer {
    let found = chat::page(&fronts, &caller, &listing).await?;
    let items = found.iter().map(|r| (r.n, Chat::of(&fronts, RESOURCE, r))).collect();
    Ok(listing.page(&fronts, &caller, chat::KEY, items))
}

/// `GET /v1/WebChannels/{channel}`
pub(crate) async fn fetch(State(fronts): State<Fronts>, Known { known, .. }: Known) -> Answer {
    Ok(answer::json(StatusCode::OK, &Chat::of(&fronts, RESOURCE, &known)))
}

/// `DELETE /v1/WebChannels/{channel}`
pub(crate) async fn remove(State(fronts): State<Fronts>, known: Known) -> Answer {
    chat::remove(&fronts, known).await
}

/// `POST /v1/WebChannels`: opens a chat.
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

/// `POST /v1/WebChannels/{channel}` with `ChatStatus=inactive`: ends a chat.
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
    form.required("ChatStatus", |text| text.eq_ignore_ascii_case("inactive").then_some(()))?;
    let (account, ender) = match asker {
        Asker::Guest(token) => (token.party.account.clone(), Ender::Member(token.party)),
        Asker::Account(account) => (account.clone(), Ender::Account { account, source }),
    };
    let mut attributes = Attributes::new();
    let data = form.optional("PostEngagementData", read::object)?;
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
