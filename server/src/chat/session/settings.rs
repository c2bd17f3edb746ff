//! The figures of a connection.

use frontdesk_protocol::Limits;

use crate::{config::Config, limits::Rate};

/// What a server does the same way for all its connections. The defaults are those of
/// `docs/PROTOCOL.md`.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The epoch of the store.
    pub epoch: String,
    /// What `welcome` says is allowed.
    pub limits: Limits,
    /// From the upgrade to the `hello`, and from there to the `welcome`.
    pub hello_ms: u64,
    /// Between two pings.
    pub heartbeat_ms: u64,
    /// From a ping to its pong.
    pub pong_ms: u64,
    /// How long before its end a client is told that its token ends.
    pub auth_soon_ms: u64,
    /// How long after its end a token is still good enough to ask for a new one.
    pub grace_ms: u64,
    /// Frames of any kind from one connection.
    pub frames: Rate,
    /// Frames over that budget until the connection is closed with 4029.
    pub frames_over: u32,
    /// Messages from a guest's connection.
    pub guest_sends: Rate,
    /// Messages from an agent's connection.
    pub agent_sends: Rate,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            epoch: String::new(),
            limits: Limits::default(),
            hello_ms: 5_000,
            heartbeat_ms: 25_000,
            pong_ms: 10_000,
            auth_soon_ms: 180_000,
            grace_ms: 60_000,
            frames: Rate { per_second: 20.0, burst: 60.0 },
            frames_over: 100,
            guest_sends: Rate { per_second: 5.0, burst: 20.0 },
            agent_sends: Rate { per_second: 20.0, burst: 60.0 },
        }
    }
}

impl Settings {
    /// As configured, over a store of this epoch. Agents may say four times what guests may.
    #[must_use]
    pub fn of(config: &Config, epoch: &str) -> Self {
        let (per_second, burst) = (config.messages_per_second, config.messages_burst);
        let frames = config.frames_per_second;
        Self {
            epoch: epoch.to_owned(),
            hello_ms: config.hello_ms,
            heartbeat_ms: config.heartbeat_ms,
            pong_ms: config.pong_ms,
            frames: Rate { per_second: frames, burst: frames * 3.0 },
            guest_sends: Rate { per_second, burst },
            agent_sends: Rate { per_second: per_second * 4.0, burst: burst * 3.0 },
            ..Self::default()
        }
    }
}
