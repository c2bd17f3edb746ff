//! One connection at work: a task that owns the socket, runs what its session asks for against the
//! core, and hands back what came of it.
//!
//! Whatever awaits the store is waited for beside the socket, so that a slow read holds up neither
//! pings nor frames. Everything ends with the task: subscriptions, tickets, reads under way.

mod errands;

use std::{pin::pin, sync::Arc};

use frontdesk_protocol::{CloseCode, Millis, limits::FRAME_BYTES};
use tokio::io::{AsyncRead, AsyncWrite};

use super::session::{Effect, Event, Grant, Session};
use crate::{
    auth::tokens::Token,
    http::{Fronts, origin::RequestOrigin, running::Running},
    live::{Hint, Subscriber, registry::Ticket},
    websocket::{Message, Socket, Step, socket::SocketLimits},
};
use errands::{Done, Errands};

/// Most hints that are worked off before the socket is looked at again.
const HINTS: usize = 64;

/// Serves a connection until it is gone.
///
/// Not an `async fn`: the future of one keeps its arguments twice, once as they came and once where
/// they are used, and there are tens of thousands of these.
pub(super) fn run<Io>(
    fronts: Fronts,
    io: Io,
    from: RequestOrigin,
    ticket: Ticket,
) -> impl Future<Output = ()> + Send
where
    Io: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut limits = SocketLimits::default();
    limits.incoming.message_bytes = frontdesk_protocol::limits::HELLO_BYTES;
    let (random, now) = (fronts.app.random(), fronts.monotonic());
    let conn = format!("{:032x}", random.bits());
    let session = Session::new(now, fronts.chat.clone(), conn, random.jitter());
    let connection = Connection {
        socket: Socket::new(io, limits),
        session,
        subscriber: fronts.app.live.connect(),
        ticket,
        errands: Arc::new(Errands { app: fronts.app.clone(), from }),
        running: Running::default(),
        token: None,
        candidate: None,
        fronts,
    };
    connection.run()
}

struct Connection<Io> {
    fronts: Fronts,
    socket: Socket<Io>,
    session: Session,
    subscriber: Subscriber,
    ticket: Ticket,
    errands: Arc<Errands>,
    running: Running<Done>,
    /// Who it is.
    token: Option<Arc<Token>>,
    /// Who it will be, if the session adopts the last good verdict.
    candidate: Option<Arc<Token>>,
}

/// What woke a connection.
enum Wake {
    Step(Step),
    Hint(Hint),
    Done(Done),
    Timer,
    Draining,
}

