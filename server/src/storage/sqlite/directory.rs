//! Reading the directory, and handing writes to the writer.

use async_trait::async_trait;
use frontdesk_protocol::{
    Identity, Millis,
    id::{AccountSid, FlowSid, KeySid},
};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    SqliteStore, keys,
    put::Put,
    rows::{self, int, uint},
};
use crate::{
    auth::origin::Origin,
    storage::{
        Account, Agent, ApiKey, Directory, Family, FamilySecret, Flow, Idempotency, Queue, Service,
        Session, SigningKey, Site, SiteId, StoreError, User,
    },
};

#[async_trait]
impl Directory for SqliteStore {
    async fn put_account(&self, account: Account) -> Result<(), StoreError> {
        self.put(Put::Account(account)).await.map(drop)
    }

    async fn account(&self, sid: &AccountSid) -> Result<Option<Account>, StoreError> {
        self.one("SELECT * FROM accounts WHERE sid = ?", &[sid.as_str()], account).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.all("SELECT * FROM accounts ORDER BY sid", &[], account).await
    }

    async fn put_api_key(&self, key: ApiKey) -> Result<(), StoreError> {
        self.put(Put::ApiKey(key)).await.map(drop)
    }

    async fn api_key(&self, sid: &KeySid) -> Result<Option<ApiKey>, StoreError> {
        self.one("SELECT * FROM api_keys WHERE sid = ?", &[sid.as_str()], keys::api_key).await
    }

    async fn put_service(&self, service: Service) -> Result<(), StoreError> {
        self.put(Put::Service(service)).await.map(drop)
    }

    async fn services(&self, account: &AccountSid) -> Result<Vec<Service>, StoreError> {
        let sql = "SELECT * FROM services WHERE account = ? ORDER BY sid";
        self.all(sql, &[account.as_str()], service).await
    }

    async fn put_queue(&self, queue: Queue) -> Result<(), StoreError> {
        self.put(Put::Queue(queue)).await.map(drop)
    }

    async fn queues(&self, account: &AccountSid) -> Result<Vec<Queue>, StoreError> {
        let sql = "SELECT * FROM queues WHERE account = ? ORDER BY sid";
        self.all(sql, &[account.as_str()], queue).await
    }

    async fn put_flow(&self, flow: Flow) -> Result<(), StoreError> {
        self.put(Put::Flow(flow)).await.map(drop)
    }

    async fn flow(&self, sid: &FlowSid) -> Result<Option<Flow>, StoreError> {
        self.one("SELECT * FROM flows WHERE sid = ?", &[sid.as_str()], flow).await
    }

    async fn flows(&self, account: &AccountSid) -> Result<Vec<Flow>, StoreError> {
        let sql = "SELECT * FROM flows WHERE account = ? ORDER BY sid";
        self.all(sql, &[account.as_str()], flow).await
    }

    async fn put_site(&self, site: Site) -> Result<(), StoreError> {
        self.put(Put::Site(site)).await.map(drop)
    }

    async fn site(&self, id: &SiteId) -> Result<Option<Site>, StoreError> {
        self.one("SELECT * FROM sites WHERE id = ?", &[id.as_str()], site).await
    }

    async fn sites(&self, account: &AccountSid) -> Result<Vec<Site>, StoreError> {
        let sql = "SELECT * FROM sites WHERE account = ? ORDER BY id";
        self.all(sql, &[account.as_str()], site).await
    }

    async fn put_agent(&self, agent: Agent) -> Result<(), StoreError> {
        self.put(Put::Agent(agent)).await.map(drop)
    }

