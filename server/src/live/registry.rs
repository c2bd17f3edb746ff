//! How many connections there are: in all, by address before they said who they are and after,
//! and by guest or agent.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use frontdesk_protocol::{CloseCode, Millis};

use super::Live;
use crate::{
    limits::counted,
    storage::{Party, PartyKind},
};

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// In all.
    pub total: usize,
    /// Of one address that did not say hello yet.
    pub unknown_per_address: usize,
    /// Of one address that did: people share addresses.
    pub known_per_address: usize,
    /// Of one guest.
    pub per_guest: usize,
    /// Of one agent.
    pub per_agent: usize,
}

/// Why another connection is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// There are as many as this process takes.
    #[error("there are too many connections")]
    Total,
    /// This address has as many as one may have.
    #[error("there are too many connections from one address")]
    Address,
}

/// Counts connections. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Mutex<Counts>>);

#[derive(Debug)]
struct Counts {
    caps: Caps,
    live: Live,
    total: usize,
    unknown: HashMap<IpAddr, usize>,
    known: HashMap<IpAddr, usize>,
    parties: HashMap<Party, Vec<(u64, Millis)>>,
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    /// Nobody is there yet.
    #[must_use]
    pub fn new(caps: Caps, live: Live) -> Self {
        Self(Arc::new(Mutex::new(Counts {
            caps,
            live,
            total: 0,
            unknown: HashMap::new(),
            known: HashMap::new(),
            parties: HashMap::new(),
        })))
    }

    /// Takes a connection from an address. It counts until the ticket is dropped.
    ///
    /// # Errors
    /// [`Full`]: answer 503, or 429, with `Retry-After`.
    pub fn admit(&self, address: IpAddr) -> Result<Ticket, Full> {
        let address = counted(address);
        let mut counts = lock(&self.0);
        if counts.total >= counts.caps.total {
            return Err(Full::Total);
        }
        let limit = counts.caps.unknown_per_address;
        let here = counts.unknown.entry(address).or_default();
        if *here >= limit {
            return Err(Full::Address);
        }
        *here += 1;
        counts.total += 1;
        Ok(Ticket { registry: self.clone(), address, known: None })
    }

    /// Whether a connection has said that it is theirs.
    #[must_use]
    pub fn is_here(&self, party: &Party) -> bool {
        lock(&self.0).parties.contains_key(party)
    }

    /// How many connections there are.
    #[must_use]
    pub fn total(&self) -> usize {
        lock(&self.0).total
    }
}

/// A connection that is counted.
#[derive(Debug)]
pub struct Ticket {
    registry: Registry,
    address: IpAddr,
    known: Option<(Party, u64)>,
}

impl Ticket {
    /// The connection said who it is. If that is one too many for them, the one that was active
    /// the longest ago is closed with 4409.
    ///
    /// # Errors
    /// [`Full::Address`] if too many of that address said who they are.
    pub fn identify(&mut self, party: &Party, connection: u64, now: Millis) -> Result<(), Full> {
        if self.known.is_some() {
            return Ok(());
        }
        let mut counts = lock(&self.registry.0);
        let limit = counts.caps.known_per_address;
        let here = counts.known.entry(self.address).or_default();
        if *here >= limit {
            return Err(Full::Address);
        }
        *here += 1;
        decrease(&mut counts.unknown, &self.address);
        let most = match party.kind {
            PartyKind::Guest => counts.caps.per_guest,
            PartyKind::Agent => counts.caps.per_agent,
        };
        let theirs = counts.parties.entry(party.clone()).or_default();
        let displaced = if theirs.len() >= most {
            let oldest = theirs.iter().enumerate().min_by_key(|(_, (_, active))| *active);
            oldest.map(|(at, _)| at).map(|at| theirs.remove(at).0)
        } else {
            None
        };
        theirs.push((connection, now));
        if let Some(displaced) = displaced {
            counts.live.close(displaced, CloseCode::TooManySockets);
        }
        drop(counts);
        self.known = Some((party.clone(), connection));
        Ok(())
    }

