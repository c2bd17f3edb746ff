//! Sessions: making one, and putting a command into it.

use frontdesk_protocol::{Cid, UserSid, id::ServiceSid};
use serde_json::{Value, json};

use super::{Answer, Ask, command, find::absent};
use crate::{
    auth::sha256,
    twilsock::objects::{self, Kind, Object, Touch, my_channels},
};

/// What a list is for that is a session.
const PURPOSE: &str = "com.twilio.rtd.ipmsg";
/// Access forbidden for identity: the client makes a session anew.
const FORBIDDEN: u32 = 54_007;
/// How often clients report what was read, and how long they remember answers.
const REPORT: &str = "PT1S";
const CACHE: &str = "PT5S";
/// Most users that a client follows.
const USERS: u64 = 100;
/// Longest id of a command, in bytes: the clients' have 36.
const ID_BYTES: usize = 64;

/// `POST /v3/Lists`
pub(super) async fn make(ask: Ask<'_>) -> Result<Answer, Answer> {
    if ask.call.json()["purpose"] != PURPOSE {
        return Err(Answer::error(403, FORBIDDEN, "lists are made for sessions only"));
    }
    let user = ask.app.rooms.ensure_user(ask.actor).await;
    let user =
        user.map_err(|_| Answer::error(403, FORBIDDEN, "a visitor comes after opening a chat"))?;
    let identity = &ask.actor.party.identity;
    let media = service(ask, &user.user.sid).await?;
    // Behind an address that the clients have built in: `twilio-mcs-client@0.3.3:lib/configuration.js`.
    let media = media.map(|service| format!("/media/v1/Services/{service}/Media"));
    let context = json!({
        "type": "IpMsgSession",
        "apiVersion": "3",
        "identity": identity,
        "userInfo": format!("{identity}.info"),
        "myChannels": format!("{identity}.channels"),
        "channels": "public.channels",
        "reachabilityEnabled": false,
        "consumptionReportInterval": REPORT,
        "httpCacheInterval": CACHE,
        "userInfosToSubscribe": USERS,
        "links": {
            "publicChannelsUrl": "/v3/PublicChannels",
            "myChannelsUrl": "/v3/MyChannels",
            "typingUrl": "/v1/typing",
            "syncListUrl": "/v3/SyncList",
            "usersUrl": "/v3/Users",
            "mediaServiceUrl": media,
        },
    });
    let (now, bits) = (ask.app.now(), ask.app.random().bits());
    let sid = ask.sessions.make(now, bits, ask.actor.party.clone(), context);
    let body = objects::describe(ask.root, (&Object::Session(sid), None), 1, now);
    Ok(Answer::new(201, body))
}

/// Where they bring their files: the service of their newest chat, else the account's first.
async fn service(ask: Ask<'_>, user: &UserSid) -> Result<Option<ServiceSid>, Answer> {
    if let Some(newest) = my_channels::all(ask.store(), user).await?.last() {
        let channel = ask.store().channel(newest).await?;
        return Ok(channel.map(|channel| channel.service));
    }
    let account = &ask.actor.party.account;
    let first = ask.store().service_list(account, 0, 1).await?.into_iter().next();
    Ok(first.map(|record| record.service.sid))
}

/// `GET /v3/Lists/{session}/Context`
pub(super) fn context(ask: Ask<'_>, sid: &str) -> Result<Answer, Answer> {
    let context = ask.sessions.context(sid, &ask.actor.party, ask.app.now());
    let context = context.ok_or_else(|| absent(Kind::List, false))?;
    // An older event than the one that tells the same: only that one begins the session.
    Ok(Answer::ok(json!({ "data": context, "last_event_id": 1 })))
}

/// `POST /v3/Lists/{session}/Items`: a command. It is done when this is answered, and its answer is
/// the next event of the list.
pub(super) async fn push(ask: Ask<'_>, sid: &str) -> Result<Answer, Answer> {
    let (party, now) = (&ask.actor.party, ask.app.now());
    let body = ask.call.json();
    let data = &body["data"];
    let (Some(id), request) = (data["commandId"].as_str(), &data["request"]) else {
        return Err(Answer::bad("data.commandId is missing"));
    };
    if id.len() > ID_BYTES {
        return Err(Answer::bad("data.commandId is too long"));
    }
    let place = ask.sessions.put(sid, party, now).ok_or_else(|| absent(Kind::List, false))?;
    let (index, event) = place;
    let done = command::run(ask, request, cid(id)).await;
    let answered = json!({ "commandId": id, "response": done.response });
    ask.sessions.answer(sid, party, now, index, answered);
    let object = Object::Session(sid.to_owned());
    let key = json!(index);
    let item = objects::item(ask.root, &object, ("index", &key), event, (now, &Value::Null));
    let mut touched = done.touched;
    touched.push(Touch::Object(object));
    Ok(Answer { touched, ..Answer::new(201, item) })
}

/// The same command twice is the same message: a client that does not know what became of one may
/// put it again.
fn cid(id: &str) -> Cid {
    let hash = sha256(format!("twilsock command {id}").as_bytes());
    Cid(hash.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
}
