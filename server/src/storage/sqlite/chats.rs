//! Reading the books of chats.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Cid, Identity, MemberSid, MessageSid, Millis, UserSid,
    id::{AccountSid, InviteSid, Kind, RoleSid, ServiceSid, Sid},
};
use serde_json::{Map, Value};
use sqlx::{Row, Sqlite, query::Query, sqlite::SqliteArguments, sqlite::SqliteRow};

use super::{
    SqliteStore,
    put::Put,
    rows::{self, int, uint},
};
use crate::storage::{
    ChannelRecord, ChannelType, Chats, InviteRecord, MemberRecord, Membership, MessageRecord,
    Order, RoleRecord, ServiceRecord, StoreError, User, UserRecord,
};

/// Most bytes of text in a list of messages.
const LIST_BYTES: usize = 1 << 20;

const CHANNEL: &str = "\
    SELECT c.*, s.sid, s.next_index \
      - (SELECT COUNT(*) FROM messages m WHERE m.channel = c.stream AND m.redacted) AS messages, \
      (SELECT COUNT(*) FROM members m WHERE m.channel = c.stream AND NOT m.gone) AS members \
    FROM channels c JOIN streams s ON s.id = c.stream ";
const MESSAGE: &str = "\
    SELECT m.* FROM messages m JOIN streams s ON s.id = m.channel WHERE s.sid = ? ";
const MEMBER: &str = "\
    SELECT m.*, s.sid AS channel_sid, \
      (SELECT idx FROM messages t WHERE t.channel = m.channel AND t.seq = m.read) AS read_index, \
      (SELECT COUNT(*) FROM messages t WHERE t.channel = m.channel AND t.seq > m.read \
        AND NOT t.redacted) AS unread \
    FROM members m JOIN streams s ON s.id = m.channel JOIN channels c ON c.stream = m.channel ";
const USER: &str = "\
    SELECT u.*, (SELECT COUNT(*) FROM members m JOIN channels c ON c.stream = m.channel \
      WHERE m.identity = u.identity AND NOT m.gone AND c.account = u.account) AS channels \
    FROM users u ";
const INVITE: &str = "\
    SELECT i.*, s.sid AS channel_sid FROM invites i JOIN streams s ON s.id = i.channel \
    WHERE s.sid = ? ";

/// A value in a query.
enum Bind<'a> {
    Text(&'a str),
    Number(u64),
    Most(usize),
}

