//! An event on its way to everybody who follows its stream.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use frontdesk_protocol::Event;

/// An event, and its frame: written once, by the first connection that needs it, and shared by all
/// others. Another websocket front would have a slot of its own here, because its frames differ.
#[derive(Debug)]
pub struct Published {
    event: Arc<Event>,
    chat1_frame: OnceLock<Bytes>,
}

impl Published {
    /// Nobody has written it yet.
    #[must_use]
    pub fn new(event: Arc<Event>) -> Arc<Self> {
        Arc::new(Self { event, chat1_frame: OnceLock::new() })
    }

    /// The frame of the Chat connection; `write` is called if nobody has written it.
    pub fn chat1_frame(&self, write: impl FnOnce(&Event) -> Bytes) -> Bytes {
        self.chat1_frame.get_or_init(|| write(&self.event)).clone()
    }
}

impl Deref for Published {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.event
    }
}

/// The same event; whether somebody has written it does not matter.
impl PartialEq for Published {
    fn eq(&self, other: &Self) -> bool {
        self.event == other.event
    }
}
