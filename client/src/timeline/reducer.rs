//! Applies the next event of the channel's log.
//!
//! What comes out must be what a fresh snapshot at that position says (I10 in
//! `server/tests/simulation/check.rs`).

use frontdesk_protocol::{
    Cid, Event, EventKind, Identity,
    state::{Member, Message},
};

use super::{Row, Timeline};

impl Timeline {
    /// Applies one event. Returns the user's own message it carries, if it does.
    pub(crate) fn apply(&mut self, event: Event) -> Option<Cid> {
        let Event { seq, ts, author, kind } = event;
        match kind {
            EventKind::Msg { sid, index, cid, body, media, attributes } => {
                // The store gives every message an author; one without has nobody to show.
                let author = author?;
                let message = Message {
                    seq,
                    index,
                    sid,
                    cid,
                    author,
                    body,
                    media,
                    attributes,
                    ts,
                    edited: None,
                    redacted: false,
                };
                self.append(message)
            }
            EventKind::Edit { target, body, attributes } => {
                self.change_logged(target, |row| {
                    row.body = body;
                    row.attributes = attributes;
                    row.edited = true;
                });
                None
            }
            EventKind::Redact { target } => {
                self.change_logged(target, |row| {
                    row.body.clear();
                    row.media = None;
                    row.attributes.clear();
                    row.redacted = true;
                });
                None
            }
            EventKind::Join { member } => {
                let identity = member.identity.clone();
                let before = self.member(&identity).map_or((0, 0), |old| (old.seen, old.read));
                let after = (member.seen, member.read);
                match self.members.iter_mut().find(|old| old.identity == identity) {
                    Some(old) => *old = member,
                    None => self.members.push(member),
                }
                self.is_changed = true;
                self.marks_moved(&identity, before.0.min(before.1), after.0.max(after.1));
                None
            }
            EventKind::Leave { identity } => {
                self.change_member(&identity, |member| member.left = true);
                None
            }
            EventKind::Member { identity, role, name, attributes } => {
                self.change_member(&identity, |member| {
                    member.role = role;
                    member.name = name;
                    member.attributes = attributes;
                });
                None
            }
            EventKind::Status { status } => {
                if let Some(channel) = &mut self.channel {
                    channel.status = status;
                }
                self.is_changed = true;
                None
            }
            EventKind::Attributes { name, attributes } => {
                if let Some(channel) = &mut self.channel {
                    channel.name = name;
                    channel.attributes = attributes;
                }
                self.is_changed = true;
                None
            }
            EventKind::Read { identity, target } => {
                let from = self.member(&identity).map_or(0, |member| member.read);
                self.change_member(&identity, |member| member.read = member.read.max(target));
                self.marks_moved(&identity, from, target);
                None
            }
            EventKind::Seen { identity, target } => {
                let from = self.member(&identity).map_or(0, |member| member.seen);
                self.change_member(&identity, |member| member.seen = member.seen.max(target));
                self.marks_moved(&identity, from, target);
                None
            }
            // Not a channel's, or of tomorrow: a position and nothing to show.
            EventKind::Task { .. } | EventKind::Membership { .. } | EventKind::Unknown {} => None,
        }
    }

    fn append(&mut self, message: Message) -> Option<Cid> {
        let seq = message.seq;
        let mut row = Row::of_message(message, &self.me);
        let own = row.cid.filter(|_| row.mine);
        if row.mine {
            row.receipt = Some(self.receipt(seq));
        }
        match own.and_then(|cid| self.take_echo(cid)) {
            Some(at) if at == self.logged => {
                self.change(at, |echo| {
                    let layout = (echo.divider, echo.starts_group, echo.ends_group);
                    *echo = row;
                    (echo.divider, echo.starts_group, echo.ends_group) = layout;
                });
                self.logged += 1;
            }
            Some(at) => {
                self.remove(at);
                self.insert(self.logged, row);
                self.logged += 1;
            }
            None => {
                self.insert(self.logged, row);
                self.logged += 1;
            }
        }
        self.recount();
        own
    }

    fn change_logged(&mut self, target: u64, change: impl FnOnce(&mut Row)) {
        // A message that is not loaded comes with its page as it then stands.
        if let Ok(at) = self.find(target) {
            self.change(at, change);
        }
    }

    fn change_member(&mut self, identity: &Identity, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.iter_mut().find(|member| member.identity == *identity) {
            change(member);
            self.is_changed = true;
        }
    }

    fn marks_moved(&mut self, identity: &Identity, from: u64, to: u64) {
        if *identity == self.me {
            self.recount();
        } else {
            self.refresh_receipts(from, to);
        }
    }
}
