//! The loop that drives a [`Client`](frontdesk_client::Client): each effect becomes a call, each
//! answer an event.
//!
//! One [`Runner`] for the widget and the console alike; which it is, the profile says. Events that
//! come while one is being worked off wait in a queue, so a view may dispatch from wherever it is.

mod effects;
mod world;

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use frontdesk_client::{Client, Event, Notice, OutboxEntry, Profile, Session, event::Start};

use frontdesk_protocol::id::hex32;

use self::world::World;
use crate::{
    clock,
    page::{self, PageEvent},
    random,
    storage::{Changed, Key, Store},
};

/// Where a client's server and storage are.
pub struct Place {
    /// The server's address, without a slash at the end; empty for the page's own.
    pub base: String,
    /// What is kept between visits.
    pub store: Store,
}

/// A client at work. Cloning it is cheap, and the clone is the same runner.
#[derive(Clone)]
pub struct Runner {
    inner: Rc<Inner>,
}

pub(crate) struct Inner {
    client: RefCell<Client>,
    queue: RefCell<VecDeque<Event>>,
    is_working: Cell<bool>,
    place: Place,
    /// `None` once it is destroyed.
    world: RefCell<Option<World>>,
    notify: Box<dyn Fn(Notice)>,
}

impl Runner {
    /// A client that has not begun. `notify` is told what changed, after it has; it may read the
    /// client and dispatch events.
    #[must_use]
    pub fn new(profile: Profile, place: Place, notify: impl Fn(Notice) + 'static) -> Self {
        let inner = Inner {
            client: RefCell::new(Client::new(profile)),
            queue: RefCell::default(),
            is_working: Cell::new(false),
            place,
            world: RefCell::new(Some(World::default())),
            notify: Box::new(notify),
        };
        Self { inner: Rc::new(inner) }
    }

    /// Begins: listens to the page and to other tabs, and gives the client what is on disk.
    pub fn start(&self) {
        let inner = &self.inner;
        let (to_page, to_store) = (Rc::downgrade(inner), Rc::downgrade(inner));
        if let Some(world) = inner.world.borrow_mut().as_mut() {
            world.watch = Some(page::PageWatch::new(move |event| of_page(&to_page, event)));
            let watch = inner.place.store.watch(move |changed| of_store(&to_store, changed));
            world.tabs = Some(watch);
        }
        let store = &inner.place.store;
        let outbox = store.outbox();
        let wall = clock::wall();
        self.dispatch(Event::Start(Box::new(Start {
            session: session(store),
            outbox: outbox.iter().filter_map(|(_, text)| OutboxEntry::from_json(text)).collect(),
            wall,
            utc_offset_min: clock::utc_offset_minutes(wall),
            online: page::is_online(),
            visible: page::is_visible(),
            inst: hex32(random::bits()),
        })));
    }

    /// Something happened. Nothing happens to a runner that is destroyed.
    pub fn dispatch(&self, event: Event) {
        Inner::dispatch(&self.inner, event);
    }

    /// Reads the client.
    ///
    /// # Panics
    /// If `read` dispatches: reading and changing do not go together.
    pub fn read<T>(&self, read: impl FnOnce(&Client) -> T) -> T {
        read(&self.inner.client.borrow())
    }

    /// The server's address.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.inner.place.base
    }

    /// Whether everything that must survive a reload is on disk.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.inner.place.store.is_durable()
    }

    /// Ends it: every listener, timer and socket goes, and an answer that is still on its way is
    /// passed over. What is on disk stays. Again does nothing.
    pub fn destroy(&self) {
        self.inner.queue.borrow_mut().clear();
        // Taken out first: what goes may call back.
        let world = self.inner.world.borrow_mut().take();
        drop(world);
    }
}

impl Inner {
    fn dispatch(inner: &Rc<Self>, event: Event) {
        if inner.world.borrow().is_none() {
            return;
        }
        inner.queue.borrow_mut().push_back(event);
        if inner.is_working.replace(true) {
            return;
        }
        loop {
            let Some(event) = inner.queue.borrow_mut().pop_front() else { break };
            let effects = inner.client.borrow_mut().update(clock::now(), event);
            for effect in effects {
                effects::run(inner, effect);
            }
        }
        inner.is_working.set(false);
    }
}

fn session(store: &Store) -> Option<Session> {
    store.get(&Key::Session).as_deref().and_then(Session::from_json)
}

fn of_page(inner: &Weak<Inner>, event: PageEvent) {
    let Some(inner) = inner.upgrade() else { return };
    let event = match event {
        PageEvent::Visible => Event::Visible,
        PageEvent::Hidden => Event::Hidden,
        PageEvent::Online => Event::Online,
        PageEvent::Offline => Event::Offline,
        PageEvent::Left => Event::PageHide,
        PageEvent::Restored => {
            // Other tabs went on while this one was frozen, and their events did not reach it.
            let session = session(&inner.place.store).map(Box::new);
            Inner::dispatch(&inner, Event::SessionChanged(session));
            Event::PageShow
        }
    };
    Inner::dispatch(&inner, event);
}

fn of_store(inner: &Weak<Inner>, changed: Changed) {
    let Some(inner) = inner.upgrade() else { return };
    let event = match (changed.key, changed.value) {
        (Key::Session, value) => {
            let session = value.as_deref().and_then(Session::from_json);
            Event::SessionChanged(session.map(Box::new))
        }
        (Key::Outbox(cid), None) => Event::EntryGone(cid),
        (Key::Outbox(_), Some(value)) => match OutboxEntry::from_json(&value) {
            Some(entry) => Event::EntryChanged(Box::new(entry)),
            None => return,
        },
        // Each tab's own.
        (Key::Draft, _) => return,
    };
    Inner::dispatch(&inner, event);
}