    async fn agent(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Option<Agent>, StoreError> {
        let sql = "SELECT * FROM agents WHERE account = ? AND identity = ?";
        self.one(sql, &[account.as_str(), identity.as_str()], agent).await
    }

    async fn agents_named(&self, identity: &Identity) -> Result<Vec<Agent>, StoreError> {
        let sql = "SELECT * FROM agents WHERE identity = ? ORDER BY account";
        self.all(sql, &[identity.as_str()], agent).await
    }

    async fn agents(&self, account: &AccountSid) -> Result<Vec<Agent>, StoreError> {
        let sql = "SELECT * FROM agents WHERE account = ? ORDER BY identity";
        self.all(sql, &[account.as_str()], agent).await
    }

    async fn put_user(&self, user: User) -> Result<(), StoreError> {
        self.put(Put::User(user)).await.map(drop)
    }

    async fn user(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Option<User>, StoreError> {
        let sql = "SELECT * FROM users WHERE account = ? AND identity = ?";
        self.one(sql, &[account.as_str(), identity.as_str()], user).await
    }

    async fn put_session(&self, session: Session) -> Result<(), StoreError> {
        self.put(Put::Session(session)).await.map(drop)
    }

    async fn session(&self, id_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query("SELECT * FROM sessions WHERE id_hash = ?")
            .bind(&id_hash[..])
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(session).transpose()
    }

    async fn sessions_of(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Vec<Session>, StoreError> {
        let sql = "SELECT * FROM sessions WHERE account = ? AND identity = ?";
        self.all(sql, &[account.as_str(), identity.as_str()], session).await
    }

    async fn delete_session(&self, id_hash: &[u8; 32]) -> Result<(), StoreError> {
        self.put(Put::DeleteSession(*id_hash)).await.map(drop)
    }

    async fn delete_expired_sessions(&self, now: Millis) -> Result<(), StoreError> {
        self.put(Put::DeleteExpiredSessions(now)).await.map(drop)
    }

    async fn idempotency(
        &self,
        account: &AccountSid,
        identity: &Identity,
        key: &str,
    ) -> Result<Option<Idempotency>, StoreError> {
        let sql = "SELECT * FROM idempotency WHERE account = ? AND identity = ? AND key = ?";
        self.one(sql, &[account.as_str(), identity.as_str(), key], |row| {
            Ok(Idempotency {
                account: rows::sid(row, "account")?,
                identity: rows::identity(row, "identity")?,
                key: rows::text(row, "key")?,
                content_hash: rows::bytes(row, "content_hash")?,
                channel: rows::sid(row, "channel")?,
            })
        })
        .await
    }

    async fn forget_idempotency(&self, before: Millis) -> Result<(), StoreError> {
        self.put(Put::ForgetIdempotency { before }).await.map(drop)
    }

    async fn family(&self, id: u128) -> Result<Option<Family>, StoreError> {
        let sql = "SELECT f.*, r.at AS revoked FROM families f \
                   LEFT JOIN revocations r ON r.family = f.id WHERE f.id = ?";
        let row =
            sqlx::query(sql).bind(&id.to_be_bytes()[..]).fetch_optional(&self.readers).await?;
        row.map(|row| {
            let revoked: Option<i64> = row.try_get("revoked")?;
            Ok(Family {
                id,
                account: rows::sid(&row, "account")?,
                identity: rows::identity(&row, "identity")?,
                generation: row.try_get("generation")?,
                advanced: rows::millis(&row, "advanced")?,
                revoked: revoked.map(|at| Millis(uint(at))),
                first_secret: None,
            })
        })
        .transpose()
    }

    async fn family_secret(&self, hash: &[u8; 32]) -> Result<Option<FamilySecret>, StoreError> {
        let row = sqlx::query("SELECT family, generation FROM family_secrets WHERE hash = ?")
            .bind(&hash[..])
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| {
            let family = u128::from_be_bytes(rows::bytes(&row, "family")?);
            Ok(FamilySecret { family, generation: row.try_get("generation")? })
        })
        .transpose()
    }

    async fn rotate_family(
        &self,
        id: u128,
        generation: u32,
        new_secret: [u8; 32],
        now: Millis,
    ) -> Result<bool, StoreError> {
        self.put(Put::RotateFamily { id, generation, new_secret, now }).await
    }

    async fn revoke_family(&self, id: u128, now: Millis) -> Result<(), StoreError> {
        self.put(Put::RevokeFamily { id, now }).await.map(drop)
    }

    async fn revoked_families(&self, since: Millis) -> Result<Vec<u128>, StoreError> {
        let rows = sqlx::query("SELECT family FROM revocations WHERE at >= ?")
            .bind(int(since.0))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| rows::bytes(row, "family").map(u128::from_be_bytes)).collect()
    }

    async fn put_signing_key(&self, key: SigningKey) -> Result<(), StoreError> {
        self.put(Put::SigningKey(key)).await.map(drop)
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        self.all("SELECT * FROM signing_keys ORDER BY created, kid", &[], |row| {
            Ok(SigningKey {
                kid: rows::text(row, "kid")?,
                profile: rows::text(row, "profile")?,
                secret: rows::bytes(row, "secret")?,
                created: rows::millis(row, "created")?,
            })
        })
        .await
    }
}

type Read<T> = fn(&SqliteRow) -> Result<T, StoreError>;

impl SqliteStore {
    async fn one<T: Send>(
        &self,
        sql: &'static str,
        binds: &[&str],
        read: Read<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut query = sqlx::query(sql);
        for bind in binds {
            query = query.bind(*bind);
        }
        let row = query.fetch_optional(&self.readers).await?;
        row.map(|row| read(&row)).transpose()
    }

