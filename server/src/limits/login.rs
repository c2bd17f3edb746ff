//! Guessing passwords gets slow, for the guesser alone.

use std::{
    collections::HashSet,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use frontdesk_protocol::Millis;

use super::{Keyed, Rate, counted};

/// Most pairs of name and address that are remembered as good.
const TRUSTED: usize = 10_000;

/// Attempts to sign in, by name and by address.
///
/// Nobody can be locked out: a name that is under attack from everywhere still takes an attempt
/// every few seconds, and an address from which the name was signed in before has the name's limit
/// waived.
#[derive(Debug, Clone)]
pub struct LoginThrottle {
    names: Keyed<String>,
    addresses: Keyed<IpAddr>,
    trusted: Arc<Mutex<HashSet<(String, IpAddr)>>>,
}

impl LoginThrottle {
    /// These rates, for each name and for each address.
    #[must_use]
    pub fn new(name: Rate, address: Rate) -> Self {
        Self { names: Keyed::new(name), addresses: Keyed::new(address), trusted: Arc::default() }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub fn take(&self, now: Millis, name: &str, address: IpAddr) -> Result<(), u64> {
        let address = counted(address);
        // A name may be of any length; it is a key here and nothing else.
        let name: String = name.chars().take(256).collect();
        let trusted = self.lock().contains(&(name.clone(), address));
        match self.addresses.take(address, now) {
            Ok(()) if trusted => Ok(()),
            Ok(()) => self.names.take(name, now),
            Err(after_ms) if trusted => Err(after_ms),
            // Whoever waits as long as told gets their attempt: the longer of the two.
            Err(after_ms) => Err(after_ms.max(self.names.wait_ms(&name, now))),
        }
    }

    /// The attempt was right.
    pub fn succeeded(&self, name: &str, address: IpAddr) {
        let mut trusted = self.lock();
        if trusted.len() >= TRUSTED {
            trusted.clear();
        }
        trusted.insert((name.to_owned(), counted(address)));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<(String, IpAddr)>> {
        self.trusted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_attacked_from_everywhere_still_gets_in_from_home() {
        let rate = Rate { per_second: 0.1, burst: 3.0 };
        let throttle = LoginThrottle::new(rate, Rate { per_second: 1.0, burst: 10.0 });
        let home = IpAddr::from([192, 0, 2, 1]);
        throttle.take(Millis(0), "alice", home).unwrap();
        throttle.succeeded("alice", home);
        for n in 0..100 {
            let _ = throttle.take(Millis(0), "alice", IpAddr::from([203, 0, 113, n]));
        }
        assert!(throttle.take(Millis(0), "alice", IpAddr::from([203, 0, 113, 200])).is_err());
        assert_eq!(throttle.take(Millis(0), "alice", home), Ok(()));
    }
}
