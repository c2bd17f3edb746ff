//! Who is writing: what is told of the user, and what is shown of others.

use frontdesk_protocol::{Identity, Millis, Stream, sorted::SortedMap};

/// While typing goes on it is told so often.
pub(crate) const REPEAT_MS: u64 = 5_000;
/// Without a keystroke for so long, typing has stopped.
pub(crate) const IDLE_MS: u64 = 5_000;
/// Somebody else's typing is shown for so long after it was last told.
pub(crate) const EXPIRY_MS: u64 = 8_000;

#[derive(Debug, Clone)]
struct Own {
    stream: Stream,
    told: Millis,
    keyed: Millis,
}

/// The typing of everybody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typing {
    own: Option<Own>,
    others: SortedMap<(Stream, Identity), Millis>,
}

/// What a keystroke asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// Tell the others now.
    pub(crate) tell: bool,
    /// It is the first in a while: watch for the end.
    pub(crate) watch: bool,
}

impl Typing {
    /// The user typed something.
    pub(crate) fn key(&mut self, now: Millis, stream: &Stream) -> Told {
        match &mut self.own {
            Some(own) if own.stream == *stream => {
                own.keyed = now;
                let tell = now.since(own.told) >= REPEAT_MS;
                if tell {
                    own.told = now;
                }
                Told { tell, watch: false }
            }
            Some(_) | None => {
                self.own = Some(Own { stream: stream.clone(), told: now, keyed: now });
                Told { tell: true, watch: true }
            }
        }
    }

    /// The watch is up. `Ok` with the channel if typing stopped there, else look again after so
    /// many milliseconds; `None` if nobody was typing.
    pub(crate) fn look(&mut self, now: Millis) -> Option<Result<Stream, u64>> {
        let own = self.own.as_ref()?;
        let idle_ms = now.since(own.keyed);
        if idle_ms < IDLE_MS {
            return Some(Err(IDLE_MS - idle_ms));
        }
        self.own.take().map(|own| Ok(own.stream))
    }

    /// The user sent the text or took it away. True if the others think typing goes on.
    pub(crate) fn stop(&mut self, stream: &Stream) -> bool {
        let was = self.own.as_ref().is_some_and(|own| own.stream == *stream);
        if was {
            self.own = None;
        }
        was
    }

    /// Somebody else writes, or not any more. True if that is news.
    pub(crate) fn hear(&mut self, now: Millis, stream: &Stream, who: &Identity, on: bool) -> bool {
        let key = (stream.clone(), who.clone());
        if on {
            self.others.insert(key, now.plus(EXPIRY_MS)).is_none()
        } else {
            self.others.remove(&key).is_some()
        }
    }

    /// Forgets what is too old. Returns the channels where that changes something.
    pub(crate) fn expire(&mut self, now: Millis) -> Vec<Stream> {
        let mut changed: Vec<Stream> = Vec::new();
        self.others.retain(|(stream, _), until| {
            let is_young = now < *until;
            if !is_young && !changed.contains(stream) {
                changed.push(stream.clone());
            }
            is_young
        });
        changed
    }

    /// When the next of the others' typing is too old.
    pub(crate) fn next_expiry(&self) -> Option<Millis> {
        self.others.values().min().copied()
    }

    /// The connection is gone: nobody is known to write.
    pub(crate) fn disconnect(&mut self) -> Vec<Stream> {
        self.own = None;
        self.expire(Millis(u64::MAX))
    }

    /// Who writes in a channel.
    pub(crate) fn others<'a>(&'a self, stream: &'a Stream) -> impl Iterator<Item = &'a Identity> {
        self.others.keys().filter(move |(at, _)| at == stream).map(|(_, who)| who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(n: u8) -> Stream {
        Stream::parse(&format!("CH{n:032x}")).unwrap()
    }

    #[test]
    fn keystrokes_are_told_once_in_five_seconds() {
        let mut typing = Typing::default();
        assert_eq!(typing.key(Millis(0), &stream(1)), Told { tell: true, watch: true });
        assert_eq!(typing.key(Millis(4_999), &stream(1)), Told { tell: false, watch: false });
        assert_eq!(typing.key(Millis(5_000), &stream(1)), Told { tell: true, watch: false });
        assert_eq!(typing.key(Millis(5_001), &stream(2)), Told { tell: true, watch: true });
    }

    #[test]
    fn typing_stops_five_seconds_after_the_last_key() {
        let mut typing = Typing::default();
        assert_eq!(typing.look(Millis(0)), None);
        typing.key(Millis(1_000), &stream(1));
        assert_eq!(typing.look(Millis(5_000)), Some(Err(1_000)));
        assert_eq!(typing.look(Millis(6_000)), Some(Ok(stream(1))));
        assert!(!typing.stop(&stream(1)), "it has stopped");
    }

    #[test]
    fn only_a_change_of_others_typing_is_news() {
        let mut typing = Typing::default();
        let anna = Identity::parse("anna").unwrap();
        assert!(typing.hear(Millis(0), &stream(1), &anna, true));
        assert!(!typing.hear(Millis(4_000), &stream(1), &anna, true));
        assert!(typing.expire(Millis(11_999)).is_empty());
        assert_eq!(typing.expire(Millis(12_000)), [stream(1)]);
        assert!(!typing.hear(Millis(12_001), &stream(1), &anna, false));
    }
}
