//! What a widget is told about the site it stands on.

use serde::{Deserialize, Serialize};

use crate::{
    form::Form,
    id::{AccountSid, FlowSid},
    readable,
};

/// The answer of `GET /v1/Sites/{public id}`: what the widget needs once it is opened.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteConfig {
    /// The site's public id.
    pub site: String,
    /// The account it belongs to.
    pub account_sid: AccountSid,
    /// The flow that decides what handles its chats.
    pub flex_flow_sid: FlowSid,
    /// The name in the header.
    pub name: String,
    /// Below the name.
    pub tagline: String,
    /// Whether an agent of the flow's queue is connected at this moment.
    pub staffed: bool,
    /// The form, if there is one.
    pub form: Form,
    /// Versions of the Chat connection that the server speaks, such as `frontdesk.chat.v1`.
    pub protocols: Vec<String>,
}

/// The launcher's settings, part of the loader's own answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LauncherConfig {
    /// The site's public id.
    pub site: String,
    /// The brand colour, `#rrggbb`.
    pub brand: String,
    /// What the launcher is called.
    pub label: String,
    /// Where the widget's JavaScript is, relative to the loader.
    pub widget_js: String,
    /// Where the widget's WebAssembly is, relative to the loader.
    pub widget_wasm: String,
}

readable! {
    SiteConfig { site, account_sid, flex_flow_sid, name, protocols; tagline, staffed, form }
}
