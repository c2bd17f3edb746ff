//! The figures of a connection.

use frontdesk_protocol::id::hex32;

use crate::{auth::sha256, config::Config, limits::Rate, storage::Party};

/// What a server does the same way for all its connections.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The epoch of the store.
    pub epoch: String,
    /// Where addresses begin.
    pub root: String,
    /// From the upgrade to the first frame, and from there to its answer.
    pub hello_ms: u64,
    /// Between two pings.
    pub heartbeat_ms: u64,
    /// From a ping to a sign of life.
    pub pong_ms: u64,
    /// How long before its end a client is told that its token ends.
    pub soon_ms: u64,
    /// How long after its end a token is still good enough.
    pub grace_ms: u64,
    /// How long somebody who is sent away waits at least.
    pub reconnect_ms: u64,
    /// Frames of any kind from one connection. A client answers each of ours.
    pub frames: Rate,
    /// Frames over that budget, in a row, until the connection is closed.
    pub frames_over: u32,
    /// Above so many frames or bytes that wait, nothing is read to be told.
    pub queue_frames: usize,
    /// The same in bytes.
    pub queue_bytes: usize,
    /// Most objects that one connection follows.
    pub subscriptions: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            epoch: String::new(),
            root: "https://localhost".to_owned(),
            hello_ms: 5_000,
            heartbeat_ms: 25_000,
            pong_ms: 10_000,
            soon_ms: 180_000,
            grace_ms: 60_000,
            reconnect_ms: 1_000,
            frames: Rate { per_second: 60.0, burst: 300.0 },
            frames_over: 300,
            queue_frames: 128,
            queue_bytes: 262_144,
            subscriptions: 1_000,
        }
    }
}

impl Settings {
    /// As configured, over a store of this epoch.
    #[must_use]
    pub fn of(config: &Config, epoch: &str) -> Self {
        let frames = config.frames_per_second * 3.0;
        Self {
            epoch: epoch.to_owned(),
            root: config.origin().to_string(),
            hello_ms: config.hello_ms,
            heartbeat_ms: config.heartbeat_ms,
            pong_ms: config.pong_ms,
            frames: Rate { per_second: frames, burst: frames * 5.0 },
            ..Self::default()
        }
    }

    /// Names what a party may keep between connections: as long as positions mean the same, and no
    /// longer.
    pub(super) fn storage_id(&self, party: &Party) -> String {
        let Self { epoch, .. } = self;
        let text = format!("twilsock storage {epoch} {} {}", party.account, party.identity);
        let hash = sha256(text.as_bytes());
        hex32(hash.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
    }
}