impl<Io: AsyncRead + AsyncWrite + Unpin + Send> Connection<Io> {
    #[expect(
        clippy::manual_async_fn,
        reason = "an async fn would keep its argument twice, in every idle connection"
    )]
    fn run(mut self) -> impl Future<Output = ()> + Send {
        async move {
            let lifecycle = self.fronts.app.lifecycle.clone();
            let mut draining = pin!(lifecycle.draining());
            let mut told = false;
            let mut closes_at: Option<Millis> = None;
            let mut timer = pin!(self.fronts.timer(Millis(0)));
            let mut timer_at = Millis(0);
            loop {
                let now = self.fronts.monotonic();
                if closes_at.is_some_and(|at| now >= at) {
                    closes_at = None;
                    let reason = "the server restarts";
                    self.happen(now, Event::Shut { code: CloseCode::Restart, reason });
                }
                let deadlines = [self.session.deadline(), self.socket.deadline(), closes_at];
                let due = deadlines.into_iter().flatten().min();
                if let Some(due) = due.filter(|due| *due != timer_at) {
                    timer_at = due;
                    timer.as_mut().reset(self.fronts.instant(due));
                }
                let closed = self.session.is_closed();
                let Self { fronts, socket, session, subscriber, running, .. } = &mut self;
                let clock = || fronts.monotonic();
                let wake = tokio::select! {
                    // Answers come before the socket, so that they leave with what else there is
                    // to write; there is one a request, so they cannot keep it from its turn. The
                    // timer comes after it, because some of its deadlines only the socket meets.
                    biased;
                    done = running.next() => Wake::Done(done),
                    step = socket.step(&clock, session.wants_frames()) => Wake::Step(step),
                    () = &mut timer, if due.is_some() => Wake::Timer,
                    () = &mut draining, if !told => Wake::Draining,
                    hint = subscriber.next(), if !closed => Wake::Hint(hint),
                };
                let now = self.fronts.monotonic();
                match wake {
                    Wake::Step(Step::Gone) => return,
                    Wake::Step(step) => self.stepped(now, step),
                    Wake::Hint(hint) => self.hinted(now, hint),
                    Wake::Done(done) => self.done(now, done),
                    Wake::Timer => {
                        timer_at = Millis(0);
                        self.happen(now, Event::Tick);
                    }
                    Wake::Draining => {
                        told = true;
                        let after_ms = self.fronts.drain_ms();
                        closes_at = Some(now.plus(after_ms));
                        self.happen(now, Event::Drain { after_ms });
                    }
                }
                for _ in 0..HINTS {
                    if self.session.is_closed() {
                        break;
                    }
                    let Some(hint) = self.subscriber.try_next() else { break };
                    self.hinted(now, hint);
                }
            }
        }
    }

    fn stepped(&mut self, now: Millis, step: Step) {
        let event = match step {
            Step::Message(Message::Text(text)) => Event::Text(text),
            Step::Message(Message::Binary(_)) => Event::Binary,
            Step::Message(Message::Ping(_) | Message::Pong(_)) => Event::Control,
            Step::Message(Message::Close(_)) | Step::Violation(_) | Step::Gone => Event::Gone,
            Step::Flushed { frames, bytes } => Event::Flushed { frames, bytes },
            Step::Stalled => Event::Stalled,
        };
        self.happen(now, event);
    }

    fn hinted(&mut self, now: Millis, hint: Hint) {
        let event = match hint {
            Hint::Event { stream, event } => Event::Published { stream, event },
            Hint::Lagging { stream } => Event::Lagging { stream },
            Hint::Typing { stream, who, on } => Event::Typing { stream, who, on },
            Hint::Close(code) => Event::Shut { code, reason: "closed by the server" },
        };
        self.happen(now, event);
    }

    fn done(&mut self, now: Millis, done: Done) {
        match done {
            Done::Event(event) => self.happen(now, *event),
            Done::Verified(verdict) => {
                let wall = self.fronts.app.now();
                let grant = verdict.map(|token| {
                    let grant = Grant { party: token.party().clone(), exp: token.expires(), wall };
                    self.candidate = Some(token);
                    grant
                });
                self.happen(now, Event::Verified(grant));
            }
            Done::MayType { stream, on } => {
                if let Some(token) = &self.token {
                    let who = &token.party().identity;
                    self.fronts.app.live.typing(&self.subscriber, &stream, who, on);
                }
            }
            Done::MayNotType => {}
        }
    }

    fn happen(&mut self, now: Millis, event: Event) {
        for effect in self.session.update(now, event) {
            self.perform(now, effect);
        }
    }

    fn perform(&mut self, now: Millis, effect: Effect) {
        match effect {
            Effect::Send(text) => {
                // The session keeps to the same bound, so this cannot fail.
                if self.socket.send_text(text).is_err() {
                    let code = CloseCode::SlowConsumer.as_u16();
                    self.socket.close(now, code, "too much waits to be written", false);
                }
            }
            Effect::Close { code, reason, flush } => {
                tracing::debug!(code = code.as_u16(), reason, "a connection is closed");
                self.running.abandon();
                self.socket.close(now, code.as_u16(), reason, flush);
            }
            Effect::Adopt => self.adopt(now),
            Effect::Unfollow { stream } => self.subscriber.unfollow(&stream),
            Effect::Follow { ref stream, .. } => {
                self.subscriber.follow(stream);
                self.errand(effect);
            }
            Effect::Say { .. } | Effect::Move { .. } | Effect::Type { .. } => {
                self.ticket.touch(self.fronts.app.now());
                self.errand(effect);
            }
            Effect::Verify { .. }
            | Effect::ReadSnapshot { .. }
            | Effect::ReadEvents { .. }
            | Effect::ReadPage { .. }
            | Effect::Recheck { .. } => self.errand(effect),
        }
    }

    fn adopt(&mut self, now: Millis) {
        let Some(token) = self.candidate.take() else { return };
        let wall = self.fronts.app.now();
        self.subscriber.identify(token.family(), token.key());
        let full = self.ticket.identify(token.party(), self.subscriber.id(), wall).is_err();
        self.token = Some(token);
        self.socket.set_message_bytes(FRAME_BYTES);
        if full {
            let reason = "too many connections from this address";
            self.happen(now, Event::Shut { code: CloseCode::TryLater, reason });
        }
    }

    fn errand(&mut self, effect: Effect) {
        let errands = Arc::clone(&self.errands);
        self.running.start(errands.run(self.token.clone(), effect));
    }
}

#[cfg(test)]
mod tests {
    use hyper_util::rt::TokioIo;

    use super::*;

    /// The size of what a function's future keeps between two awaits.
    fn kept<A, B, C, D, F: Future>(_: impl FnOnce(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_connection_keeps_less_than_four_kib_in_its_task() {
        type Io = TokioIo<hyper::upgrade::Upgraded>;
        let task = kept(run::<Io>);
        let session = size_of::<Session>();
        assert!(task < 4096, "{task} bytes, of which the session {session}");
    }
}
