//! Sessions: the lists into which clients put their commands, and where they find the answers.
//!
//! In memory, and beyond one connection: a client that was cut off finds the answers that it
//! missed. After a restart of the server its list is not there, and it makes another.
//! Source: `twilio-chat@3.4.0:lib/session.js`.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use frontdesk_protocol::{Millis, id::hex32};
use serde_json::{Value, json};

use super::objects::{Note, Object, note::Change};
use crate::storage::Party;

/// Answers that are kept of one session.
const KEPT: usize = 64;
/// Most sessions of one party: the oldest goes.
const PER_PARTY: usize = 16;
/// How long a session is kept that nobody uses.
const IDLE_MS: u64 = 15 * 60_000;
/// How often those are looked for.
const SWEEP_MS: u64 = 60_000;
/// The number of the event that says what the session is. Before it is only its making.
const CONTEXT: u64 = 2;

/// All sessions here. Cheap to clone; all clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Sessions(Arc<Mutex<All>>);

#[derive(Debug, Default)]
struct All {
    sessions: HashMap<String, Session>,
    swept: Millis,
}

#[derive(Debug)]
struct Session {
    owner: Party,
    context: Value,
    made: Millis,
    used: Millis,
    events: u64,
    items: u64,
    answers: VecDeque<Answered>,
}

#[derive(Debug, Clone)]
struct Answered {
    event: u64,
    index: u64,
    ts: Millis,
    data: Value,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a session: its SID.
    pub(super) fn make(&self, now: Millis, bits: u128, owner: Party, context: Value) -> String {
        let sid = format!("ES{}", hex32(bits));
        let mut all = self.lock();
        if now.since(all.swept) >= SWEEP_MS {
            all.swept = now;
            all.sessions.retain(|_, session| now.since(session.used) < IDLE_MS);
        }
        let theirs = all.sessions.iter().filter(|(_, session)| session.owner == owner);
        let theirs: Vec<_> = theirs.map(|(sid, session)| (session.used, sid.clone())).collect();
        if theirs.len() >= PER_PARTY
            && let Some((_, oldest)) = theirs.into_iter().min()
        {
            all.sessions.remove(&oldest);
        }
        let session = Session {
            owner,
            context,
            made: now,
            used: now,
            events: CONTEXT,
            items: 0,
            answers: VecDeque::new(),
        };
        all.sessions.insert(sid.clone(), session);
        sid
    }

    fn with<T>(
        &self,
        sid: &str,
        owner: &Party,
        now: Millis,
        use_it: impl FnOnce(&mut Session) -> T,
    ) -> Option<T> {
        let mut all = self.lock();
        let session = all.sessions.get_mut(sid).filter(|session| session.owner == *owner)?;
        session.used = now;
        Some(use_it(session))
    }

    /// When it was made, if it is theirs.
    pub(super) fn find(&self, sid: &str, owner: &Party, now: Millis) -> Option<Millis> {
        self.with(sid, owner, now, |session| session.made)
    }

    /// What the session is, if it is theirs.
    pub(super) fn context(&self, sid: &str, owner: &Party, now: Millis) -> Option<Value> {
        self.with(sid, owner, now, |session| session.context.clone())
    }

    /// A place for a command: its index and the number of the event.
    pub(super) fn put(&self, sid: &str, owner: &Party, now: Millis) -> Option<(u64, u64)> {
        self.with(sid, owner, now, |session| {
            session.events += 1;
            session.items += 1;
            (session.items - 1, session.events)
        })
    }

    /// The answer to the command at an index.
    pub(super) fn answer(&self, sid: &str, owner: &Party, now: Millis, index: u64, data: Value) {
        self.with(sid, owner, now, |session| {
            session.events += 1;
            if session.answers.len() >= KEPT {
                session.answers.pop_front();
            }
            let event = session.events;
            session.answers.push_back(Answered { event, index, ts: now, data });
        });
    }

    /// What happened in it after an event, and the number of the newest one.
    pub(super) fn after(
        &self,
        sid: &str,
        owner: &Party,
        now: Millis,
        after: u64,
    ) -> Option<(Vec<Note>, u64)> {
        self.with(sid, owner, now, |session| {
            let note =
                |id, ts, change| Note { object: Object::Session(sid.into()), id, ts, change };
            let context = (after < CONTEXT)
                .then(|| note(CONTEXT, session.made, Change::Context(session.context.clone())));
            let answers = session.answers.iter().filter(|answered| answered.event > after);
            let answers = answers.map(|answered| {
                let Answered { event, index, ts, data } = answered.clone();
                note(event, ts, Change::Updated { key: json!(index), data })
            });
            (context.into_iter().chain(answers).collect(), session.events)
        })
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{Identity, id::AccountSid};

    use super::*;
    use crate::storage::PartyKind;

    const NOW: Millis = Millis(1_000_000);

    fn party(name: &str) -> Party {
        Party {
            account: AccountSid::from_bits(1),
            identity: Identity::parse(name).unwrap(),
            kind: PartyKind::Guest,
        }
    }

    #[test]
    fn who_comes_back_finds_the_answers_that_were_missed_and_no_others() {
        let (sessions, owner) = (Sessions::default(), party("a"));
        let sid = sessions.make(NOW, 1, owner.clone(), json!({"identity": "a"}));
        let (notes, head) = sessions.after(&sid, &owner, NOW, 1).unwrap();
        assert_eq!((notes.len(), head), (1, 2));
        let (index, event) = sessions.put(&sid, &owner, NOW).unwrap();
        assert_eq!((index, event), (0, 3));
        sessions.answer(&sid, &owner, NOW, index, json!({"commandId": "1"}));
        let (notes, head) = sessions.after(&sid, &owner, NOW, 2).unwrap();
        assert_eq!((notes.len(), notes[0].id, head), (1, 4, 4));
        assert_eq!(sessions.after(&sid, &owner, NOW, 4).unwrap().0, []);
    }

    #[test]
    fn a_session_is_there_for_its_owner_alone_and_while_it_is_used() {
        let (sessions, owner) = (Sessions::default(), party("a"));
        let sid = sessions.make(NOW, 1, owner.clone(), json!({}));
        assert_eq!(sessions.find(&sid, &party("b"), NOW), None);
        assert_eq!(sessions.find(&sid, &owner, NOW.plus(IDLE_MS - 1)), Some(NOW));
        sessions.make(NOW.plus(3 * IDLE_MS), 2, party("b"), json!({}));
        assert_eq!(sessions.find(&sid, &owner, NOW.plus(3 * IDLE_MS)), None);
    }

    #[test]
    fn nobody_keeps_more_than_a_few() {
        let (sessions, owner) = (Sessions::default(), party("a"));
        let sids: Vec<_> = (0..=16_u64)
            .map(|n| sessions.make(NOW.plus(n), n.into(), owner.clone(), json!({})))
            .collect();
        assert_eq!(sessions.find(&sids[0], &owner, NOW), None);
        assert!(sids[1..].iter().all(|sid| sessions.find(sid, &owner, NOW).is_some()));
        let (index, _) = sessions.put(&sids[1], &owner, NOW).unwrap();
        for _ in 0..100 {
            sessions.answer(&sids[1], &owner, NOW, index, json!({}));
        }
        assert_eq!(sessions.after(&sids[1], &owner, NOW, 2).unwrap().0.len(), KEPT);
    }
}
