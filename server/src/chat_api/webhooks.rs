//! Webhooks of a channel: addresses that hear of what happens in it.

use frontdesk_protocol::{
    ChannelSid,
    id::{AccountSid, ServiceSid, WebhookSid},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    hooks::address::Address,
    http::{answer::RestAnswer, time},
    rest::{
        Answer, Listing, Meta, read,
        schema::{Moment, Name, Pages},
    },
    storage::{
        Change, ChannelRecord, HookKind, HookMethod, NewWebhook, WEBHOOKS_PER_CHANNEL,
        WebhookRecord,
    },
};

/// Most filters, and most triggers, of one webhook.
const TEXTS: usize = 32;
/// Longest address, in bytes.
const URL_BYTES: usize = 2_048;

/// A webhook of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Its SID.
    sid: WebhookSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// The channel.
    channel_sid: ChannelSid,
    /// What it is.
    #[serde(rename = "type")]
    kind: HookKind,
    /// What it is told, and where.
    configuration: Configuration,
    /// When it was made.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Its own address.
    url: String,
}

/// What a webhook is told, and where: as far as its type goes by it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Configuration {
    /// The address that is called, of a webhook or a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// How, of a webhook or a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<HookMethod>,
    /// The events that it is told of, of a webhook or a Studio flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    filters: Option<Vec<String>>,
    /// The words it goes by, of a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    triggers: Option<Vec<String>>,
    /// The Studio flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_sid: Option<String>,
    /// As it was set. How often a delivery comes again is for the server to say.
    retry_count: u32,
}

/// A page of webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhooks {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    webhooks: Vec<Webhook>,
}

/// A webhook to be made.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewChannelWebhook {
    /// What it is.
    #[schema(rename = "Type")]
    kind: HookKind,
    /// The address to call; needed of a webhook and a trigger.
    #[schema(rename = "Configuration.Url", max_length = 2_048, pattern = r"^https?://[!-~]*$")]
    url: Option<String>,
    /// How it is called: by POST if nothing is said.
    #[schema(rename = "Configuration.Method")]
    method: Option<HookMethod>,
    /// The events that a webhook is told of.
    #[schema(rename = "Configuration.Filters", required = false)]
    filters: Vec<Name>,
    /// The words that a trigger goes by.
    #[schema(rename = "Configuration.Triggers", required = false)]
    triggers: Vec<Name>,
    /// The Studio flow; needed of one of that type.
    #[schema(rename = "Configuration.FlowSid")]
    flow_sid: Option<Name>,
    /// Kept, and without effect.
    #[schema(rename = "Configuration.RetryCount", maximum = 3)]
    retry_count: Option<u32>,
}

/// What of a webhook is to change.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct ChannelWebhookChange {
    /// The address to call.
    #[schema(rename = "Configuration.Url", max_length = 2_048, pattern = r"^https?://[!-~]*$")]
    url: Option<String>,
    /// How it is called.
    #[schema(rename = "Configuration.Method")]
    method: Option<HookMethod>,
    /// The events that a webhook is told of.
    #[schema(rename = "Configuration.Filters", required = false)]
    filters: Vec<Name>,
    /// The words that a trigger goes by.
    #[schema(rename = "Configuration.Triggers", required = false)]
    triggers: Vec<Name>,
    /// The Studio flow.
    #[schema(rename = "Configuration.FlowSid")]
    flow_sid: Option<Name>,
    /// Kept, and without effect.
    #[schema(rename = "Configuration.RetryCount", maximum = 3)]
    retry_count: Option<u32>,
}

/// Makes a webhook of a channel, which has five at most.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Webhooks", tag = "Webhooks",
    request_body(content = NewChannelWebhook, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The webhook.", body = Webhook)),
)]
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let kind = ask.required("Type", |text| match text {
        "webhook" => Some(HookKind::Webhook),
        "trigger" => Some(HookKind::Trigger),
        "studio" => Some(HookKind::Studio),
        _ => None,
    })?;
    let empty = NewWebhook {
        sid: WebhookSid::from_bits(ask.app().random().bits()),
        kind,
        url: None,
        method: HookMethod::Post,
        filters: Vec::new(),
        triggers: Vec::new(),
        flow_sid: None,
        retry_count: 0,
    };
    let webhook = configured(&ask, empty)?;
    put(&ask, &scope, &channel, webhook, true).await
}

/// A webhook of a channel.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Webhooks/{webhook}", tag = "Webhooks",
    responses((status = 200, description = "The webhook.", body = Webhook)),
)]
pub(crate) async fn fetch(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let webhook = find(&ask, &channel, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &webhook)))
}

/// The webhooks of a channel.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Webhooks", tag = "Webhooks",
    params(Pages),
    responses((status = 200, description = "A page of webhooks.", body = Webhooks)),
)]
pub(crate) async fn list(
    Path((service, channel)): Path<(String, String)>,
    listing: Listing,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let (after, most) = (listing.after().unwrap_or(0), listing.most());
    let found = ask.store().webhooks(&channel.sid, after, most).await?;
    let items = found.iter().map(|webhook| (webhook.n, show(&ask, &scope, &channel, webhook)));
    let (meta, webhooks) = ask.page(&listing, "webhooks", items.collect());
    Ok(ask::found(&Webhooks { meta, webhooks }))
}

