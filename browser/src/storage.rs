//! What outlives the page: `localStorage`, or memory where the browser refuses it.
//!
//! Storage is refused in many ways: blocked by the visitor's settings (even looking at it throws),
//! partitioned away in a frame, or full. Nothing of that may stop a chat: what cannot be kept on
//! disk is kept in memory for as long as the page lives, and [`Store::is_durable`] says so.
//!
//! All keys begin with `frontdesk:<site>:`; nothing is read or written outside of them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use frontdesk_protocol::Cid;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};

use crate::{listen::Listener, slots::Slots};

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The running chat: token, continuity secret, channel. The loader looks whether it is there.
    Session,
    /// A message that is not acknowledged yet.
    Outbox(Cid),
    /// What stands in the composer of the running chat. Each tab has its own; the last that was left
    /// is kept, and no tab looks at it while it stands.
    Draft,
}

impl Key {
    fn suffix(&self) -> String {
        match self {
            Self::Session => "session".into(),
            Self::Outbox(cid) => ["outbox:", &cid.to_hex()].concat(),
            Self::Draft => "draft".into(),
        }
    }

    fn parse(suffix: &str) -> Option<Self> {
        match suffix.split_once(':') {
            None if suffix == "session" => Some(Self::Session),
            Some(("outbox", cid)) => Cid::parse(cid).map(Self::Outbox),
            Some(_) | None => None,
        }
    }
}

/// What another tab did to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which.
    pub key: Key,
    /// What it holds now; `None` if it was removed.
    pub value: Option<String>,
}

/// The keys of one site. Cloning it is cheap, and the clone is the same store.
#[derive(Clone)]
pub struct Store {
    inner: Rc<Inner>,
}

struct Inner {
    prefix: String,
    disk: Option<Storage>,
    memory: RefCell<Slots<Key, String>>,
    durable: Cell<bool>,
}

impl Store {
    /// The store of this site, on disk if the browser lets us.
    #[must_use]
    pub fn open(site: &str) -> Self {
        let disk = crate::window().local_storage().ok().flatten();
        let durable = Cell::new(disk.is_some());
        let prefix = ["frontdesk:", site, ":"].concat();
        Self { inner: Rc::new(Inner { prefix, disk, memory: RefCell::default(), durable }) }
    }

    /// Whether everything that was put is on disk. `false` from the first refusal on.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.inner.durable.get()
    }

    /// What a key holds.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<String> {
        let inner = &*self.inner;
        // Memory first: it has what the disk did not take.
        inner.memory.borrow().get(key).cloned().or_else(|| {
            inner.disk.as_ref().and_then(|disk| disk.get_item(&inner.name(key)).ok().flatten())
        })
    }

    /// Puts a value; whether it is on disk.
    pub fn set(&self, key: &Key, value: &str) -> bool {
        let inner = &*self.inner;
        let name = inner.name(key);
        if inner.disk.as_ref().is_some_and(|disk| disk.set_item(&name, value).is_ok()) {
            inner.memory.borrow_mut().take(key);
            return true;
        }
        // An older value on disk would come back after a reload as if it were the newest.
        inner.remove_from_disk(&name);
        inner.durable.set(false);
        inner.memory.borrow_mut().put(key.clone(), value.to_owned());
        false
    }

    /// Removes a key.
    pub fn remove(&self, key: &Key) {
        let inner = &*self.inner;
        inner.memory.borrow_mut().take(key);
        inner.remove_from_disk(&inner.name(key));
    }

    /// The whole outbox, in no order.
    #[must_use]
    pub fn outbox(&self) -> Vec<(Cid, String)> {
        let inner = &*self.inner;
        let mut entries = Slots::default();
        if let Some(disk) = &inner.disk {
            // Collected first: reading while others write may move the positions.
            let names: Vec<String> = (0..disk.length().unwrap_or(0))
                .filter_map(|position| disk.key(position).ok().flatten())
                .collect();
            for name in names {
                if let Some(Key::Outbox(cid)) = inner.key(&name)
                    && let Ok(Some(value)) = disk.get_item(&name)
                {
                    entries.put(cid, value);
                }
            }
        }
        for (key, value) in inner.memory.borrow().iter() {
            if let Key::Outbox(cid) = key {
                entries.put(*cid, value.clone());
            }
        }
        entries.into_vec()
    }

    /// Calls `handler` when another tab of this site changes one of the keys.
    pub fn watch(&self, handler: impl Fn(Changed) + 'static) -> Listener {
        let inner = Rc::clone(&self.inner);
        Listener::on_window("storage", move |event| {
            let Some(event) = event.dyn_ref::<StorageEvent>() else { return };
            let Some(key) = event.key().and_then(|name| inner.key(&name)) else { return };
            handler(Changed { key, value: event.new_value() });
        })
    }
}

impl Inner {
    fn name(&self, key: &Key) -> String {
        [self.prefix.as_str(), &key.suffix()].concat()
    }

    fn key(&self, name: &str) -> Option<Key> {
        name.strip_prefix(&self.prefix).and_then(Key::parse)
    }

    fn remove_from_disk(&self, name: &str) {
        if let Some(disk) = &self.disk {
            // A refusal leaves the old value where it is; there is nothing else to try.
            drop(disk.remove_item(name));
        }
    }
}