    /// Somebody did something on the connection just now: it is not the one that is hidden.
    pub fn touch(&self, now: Millis) {
        let Some((party, connection)) = &self.known else { return };
        let mut counts = lock(&self.registry.0);
        for (id, active) in counts.parties.get_mut(party).into_iter().flatten() {
            if id == connection {
                *active = now;
            }
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut counts = lock(&self.registry.0);
        counts.total -= 1;
        match &self.known {
            None => decrease(&mut counts.unknown, &self.address),
            Some((party, connection)) => {
                decrease(&mut counts.known, &self.address);
                if let Some(theirs) = counts.parties.get_mut(party) {
                    theirs.retain(|(id, _)| id != connection);
                    if theirs.is_empty() {
                        counts.parties.remove(party);
                    }
                }
            }
        }
    }
}

fn decrease(counts: &mut HashMap<IpAddr, usize>, address: &IpAddr) {
    if let Some(count) = counts.get_mut(address) {
        *count -= 1;
        if *count == 0 {
            counts.remove(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{Identity, id::AccountSid};

    use super::*;
    use crate::live::Hint;

    fn registry(live: &Live) -> Registry {
        let caps = Caps {
            total: 5,
            unknown_per_address: 2,
            known_per_address: 4,
            per_guest: 2,
            per_agent: 3,
        };
        Registry::new(caps, live.clone())
    }

    fn guest() -> Party {
        Party {
            account: AccountSid::from_bits(1),
            identity: Identity::parse("g").unwrap(),
            kind: PartyKind::Guest,
        }
    }

    #[test]
    fn an_address_waits_with_a_few_and_talks_with_many() {
        let registry = registry(&Live::new());
        let address = IpAddr::from([127, 0, 0, 1]);
        let mut one = registry.admit(address).unwrap();
        let _two = registry.admit(address).unwrap();
        assert_eq!(registry.admit(address).unwrap_err(), Full::Address);
        one.identify(&guest(), 1, Millis(1)).unwrap();
        let _three = registry.admit(address).unwrap();
        drop(one);
        assert_eq!(registry.total(), 2);
    }

    #[test]
    fn one_socket_too_many_ends_the_one_that_was_quiet_longest() {
        let live = Live::new();
        let registry = registry(&live);
        let mut tabs: Vec<_> = (0..3)
            .map(|n| (registry.admit(IpAddr::from([127, 0, 0, n + 1])).unwrap(), live.connect()))
            .collect();
        for (n, (ticket, subscriber)) in (0..).zip(&mut tabs).take(2) {
            ticket.identify(&guest(), subscriber.id(), Millis(n)).unwrap();
        }
        tabs[0].0.touch(Millis(10));
        let (ticket, subscriber) = &mut tabs[2];
        ticket.identify(&guest(), subscriber.id(), Millis(11)).unwrap();
        let told: Vec<_> = tabs.iter_mut().map(|(_, subscriber)| subscriber.try_next()).collect();
        assert_eq!(told, [None, Some(Hint::Close(CloseCode::TooManySockets)), None]);
    }

    #[test]
    fn an_agent_has_a_number_of_their_own() {
        let live = Live::new();
        let registry = registry(&live);
        let agent = Party { kind: PartyKind::Agent, ..guest() };
        let mut windows: Vec<_> = (0..4)
            .map(|n| (registry.admit(IpAddr::from([127, 0, 0, n + 1])).unwrap(), live.connect()))
            .collect();
        for (n, (ticket, subscriber)) in (0..).zip(&mut windows) {
            ticket.identify(&agent, subscriber.id(), Millis(n)).unwrap();
        }
        let told: Vec<_> = windows.iter_mut().map(|(_, window)| window.try_next()).collect();
        assert_eq!(told, [Some(Hint::Close(CloseCode::TooManySockets)), None, None, None]);
    }
}