/// Changes a webhook.
///
/// What is given replaces what was.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Webhooks/{webhook}", tag = "Webhooks",
    request_body(content = ChannelWebhookChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The webhook.", body = Webhook)),
)]
pub(crate) async fn update(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let known = find(&ask, &channel, &sid).await?;
    let webhook = configured(&ask, known.webhook)?;
    put(&ask, &scope, &channel, webhook, false).await
}

/// Removes a webhook.
///
/// What it was to be told before still goes out.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Channels/{channel}/Webhooks/{webhook}", tag = "Webhooks",
    responses((status = 204, description = "It is removed.")),
)]
pub(crate) async fn remove(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let sid = find(&ask, &channel, &sid).await?.webhook.sid;
    scope::pace(&ask, channel.sid.as_str())?;
    commit(&ask, Change::RemoveWebhook { channel: channel.sid.clone(), sid }, &channel).await?;
    Ok(ask::removed())
}

async fn put(
    ask: &Ask,
    scope: &Scope,
    channel: &ChannelRecord,
    webhook: NewWebhook,
    is_new: bool,
) -> Answer {
    scope::pace(ask, channel.sid.as_str())?;
    let sid = webhook.sid.clone();
    let (at, webhook) = (channel.sid.clone(), Box::new(webhook));
    commit(ask, Change::PutWebhook { channel: at, webhook }, channel).await?;
    let webhook = find(ask, channel, sid.as_str()).await?;
    let shown = show(ask, scope, channel, &webhook);
    Ok(if is_new { ask::created(&shown) } else { ask::found(&shown) })
}

async fn commit(ask: &Ask, change: Change, channel: &ChannelRecord) -> Result<(), RestAnswer> {
    let what = format!("/Channels/{}/Webhooks", channel.sid);
    let done = ask.app().log.commit(ask.source(), vec![change]).await;
    done.map(drop).map_err(|error| refused::commit(error, Thing::Webhook, &what))
}

/// A webhook with what is given, and with all that its type cannot do without.
fn configured(ask: &Ask, mut webhook: NewWebhook) -> Result<NewWebhook, RestAnswer> {
    if ask.all("Configuration.Url").iter().any(|url| url.len() > URL_BYTES) {
        return Err(refused::url_too_long(URL_BYTES));
    }
    let url = |text: &str| Address::parse(text).is_ok().then(|| text.to_owned());
    if let Some(url) = ask.parsed("Configuration.Url", url)? {
        webhook.url = Some(url);
    }
    let method = ask.parsed("Configuration.Method", |text| match text {
        "GET" => Some(HookMethod::Get),
        "POST" => Some(HookMethod::Post),
        _ => None,
    })?;
    webhook.method = method.unwrap_or(webhook.method);
    for (name, texts) in [
        ("Configuration.Filters", &mut webhook.filters),
        ("Configuration.Triggers", &mut webhook.triggers),
    ] {
        let given = ask.all(name);
        if given.len() > TEXTS {
            return Err(refused::too_many_triggers(name, TEXTS));
        }
        if given.iter().any(|text| text.is_empty() || read::name(text).is_none()) {
            return Err(RestAnswer::bad_request(format!("{name} is not valid")));
        }
        if !given.is_empty() {
            *texts = given.into_iter().map(ToOwned::to_owned).collect();
        }
    }
    if let Some(flow) = ask.parsed("Configuration.FlowSid", read::name)? {
        webhook.flow_sid = Some(flow);
    }
    let retries = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= 3);
    if let Some(count) = ask.parsed("Configuration.RetryCount", retries)? {
        webhook.retry_count = count;
    }
    let missing = match webhook.kind {
        HookKind::Webhook | HookKind::Trigger if webhook.url.is_none() => "Configuration.Url",
        HookKind::Studio if webhook.flow_sid.is_none() => "Configuration.FlowSid",
        HookKind::Webhook | HookKind::Trigger | HookKind::Studio => return Ok(webhook),
    };
    Err(RestAnswer::bad_request(format!("{missing} is required for this Type")))
}

async fn find(ask: &Ask, channel: &ChannelRecord, sid: &str) -> Result<WebhookRecord, RestAnswer> {
    let found = match WebhookSid::parse(sid) {
        Ok(sid) => ask.store().webhook(&channel.sid, &sid).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| refused::absent(&format!("/Channels/{}/Webhooks/{sid}", channel.sid)))
}

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord, record: &WebhookRecord) -> Webhook {
    let webhook = record.webhook.clone();
    let NewWebhook { sid, kind, url, method, filters, triggers, flow_sid, retry_count } = webhook;
    let (calls, filtered) = (kind != HookKind::Studio, kind != HookKind::Trigger);
    Webhook {
        url: format!("{}/Channels/{}/Webhooks/{sid}", scope.url(ask), channel.sid),
        sid,
        account_sid: channel.account.clone(),
        service_sid: channel.service.clone(),
        channel_sid: channel.sid.clone(),
        kind,
        configuration: Configuration {
            url: url.filter(|_| calls),
            method: calls.then_some(method),
            filters: filtered.then_some(filters),
            triggers: (!filtered).then_some(triggers),
            flow_sid: flow_sid.filter(|_| !calls),
            retry_count,
        },
        date_created: time::iso(record.created),
        date_updated: time::iso(record.updated),
    }
}

/// That a channel has as many webhooks as it may.
pub(super) fn full() -> String {
    format!("the channel has {WEBHOOKS_PER_CHANNEL} webhooks, and no more can be")
}
