//! Who the participant is.

use frontdesk_protocol::{
    Identity, Stream,
    form::Form,
    id::{AccountSid, FlowSid},
};

/// A visitor's widget: made from the site's configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct GuestProfile {
    /// The account that gives the token.
    pub account: AccountSid,
    /// The flow that the form is posted to.
    pub flow: FlowSid,
    /// The site's public id.
    pub site: String,
    /// The pre-engagement form.
    pub form: Form,
    /// The visitor's name if the form does not ask for `friendlyName`.
    pub default_name: String,
}

/// Who the participant is.
#[derive(Debug, Clone, PartialEq)]
pub enum Profile {
    /// A visitor: form, guest token, one channel.
    Guest(Box<GuestProfile>),
    /// An agent: logged in already, follows these streams from the start and channels at will.
    Agent {
        /// Who the agent is.
        identity: Identity,
        /// The user's own stream and the queue's.
        streams: Vec<Stream>,
    },
}
