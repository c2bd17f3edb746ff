//! The participant: all machines, and the one door.
//!
//! [`Client`] owns them and says what is shown; `wishes` takes what the user wants, `page` what
//! happens to the page, `files` opens what stands beside messages, `answers` what comes over HTTP, `connect` and `closed` the life of a
//! connection, `frames` what the server says, `follow` the streams, `timers` the timers, and
//! `flush` what goes out at the end of each update.

mod answers;
mod closed;
mod connect;
mod files;
mod flush;
mod follow;
mod frames;
mod page;
mod read;
#[cfg(test)]
mod tests;
mod timers;
mod wishes;

use frontdesk_protocol::{Millis, Stream, sorted::SortedMap};

use crate::{
    clock::Clock,
    connection::{Connection, heartbeat::Heartbeat},
    effect::{Delay, Effect, Timer},
    ending::Ending,
    event::Event,
    http::RequestId,
    marks::Marks,
    opening::Opening,
    outbox::Outbox,
    profile::Profile,
    screen::Screen,
    stream::Followed,
    token::Token,
    typing::Typing,
};

/// A participant of chats.
#[derive(Debug, Clone)]
pub struct Client {
    profile: Profile,
    screen: Screen,
    connection: Connection,
    clock: Clock,
    token: Token,
    opening: Opening,
    ending: Ending,
    outbox: Outbox,
    streams: SortedMap<Stream, Followed>,
    typing: Typing,
    marks: Marks,
    heartbeat: Heartbeat,
    /// Who asks for the file that is to be opened.
    opening_file: Option<RequestId>,
    tries: connect::Tries,
    /// The moment of the present update; never goes back.
    now: Millis,
    utc_offset_min: i32,
    inst: String,
    is_online: bool,
    is_visible: bool,
    last_request: u32,
    last_socket: u32,
    /// What the present update asks for.
    out: Vec<Effect>,
}

impl Client {
    /// A participant before its first event, [`Event::Start`].
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            screen: Screen::Idle,
            connection: Connection::Idle,
            clock: Clock::default(),
            token: Token::default(),
            opening: Opening::default(),
            ending: Ending::default(),
            outbox: Outbox::new(),
            streams: SortedMap::new(),
            typing: Typing::default(),
            marks: Marks::default(),
            heartbeat: Heartbeat::default(),
            opening_file: None,
            tries: connect::Tries::default(),
            now: Millis(0),
            utc_offset_min: 0,
            inst: String::new(),
            is_online: true,
            is_visible: true,
            last_request: 0,
            last_socket: 0,
            out: Vec::new(),
        }
    }

    /// Takes what happened at `now`, a clock of the caller that never goes back, and says what to
    /// do about it, in that order. Total: every event is defined in every state.
    pub fn update(&mut self, now: Millis, event: Event) -> Vec<Effect> {
        self.now = now.max(self.now);
        let before = (self.screen.clone(), self.connection);
        self.take(event);
        self.flush();
        if self.screen != before.0 {
            self.out.push(Effect::Changed(crate::Notice::Screen));
        }
        if self.connection != before.1 {
            self.out.push(Effect::Changed(crate::Notice::Connection));
        }
        std::mem::take(&mut self.out)
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Start(start) => self.start(*start),
            Event::SubmitForm(submission) => self.submit(submission),
            Event::Compose { stream, body, cid, attributes } => {
                self.compose(stream, &body, cid, attributes);
            }
            Event::Retry { cid, fresh } => self.retry(cid, fresh),
            Event::Discard { cid } => self.discard(cid),
            Event::Keystroke { stream } => self.keystroke(&stream),
            Event::Cleared { stream } => self.cleared(&stream),
            Event::ReadUpTo { stream, seq } => self.read_up_to(&stream, seq),
            Event::LoadOlder { stream } => self.load_older(&stream),
            Event::Follow { stream } => self.follow(&stream),
            Event::Unfollow { stream } => self.unfollow(&stream),
            Event::OpenFile(media) => self.open_file(media),
            Event::End { channel } => self.end(channel),
            Event::Forget => self.forget(true),
            Event::TryNow => self.try_now(),
            Event::Online => self.online(),
            Event::Offline => self.offline(),
            Event::Visible => self.visible(),
            Event::Hidden => self.hidden(),
            Event::PageHide => self.page_hide(),
            Event::PageShow => self.page_show(),
            Event::Timer(timer) => self.timer(timer),
            Event::TokenAnswered { request, result } => self.token_answered(request, result),
            Event::ChannelAnswered { request, result } => self.channel_answered(request, result),
            Event::EndAnswered { request, result } => self.end_answered(request, &result),
            Event::LinkAnswered { request, result } => self.link_answered(request, result),
            Event::SocketOpened { socket } => self.socket_opened(socket),
            Event::SocketClosed { socket, code } => self.socket_closed(socket, code),
            Event::Received { socket, text } => self.received(socket, &text),
            Event::SessionChanged(session) => self.session_changed(session),
            Event::EntryChanged(entry) => self.entry_changed(*entry),
            Event::EntryGone(cid) => self.entry_gone(cid),
        }
    }

    fn request(&mut self) -> RequestId {
        self.last_request += 1;
        RequestId(self.last_request)
    }

    fn set_timer(&mut self, timer: Timer, delay: Delay) {
        self.out.push(Effect::SetTimer { timer, delay });
    }

    fn clear_timer(&mut self, timer: Timer) {
        self.out.push(Effect::ClearTimer(timer));
    }
}
