//! Writing services and their roles.

use frontdesk_protocol::{
    Millis,
    id::{RoleSid, ServiceSid},
};
use serde_json::{Map, Value};
use sqlx::SqliteConnection;

use super::{
    put::Done,
    rows::{int, json, word},
};
use crate::storage::{DefaultRole, RoleRecord, Service};

/// Makes a service with the roles that every service begins with, or renames it.
pub(super) async fn put(connection: &mut SqliteConnection, service: &Service, now: Millis) -> Done {
    let sql = "INSERT INTO services (sid, account, name, settings, created, updated) \
               VALUES (?1, ?2, ?3, '{}', ?4, ?4) ON CONFLICT (sid) \
               DO UPDATE SET name = excluded.name, updated = excluded.updated";
    let done = sqlx::query(sql)
        .bind(service.sid.as_str())
        .bind(service.account.as_str())
        .bind(&service.name)
        .bind(int(now.0))
        .execute(&mut *connection)
        .await?;
    for role in DefaultRole::ALL {
        let sql = "INSERT INTO roles (sid, service, name, type, permissions, created, updated) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (sid) DO NOTHING";
        sqlx::query(sql)
            .bind(role.sid(&service.sid).as_str())
            .bind(service.sid.as_str())
            .bind(role.name())
            .bind(word(&role.kind()))
            .bind(json(&role.permissions()))
            .bind(int(now.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(done)
}

pub(super) async fn set(
    connection: &mut SqliteConnection,
    sid: &ServiceSid,
    name: &str,
    settings: &Map<String, Value>,
    now: Millis,
) -> Done {
    sqlx::query("UPDATE services SET name = ?, settings = ?, updated = ? WHERE sid = ?")
        .bind(name)
        .bind(json(settings))
        .bind(int(now.0))
        .bind(sid.as_str())
        .execute(connection)
        .await
}

pub(super) async fn delete(
    connection: &mut SqliteConnection,
    sid: &ServiceSid,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM channels WHERE service = ?1) \
               OR EXISTS (SELECT 1 FROM flows WHERE service = ?1)";
    let used: bool = sqlx::query_scalar(sql).bind(sid.as_str()).fetch_one(&mut *connection).await?;
    if used {
        return Ok(false);
    }
    for sql in ["DELETE FROM roles WHERE service = ?", "DELETE FROM services WHERE sid = ?"] {
        sqlx::query(sql).bind(sid.as_str()).execute(&mut *connection).await?;
    }
    Ok(true)
}

pub(super) async fn put_role(
    connection: &mut SqliteConnection,
    role: &RoleRecord,
    now: Millis,
) -> Done {
    let sql = "INSERT INTO roles (sid, service, name, type, permissions, created, updated) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (sid) \
               DO UPDATE SET permissions = excluded.permissions, updated = excluded.updated";
    sqlx::query(sql)
        .bind(role.sid.as_str())
        .bind(role.service.as_str())
        .bind(&role.name)
        .bind(word(&role.kind))
        .bind(json(&role.permissions))
        .bind(int(now.0))
        .execute(connection)
        .await
}

pub(super) async fn delete_role(
    connection: &mut SqliteConnection,
    sid: &RoleSid,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE role_sid = ?1) \
               OR EXISTS (SELECT 1 FROM members WHERE role_sid = ?1 AND NOT gone) \
               OR EXISTS (SELECT 1 FROM invites WHERE role_sid = ?1)";
    let used: bool = sqlx::query_scalar(sql).bind(sid.as_str()).fetch_one(&mut *connection).await?;
    if used {
        return Ok(false);
    }
    sqlx::query("DELETE FROM roles WHERE sid = ?").bind(sid.as_str()).execute(connection).await?;
    Ok(true)
}