impl SqliteStore {
    async fn rows(
        &self,
        head: &str,
        tail: &str,
        binds: &[Bind<'_>],
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe([head, tail].concat());
        let mut query: Query<'_, Sqlite, SqliteArguments> = sqlx::query(sql);
        for bind in binds {
            query = match bind {
                Bind::Text(text) => query.bind((*text).to_owned()),
                Bind::Number(number) => query.bind(int(*number)),
                Bind::Most(most) => query.bind(i64::try_from(*most).unwrap_or(i64::MAX)),
            };
        }
        Ok(query.fetch_all(&self.readers).await?)
    }

    async fn row<T>(
        &self,
        head: &str,
        tail: &str,
        binds: &[Bind<'_>],
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.rows(head, tail, binds).await?.first().map(read).transpose()
    }

    async fn list<T>(
        &self,
        head: &str,
        tail: &str,
        binds: &[Bind<'_>],
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(head, tail, binds).await?.iter().map(read).collect()
    }
}

#[async_trait]
impl Chats for SqliteStore {
    async fn channel(&self, sid: &ChannelSid) -> Result<Option<ChannelRecord>, StoreError> {
        self.row(CHANNEL, "WHERE s.sid = ?", &[Bind::Text(sid.as_str())], channel).await
    }

    async fn channel_named(
        &self,
        service: &ServiceSid,
        unique_name: &str,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        let binds = [Bind::Text(service.as_str()), Bind::Text(unique_name)];
        self.row(CHANNEL, "WHERE c.service = ? AND c.unique_name = ?", &binds, channel).await
    }

    async fn channel_at(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
        name: &str,
    ) -> Result<Option<ChannelSid>, StoreError> {
        let head = "SELECT s.sid FROM channels c JOIN streams s ON s.id = c.stream \
                    JOIN services v ON v.sid = c.service \
                    WHERE v.account = ? AND v.sid = ? AND ";
        // Each by its own index. A unique name has not the shape of a SID.
        let tail = match ChannelSid::parse(name) {
            Ok(_) => "s.sid = ?",
            Err(_) => "c.unique_name = ?",
        };
        let binds = [Bind::Text(account.as_str()), Bind::Text(service.as_str()), Bind::Text(name)];
        self.row(head, tail, &binds, |row| rows::sid(row, "sid")).await
    }

    async fn channels(
        &self,
        service: &ServiceSid,
        kind: Option<ChannelType>,
        after: u64,
        most: usize,
    ) -> Result<Vec<ChannelRecord>, StoreError> {
        let kind = kind.map(|kind| rows::word(&kind)).unwrap_or_default();
        let tail = "WHERE c.service = ?1 AND c.stream > ?2 AND ?3 IN ('', c.type) \
                    ORDER BY c.stream LIMIT ?4";
        let binds = [
            Bind::Text(service.as_str()),
            Bind::Number(after),
            Bind::Text(&kind),
            Bind::Most(most),
        ];
        self.list(CHANNEL, tail, &binds, channel).await
    }

    async fn message(
        &self,
        channel: &ChannelSid,
        sid: &MessageSid,
    ) -> Result<Option<MessageRecord>, StoreError> {
        let binds = [Bind::Text(channel.as_str()), Bind::Text(sid.as_str())];
        let indexed = "AND m.sid = ? AND m.cid IS NULL AND NOT m.redacted";
        if let Some(found) = self.row(MESSAGE, indexed, &binds, message).await? {
            return Ok(Some(found));
        }
        // The channel is read through: see the second step of the schema.
        let others = "AND m.sid = ? AND m.cid IS NOT NULL AND NOT m.redacted";
        self.row(MESSAGE, others, &binds, message).await
    }

    async fn message_list(
        &self,
        channel: &ChannelSid,
        order: Order,
        after: Option<u64>,
        most: usize,
    ) -> Result<(Vec<MessageRecord>, bool), StoreError> {
        // Positions grow with indexes, and are what the table is sorted by.
        let (tail, at) = match order {
            Order::Asc => (
                "AND NOT m.redacted AND m.idx >= ? ORDER BY m.seq LIMIT ?",
                after.map_or(0, |after| after.saturating_add(1)),
            ),
            Order::Desc => (
                "AND NOT m.redacted AND m.idx < ? ORDER BY m.seq DESC LIMIT ?",
                after.unwrap_or(u64::MAX),
            ),
        };
        let binds =
            [Bind::Text(channel.as_str()), Bind::Number(at), Bind::Most(most.saturating_add(1))];
        let rows = self.rows(MESSAGE, tail, &binds).await?;
        let mut bytes = 0;
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            bytes += row.try_get::<&str, _>("body")?.len();
            bytes += row.try_get::<&str, _>("attributes")?.len();
            let full = list.len() >= most || bytes > LIST_BYTES && !list.is_empty();
            if full {
                return Ok((list, true));
            }
            list.push(message(row)?);
        }
        Ok((list, false))
    }

    async fn is_said(
        &self,
        channel: &ChannelSid,
        author: &Identity,
        cid: Cid,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM messages m JOIN streams s ON s.id = m.channel \
                   WHERE s.sid = ? AND m.author = ? AND m.cid = ?)";
        let query = sqlx::query_scalar(sql).bind(channel.as_str()).bind(author.as_str());
        Ok(query.bind(&cid.0.to_be_bytes()[..]).fetch_one(&self.readers).await?)
    }

    async fn position(&self, channel: &ChannelSid, index: u64) -> Result<u64, StoreError> {
        let head = "SELECT COALESCE(MAX(m.seq), 0) AS seq FROM messages m \
                    JOIN streams s ON s.id = m.channel ";
        let binds = [Bind::Text(channel.as_str()), Bind::Number(index)];
        let found = self
            .row(head, "WHERE s.sid = ? AND m.idx <= ?", &binds, |row| rows::number(row, "seq"));
        Ok(found.await?.unwrap_or_default())
    }

    async fn member(
        &self,
        channel: &ChannelSid,
        sid: &MemberSid,
    ) -> Result<Option<MemberRecord>, StoreError> {
        let binds = [Bind::Text(channel.as_str()), Bind::Text(sid.as_str())];
        self.row(MEMBER, "WHERE s.sid = ? AND m.sid = ? AND NOT m.gone", &binds, member).await
    }

    async fn member_named(
        &self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<MemberRecord>, StoreError> {
        let membership = self.membership(channel, identity).await?;
        Ok(membership.map(|membership| membership.member))
    }

    async fn member_ever(
        &self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<MemberRecord>, StoreError> {
        let binds = [Bind::Text(channel.as_str()), Bind::Text(identity.as_str())];
        self.row(MEMBER, "WHERE s.sid = ? AND m.identity = ?", &binds, member).await
    }

    async fn members(
        &self,
        channel: &ChannelSid,
        identities: &[Identity],
        after: u64,
        most: usize,
    ) -> Result<Vec<MemberRecord>, StoreError> {
        let tail = "WHERE s.sid = ?1 AND NOT m.gone AND m.joined > ?2 \
                    AND (?3 = '[]' OR m.identity IN (SELECT value FROM json_each(?3))) \
                    ORDER BY m.joined LIMIT ?4";
        let identities = rows::json(&identities);
        let binds = [
            Bind::Text(channel.as_str()),
            Bind::Number(after),
            Bind::Text(&identities),
            Bind::Most(most),
        ];
        self.list(MEMBER, tail, &binds, member).await
    }

    async fn memberships(
        &self,
        service: &ServiceSid,
        identity: &Identity,
        after: u64,
        most: usize,
    ) -> Result<Vec<Membership>, StoreError> {
        let tail = "WHERE m.identity = ? AND NOT m.gone AND m.channel > ? AND c.service = ? \
                    ORDER BY m.channel LIMIT ?";
        let binds = [
            Bind::Text(identity.as_str()),
            Bind::Number(after),
            Bind::Text(service.as_str()),
            Bind::Most(most),
        ];
        self.list(MEMBER, tail, &binds, membership).await
    }

    async fn membership(
        &self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<Membership>, StoreError> {
        let binds = [Bind::Text(channel.as_str()), Bind::Text(identity.as_str())];
        let tail = "WHERE s.sid = ? AND m.identity = ? AND NOT m.gone";
        self.row(MEMBER, tail, &binds, membership).await
    }

    async fn user_record(&self, sid: &UserSid) -> Result<Option<UserRecord>, StoreError> {
        self.row(USER, "WHERE u.sid = ?", &[Bind::Text(sid.as_str())], user).await
    }

    async fn user_named(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Option<UserRecord>, StoreError> {
        let binds = [Bind::Text(account.as_str()), Bind::Text(identity.as_str())];
        self.row(USER, "WHERE u.account = ? AND u.identity = ?", &binds, user).await
    }

    async fn users(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let binds = [Bind::Text(account.as_str()), Bind::Number(after), Bind::Most(most)];
        let tail = "WHERE u.account = ? AND u.n > ? ORDER BY u.n LIMIT ?";
        self.list(USER, tail, &binds, user).await
    }

    async fn service(&self, sid: &ServiceSid) -> Result<Option<ServiceRecord>, StoreError> {
        let binds = [Bind::Text(sid.as_str())];
        self.row("SELECT * FROM services ", "WHERE sid = ?", &binds, service).await
    }

    async fn service_list(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<ServiceRecord>, StoreError> {
        let binds = [Bind::Text(account.as_str()), Bind::Number(after), Bind::Most(most)];
        let tail = "WHERE account = ? AND n > ? ORDER BY n LIMIT ?";
        self.list("SELECT * FROM services ", tail, &binds, service).await
    }

    async fn set_service(
        &self,
        sid: &ServiceSid,
        name: String,
        settings: Map<String, Value>,
    ) -> Result<(), StoreError> {
        self.put(Put::ServiceSettings { sid: sid.clone(), name, settings }).await.map(drop)
    }

    async fn delete_service(&self, sid: &ServiceSid) -> Result<bool, StoreError> {
        self.put(Put::DeleteService(sid.clone())).await
    }

    async fn role(&self, sid: &RoleSid) -> Result<Option<RoleRecord>, StoreError> {
        let binds = [Bind::Text(sid.as_str())];
        self.row("SELECT * FROM roles ", "WHERE sid = ?", &binds, role).await
    }

    async fn roles(
        &self,
        service: &ServiceSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<RoleRecord>, StoreError> {
        let binds = [Bind::Text(service.as_str()), Bind::Number(after), Bind::Most(most)];
        let tail = "WHERE service = ? AND n > ? ORDER BY n LIMIT ?";
        self.list("SELECT * FROM roles ", tail, &binds, role).await
    }

    async fn put_role(&self, role: RoleRecord) -> Result<(), StoreError> {
        self.put(Put::Role(role)).await.map(drop)
    }

    async fn delete_role(&self, sid: &RoleSid) -> Result<bool, StoreError> {
        self.put(Put::DeleteRole(sid.clone())).await
    }

    async fn invite(
        &self,
        channel: &ChannelSid,
        sid: &InviteSid,
    ) -> Result<Option<InviteRecord>, StoreError> {
        let binds = [Bind::Text(channel.as_str()), Bind::Text(sid.as_str())];
        self.row(INVITE, "AND i.sid = ?", &binds, invite).await
    }

    async fn invites(
        &self,
        channel: &ChannelSid,
        identities: &[Identity],
        after: u64,
        most: usize,
    ) -> Result<Vec<InviteRecord>, StoreError> {
        let tail = "AND i.n > ?2 \
                    AND (?3 = '[]' OR i.identity IN (SELECT value FROM json_each(?3))) \
                    ORDER BY i.n LIMIT ?4";
        let identities = rows::json(&identities);
        let binds = [
            Bind::Text(channel.as_str()),
            Bind::Number(after),
            Bind::Text(&identities),
            Bind::Most(most),
        ];
        self.list(INVITE, tail, &binds, invite).await
    }
}

fn some_sid<K: Kind>(row: &SqliteRow, column: &str) -> Result<Option<Sid<K>>, StoreError> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|_| rows::sid(row, column)).transpose()
}

fn channel(row: &SqliteRow) -> Result<ChannelRecord, StoreError> {
    Ok(ChannelRecord {
        n: rows::number(row, "stream")?,
        sid: rows::sid(row, "sid")?,
        account: rows::sid(row, "account")?,
        service: rows::sid(row, "service")?,
        unique_name: row.try_get("unique_name")?,
        name: rows::text(row, "name")?,
        kind: rows::from_word(row, "type")?,
        status: rows::from_word(row, "status")?,
        attributes: rows::attributes(row)?,
        created_by: rows::identity(row, "created_by")?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
        members: rows::number(row, "members")?,
        messages: rows::number(row, "messages")?,
    })
}

fn message(row: &SqliteRow) -> Result<MessageRecord, StoreError> {
    let edited_by: Option<&str> = row.try_get("edited_by")?;
    let edited_by = edited_by.map(|_| rows::identity(row, "edited_by")).transpose()?;
    Ok(MessageRecord { message: rows::message(row)?, edited_by })
}

fn member(row: &SqliteRow) -> Result<MemberRecord, StoreError> {
    let read: Option<i64> = row.try_get("read_index")?;
    let read_at: Option<i64> = row.try_get("read_at")?;
    Ok(MemberRecord {
        n: rows::number(row, "joined")?,
        sid: rows::sid(row, "sid")?,
        channel: rows::sid(row, "channel_sid")?,
        identity: rows::identity(row, "identity")?,
        role: rows::from_word(row, "role")?,
        role_sid: some_sid(row, "role_sid")?,
        name: rows::text(row, "name")?,
        attributes: rows::attributes(row)?,
        read: read.map(uint),
        read_at: read_at.map(uint).map(Millis),
        muted: row.try_get("muted")?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}

fn membership(row: &SqliteRow) -> Result<Membership, StoreError> {
    let unread = rows::number(row, "unread")?;
    Ok(Membership { n: rows::number(row, "channel")?, member: member(row)?, unread })
}

fn user(row: &SqliteRow) -> Result<UserRecord, StoreError> {
    Ok(UserRecord {
        n: rows::number(row, "n")?,
        user: User {
            sid: rows::sid(row, "sid")?,
            account: rows::sid(row, "account")?,
            identity: rows::identity(row, "identity")?,
            name: rows::text(row, "name")?,
            attributes: rows::attributes(row)?,
        },
        role_sid: some_sid(row, "role_sid")?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
        channels: rows::number(row, "channels")?,
    })
}

fn service(row: &SqliteRow) -> Result<ServiceRecord, StoreError> {
    Ok(ServiceRecord {
        n: rows::number(row, "n")?,
        service: super::directory::service(row)?,
        settings: rows::from_json(row, "settings")?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}

fn role(row: &SqliteRow) -> Result<RoleRecord, StoreError> {
    Ok(RoleRecord {
        n: rows::number(row, "n")?,
        sid: rows::sid(row, "sid")?,
        service: rows::sid(row, "service")?,
        name: rows::text(row, "name")?,
        kind: rows::from_word(row, "type")?,
        permissions: rows::from_json(row, "permissions")?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}

fn invite(row: &SqliteRow) -> Result<InviteRecord, StoreError> {
    Ok(InviteRecord {
        n: rows::number(row, "n")?,
        sid: rows::sid(row, "sid")?,
        channel: rows::sid(row, "channel_sid")?,
        identity: rows::identity(row, "identity")?,
        role_sid: some_sid(row, "role_sid")?,
        created_by: rows::identity(row, "created_by")?,
        created: rows::millis(row, "created")?,
    })
}
