//! Taking a chat, and closing it.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use frontdesk_protocol::{Identity, TaskSid, state::Task};
use http::StatusCode;

use super::{OwnPage, SignedInAgent, bodiless};
use crate::{
    engagement::TaskError,
    http::{
        Fronts,
        answer::{self, RestAnswer},
    },
};

/// `POST /console/api/tasks/{task}/accept`.
pub(crate) async fn accept(
    State(fronts): State<Fronts>,
    _own: OwnPage,
    SignedInAgent(signed_in): SignedInAgent,
    Path(task): Path<String>,
    request: Request,
) -> Result<Response, RestAnswer> {
    bodiless(&request)?;
    let task = parse(&task)?;
    let taken = fronts.app.engagement.accept(&signed_in.agent, &task).await;
    outcome(&task, taken, |by| RestAnswer::conflict(format!("{by} has taken the chat")))
}

/// `POST /console/api/tasks/{task}/close`.
pub(crate) async fn close(
    State(fronts): State<Fronts>,
    _own: OwnPage,
    SignedInAgent(signed_in): SignedInAgent,
    Path(task): Path<String>,
    request: Request,
) -> Result<Response, RestAnswer> {
    bodiless(&request)?;
    let task = parse(&task)?;
    let closed = fronts.app.engagement.close(&signed_in.agent, &task).await;
    outcome(&task, closed, |by| RestAnswer::forbidden(format!("the chat is {by}'s")))
}

fn parse(text: &str) -> Result<TaskSid, RestAnswer> {
    TaskSid::parse(text).map_err(|_| RestAnswer::not_found(format!("there is no task {text:.64}")))
}

/// The task as it is now, or why not; `taken` says what it means that it is somebody else's.
fn outcome(
    asked: &TaskSid,
    done: Result<Task, TaskError>,
    taken: impl FnOnce(Identity) -> RestAnswer,
) -> Result<Response, RestAnswer> {
    match done {
        Ok(task) => Ok(answer::json(StatusCode::OK, &task)),
        Err(TaskError::NotFound) => Err(RestAnswer::not_found(format!("there is no task {asked}"))),
        Err(TaskError::Taken { by }) => Err(taken(by)),
        Err(TaskError::Closed) => Err(RestAnswer::conflict("the chat is closed")),
        Err(TaskError::Store(error)) => Err(error.into()),
    }
}
