//! Carries effects out.

use std::rc::{Rc, Weak};

use frontdesk_client::{Delay, Effect, Event, RequestId, SocketId, Timer};
use frontdesk_protocol::{ChannelSid, CloseCode, TaskSid};

use super::{Inner, Place};
use crate::{
    http::{self, Answer, Ask, console, guest},
    page, random, report,
    socket::{Socket, SocketEvent},
    storage::Key,
    timer,
};

/// Carries one effect out. Answers come later, or are queued: nothing is dispatched from within.
pub(super) fn run(inner: &Rc<Inner>, effect: Effect) {
    let Place { store, base } = &inner.place;
    match effect {
        Effect::FetchToken { request, wish } => {
            ask(inner, request, guest::token(base, wish), |request, answer| Event::TokenAnswered {
                request,
                result: http::read(answer),
            });
        }
        Effect::CreateChannel(channel) => {
            ask(inner, channel.request, guest::create(base, &channel), |request, answer| {
                Event::ChannelAnswered { request, result: http::read(answer) }
            });
        }
        Effect::EndChannel { request, channel, token } => {
            let end = match task_of(inner, &channel) {
                Some(task) => console::close_of(base, &task),
                None => guest::end(base, &channel, &token),
            };
            ask(inner, request, end, |request, answer| Event::EndAnswered {
                request,
                result: answer.map(drop),
            });
        }
        Effect::FetchLink { request, media, token } => {
            ask(inner, request, guest::link(base, &media, &token), |request, answer| {
                Event::LinkAnswered { request, result: http::read(answer) }
            });
        }
        Effect::OpenLink(url) => page::open(&url),
        Effect::OpenSocket { socket } => open(inner, socket),
        Effect::SendText { socket, text } => {
            if let Some(world) = inner.world.borrow().as_ref()
                && let Some(socket) = world.sockets.get(&socket)
            {
                // A socket that takes nothing is closing; its end is an event of its own.
                socket.send(text);
            }
        }
        Effect::CloseSocket { socket, code } => {
            let socket =
                inner.world.borrow_mut().as_mut().and_then(|world| world.sockets.take(&socket));
            if let Some(socket) = socket {
                socket.close(code);
            }
        }
        Effect::SetTimer { timer, delay } => set(inner, timer, delay),
        Effect::ClearTimer(timer) => {
            if let Some(world) = inner.world.borrow_mut().as_mut() {
                drop(world.timers.take(&timer));
            }
        }
        Effect::SaveSession(session) => {
            store.set(&Key::Session, &session.to_json());
        }
        Effect::ForgetSession => store.remove(&Key::Session),
        Effect::SaveEntry(entry) => {
            store.set(&Key::Outbox(entry.cid), &entry.to_json());
        }
        Effect::ForgetEntry(cid) => store.remove(&Key::Outbox(cid)),
        Effect::Changed(notice) => (inner.notify)(notice),
        Effect::Report(sentence) => report::warn(&sentence),
    }
}

/// Starts a request; its answer is dispatched as this event if the runner is still there by then.
fn ask(inner: &Rc<Inner>, request: RequestId, ask: Ask, event: fn(RequestId, Answer) -> Event) {
    let weak = Rc::downgrade(inner);
    wasm_bindgen_futures::spawn_local(async move {
        let answer = ask.send().await;
        if let Some(inner) = weak.upgrade().filter(|_| crate::life::is_alive()) {
            Inner::dispatch(&inner, event(request, answer));
        }
    });
}

fn open(inner: &Rc<Inner>, socket: SocketId) {
    // `https:` becomes `wss:`, `http:` becomes `ws:`.
    let page = page::origin();
    let base = if inner.place.base.is_empty() { &page } else { &inner.place.base };
    let url = ["ws", base.strip_prefix("http").unwrap_or(base), "/chat"].concat();
    let weak = Rc::downgrade(inner);
    let opened = Socket::open(&url, move |event| of_socket(&weak, socket, event));
    match (opened, inner.world.borrow_mut().as_mut()) {
        (Ok(opened), Some(world)) => drop(world.sockets.put(socket, opened)),
        // Destroyed in the meantime.
        (Ok(_) | Err(_), None) => {}
        (Err(bad), Some(_)) => {
            report::warn(&[bad.words(), ": ", &url].concat());
            let code = CloseCode::Other(1006);
            inner.queue.borrow_mut().push_back(Event::SocketClosed { socket, code });
        }
    }
}

fn of_socket(inner: &Weak<Inner>, socket: SocketId, event: SocketEvent) {
    let Some(inner) = inner.upgrade() else { return };
    let event = match event {
        SocketEvent::Opened => Event::SocketOpened { socket },
        SocketEvent::Text(text) => Event::Received { socket, text },
        SocketEvent::Closed(code) => {
            let closed =
                inner.world.borrow_mut().as_mut().and_then(|world| world.sockets.take(&socket));
            drop(closed);
            Event::SocketClosed { socket, code }
        }
    };
    Inner::dispatch(&inner, event);
}

fn set(inner: &Rc<Inner>, timer: Timer, delay: Delay) {
    let weak = Rc::downgrade(inner);
    let started = timer::Timer::after(delay.draw(random::unit()), move || {
        let Some(inner) = weak.upgrade() else { return };
        let fired = inner.world.borrow_mut().as_mut().and_then(|world| world.timers.take(&timer));
        drop(fired);
        Inner::dispatch(&inner, Event::Timer(timer));
    });
    if let Some(world) = inner.world.borrow_mut().as_mut() {
        drop(world.timers.put(timer, started));
    }
}

/// The task that brought a chat to the agents; a guest knows none.
fn task_of(inner: &Inner, channel: &ChannelSid) -> Option<TaskSid> {
    let client = inner.client.borrow();
    client.tasks().find(|task| task.channel == *channel).map(|task| task.sid.clone())
}