    async fn all<T: Send>(
        &self,
        sql: &'static str,
        binds: &[&str],
        read: Read<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut query = sqlx::query(sql);
        for bind in binds {
            query = query.bind(*bind);
        }
        query.fetch_all(&self.readers).await?.iter().map(read).collect()
    }
}

fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    Ok(Account {
        sid: rows::sid(row, "sid")?,
        name: rows::text(row, "name")?,
        auth_token: rows::text(row, "auth_token")?,
    })
}

pub(super) fn service(row: &SqliteRow) -> Result<Service, StoreError> {
    Ok(Service {
        sid: rows::sid(row, "sid")?,
        account: rows::sid(row, "account")?,
        name: rows::text(row, "name")?,
    })
}

fn queue(row: &SqliteRow) -> Result<Queue, StoreError> {
    Ok(Queue {
        sid: rows::sid(row, "sid")?,
        account: rows::sid(row, "account")?,
        name: rows::text(row, "name")?,
    })
}

pub(super) fn flow(row: &SqliteRow) -> Result<Flow, StoreError> {
    Ok(Flow {
        sid: rows::sid(row, "sid")?,
        account: rows::sid(row, "account")?,
        service: rows::sid(row, "service")?,
        name: rows::text(row, "name")?,
        enabled: row.try_get("enabled")?,
        integration: rows::from_json(row, "integration")?,
    })
}

fn site(row: &SqliteRow) -> Result<Site, StoreError> {
    let corrupt = |column: &str| StoreError::Corrupt(format!("column {column}"));
    let origins: Vec<String> = rows::from_json(row, "origins")?;
    let origins: Result<_, _> = origins.iter().map(|origin| Origin::parse(origin)).collect();
    Ok(Site {
        id: SiteId::parse(&rows::text(row, "id")?).ok_or_else(|| corrupt("id"))?,
        account: rows::sid(row, "account")?,
        flow: rows::sid(row, "flow")?,
        origins: origins.map_err(|_| corrupt("origins"))?,
        profile: rows::from_json(row, "profile")?,
    })
}

fn agent(row: &SqliteRow) -> Result<Agent, StoreError> {
    Ok(Agent {
        account: rows::sid(row, "account")?,
        identity: rows::identity(row, "identity")?,
        name: rows::text(row, "name")?,
        user: rows::sid(row, "user")?,
        queue: rows::sid(row, "queue")?,
        password_hash: rows::text(row, "password_hash")?,
        enabled: row.try_get("enabled")?,
    })
}

fn session(row: &SqliteRow) -> Result<Session, StoreError> {
    Ok(Session {
        id_hash: rows::bytes(row, "id_hash")?,
        account: rows::sid(row, "account")?,
        identity: rows::identity(row, "identity")?,
        expires: rows::millis(row, "expires")?,
    })
}

fn user(row: &SqliteRow) -> Result<User, StoreError> {
    Ok(User {
        sid: rows::sid(row, "sid")?,
        account: rows::sid(row, "account")?,
        identity: rows::identity(row, "identity")?,
        name: rows::text(row, "name")?,
        attributes: rows::attributes(row)?,
    })
}
