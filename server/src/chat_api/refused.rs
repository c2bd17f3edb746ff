//! Refusals, with the codes of the retired service.

use http::StatusCode;

use super::webhooks;
use crate::{
    http::answer::RestAnswer,
    storage::{CommitError, Rejection},
};

/// The attributes are too long.
const ATTRIBUTES_TOO_LONG: u32 = 50_303;
/// A channel of this name is there.
const NAME_TAKEN: u32 = 50_307;
/// The channel has as many webhooks as it may.
const WEBHOOKS: u32 = 50_321;
/// A webhook has as many triggers as it may.
const TRIGGERS: u32 = 50_322;
/// The address of a webhook is too long.
const URL_TOO_LONG: u32 = 50_332;
/// The channel has as many members as it may.
const MEMBERS: u32 = 50_403;
/// The member is in already.
const IN_ALREADY: u32 = 50_404;
/// The user is there already.
const USER_EXISTS: u32 = 50_201;
/// The text is too long.
const BODY_TOO_LONG: u32 = 50_504;

/// What exists already, when something new stands against it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing {
    Channel,
    Member,
    Invite,
    User,
    Agent,
    Webhook,
}

/// A commit that was not done. `what` names what was asked for.
pub(super) fn commit(error: CommitError, thing: Thing, what: &str) -> RestAnswer {
    match error {
        CommitError::Store(error) => error.into(),
        CommitError::Rejected { reason, .. } => rejected(&reason, thing, what),
    }
}

fn rejected(reason: &Rejection, thing: Thing, what: &str) -> RestAnswer {
    match reason {
        Rejection::Exists => {
            let (code, message) = match thing {
                Thing::Channel => (NAME_TAKEN, "a channel with this UniqueName is there already"),
                Thing::Member => (IN_ALREADY, "Identity is a member of the channel already"),
                Thing::Invite => (IN_ALREADY, "Identity is in the channel, or invited, already"),
                Thing::User => (USER_EXISTS, "a user with this Identity is there already"),
                Thing::Webhook => return absent(what),
                Thing::Agent => {
                    return RestAnswer::conflict("an agent works as this user; remove the agent");
                }
            };
            RestAnswer::new(StatusCode::CONFLICT, code, message)
        }
        Rejection::Full if matches!(thing, Thing::Webhook) => {
            RestAnswer::new(StatusCode::BAD_REQUEST, WEBHOOKS, webhooks::full())
        }
        Rejection::Full => {
            let message = "the channel has as many members as Limits.ChannelMembers allows";
            RestAnswer::new(StatusCode::FORBIDDEN, MEMBERS, message)
        }
        Rejection::Ended => RestAnswer::conflict(
            "the chat has ended; set status to ACTIVE in the channel's attributes to go on",
        ),
        Rejection::NotFound
        | Rejection::NotMember
        | Rejection::NotAuthor
        | Rejection::Conflict
        | Rejection::TaskTaken { .. }
        | Rejection::TaskClosed
        | Rejection::Answered { .. }
        | Rejection::KeyReused => absent(what),
    }
}

/// 404, the same for what is not there, what is somebody else's and what is no SID.
pub(super) fn absent(what: &str) -> RestAnswer {
    RestAnswer::not_found(format!("the requested resource {what:.256} was not found"))
}

pub(super) fn attributes_too_long(limit_bytes: usize) -> RestAnswer {
    let message = format!("Attributes is over {limit_bytes} bytes");
    RestAnswer::new(StatusCode::BAD_REQUEST, ATTRIBUTES_TOO_LONG, message)
}

pub(super) fn body_too_long(limit_bytes: usize) -> RestAnswer {
    let message = format!("Body is over {limit_bytes} bytes");
    RestAnswer::new(StatusCode::BAD_REQUEST, BODY_TOO_LONG, message)
}

pub(super) fn url_too_long(limit_bytes: usize) -> RestAnswer {
    let message = format!("Configuration.Url is over {limit_bytes} bytes");
    RestAnswer::new(StatusCode::BAD_REQUEST, URL_TOO_LONG, message)
}

pub(super) fn too_many_triggers(name: &str, most: usize) -> RestAnswer {
    let message = format!("{name}: more than {most} of them");
    RestAnswer::new(StatusCode::BAD_REQUEST, TRIGGERS, message)
}
