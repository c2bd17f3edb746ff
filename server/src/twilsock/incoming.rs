//! What a client says: its frames, read strictly. Pure.

use std::collections::BTreeMap;

use frontdesk_protocol::json;
use serde::Deserialize;
use serde_json::Value;

use super::frame::{self, FrameError};

/// Longest id of a frame, in bytes: the clients' have 38.
const ID_BYTES: usize = 64;

/// A frame of a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// Who it is. The first frame, and once.
    Init {
        /// To be answered.
        id: String,
        /// A guest token or an access token.
        token: String,
        /// What the last connection was given, if there was one.
        continuation: Option<String>,
    },
    /// A new token.
    Update {
        /// To be answered.
        id: String,
        /// The token.
        token: String,
    },
    /// A request of HTTP, carried here.
    Message {
        /// To be answered.
        id: String,
        /// The request.
        call: Call,
    },
    /// Something to be answered with "well" and nothing else: which notifications are wanted (all
    /// that are subscribed are sent), or what the client measured about itself.
    Noted {
        /// To be answered.
        id: String,
    },
    /// An answer to a frame of ours.
    Reply,
    /// The client goes.
    Close,
    /// A method that is not known here.
    Unknown {
        /// To be answered.
        id: String,
    },
}

/// A request of HTTP, carried over the connection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// The parts of the path, decoded.
    pub path: Vec<String>,
    /// The query, decoded; of a name that comes twice the first.
    pub params: BTreeMap<String, String>,
    /// JSON, a form, or nothing.
    pub body: String,
}

impl Call {
    /// The body as JSON; `null` if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        if json::check(&self.body).is_err() {
            return Value::Null;
        }
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The value of a parameter of the query.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str)
    }
}

/// Why bytes are nothing that a client may say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IncomingError {
    /// Not even a frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The header is no JSON, or not of this protocol.
    #[error("the header is not valid")]
    Header,
    /// Behind the header is something else than it says.
    #[error("payload_size is not the length of the payload")]
    Payload,
}

#[derive(Deserialize)]
struct Header {
    method: String,
    id: String,
    token: Option<String>,
    continuation_token: Option<String>,
    http_request: Option<HttpRequest>,
    #[serde(default)]
    payload_size: usize,
}

#[derive(Deserialize)]
struct HttpRequest {
    path: String,
    method: String,
    params: Option<BTreeMap<String, Param>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Param {
    One(String),
    Many(Vec<String>),
}

/// Reads a frame.
///
/// # Errors
/// [`IncomingError`].
pub fn read(bytes: &[u8]) -> Result<Incoming, IncomingError> {
    let frame = frame::parse(bytes)?;
    json::check(frame.header).map_err(|_| IncomingError::Header)?;
    let header: Header = serde_json::from_str(frame.header).map_err(|_| IncomingError::Header)?;
    if header.payload_size != frame.payload.len() {
        return Err(IncomingError::Payload);
    }
    let id = header.id;
    if id.len() > ID_BYTES {
        return Err(IncomingError::Header);
    }
    Ok(match header.method.as_str() {
        "init" => Incoming::Init {
            id,
            token: header.token.ok_or(IncomingError::Header)?,
            continuation: header.continuation_token,
        },
        "update" => Incoming::Update { id, token: header.token.ok_or(IncomingError::Header)? },
        "message" => {
            let request = header.http_request.ok_or(IncomingError::Header)?;
            Incoming::Message { id, call: call(request, frame.payload) }
        }
        "put_notification_ctx" | "delete_notification_ctx" | "telemetry.v1" => {
            Incoming::Noted { id }
        }
        "reply" => Incoming::Reply,
        "close" => Incoming::Close,
        _ => Incoming::Unknown { id },
    })
}

fn call(request: HttpRequest, body: &str) -> Call {
    // Clients hand over the query as they found it in an address: not decoded.
    let one = |param| match param {
        Param::One(text) => decoded(&text),
        Param::Many(texts) => texts.first().map(|text| decoded(text)).unwrap_or_default(),
    };
    let params = request.params.unwrap_or_default();
    Call {
        method: request.method,
        path: request.path.split('/').skip(1).map(decoded).collect(),
        params: params.into_iter().map(|(name, param)| (name, one(param))).collect(),
        body: body.to_owned(),
    }
}

/// Text of an address without its escapes. A plus stays one: these clients write `%20`.
fn decoded(text: &str) -> String {
    let kept = text.replace('+', "%2B");
    let decoded = form_urlencoded::parse(kept.as_bytes()).next();
    // `=` and `&` would begin something else in a form; nobody writes them here unescaped.
    decoded.map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(header: Value, payload: Option<&Value>) -> Result<Incoming, IncomingError> {
        read(&frame::write(header, payload))
    }

    #[test]
    fn a_request_is_read_with_its_escapes_undone() {
        let request = json!({
            "host": "cds.us1.twilio.com", "method": "GET",
            "path": "/v3/Maps/guest%40home%2Fa%20b.info/Items",
            "params": {"Key": "CH%3A1", "PageSize": ["20", "30"]},
        });
        let header = json!({"method": "message", "id": "TM1", "http_request": request});
        let Ok(Incoming::Message { id, call }) = of(header, None) else { panic!("no message") };
        assert_eq!(id, "TM1");
        assert_eq!(call.path, ["v3", "Maps", "guest@home/a b.info", "Items"]);
        assert_eq!((call.param("Key"), call.param("PageSize")), (Some("CH:1"), Some("20")));
    }

    #[test]
    fn what_a_client_may_not_say_is_refused() {
        for header in [
            json!({"method": "init", "id": "TM1"}),
            json!({"method": "update", "id": "TM1", "token": null}),
            json!({"method": "message", "id": "TM1"}),
            json!({"method": "message", "id": "TM1", "http_request": {"method": "GET"}}),
            json!({"method": "init", "token": "t"}),
            json!({"id": "TM1"}),
            json!({"method": "reply", "id": "x".repeat(65)}),
            json!([]),
        ] {
            assert_eq!(of(header.clone(), None), Err(IncomingError::Header), "{header}");
        }
        let raw = |header: &str, payload: &str| {
            let text = format!("TWILSOCK V3.0 {}\r\n{header}\r\n{payload}", header.len());
            read(text.as_bytes())
        };
        let lies = r#"{"method":"reply","id":"1","payload_size":100}"#;
        assert_eq!(raw(lies, "{}"), Err(IncomingError::Payload));
        let doubled = r#"{"method":"init","method":"reply","id":""}"#;
        assert_eq!(raw(doubled, ""), Err(IncomingError::Header));
    }

    #[test]
    fn a_method_that_is_not_known_is_no_error() {
        let unknown = of(json!({"method": "dance", "id": "TM1"}), None);
        assert_eq!(unknown, Ok(Incoming::Unknown { id: "TM1".into() }));
    }
}
