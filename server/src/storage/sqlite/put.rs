//! Writing the directory: through the one writer, like everything.

use frontdesk_protocol::{
    ChannelSid, MediaSid, Millis,
    id::{FlowSid, KeySid, RoleSid, ServiceSid},
};
use serde_json::{Map, Value};
use sqlx::{SqliteConnection, sqlite::SqliteQueryResult};

use super::{
    flex, keys, media, queue,
    rows::{int, json},
    services,
};
use crate::storage::{
    Account, Agent, ApiKey, Flow, MediaQuota, NewMedia, Queue, RoleRecord, Service, Session,
    Settled, SigningKey, Site, User,
};

/// Most secrets of one generation: what is asked for again and again and never used.
const SECRETS: i64 = 8;
/// How many generations back an old secret is still known as one.
const REMEMBERED: i64 = 256;

/// One write.
#[derive(Debug)]
pub(super) enum Put {
    Account(Account),
    ApiKey(ApiKey),
    Service(Service),
    Queue(Queue),
    Flow(Flow),
    Site(Site),
    Agent(Agent),
    User(User),
    Session(Session),
    DeleteSession([u8; 32]),
    DeleteExpiredSessions(Millis),
    ForgetIdempotency { before: Millis },
    RotateFamily { id: u128, generation: u32, new_secret: [u8; 32], now: Millis },
    RevokeFamily { id: u128, now: Millis },
    SigningKey(SigningKey),
    ServiceSettings { sid: ServiceSid, name: String, settings: Map<String, Value> },
    DeleteService(ServiceSid),
    Role(RoleRecord),
    DeleteRole(RoleSid),
    FlowSettings { flow: Flow, settings: Map<String, Value> },
    DeleteFlow(FlowSid),
    DeleteEngagement(ChannelSid),
    RenameApiKey { sid: KeySid, name: String },
    DeleteApiKey(KeySid),
    Settle { n: u64, how: Settled },
    Hasten(String),
    RetryDelivery(u128),
    DropDelivery(u128),
    BuryOld { before: Millis },
    ForgetDead { before: Millis },
    Media { media: NewMedia, quota: MediaQuota },
    EraseUnsaidMedia { before: Millis },
    ForgetErasedMedia(Vec<MediaSid>),
}

impl Put {
    /// Does it; `false` if it could not be done as asked and nothing was written.
    pub(super) async fn run(
        self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        match self {
            Self::RotateFamily { id, generation, new_secret, now } => {
                return rotate(connection, id, generation, new_secret, now).await;
            }
            Self::Account(account) => put_account(connection, &account).await?,
            Self::ApiKey(key) => keys::put(connection, &key, now).await?,
            Self::Service(service) => services::put(connection, &service, now).await?,
            Self::ServiceSettings { sid, name, settings } => {
                services::set(connection, &sid, &name, &settings, now).await?
            }
            Self::DeleteService(sid) => return services::delete(connection, &sid).await,
            Self::Role(role) => services::put_role(connection, &role, now).await?,
            Self::Settle { n, how } => return queue::settle(connection, n, how, now).await,
            Self::Hasten(target) => queue::hasten(connection, &target, now).await?,
            Self::RetryDelivery(id) => return queue::retry(connection, id, now).await,
            Self::DropDelivery(id) => queue::forget(connection, id).await?,
            Self::BuryOld { before } => return queue::bury_old(connection, before, now).await,
            Self::ForgetDead { before } => queue::forget_dead(connection, before).await?,
            Self::DeleteRole(sid) => return services::delete_role(connection, &sid).await,
            Self::Queue(queue) => {
                let sql = "INSERT INTO queues (sid, account, name) VALUES (?, ?, ?) \
                           ON CONFLICT (sid) DO UPDATE SET name = excluded.name";
                sqlx::query(sql)
                    .bind(queue.sid.as_str())
                    .bind(queue.account.as_str())
                    .bind(queue.name)
                    .execute(connection)
                    .await?
            }
            Self::Flow(flow) => flex::put_flow(connection, &flow, None, now).await?,
            Self::FlowSettings { flow, settings } => {
                return flex::put_flow_settings(connection, &flow, &settings, now).await;
            }
            Self::DeleteFlow(sid) => return flex::delete_flow(connection, &sid).await,
            Self::DeleteEngagement(channel) => {
                let query = sqlx::query("DELETE FROM engagements WHERE channel = ?");
                query.bind(channel.as_str()).execute(connection).await?
            }
            Self::RenameApiKey { sid, name } => keys::rename(connection, &sid, &name, now).await?,
            Self::DeleteApiKey(sid) => keys::delete(connection, &sid).await?,
            Self::Media { media: new, quota } => {
                return media::put(connection, &new, quota, now).await;
            }
            Self::EraseUnsaidMedia { before } => media::erase_unsaid(connection, before).await?,
            Self::ForgetErasedMedia(sids) => media::forget_erased(connection, &sids).await?,
            Self::Site(site) => put_site(connection, &site).await?,
            Self::Agent(agent) => put_agent(connection, &agent).await?,
            Self::User(user) => put_user(connection, &user, now).await?,
            Self::Session(session) => {
                let sql = "INSERT INTO sessions (id_hash, account, identity, expires) \
                           VALUES (?, ?, ?, ?)";
                sqlx::query(sql)
                    .bind(&session.id_hash[..])
                    .bind(session.account.as_str())
                    .bind(session.identity.as_str())
                    .bind(int(session.expires.0))
                    .execute(connection)
                    .await?
            }
            Self::DeleteSession(id_hash) => {
                let query = sqlx::query("DELETE FROM sessions WHERE id_hash = ?");
                query.bind(&id_hash[..]).execute(connection).await?
            }
            Self::DeleteExpiredSessions(now) => {
                let query = sqlx::query("DELETE FROM sessions WHERE expires <= ?");
                query.bind(int(now.0)).execute(connection).await?
            }
            Self::ForgetIdempotency { before } => {
                // An answer is as old as the chat that was opened with it.
                let sql = "DELETE FROM idempotency WHERE EXISTS \
                           (SELECT 1 FROM streams s JOIN channels c ON c.stream = s.id \
                            WHERE s.sid = idempotency.channel AND c.created < ?)";
                sqlx::query(sql).bind(int(before.0)).execute(connection).await?
            }
            Self::RevokeFamily { id, now } => {
                let sql = "INSERT INTO revocations (family, at) VALUES (?, ?) \
                           ON CONFLICT (family) DO NOTHING";
                let id = id.to_be_bytes();
                sqlx::query(sql).bind(&id[..]).bind(int(now.0)).execute(connection).await?
            }
            Self::SigningKey(key) => {
                let sql = "INSERT INTO signing_keys (kid, profile, secret, created) \
                           VALUES (?, ?, ?, ?)";
                sqlx::query(sql)
                    .bind(key.kid)
                    .bind(key.profile)
                    .bind(&key.secret[..])
                    .bind(int(key.created.0))
                    .execute(connection)
                    .await?
            }
        };
        Ok(true)
    }
}

