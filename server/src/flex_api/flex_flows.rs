//! FlexFlows: what handles a chat.

mod shown;

use axum::extract::State;
use frontdesk_protocol::id::{FlowSid, ServiceSid};
use http::StatusCode;
use serde_json::{Map, Value};

use self::shown::{FlexFlow, FlexFlowChange, FlexFlows, NewFlexFlow};
use super::chat::Name;
use crate::{
    http::{
        Fronts,
        answer::{self, RestAnswer},
    },
    openapi::refusals::{Conflict, Missing},
    rest::{Answer, Caller, Listing, Params, read, schema::Pages, unknown},
    storage::{FLOW_ADDRESS, Flow, FlowRecord, IntegrationConfig},
};

const CHANNEL_TYPES: [&str; 6] = ["web", "sms", "facebook", "whatsapp", "line", "custom"];
/// Reads a parameter.
type Reader = fn(&str) -> Option<Value>;
/// Parameters that are kept as they are given, with what reads them.
const SETTINGS: [(&str, Reader); 13] = [
    (FLOW_ADDRESS[0], channel_type),
    (FLOW_ADDRESS[1], name),
    ("Integration.FlowSid", name),
    ("Integration.Url", url),
    ("Integration.WorkspaceSid", name),
    ("Integration.WorkflowSid", name),
    ("Integration.Channel", name),
    ("Integration.Timeout", number),
    ("Integration.Priority", number),
    ("Integration.CreationOnMessage", flag),
    ("Integration.RetryCount", retries),
    ("LongLived", flag),
    ("JanitorEnabled", flag),
];

/// The flows.
///
/// All, or those of a name.
#[utoipa::path(
    get, path = "/v1/FlexFlows", tag = "FlexFlows",
    params(Pages, ("FriendlyName" = Option<String>, Query, description = "Only of this name.")),
    responses((status = 200, description = "A page of flows.", body = FlexFlows)),
)]
pub(crate) async fn list(State(fronts): State<Fronts>, caller: Caller, listing: Listing) -> Answer {
    let name = listing.filter("FriendlyName", read::text)?;
    let (after, most) = (listing.after().unwrap_or_default(), listing.most());
    let store = fronts.app.store();
    let found = store.flow_list(caller.sid(), name.as_deref(), after, most).await?;
    let items = found.iter().map(|record| (record.n, FlexFlow::of(&fronts, record))).collect();
    let (meta, flex_flows) = listing.page(&fronts, &caller, "flex_flows", items);
    Ok(answer::json(StatusCode::OK, &FlexFlows { meta, flex_flows }))
}

/// Makes a flow.
#[utoipa::path(
    post, path = "/v1/FlexFlows", tag = "FlexFlows",
    request_body(content = NewFlexFlow, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The flow.", body = FlexFlow), Conflict, Missing),
)]
pub(crate) async fn create(State(fronts): State<Fronts>, caller: Caller, form: Params) -> Answer {
    form.required("FriendlyName", read::name)?;
    form.required("ChatServiceSid", read::text)?;
    form.required("ChannelType", read::text)?;
    let store = fronts.app.store();
    let queues = store.queues(caller.sid()).await?;
    let queue = queues.into_iter().next().map(|queue| queue.sid);
    let queue = queue.ok_or_else(|| RestAnswer::conflict("the account has no queue"))?;
    let services = store.services(caller.sid()).await?;
    let service = services.into_iter().next().map(|service| service.sid);
    let flow = Flow {
        sid: FlowSid::from_bits(fronts.app.random().bits()),
        account: caller.sid().clone(),
        // Both are set from the form.
        service: service.ok_or_else(|| RestAnswer::conflict("the account has no service"))?,
        name: String::new(),
        enabled: false,
        integration: IntegrationConfig::Task { queue },
    };
    let sid = flow.sid.clone();
    put(&fronts, &caller, &form, flow, Map::new()).await?;
    answer_with(&fronts, &caller, sid.as_str(), StatusCode::CREATED).await
}

/// A flow.
#[utoipa::path(
    get, path = "/v1/FlexFlows/{flow}", tag = "FlexFlows",
    responses((status = 200, description = "The flow.", body = FlexFlow)),
)]
pub(crate) async fn fetch(State(fronts): State<Fronts>, caller: Caller, Name(sid): Name) -> Answer {
    answer_with(&fronts, &caller, &sid, StatusCode::OK).await
}

/// Changes a flow.
#[utoipa::path(
    post, path = "/v1/FlexFlows/{flow}", tag = "FlexFlows",
    request_body(content = FlexFlowChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The flow.", body = FlexFlow), Conflict),
)]
pub(crate) async fn update(
    State(fronts): State<Fronts>,
    caller: Caller,
    Name(sid): Name,
    form: Params,
) -> Answer {
    let FlowRecord { flow, settings, .. } = find(&fronts, &caller, &sid).await?;
    put(&fronts, &caller, &form, flow, settings).await?;
    answer_with(&fronts, &caller, &sid, StatusCode::OK).await
}

