//! A flow as it is answered, and as it is asked for.

use frontdesk_protocol::id::{AccountSid, FlowSid, ServiceSid};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    http::{Fronts, time},
    rest::{
        Meta,
        schema::{self, Moment},
    },
    storage::{FLOW_ADDRESS, FlowRecord, IntegrationConfig},
};

/// A flow: what handles a chat.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlexFlow {
    /// The account.
    account_sid: AccountSid,
    /// When it was made.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Its SID.
    sid: FlowSid,
    /// Its name.
    friendly_name: String,
    /// The service its channels are in.
    chat_service_sid: ServiceSid,
    /// Where its chats come from.
    channel_type: String,
    /// At which address it takes them.
    contact_identity: Option<String>,
    /// Whether chats can be opened with it.
    enabled: bool,
    /// What its chats are connected with.
    integration_type: IntegrationType,
    /// How.
    integration: Integration,
    long_lived: bool,
    janitor_enabled: bool,
    /// Its own address.
    url: String,
}

/// A page of flows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlexFlows {
    /// Where it is in the list.
    pub(super) meta: Meta,
    /// What is on the page.
    pub(super) flex_flows: Vec<FlexFlow>,
}

/// What a flow's chats are connected with.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IntegrationType {
    /// A task for the agents' queue.
    Task,
    /// A program at an address.
    External,
    /// A Studio flow.
    Studio,
}

/// How a flow's chats are connected: what was set, and what is usual.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Integration {
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creation_on_message: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_count: Option<u64>,
}

impl FlexFlow {
    pub(super) fn of(fronts: &Fronts, record: &FlowRecord) -> Self {
        let FlowRecord { flow, .. } = record;
        Self {
            account_sid: flow.account.clone(),
            date_created: time::iso(record.created),
            date_updated: time::iso(record.updated),
            sid: flow.sid.clone(),
            friendly_name: flow.name.clone(),
            chat_service_sid: flow.service.clone(),
            channel_type: set(record, FLOW_ADDRESS[0]).unwrap_or_else(|| "web".into()),
            contact_identity: set(record, FLOW_ADDRESS[1]),
            enabled: flow.enabled,
            integration_type: match flow.integration {
                IntegrationConfig::Task { .. } => IntegrationType::Task,
                IntegrationConfig::External => IntegrationType::External,
                IntegrationConfig::Studio => IntegrationType::Studio,
            },
            integration: Integration::of(record),
            long_lived: set(record, "LongLived").unwrap_or_default(),
            janitor_enabled: set(record, "JanitorEnabled").unwrap_or_default(),
            url: format!("{}/v1/FlexFlows/{}", fronts.app.config.origin(), flow.sid),
        }
    }
}

impl Integration {
    fn of(record: &FlowRecord) -> Self {
        // A task has more that is usual.
        let is_task = matches!(record.flow.integration, IntegrationConfig::Task { .. });
        let channel: Option<String> = set(record, "Integration.Channel");
        let (timeout, priority) =
            (set(record, "Integration.Timeout"), set(record, "Integration.Priority"));
        let on_message = set(record, "Integration.CreationOnMessage");
        Self {
            flow_sid: set(record, "Integration.FlowSid"),
            url: set(record, "Integration.Url"),
            workspace_sid: set(record, "Integration.WorkspaceSid"),
            workflow_sid: set(record, "Integration.WorkflowSid"),
            channel: channel.or_else(|| is_task.then(|| "default".into())),
            timeout: timeout.or(is_task.then_some(86_400)),
            priority: priority.or(is_task.then_some(0)),
            creation_on_message: on_message.or(is_task.then_some(false)),
            retry_count: Some(set(record, "Integration.RetryCount").unwrap_or(3)),
        }
    }
}

/// What was set under the name of a parameter.
fn set<T: DeserializeOwned>(record: &FlowRecord, name: &str) -> Option<T> {
    let value = record.settings.get(name)?;
    serde_json::from_value(value.clone()).ok()
}

/// What a new flow is to be.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewFlexFlow {
    /// Its name.
    friendly_name: schema::Name,
    /// The service its channels are in.
    chat_service_sid: ServiceSid,
    /// Where its chats come from.
    channel_type: ChannelType,
    /// At which address it takes them: no other enabled flow of the type has it.
    contact_identity: Option<schema::Name>,
    /// Whether chats can be opened with it.
    enabled: Option<bool>,
    /// What its chats are connected with.
    integration_type: Option<IntegrationType>,
    #[schema(rename = "Integration.FlowSid")]
    integration_flow_sid: Option<schema::Name>,
    #[schema(rename = "Integration.Url", max_length = 2_048, pattern = r"^https?://[!-~]*$")]
    integration_url: Option<String>,
    #[schema(rename = "Integration.WorkspaceSid")]
    integration_workspace_sid: Option<schema::Name>,
    #[schema(rename = "Integration.WorkflowSid")]
    integration_workflow_sid: Option<schema::Name>,
    #[schema(rename = "Integration.Channel")]
    integration_channel: Option<schema::Name>,
    #[schema(rename = "Integration.Timeout", maximum = 4_294_967_295_u64)]
    integration_timeout: Option<u64>,
    #[schema(rename = "Integration.Priority", maximum = 4_294_967_295_u64)]
    integration_priority: Option<u64>,
    #[schema(rename = "Integration.CreationOnMessage")]
    integration_creation_on_message: Option<bool>,
    #[schema(rename = "Integration.RetryCount", maximum = 3)]
    integration_retry_count: Option<u8>,
    long_lived: Option<bool>,
    janitor_enabled: Option<bool>,
}

/// What is to be changed of a flow; what is not there stays.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct FlexFlowChange {
    /// Its name.
    friendly_name: Option<schema::Name>,
    /// The service its channels are in.
    chat_service_sid: Option<ServiceSid>,
    /// Where its chats come from.
    channel_type: Option<ChannelType>,
    /// At which address it takes them: no other enabled flow of the type has it.
    contact_identity: Option<schema::Name>,
    /// Whether chats can be opened with it.
    enabled: Option<bool>,
    /// What its chats are connected with.
    integration_type: Option<IntegrationType>,
    #[schema(rename = "Integration.FlowSid")]
    integration_flow_sid: Option<schema::Name>,
    #[schema(rename = "Integration.Url", max_length = 2_048, pattern = r"^https?://[!-~]*$")]
    integration_url: Option<String>,
    #[schema(rename = "Integration.WorkspaceSid")]
    integration_workspace_sid: Option<schema::Name>,
    #[schema(rename = "Integration.WorkflowSid")]
    integration_workflow_sid: Option<schema::Name>,
    #[schema(rename = "Integration.Channel")]
    integration_channel: Option<schema::Name>,
    #[schema(rename = "Integration.Timeout", maximum = 4_294_967_295_u64)]
    integration_timeout: Option<u64>,
    #[schema(rename = "Integration.Priority", maximum = 4_294_967_295_u64)]
    integration_priority: Option<u64>,
    #[schema(rename = "Integration.CreationOnMessage")]
    integration_creation_on_message: Option<bool>,
    #[schema(rename = "Integration.RetryCount", maximum = 3)]
    integration_retry_count: Option<u8>,
    long_lived: Option<bool>,
    janitor_enabled: Option<bool>,
}

/// Where chats come from.
#[derive(ToSchema)]
#[schema(as = FlowChannelType, rename_all = "lowercase")]
#[expect(dead_code, reason = "it describes a parameter, which is read by name")]
enum ChannelType {
    Web,
    Sms,
    Facebook,
    Whatsapp,
    Line,
    Custom,
}
