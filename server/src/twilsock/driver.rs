//! One connection at work: a task that owns the socket, runs what its session asks for against the
//! core, and hands back what came of it.

mod errands;

use std::{pin::pin, sync::Arc};

use frontdesk_protocol::{
    CloseCode, Millis,
    limits::{FRAME_BYTES, HELLO_BYTES},
};
use tokio::io::{AsyncRead, AsyncWrite};

use self::errands::{Bearer, Done, Errands};
use super::session::{Effect, Event, Grant, Session, Shut};
use crate::{
    http::{Fronts, origin::RequestOrigin, running::Running},
    live::{Hint, Subscriber, registry::Ticket},
    websocket::{Message, Socket, Step, socket::SocketLimits},
};

/// Most hints that are worked off before the socket is looked at again.
const HINTS: usize = 64;
/// Most frames and bytes that wait to be written. The session holds back long before; this is for
/// the answer of one request, whose longest is a page of messages with every byte escaped.
const QUEUE_FRAMES: usize = 1_024;
const QUEUE_BYTES: usize = 4 << 20;

/// Serves a connection until it is gone.
pub(super) async fn run<Io>(fronts: Fronts, io: Io, from: RequestOrigin, ticket: Ticket)
where
    Io: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut limits = SocketLimits::default();
    limits.incoming.message_bytes = HELLO_BYTES;
    limits.queue_frames = QUEUE_FRAMES;
    limits.queue_bytes = QUEUE_BYTES;
    let (random, now) = (fronts.app.random(), fronts.monotonic());
    let conn = format!("{:032x}", random.bits());
    let settings = Arc::clone(&fronts.twilsock.settings);
    let session = Session::new(now, settings, conn, random.jitter());
    let sessions = fronts.twilsock.sessions.clone();
    let connection = Connection {
        socket: Socket::new(io, limits),
        session,
        subscriber: fronts.app.live.connect(),
        ticket,
        errands: Arc::new(Errands { app: fronts.app.clone(), sessions, from }),
        running: Running::default(),
        bearer: None,
        candidate: None,
        fronts,
    };
    connection.run().await;
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
    bearer: Option<Arc<Bearer>>,
    /// Who it will be, if the session adopts the last good verdict.
    candidate: Option<Arc<Bearer>>,
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
    async fn run(mut self) {
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
                self.happen(now, Event::Shut(Shut::Away));
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
                // Answers come before the socket, so that they leave with what else there is to
                // write. The timer comes after it, because some of its deadlines only the socket
                // meets.
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
                    closes_at = Some(now.plus(self.fronts.drain_ms()));
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

    fn stepped(&mut self, now: Millis, step: Step) {
        let event = match step {
            Step::Message(Message::Binary(bytes)) => Event::Binary(bytes.into()),
            Step::Message(Message::Text(_)) => Event::Text,
            Step::Message(Message::Ping(_) | Message::Pong(_)) => Event::Control,
            Step::Message(Message::Close(_)) | Step::Violation(_) | Step::Gone => Event::Gone,
            Step::Flushed { frames, bytes } => Event::Flushed { frames, bytes },
            Step::Stalled => Event::Stalled,
        };
        self.happen(now, event);
    }

    fn hinted(&mut self, now: Millis, hint: Hint) {
        let event = match hint {
            Hint::Event { stream, .. } | Hint::Lagging { stream } => Event::Published { stream },
            Hint::Typing { stream, who, on } => Event::Typing { stream, who, on },
            Hint::Close(code) => Event::Shut(shut(code)),
        };
        self.happen(now, event);
    }

    fn done(&mut self, now: Millis, done: Done) {
        match done {
            Done::Event(event) => self.happen(now, *event),
            Done::Verified(verdict) => {
                let wall = self.fronts.app.now();
                let grant = verdict.map(|bearer| {
                    let party = bearer.actor.party.clone();
                    let grant = Grant { party, exp: bearer.expires, wall };
                    self.candidate = Some(Arc::new(bearer));
                    grant
                });
                self.happen(now, Event::Verified(grant));
            }
            Done::Answered { number, answer } => {
                if let (Some(channel), Some(bearer)) = (&answer.typing, &self.bearer) {
                    let (stream, who) = (channel.clone().into(), &bearer.actor.party.identity);
                    self.fronts.app.live.typing(&self.subscriber, &stream, who, true);
                }
                self.happen(now, Event::Answered { number, answer });
            }
        }
    }

    fn happen(&mut self, now: Millis, event: Event) {
        for effect in self.session.update(now, event) {
            self.perform(now, effect);
        }
    }

    fn perform(&mut self, now: Millis, effect: Effect) {
        match effect {
            Effect::Send(bytes) => {
                if self.socket.send_binary(bytes).is_err() {
                    let code = CloseCode::SlowConsumer.as_u16();
                    self.socket.close(now, code, "too much waits to be written", false);
                }
            }
            Effect::Ping => self.socket.ping(),
            Effect::Close { code, reason, flush } => {
                tracing::debug!(code = code.as_u16(), reason, "a connection is closed");
                self.running.abandon();
                self.socket.close(now, code.as_u16(), reason, flush);
            }
            Effect::Adopt => self.adopt(now),
            Effect::Follow(stream) => self.subscriber.follow(&stream),
            Effect::Unfollow(stream) => self.subscriber.unfollow(&stream),
            Effect::Call { .. } => {
                self.ticket.touch(self.fronts.app.now());
                self.errand(effect);
            }
            Effect::Verify { .. } | Effect::Resolve { .. } | Effect::Feed { .. } => {
                self.errand(effect);
            }
        }
    }

    fn adopt(&mut self, now: Millis) {
        let Some(bearer) = self.candidate.take() else { return };
        let wall = self.fronts.app.now();
        self.subscriber.identify(bearer.family, bearer.key.as_ref());
        let party = &bearer.actor.party;
        let full = self.ticket.identify(party, self.subscriber.id(), wall).is_err();
        self.bearer = Some(bearer);
        self.socket.set_message_bytes(FRAME_BYTES);
        if full {
            self.happen(now, Event::Shut(Shut::Away));
        }
    }

    fn errand(&mut self, effect: Effect) {
        let errands = Arc::clone(&self.errands);
        self.running.start(errands.run(self.bearer.clone(), effect));
    }
}

/// Why the server ends a connection, in this protocol's words. Those that would only push each
/// other out, by coming back at once, are told not to.
const fn shut(code: CloseCode) -> Shut {
    match code {
        CloseCode::TokenExpired => Shut::Expired,
        CloseCode::TokenRefused
        | CloseCode::Forbidden
        | CloseCode::ChannelGone
        | CloseCode::TooManySockets => Shut::Refused,
        CloseCode::SlowConsumer => Shut::Slow,
        CloseCode::Normal
        | CloseCode::GoingAway
        | CloseCode::Protocol
        | CloseCode::Unsupported
        | CloseCode::InvalidPayload
        | CloseCode::TooBig
        | CloseCode::Restart
        | CloseCode::TryLater
        | CloseCode::BadFrame
        | CloseCode::Version
        | CloseCode::HelloTimeout
        | CloseCode::BadPosition
        | CloseCode::RateLimited
        | CloseCode::PageHidden
        | CloseCode::Other(_) => Shut::Away,
    }
}
