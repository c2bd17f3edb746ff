//! What the agents' console asks of the server: same origin, with its cookie.

use frontdesk_client::Failure;
use frontdesk_protocol::{Identity, QueueSid, TaskSid, UserSid, json::Object, readable};

use super::{Ask, read};

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The agent's identity.
    pub identity: Identity,
    /// The agent's name.
    pub name: String,
    /// The agent's own stream.
    pub user_sid: UserSid,
    /// The queue the agent works on.
    pub queue_sid: QueueSid,
}

readable! { Me { identity, name, user_sid, queue_sid } }

fn post(base: &str, path: &[&str], body: &str) -> Ask {
    Ask::new("POST", &[base, "/console/api/", &path.concat()]).json(body)
}

async fn tell(ask: Ask) -> Result<(), Failure> {
    ask.send().await.map(drop)
}

/// Logs in; the cookie comes with the answer.
///
/// # Errors
/// 401: name or password is wrong. 429: too many tries; `retry_after_ms` says how long.
pub async fn login(base: &str, name: &str, password: &str) -> Result<(), Failure> {
    let body = Object::new().text("name", name).text("password", password).end();
    tell(post(base, &["login"], &body)).await
}

/// Logs out.
///
/// # Errors
/// Only if the server cannot be reached; the cookie is then still good.
pub async fn logout(base: &str) -> Result<(), Failure> {
    tell(post(base, &["logout"], "{}")).await
}

/// Who is logged in.
///
/// # Errors
/// 401: nobody.
pub async fn me(base: &str) -> Result<Me, Failure> {
    read(Ask::new("GET", &[base, "/console/api/me"]).send().await)
}

/// A token for the Chat connection. Refused with 401: nobody is logged in any more.
pub(crate) fn token(base: &str) -> Ask {
    post(base, &["token"], "{}")
}

/// Takes a task: the agent becomes a member of its chat.
///
/// # Errors
/// 409: somebody else was faster. 404: no such task.
pub async fn accept(base: &str, task: &TaskSid) -> Result<(), Failure> {
    tell(post(base, &["tasks/", task.as_str(), "/accept"], "{}")).await
}

/// Closes a task, and with it the chat.
///
/// # Errors
/// 404: no such task. 403: it is somebody else's.
pub async fn close(base: &str, task: &TaskSid) -> Result<(), Failure> {
    tell(close_of(base, task)).await
}

pub(crate) fn close_of(base: &str, task: &TaskSid) -> Ask {
    post(base, &["tasks/", task.as_str(), "/close"], "{}")
}