pub(super) type Done = Result<SqliteQueryResult, sqlx::Error>;

async fn put_account(connection: &mut SqliteConnection, account: &Account) -> Done {
    let sql = "INSERT INTO accounts (sid, name, auth_token) VALUES (?, ?, ?) ON CONFLICT (sid) \
               DO UPDATE SET name = excluded.name, auth_token = excluded.auth_token";
    sqlx::query(sql)
        .bind(account.sid.as_str())
        .bind(&account.name)
        .bind(&account.auth_token)
        .execute(connection)
        .await
}

async fn put_site(connection: &mut SqliteConnection, site: &Site) -> Done {
    let origins: Vec<&str> = site.origins.iter().map(|origin| origin.as_str()).collect();
    let sql = "INSERT INTO sites (id, account, flow, origins, profile) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (id) DO UPDATE SET flow = excluded.flow, \
               origins = excluded.origins, profile = excluded.profile";
    sqlx::query(sql)
        .bind(site.id.as_str())
        .bind(site.account.as_str())
        .bind(site.flow.as_str())
        .bind(json(&origins))
        .bind(json(&site.profile))
        .execute(connection)
        .await
}

async fn put_agent(connection: &mut SqliteConnection, agent: &Agent) -> Done {
    let sql = "INSERT INTO agents \
               (account, identity, name, user, queue, password_hash, enabled) \
               VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, identity) DO UPDATE \
               SET name = excluded.name, user = excluded.user, queue = excluded.queue, \
               password_hash = excluded.password_hash, enabled = excluded.enabled";
    sqlx::query(sql)
        .bind(agent.account.as_str())
        .bind(agent.identity.as_str())
        .bind(&agent.name)
        .bind(agent.user.as_str())
        .bind(agent.queue.as_str())
        .bind(&agent.password_hash)
        .bind(agent.enabled)
        .execute(connection)
        .await
}

async fn put_user(connection: &mut SqliteConnection, user: &User, now: Millis) -> Done {
    let sql = "INSERT INTO users (sid, account, identity, name, attributes, created, updated) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (sid) DO UPDATE \
               SET name = excluded.name, updated = excluded.updated, attributes = excluded.attributes";
    sqlx::query(sql)
        .bind(user.sid.as_str())
        .bind(user.account.as_str())
        .bind(user.identity.as_str())
        .bind(&user.name)
        .bind(json(&user.attributes))
        .bind(int(now.0))
        .execute(connection)
        .await
}

async fn rotate(
    connection: &mut SqliteConnection,
    id: u128,
    generation: u32,
    new_secret: [u8; 32],
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let id = id.to_be_bytes();
    let sql = "SELECT (SELECT COUNT(*) FROM family_secrets s \
                 WHERE s.family = f.id AND s.generation = ?) \
               FROM families f WHERE f.id = ? AND f.generation <= ? \
               AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.family = f.id)";
    let secrets: Option<i64> = sqlx::query_scalar(sql)
        .bind(generation + 1)
        .bind(&id[..])
        .bind(generation)
        .fetch_optional(&mut *connection)
        .await?;
    if secrets.is_none_or(|secrets| secrets >= SECRETS) {
        return Ok(false);
    }
    let sql =
        "UPDATE families SET generation = ?1, advanced = ?2 WHERE id = ?3 AND generation < ?1";
    sqlx::query(sql)
        .bind(generation)
        .bind(int(now.0))
        .bind(&id[..])
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO family_secrets (hash, family, generation) VALUES (?, ?, ?)")
        .bind(&new_secret[..])
        .bind(&id[..])
        .bind(generation + 1)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM family_secrets WHERE family = ? AND generation < ?")
        .bind(&id[..])
        .bind(i64::from(generation) - REMEMBERED)
        .execute(connection)
        .await?;
    Ok(true)
}
