//! What each change does: its events, and the state they fold into.
//!
//! Every change weighs everything before it writes anything, so that a refused one leaves nothing.

mod channel;
mod erase;
mod hooks;
mod invites;
mod marks;
mod media;
mod members;
mod messages;
mod records;
mod tasks;
mod users;

use std::sync::Arc;

use frontdesk_protocol::{ChannelSid, Event, EventKind, Identity, Stream, state::Status};
use sqlx::SqliteConnection;

use self::{channel::NewChannel, messages::Spoken};
use super::{
    ledger::{End, Ledger, Room},
    pending::NewEvent,
    rows::json,
};
use crate::storage::{Author, Change, Entry, Outcome, Party, Rejection, StoreError};

/// Why a change was not done.
#[derive(Debug)]
pub(super) enum ApplyError {
    /// It cannot be; nothing was written.
    Rejected(Rejection),
    /// The database failed.
    Database(sqlx::Error),
    /// Something stored cannot be read.
    Corrupt(String),
}

impl From<Rejection> for ApplyError {
    fn from(reason: Rejection) -> Self {
        Self::Rejected(reason)
    }
}
impl From<sqlx::Error> for ApplyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// A transaction under way.
pub(super) struct Tx<'a> {
    connection: &'a mut SqliteConnection,
    ledger: &'a mut Ledger,
    entries: &'a mut Vec<Entry>,
}

/// Does one change within the transaction of `connection`. `done` is what the changes of its commit
/// that came before it came to.
pub(super) async fn apply(
    connection: &mut SqliteConnection,
    ledger: &mut Ledger,
    change: Change,
    done: &[Outcome],
    entries: &mut Vec<Entry>,
) -> Result<Outcome, ApplyError> {
    let mut tx = Tx { connection, ledger, entries };
    match change {
        Change::EnsureUser { sid, account, identity, name } => {
            tx.ensure_user(&sid, &account, &identity, &name).await
        }
        Change::OpenChannel {
            sid,
            account,
            service,
            unique_name,
            name,
            kind,
            created_by,
            attributes,
            key,
        } => {
            let new = NewChannel { unique_name, kind, created_by };
            let room = Room {
                id: 0,
                account,
                name,
                status: Status::Active,
                attributes,
                key,
                members: Vec::new(),
            };
            tx.open_channel(sid, &service, new, room).await
        }
        Change::Say { channel, author, sid, cid, body, media, attributes, submitted } => {
            let message = Spoken { sid, cid, body, media, attributes, submitted };
            tx.say(&channel, &author, message).await
        }
        Change::Edit { channel, author, target, body, attributes } => {
            tx.edit(&channel, &author, target, body, attributes).await
        }
        Change::Redact { channel, author, target } => tx.redact(&channel, &author, target).await,
        Change::Join { channel, member } => tx.join(&channel, member).await,
        Change::Add { channel, member, role_sid, most } => {
            tx.add(&channel, member, role_sid, most).await
        }
        Change::Leave { channel, identity } => tx.leave(&channel, &identity).await,
        Change::SetMember { channel, identity, role, name, attributes } => {
            tx.set_member(&channel, identity, role, name, attributes).await
        }
        Change::KeepMember { channel, identity, role_sid, muted } => {
            tx.keep_member(&channel, &identity, role_sid.as_ref(), muted).await
        }
        Change::Invite { channel, sid, identity, role_sid, created_by } => {
            tx.invite(&channel, &sid, &identity, role_sid.as_ref(), &created_by).await
        }
        Change::Uninvite { channel, sid } => tx.uninvite(&channel, &sid).await,
        Change::KeepChannel { channel, unique_name, created_by } => {
            tx.keep_channel(&channel, unique_name, created_by).await
        }
        Change::RemoveChannel { channel } => tx.remove_channel(&channel).await,
        Change::AddUser { user, role_sid } => tx.add_user(&user, role_sid.as_ref()).await,
        Change::KeepUser { sid, name, attributes, role_sid } => {
            tx.keep_user(&sid, name, attributes, role_sid.as_ref()).await
        }
        Change::RemoveUser { sid } => tx.remove_user(&sid).await,
        Change::SetStatus { channel, author, status } => {
            tx.set_status(&channel, &author, status).await
        }
        Change::SetAttributes { channel, author, name, attributes } => {
            tx.set_attributes(&channel, &author, name, attributes).await
        }
        Change::Move { channel, party, mark, upto } => {
            tx.move_mark(&channel, &party, mark, upto).await
        }
        Change::OpenTask { queue, sid, channel, name, attributes } => {
            tx.open_task(&queue, sid, channel, name, attributes).await
        }
        Change::AcceptTask { sid, agent } => tx.accept_task(&sid, agent).await,
        Change::CloseTask { sid, by } => tx.close_task(&sid, by).await,
        Change::Remember(record) => tx.remember(&record).await,
        Change::KeepFamily(family) => tx.keep_family(&family).await,
        Change::KeepEngagement(engagement) => tx.keep_engagement(&engagement).await,
        Change::Enqueue { about, quiet, delivery } => {
            tx.enqueue(done.get(about), quiet, &delivery).await
        }
        Change::PutWebhook { channel, webhook } => tx.put_webhook(&channel, &webhook).await,
        Change::RemoveWebhook { channel, sid } => tx.remove_webhook(&channel, &sid).await,
    }
}

impl Tx<'_> {
    /// Appends an event.
    async fn append(
        &mut self,
        stream: &Stream,
        author: Option<Identity>,
        kind: EventKind,
    ) -> Result<End, ApplyError> {
        let end = self.ledger.advance(self.connection, stream).await?;
        self.insert(stream, end, author, kind);
        Ok(end)
    }

    /// Appends an event at a position that was taken for it.
    fn insert(&mut self, stream: &Stream, end: End, author: Option<Identity>, kind: EventKind) {
        let event = Event { seq: end.head, ts: end.ts, author, kind };
        let payload = json(&event);
        self.ledger.pending.events.push(NewEvent { stream: end.id, seq: end.head, payload });
        self.entries.push(Entry { stream: stream.clone(), event: Arc::new(event) });
    }

    async fn room(&mut self, channel: &ChannelSid) -> Result<&mut Room, ApplyError> {
        let room = self.ledger.room(self.connection, channel).await?;
        room.ok_or(ApplyError::Rejected(Rejection::NotFound))
    }

    /// The channel, if `author` may change things in it.
    async fn room_for(
        &mut self,
        channel: &ChannelSid,
        author: &Author,
    ) -> Result<&mut Room, ApplyError> {
        match author {
            Author::Anybody(_) | Author::System => self.room(channel).await,
            Author::Member(party) => self.room_of_member(channel, party).await,
        }
    }

    /// The channel, if `party` is in it. To anybody else it looks the same whether it is there.
    async fn room_of_member(
        &mut self,
        channel: &ChannelSid,
        party: &Party,
    ) -> Result<&mut Room, ApplyError> {
        let not_member = ApplyError::Rejected(Rejection::NotMember);
        let room = self.ledger.room(self.connection, channel).await?;
        let room = room.filter(|room| room.account == party.account);
        let room = room.filter(|room| room.member(&party.identity).is_some_and(|m| !m.left));
        room.ok_or(not_member)
    }
}

fn who(author: &Author) -> Option<Identity> {
    match author {
        Author::Member(party) => Some(party.identity.clone()),
        Author::Anybody(identity) => Some(identity.clone()),
        Author::System => None,
    }
}

const fn event(end: End) -> Outcome {
    Outcome::Event { seq: end.head, ts: end.ts }
}
