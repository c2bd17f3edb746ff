//! Books of the Flex API: reading and writing them.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Millis,
    id::{AccountSid, FlowSid},
};
use serde_json::{Map, Value};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore,
    put::Put,
    rows::{self, int, json},
};
use crate::storage::{EngagementRecord, Flex, Flow, FlowRecord, NewEngagement, StoreError};

const ENGAGEMENT: &str = "SELECT e.*, c.created, c.updated FROM engagements e \
                          JOIN streams s ON s.sid = e.channel JOIN channels c ON c.stream = s.id ";

#[async_trait]
impl Flex for SqliteStore {
    async fn flow_record(&self, sid: &FlowSid) -> Result<Option<FlowRecord>, StoreError> {
        let query = sqlx::query("SELECT * FROM flows WHERE sid = ?").bind(sid.as_str());
        query.fetch_optional(&self.readers).await?.as_ref().map(flow_record).transpose()
    }

    async fn flow_list(
        &self,
        account: &AccountSid,
        name: Option<&str>,
        after: u64,
        most: usize,
    ) -> Result<Vec<FlowRecord>, StoreError> {
        let sql = "SELECT * FROM flows WHERE account = ?1 AND (?2 IS NULL OR name = ?2) \
                   AND n > ?3 ORDER BY n LIMIT ?4";
        let query = sqlx::query(sql).bind(account.as_str()).bind(name).bind(int(after));
        let rows = query.bind(int(most as u64)).fetch_all(&self.readers).await?;
        rows.iter().map(flow_record).collect()
    }

    async fn put_flow_settings(
        &self,
        flow: Flow,
        settings: Map<String, Value>,
    ) -> Result<bool, StoreError> {
        self.put(Put::FlowSettings { flow, settings }).await
    }

    async fn delete_flow(&self, sid: &FlowSid) -> Result<bool, StoreError> {
        self.put(Put::DeleteFlow(sid.clone())).await
    }

    async fn engagement(
        &self,
        channel: &ChannelSid,
    ) -> Result<Option<EngagementRecord>, StoreError> {
        let sql = sqlx::AssertSqlSafe([ENGAGEMENT, "WHERE e.channel = ?"].concat());
        let query = sqlx::query(sql).bind(channel.as_str());
        query.fetch_optional(&self.readers).await?.as_ref().map(engagement).transpose()
    }

    async fn engagements(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<EngagementRecord>, StoreError> {
        let tail = "WHERE e.account = ? AND e.n > ? ORDER BY e.n LIMIT ?";
        let query = sqlx::query(sqlx::AssertSqlSafe([ENGAGEMENT, tail].concat()));
        let query = query.bind(account.as_str()).bind(int(after)).bind(int(most as u64));
        query.fetch_all(&self.readers).await?.iter().map(engagement).collect()
    }

    async fn delete_engagement(&self, channel: &ChannelSid) -> Result<(), StoreError> {
        self.put(Put::DeleteEngagement(channel.clone())).await.map(drop)
    }
}

fn flow_record(row: &SqliteRow) -> Result<FlowRecord, StoreError> {
    Ok(FlowRecord {
        n: rows::number(row, "n")?,
        flow: super::directory::flow(row)?,
        settings: rows::from_json(row, "settings")?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}

fn engagement(row: &SqliteRow) -> Result<EngagementRecord, StoreError> {
    Ok(EngagementRecord {
        n: rows::number(row, "n")?,
        engagement: NewEngagement {
            channel: rows::sid(row, "channel")?,
            account: rows::sid(row, "account")?,
            flow: rows::sid(row, "flow")?,
            identity: rows::identity(row, "identity")?,
            // The column is older than chats without a task.
            task: match rows::text(row, "task")?.as_str() {
                "" => None,
                _ => Some(rows::sid(row, "task")?),
            },
        },
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}

/// Makes or replaces a flow; its settings stay unless they are given.
pub(super) async fn put_flow(
    connection: &mut SqliteConnection,
    flow: &Flow,
    settings: Option<&Map<String, Value>>,
    now: Millis,
) -> super::put::Done {
    let sql = "INSERT INTO flows \
                 (sid, account, service, name, enabled, integration, settings, created, updated) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, COALESCE(?7, '{}'), ?8, ?8) \
               ON CONFLICT (sid) DO UPDATE SET service = excluded.service, name = excluded.name, \
               enabled = excluded.enabled, integration = excluded.integration, \
               settings = COALESCE(?7, settings), updated = excluded.updated";
    sqlx::query(sql)
        .bind(flow.sid.as_str())
        .bind(flow.account.as_str())
        .bind(flow.service.as_str())
        .bind(&flow.name)
        .bind(flow.enabled)
        .bind(json(&flow.integration))
        .bind(settings.map(json))
        .bind(int(now.0))
        .execute(connection)
        .await
}

pub(super) async fn put_flow_settings(
    connection: &mut SqliteConnection,
    flow: &Flow,
    settings: &Map<String, Value>,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM flows WHERE account = ?1 AND sid <> ?2 AND enabled \
               AND json_extract(settings, '$.ChannelType') = json_extract(?3, '$.ChannelType') \
               AND json_extract(settings, '$.ContactIdentity') \
                 = json_extract(?3, '$.ContactIdentity'))";
    let taken: bool = sqlx::query_scalar(sql)
        .bind(flow.account.as_str())
        .bind(flow.sid.as_str())
        .bind(json(settings))
        .fetch_one(&mut *connection)
        .await?;
    if taken && flow.enabled {
        return Ok(false);
    }
    put_flow(connection, flow, Some(settings), now).await.map(|_| true)
}

pub(super) async fn delete_flow(
    connection: &mut SqliteConnection,
    sid: &FlowSid,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sites WHERE flow = ?)";
    let used: bool = sqlx::query_scalar(sql).bind(sid.as_str()).fetch_one(&mut *connection).await?;
    if used {
        return Ok(false);
    }
    sqlx::query("DELETE FROM flows WHERE sid = ?").bind(sid.as_str()).execute(connection).await?;
    Ok(true)
}
