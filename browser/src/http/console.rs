//! What the agents' console asks of the server: same origin, with its cookie.

use frontdesk_client::Failure;
use frontdesk_protocol::{Identity, QueueSid, TaskSid, UserSid, rest::TokenAnswer};
use gloo_net::http::{Method, RequestBuilder};
use serde::{Deserialize, Serialize};

use super::{Content, ask, tell};

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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

fn request(method: Method, base: &str, path: &str) -> RequestBuilder {
    RequestBuilder::new(&format!("{base}/console/api/{path}")).method(method)
}

/// Logs in; the cookie comes with the answer.
///
/// # Errors
/// 401: name or password is wrong. 429: too many tries; `retry_after_ms` says how long.
pub async fn login(base: &str, name: &str, password: &str) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Login<'a> {
        name: &'a str,
        password: &'a str,
    }
    let body = serde_json::to_string(&Login { name, password }).expect("only string keys");
    tell(request(Method::POST, base, "login"), Content::Json(body)).await
}

/// Logs out.
///
/// # Errors
/// Only if the server cannot be reached; the cookie is then still good.
pub async fn logout(base: &str) -> Result<(), Failure> {
    tell(post(base, "logout"), Content::Json("{}".into())).await
}

/// Who is logged in.
///
/// # Errors
/// 401: nobody.
pub async fn me(base: &str) -> Result<Me, Failure> {
    ask(request(Method::GET, base, "me"), Content::Empty).await
}

/// A token for the Chat connection.
///
/// # Errors
/// 401: nobody is logged in any more.
pub async fn token(base: &str) -> Result<TokenAnswer, Failure> {
    ask(post(base, "token"), Content::Json("{}".into())).await
}

/// Takes a task: the agent becomes a member of its chat.
///
/// # Errors
/// 409: somebody else was faster. 404: no such task.
pub async fn accept(base: &str, task: &TaskSid) -> Result<(), Failure> {
    tell(post(base, &format!("tasks/{task}/accept")), Content::Json("{}".into())).await
}

/// Closes a task, and with it the chat.
///
/// # Errors
/// 404: no such task. 403: it is somebody else's.
pub async fn close(base: &str, task: &TaskSid) -> Result<(), Failure> {
    tell(post(base, &format!("tasks/{task}/close")), Content::Json("{}".into())).await
}

fn post(base: &str, path: &str) -> RequestBuilder {
    request(Method::POST, base, path)
}
