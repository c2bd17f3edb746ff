//! Frames from a client to the server.

use serde::Deserialize;

use super::{FrameError, Tag};
use crate::{
    attributes::Attributes,
    id::{Cid, Stream},
    json::{Object, quoted},
    sorted::SortedMap,
};

/// A stream and, if the client has been there, where it was.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StreamRef {
    /// The stream.
    pub id: Stream,
    /// The epoch of the store the position is from.
    #[serde(default)]
    pub epoch: Option<String>,
    /// The last position the client has applied.
    #[serde(default)]
    pub seq: Option<u64>,
}

/// The first frame of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hello {
    /// The guest token or agent token.
    pub tok: String,
    /// A random id of the tab, for the server's log and for counting sockets.
    pub inst: String,
    /// The streams to follow from the start.
    #[serde(default)]
    pub ch: Vec<StreamRef>,
}

/// Something said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Send {
    /// The channel.
    pub ch: Stream,
    /// The sender's own id of the message.
    pub cid: Cid,
    /// The text. Checked by the server with [`crate::Body::parse`], answered by `nack`.
    pub body: String,
    /// What the program attaches.
    #[serde(default)]
    pub attributes: Attributes,
}

/// Which side of a position a page of history lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchFrom {
    /// The newest messages before this `seq`.
    Before(u64),
    /// The oldest messages after this `seq`.
    After(u64),
}

/// A request for a page of messages as they stand now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Fetch {
    /// The channel.
    pub ch: Stream,
    /// Messages before this `seq`, newest first in the choice, oldest first in the answer.
    #[serde(default)]
    pub before: Option<u64>,
    /// Messages after this `seq`. Exactly one of `before` and `after` is given.
    #[serde(default)]
    pub after: Option<u64>,
    /// How many, 1 to 200.
    pub limit: usize,
}

impl Fetch {
    /// The side that is asked for, `None` if it is not exactly one.
    #[must_use]
    pub const fn from(&self) -> Option<FetchFrom> {
        match (self.before, self.after) {
            (Some(seq), None) => Some(FetchFrom::Before(seq)),
            (None, Some(seq)) => Some(FetchFrom::After(seq)),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }
}

/// Positions by stream, as `ping` and `pong` carry them.
pub type Advertised = SortedMap<Stream, u64>;

/// A frame from a client.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientFrame {
    /// The first frame: who, and what to follow.
    Hello(Hello),
    /// Follow more.
    Sub {
        /// The streams.
        ch: Vec<StreamRef>,
    },
    /// Follow less.
    Unsub {
        /// The streams.
        ch: Vec<Stream>,
    },
    /// Say something. Only once the stream is live.
    Send(Send),
    /// Messages up to here reached this device. Cumulative.
    Seen {
        /// The channel.
        ch: Stream,
        /// The position.
        seq: u64,
    },
    /// Messages up to here were read. Cumulative.
    Read {
        /// The channel.
        ch: Stream,
        /// The position.
        seq: u64,
    },
    /// A page of history, please.
    Fetch(Fetch),
    /// The answer to a ping.
    Pong {
        /// The ping's number.
        n: u64,
        /// The positions this client has applied.
        pos: Advertised,
    },
    /// A new token of the same subject.
    Auth {
        /// The token.
        tok: String,
    },
    /// Writing, or not any more.
    Typing {
        /// The channel.
        ch: Stream,
        /// Whether.
        on: bool,
    },
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    /// [`FrameError`]: the connection is closed with 4001.
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        #[derive(Deserialize)]
        struct Sub {
            ch: Vec<StreamRef>,
        }
        #[derive(Deserialize)]
        struct Unsub {
            ch: Vec<Stream>,
        }
        #[derive(Deserialize)]
        struct Mark {
            ch: Stream,
            seq: u64,
        }
        #[derive(Deserialize)]
        struct Pong {
            n: u64,
            #[serde(default)]
            pos: Advertised,
        }
        #[derive(Deserialize)]
        struct Auth {
            tok: String,
        }
        #[derive(Deserialize)]
        struct Typing {
            ch: Stream,
            on: bool,
        }
        let tag: Tag<'_> = serde_json::from_str(text)?;
        Ok(match &*tag.t {
            "hello" => Self::Hello(serde_json::from_str(text)?),
            "sub" => {
                let Sub { ch } = serde_json::from_str(text)?;
                Self::Sub { ch }
            }
            "unsub" => {
                let Unsub { ch } = serde_json::from_str(text)?;
                Self::Unsub { ch }
            }
            "send" => Self::Send(serde_json::from_str(text)?),
            "seen" => {
                let Mark { ch, seq } = serde_json::from_str(text)?;
                Self::Seen { ch, seq }
            }
            "read" => {
                let Mark { ch, seq } = serde_json::from_str(text)?;
                Self::Read { ch, seq }
            }
            "fetch" => Self::Fetch(serde_json::from_str(text)?),
            "pong" => {
                let Pong { n, pos } = serde_json::from_str(text)?;
                Self::Pong { n, pos }
            }
            "auth" => {
                let Auth { tok } = serde_json::from_str(text)?;
                Self::Auth { tok }
            }
            "typing" => {
                let Typing { ch, on } = serde_json::from_str(text)?;
                Self::Typing { ch, on }
            }
            _ => return Err(FrameError::UnknownType),
        })
    }

    /// The frame as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut frame = Object::new();
        let frame = &mut frame;
        match self {
            Self::Hello(Hello { tok, inst, ch }) => {
                tag(frame, "hello").text("tok", tok).text("inst", inst).list("ch", &refs(ch))
            }
            Self::Sub { ch } => tag(frame, "sub").list("ch", &refs(ch)),
            Self::Unsub { ch } => {
                let ch: Vec<String> = ch.iter().map(|stream| quoted(stream.as_str())).collect();
                tag(frame, "unsub").list("ch", &ch)
            }
            Self::Send(Send { ch, cid, body, attributes }) => of(frame, "send", ch)
                .text("cid", &cid.to_hex())
                .text("body", body)
                .object_if_any("attributes", attributes),
            Self::Seen { ch, seq } => of(frame, "seen", ch).number("seq", *seq),
            Self::Read { ch, seq } => of(frame, "read", ch).number("seq", *seq),
            Self::Fetch(Fetch { ch, before, after, limit }) => of(frame, "fetch", ch)
                .number_if("before", *before)
                .number_if("after", *after)
                .number("limit", *limit as u64),
            Self::Pong { n, pos } => {
                let mut heads = Object::new();
                for (stream, seq) in pos {
                    heads.number(stream.as_str(), *seq);
                }
                tag(frame, "pong").number("n", *n).json("pos", &heads.end())
            }
            Self::Auth { tok } => tag(frame, "auth").text("tok", tok),
            Self::Typing { ch, on } => of(frame, "typing", ch).flag("on", *on),
        };
        frame.end()
    }
}

fn tag<'a>(frame: &'a mut Object, tag: &str) -> &'a mut Object {
    frame.text("t", tag)
}

/// The beginning of a frame about one stream.
fn of<'a>(frame: &'a mut Object, name: &str, ch: &Stream) -> &'a mut Object {
    tag(frame, name).text("ch", ch.as_str())
}

fn refs(streams: &[StreamRef]) -> Vec<String> {
    let json = |stream: &StreamRef| {
        let mut object = Object::new();
        object.text("id", stream.id.as_str()).text_if("epoch", stream.epoch.as_deref());
        object.number_if("seq", stream.seq).end()
    };
    streams.iter().map(json).collect()
}
