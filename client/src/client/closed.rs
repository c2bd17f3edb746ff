//! What follows when a socket is closed.

use frontdesk_protocol::{CloseCode, json::decimal};

use super::Client;
use crate::{
    connection::{
        Connection, FailReason, SuspendReason,
        close::{Reaction, reaction},
    },
    effect::{Delay, Effect, SocketId},
    profile::Profile,
};

/// Without a word of the server's about when to come back: within this.
const COME_BACK_MS: u64 = 10_000;
/// After a refusal for too many of something.
const CROWDED_MS: u64 = 5_000;

impl Client {
    pub(super) fn socket_closed(&mut self, socket: SocketId, code: CloseCode) {
        if self.connection.socket() != Some(socket) {
            return;
        }
        let reaction = reaction(code);
        if reaction == Reaction::DropLargest
            && let Some(cid) = self.outbox.fail_largest()
        {
            self.tell_failed(cid);
        }
        let drain = self.tries.drain.take();
        self.lose();
        match reaction {
            Reaction::Stop => self.connection = Connection::Closed,
            // The timer that `drain` set still runs.
            Reaction::ComeBack if drain.is_some() => self.wait(),
            Reaction::ComeBack => {
                self.reconnect_after(Delay { least_ms: 0, most_ms: COME_BACK_MS });
            }
            Reaction::Backoff { floor_ms } => self.reconnect_later(floor_ms),
            Reaction::DropLargest => self.reconnect_later(0),
            Reaction::Reset => {
                for followed in self.streams.values_mut() {
                    followed.cursor.reset();
                }
                self.reconnect_later(0);
            }
            Reaction::NewToken => {
                self.token.expire();
                self.reconnect_soon();
            }
            Reaction::NewTokenOnce if self.token.refuse() => self.reconnect_soon(),
            Reaction::NewTokenOnce => self.fail(FailReason::Token),
            Reaction::Fail(reason) => {
                let code = decimal(code.as_u16().into());
                self.out.push(Effect::Report(
                    ["the server closed the chat connection with ", &code].concat(),
                ));
                self.fail(reason);
            }
            Reaction::ChannelGone => match &self.profile {
                Profile::Guest(_) => self.channel_gone(),
                // One of many: asking for each again, after the wait, tells which.
                Profile::Agent { .. } => self.reconnect_later(0),
            },
            Reaction::WaitVisible if self.is_visible => self.reconnect_later(CROWDED_MS),
            Reaction::WaitVisible => {
                self.connection = Connection::Suspended(SuspendReason::TooManySockets);
            }
        }
    }

    /// The guest's channel is erased, or not the guest's: the local copy goes.
    pub(super) fn channel_gone(&mut self) {
        self.wipe();
        self.screen = crate::Screen::Ended;
        self.fail(FailReason::ChannelGone);
    }
}
