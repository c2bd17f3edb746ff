//! The HTTP that the widget and the retired service's clients use: guest tokens, WebChannels and
//! Channels (one and the same thing, answered in two shapes), FlexFlows, and a site's configuration. It translates; what may be and what becomes of it is the core's.

pub(crate) mod channels;
mod chat;
pub(crate) mod flex_flows;
pub(crate) mod sites;
pub(crate) mod tokens;
pub(crate) mod web_channels;
