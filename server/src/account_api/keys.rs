//! API keys: made, listed, renamed, given up.
//!
//! An account's SID and auth token alone may do this. With a key, keys could outlive the one that
//! leaked. The retired service's standard keys were refused in the same way.
//!
//! Source: `twilio@4.23.0:lib/rest/api/v2010/account/{newKey,key}.js`.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, header, request::Parts},
};
use frontdesk_protocol::id::KeySid;
use serde::Serialize;
use utoipa::{ToSchema, openapi::OpenApi};

use crate::{
    auth::{basic::Basic, secret_text},
    http::{
        Fronts,
        answer::{self, RestAnswer},
        time,
    },
    rest::{
        Answer, Caller, Listing, Meta, Params, read,
        schema::{Name, Pages},
        unknown,
    },
    storage::{ApiKey, KeyRecord},
};

/// The addresses under which the retired service's libraries ask for the same, by ours.
pub(crate) const TWINS: [(&str, &str); 2] = [
    ("/v1/Keys", "/2010-04-01/Accounts/{account}/Keys.json"),
    ("/v1/Keys/{key}", "/2010-04-01/Accounts/{account}/Keys/{key}"),
];

/// An API key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Key {
    /// Its SID.
    sid: KeySid,
    /// Its name.
    friendly_name: Option<String>,
    /// When it was made, as RFC 2822 has it.
    date_created: String,
    /// When it was last changed, as RFC 2822 has it.
    date_updated: String,
}

/// An API key that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeKey {
    #[serde(flatten)]
    key: Key,
    /// Its secret, which is told this once.
    secret: String,
}

/// A page of API keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Keys {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    keys: Vec<Key>,
}

/// What an API key is called.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct KeyForm {
    /// Its name.
    friendly_name: Option<Name>,
}

/// The API keys of the account.
#[utoipa::path(
    get, path = "/v1/Keys", tag = "Keys",
    params(Pages),
    responses((status = 200, description = "A page of keys.", body = Keys)),
)]
pub(crate) async fn list(
    State(fronts): State<Fronts>,
    Owner { caller, .. }: Owner,
    listing: Listing,
) -> Answer {
    let after = listing.after().unwrap_or_default();
    let found = fronts.app.store().key_list(caller.sid(), after, listing.most()).await?;
    let items = found.iter().map(|record| (record.n, Key::of(record))).collect();
    let (meta, keys) = listing.page(&fronts, &caller, "keys", items);
    Ok(answer::json(StatusCode::OK, &Keys { meta, keys }))
}

/// Makes an API key.
///
/// Only this answer has its secret.
#[utoipa::path(
    post, path = "/v1/Keys", tag = "Keys",
    request_body(content = KeyForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The key and its secret.", body = MadeKey)),
)]
pub(crate) async fn create(
    State(fronts): State<Fronts>,
    Owner { caller, .. }: Owner,
    form: Params,
) -> Answer {
    let name = form.optional("FriendlyName", read::name)?.unwrap_or_default();
    pace(&fronts, &caller)?;
    let random = fronts.app.random();
    let (sid, secret) = (KeySid::from_bits(random.bits()), secret_text(&random.secret()));
    let (account, shown) = (caller.sid().clone(), secret.clone());
    fronts.app.store().put_api_key(ApiKey { sid: sid.clone(), account, name, secret }).await?;
    let key = Key::of(&find(&fronts, &caller, sid.as_str()).await?);
    Ok(answer::json(StatusCode::CREATED, &MadeKey { key, secret: shown }))
}

/// An API key, without its secret.
#[utoipa::path(
    get, path = "/v1/Keys/{key}", tag = "Keys",
    responses((status = 200, description = "The key.", body = Key)),
)]
pub(crate) async fn fetch(State(fronts): State<Fronts>, Owner { caller, key }: Owner) -> Answer {
    Ok(answer::json(StatusCode::OK, &Key::of(&find(&fronts, &caller, &key).await?)))
}

/// Gives an API key another name.
#[utoipa::path(
    post, path = "/v1/Keys/{key}", tag = "Keys",
    request_body(content = KeyForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The key.", body = Key)),
)]
pub(crate) async fn update(
    State(fronts): State<Fronts>,
    Owner { caller, key }: Owner,
    form: Params,
) -> Answer {
    let sid = find(&fronts, &caller, &key).await?.key.sid;
    if let Some(name) = form.optional("FriendlyName", read::name)? {
        pace(&fronts, &caller)?;
        fronts.app.store().rename_api_key(&sid, name).await?;
    }
    Ok(answer::json(StatusCode::OK, &Key::of(&find(&fronts, &caller, &key).await?)))
}

/// Gives an API key up.
///
/// What it signed is refused from then on, and the connections with its tokens end.
#[utoipa::path(
    delete, path = "/v1/Keys/{key}", tag = "Keys",
    responses((status = 204, description = "It is given up.")),
)]
pub(crate) async fn remove(State(fronts): State<Fronts>, Owner { caller, key }: Owner) -> Answer {
    let sid = find(&fronts, &caller, &key).await?.key.sid;
    fronts.app.revocations.give_up(&sid).await?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

impl Key {
    fn of(record: &KeyRecord) -> Self {
        Self {
            sid: record.key.sid.clone(),
            friendly_name: Some(&record.key.name).filter(|name| !name.is_empty()).cloned(),
            date_created: time::rfc_2822(record.created),
            date_updated: time::rfc_2822(record.updated),
        }
    }
}

async fn find(fronts: &Fronts, caller: &Caller, text: &str) -> Result<KeyRecord, RestAnswer> {
    let record = match KeySid::parse(text) {
        Ok(sid) => fronts.app.store().key_record(&sid).await?,
        Err(_) => None,
    };
    let record = record.filter(|record| record.key.account == *caller.sid());
    record.ok_or_else(|| unknown("key", text))
}

/// As with services: 30 a second of an account.
fn pace(fronts: &Fronts, caller: &Caller) -> Result<(), RestAnswer> {
    fronts.app.log.pace(caller.sid().as_str()).map_err(RestAnswer::too_fast)
}

/// The account itself, at its own address, and the key that the address names.
#[derive(Debug)]
pub(crate) struct Owner {
    caller: Caller,
    key: String,
}

impl FromRequestParts<Fronts> for Owner {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let caller = Caller::from_request_parts(parts, fronts).await?;
        let header = parts.headers.get(header::AUTHORIZATION);
        let basic = header.and_then(|value| value.to_str().ok()).and_then(Basic::parse);
        if basic.is_none_or(|basic| KeySid::parse(&basic.user).is_ok()) {
            return Err(RestAnswer::unauthorized(
                "an API key may not do this: Authorization has to be Basic, of the account's SID \
                 and auth token",
            ));
        }
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, fronts).await;
        let Path(mut named) = named.map_err(|_| unknown("such thing", "here"))?;
        let account = named.remove("account");
        if let Some(other) = account.filter(|account| *account != caller.sid().as_str()) {
            return Err(unknown("account", &other));
        }
        let key = named.remove("key").unwrap_or_default();
        let key = key.strip_suffix(".json").map(str::to_owned).unwrap_or(key);
        Ok(Self { caller, key })
    }
}

/// Describes the twins, as what they are twins of.
pub(crate) fn describe_twins(document: &mut OpenApi) {
    for (path, twin) in TWINS {
        let Some(mut item) = document.paths.paths.get(path).cloned() else { continue };
        for operation in [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten() {
            operation.tags = Some(vec!["Keys, version 2010-04-01".into()]);
        }
        document.paths.paths.insert(twin.into(), item);
    }
}