/// Removes a flow.
///
/// Only one that no site uses.
#[utoipa::path(
    delete, path = "/v1/FlexFlows/{flow}", tag = "FlexFlows",
    responses((status = 204, description = "It is removed."), Conflict),
)]
pub(crate) async fn remove(
    State(fronts): State<Fronts>,
    caller: Caller,
    Name(sid): Name,
) -> Answer {
    let flow = find(&fronts, &caller, &sid).await?.flow.sid;
    if fronts.app.store().delete_flow(&flow).await? {
        Ok(answer::empty(StatusCode::NO_CONTENT))
    } else {
        Err(RestAnswer::conflict(format!("a site opens its chats with the flow {flow}")))
    }
}

async fn find(fronts: &Fronts, caller: &Caller, text: &str) -> Result<FlowRecord, RestAnswer> {
    let record = match FlowSid::parse(text) {
        Ok(sid) => fronts.app.store().flow_record(&sid).await?,
        Err(_) => None,
    };
    let record = record.filter(|record| record.flow.account == *caller.sid());
    record.ok_or_else(|| unknown("flow", text))
}

async fn answer_with(fronts: &Fronts, caller: &Caller, sid: &str, status: StatusCode) -> Answer {
    Ok(answer::json(status, &FlexFlow::of(fronts, &find(fronts, caller, sid).await?)))
}

/// Sets what the form says on a flow.
async fn put(
    fronts: &Fronts,
    caller: &Caller,
    form: &Params,
    mut flow: Flow,
    mut settings: Map<String, Value>,
) -> Result<(), RestAnswer> {
    let store = fronts.app.store();
    if let Some(name) = form.optional("FriendlyName", read::name)? {
        flow.name = name;
    }
    if let Some(service) = form.optional("ChatServiceSid", |text| ServiceSid::parse(text).ok())? {
        let services = store.services(caller.sid()).await?;
        if !services.iter().any(|known| known.sid == service) {
            return Err(unknown("service", service.as_str()));
        }
        flow.service = service;
    }
    if let Some(enabled) = form.optional("Enabled", read::flag)? {
        flow.enabled = enabled;
    }
    for (name, read) in SETTINGS {
        if let Some(value) = form.optional(name, read)? {
            settings.insert(name.into(), value);
        }
    }
    // Without a contact identity there is nothing that two flows could both answer at.
    if settings.get(FLOW_ADDRESS[1]).and_then(Value::as_str) == Some("") {
        settings.remove(FLOW_ADDRESS[1]);
    }
    if let Some(kind) = form.optional("IntegrationType", integration_type)? {
        flow.integration = match (kind, flow.integration) {
            (Kind::External, _) => IntegrationConfig::External,
            (Kind::Studio, _) => IntegrationConfig::Studio,
            (Kind::Task, task @ IntegrationConfig::Task { .. }) => task,
            (Kind::Task, IntegrationConfig::External | IntegrationConfig::Studio) => {
                let queues = store.queues(caller.sid()).await?;
                let queue = queues.into_iter().next().map(|queue| queue.sid);
                let queue =
                    queue.ok_or_else(|| RestAnswer::conflict("the account has no queue"))?;
                IntegrationConfig::Task { queue }
            }
        };
    }
    check(&flow, &settings)?;
    if store.put_flow_settings(flow, settings).await? {
        Ok(())
    } else {
        Err(RestAnswer::conflict(
            "Enabled: another enabled flow has this ChannelType and ContactIdentity; disable it \
             first",
        ))
    }
}

/// What an integration cannot do without.
fn check(flow: &Flow, settings: &Map<String, Value>) -> Result<(), RestAnswer> {
    let needed = match flow.integration {
        IntegrationConfig::External => "Integration.Url",
        IntegrationConfig::Studio => "Integration.FlowSid",
        IntegrationConfig::Task { .. } => return Ok(()),
    };
    if settings.contains_key(needed) {
        Ok(())
    } else {
        Err(RestAnswer::bad_request(format!("{needed} is required for this IntegrationType")))
    }
}

/// The words of `IntegrationType`.
enum Kind {
    Task,
    External,
    Studio,
}

fn integration_type(text: &str) -> Option<Kind> {
    match text.to_ascii_lowercase().as_str() {
        "task" => Some(Kind::Task),
        "external" => Some(Kind::External),
        "studio" => Some(Kind::Studio),
        _ => None,
    }
}

fn channel_type(text: &str) -> Option<Value> {
    let text = text.to_ascii_lowercase();
    CHANNEL_TYPES.contains(&text.as_str()).then(|| text.into())
}

fn name(text: &str) -> Option<Value> {
    read::name(text).map(Value::from)
}

fn url(text: &str) -> Option<Value> {
    let plain = text.starts_with("https://") || text.starts_with("http://");
    let clean = text.len() <= 2_048 && text.bytes().all(|byte| byte.is_ascii_graphic());
    (plain && clean).then(|| text.into())
}

fn number(text: &str) -> Option<Value> {
    text.parse::<u32>().ok().map(Value::from)
}

fn retries(text: &str) -> Option<Value> {
    text.parse::<u8>().ok().filter(|count| *count <= 3).map(Value::from)
}

fn flag(text: &str) -> Option<Value> {
    read::flag(text).map(Value::from)
}
