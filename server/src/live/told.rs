//! An event on its way to everybody who follows its stream.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use frontdesk_protocol::Event;

/// An event, and what it looks like on the wire: written once, by the first connection that needs
/// it, and shared by all others. What wire that is, the connections know.
#[derive(Debug)]
pub struct Told {
    event: Arc<Event>,
    frame: OnceLock<Bytes>,
}

impl Told {
    /// Nobody has written it yet.
    #[must_use]
    pub fn new(event: Arc<Event>) -> Arc<Self> {
        Arc::new(Self { event, frame: OnceLock::new() })
    }

    /// The frame; `write` is called if nobody has written it.
    pub fn frame(&self, write: impl FnOnce(&Event) -> Bytes) -> Bytes {
        self.frame.get_or_init(|| write(&self.event)).clone()
    }
}

impl Deref for Told {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.event
    }
}

/// The same event; whether somebody has written it does not matter.
impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        self.event == other.event
    }
}
