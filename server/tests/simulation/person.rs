//! A client with its disk and its timers, as a browser keeps them.

use std::collections::BTreeMap;

use frontdesk_client::{
    Client, Event, GuestProfile, OutboxEntry, Profile, Session, SocketId, Start, Timer,
};
use frontdesk_protocol::{
    Cid, Identity, Millis,
    form::Form,
    id::{AccountSid, FlowSid},
};

use frontdesk_server::storage::fold::Fold;

use crate::store::{channel, user};

/// The wall clock when a schedule begins.
pub(crate) const WALL: u64 = 1_795_350_000_000;

pub(crate) struct Person {
    pub(crate) identity: Identity,
    pub(crate) client: Client,
    pub(crate) is_guest: bool,
    /// Timers that run, with the number of their setting: an older one that rings is stale.
    pub(crate) timers: BTreeMap<Timer, u64>,
    pub(crate) session: Option<Session>,
    pub(crate) outbox: BTreeMap<Cid, OutboxEntry>,
    /// What was written, in this order.
    pub(crate) written: Vec<Cid>,
    /// Where acknowledgements said that messages are.
    pub(crate) acked: BTreeMap<Cid, (u64, Millis)>,
    pub(crate) connects: Vec<Millis>,
    /// Moments when a hand, or the page, asked for a connection.
    pub(crate) hands: Vec<Millis>,
    pub(crate) socket: Option<SocketId>,
    /// What the client should show, by the server's fold.
    pub(crate) wanted: Fold,
    pub(crate) is_away: bool,
    pub(crate) is_online: bool,
    /// Counts reloads: what was on its way to a page that is gone does not reach the next.
    pub(crate) page: u64,
}

impl Person {
    pub(crate) fn new(name: &str, is_guest: bool) -> Self {
        let identity = Identity::parse(name).expect("a plain name");
        let session = is_guest.then(|| Session {
            token: format!("{name}@{}", WALL + 240_000),
            expires: Millis(WALL + 240_000),
            secret: Some("secret".into()),
            identity: identity.clone(),
            channel: Some(channel()),
            pending: None,
        });
        Self {
            client: Client::new(profile(&identity, is_guest)),
            identity,
            is_guest,
            timers: BTreeMap::new(),
            session,
            outbox: BTreeMap::new(),
            written: Vec::new(),
            acked: BTreeMap::new(),
            connects: Vec::new(),
            hands: Vec::new(),
            socket: None,
            wanted: Fold::empty(),
            is_away: false,
            is_online: true,
            page: 0,
        }
    }

    /// The page is loaded, or loaded again: only the disk is left.
    pub(crate) fn load(&mut self, wall: Millis) -> Event {
        self.client = Client::new(profile(&self.identity, self.is_guest));
        self.timers.clear();
        self.socket = None;
        self.is_away = false;
        self.page += 1;
        Event::Start(Box::new(Start {
            session: self.session.clone(),
            outbox: self.outbox.values().cloned().collect(),
            wall,
            utc_offset_min: 60,
            online: self.is_online,
            visible: true,
            inst: format!("tab{}", self.page),
        }))
    }
}

fn profile(identity: &Identity, is_guest: bool) -> Profile {
    if is_guest {
        Profile::Guest(Box::new(GuestProfile {
            account: AccountSid::from_bits(1),
            flow: FlowSid::from_bits(1),
            site: "site".into(),
            form: Form::default(),
            default_name: "Visitor".into(),
        }))
    } else {
        Profile::Agent { identity: identity.clone(), streams: vec![user()] }
    }
}
