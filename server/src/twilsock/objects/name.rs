//! Which objects there are, and how they are called.

use frontdesk_protocol::{
    ChannelSid, Stream, UserSid,
    id::{Kind as SidKind, Sid, hex32},
};

/// Tells the maps of a user apart from each other and from a channel's, whose SIDs have the same
/// prefix. Any constants would do, but no others ever again: they stand in clients' memory.
const INFO: u128 = 0x6d61_7020_6f66_2061_2075_7365_7227_7300;
const MY_CHANNELS: u128 = 0x6368_616e_6e65_6c73_206f_6620_6f6e_6500;

/// An object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// `CH….channel`, a document: the channel itself.
    Channel(ChannelSid),
    /// `CH….messages`, a list.
    Messages(ChannelSid),
    /// `CH….roster`, a map: who is in.
    Roster(ChannelSid),
    /// `IDENTITY.info`, a map: a user's name and attributes.
    Info(UserSid),
    /// `IDENTITY.channels`, a map: the channels a user is in.
    MyChannels(UserSid),
    /// The list of a session's commands, by its SID.
    Session(String),
}

/// What kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One value.
    Document,
    /// Items by their index.
    List,
    /// Items by their key.
    Map,
}

impl Kind {
    /// The word in events.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::List => "list",
            Self::Map => "map",
        }
    }

    /// The word in addresses.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Document => "Documents",
            Self::List => "Lists",
            Self::Map => "Maps",
        }
    }
}

/// What has to be read to know what happened in an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A stream's events.
    Stream(Stream),
    /// A user's record, whose changes are in no stream.
    User(UserSid),
    /// A session's commands, by its SID.
    Session(String),
}

impl Object {
    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Channel(_) => Kind::Document,
            Self::Messages(_) | Self::Session(_) => Kind::List,
            Self::Roster(_) | Self::Info(_) | Self::MyChannels(_) => Kind::Map,
        }
    }

    /// Its SID.
    #[must_use]
    pub fn sid(&self) -> String {
        match self {
            Self::Channel(sid) => format!("ET{}", hex32(bits(sid))),
            Self::Messages(sid) => format!("ES{}", hex32(bits(sid))),
            Self::Roster(sid) => format!("MP{}", hex32(bits(sid))),
            Self::Info(sid) => format!("MP{}", hex32(bits(sid) ^ INFO)),
            Self::MyChannels(sid) => format!("MP{}", hex32(bits(sid) ^ MY_CHANNELS)),
            Self::Session(sid) => sid.clone(),
        }
    }

    /// The objects that could have this SID. Which of them does is the store's to say.
    #[must_use]
    pub fn candidates(sid: &str) -> Vec<Self> {
        let Some((prefix, hex)) = sid.split_at_checked(2) else { return Vec::new() };
        let digits = hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let Some(bits) = u128::from_str_radix(hex, 16).ok().filter(|_| digits) else {
            return Vec::new();
        };
        match prefix {
            "ET" => vec![Self::Channel(ChannelSid::from_bits(bits))],
            "ES" => {
                vec![Self::Session(sid.to_owned()), Self::Messages(ChannelSid::from_bits(bits))]
            }
            "MP" => vec![
                Self::Roster(ChannelSid::from_bits(bits)),
                Self::MyChannels(UserSid::from_bits(bits ^ MY_CHANNELS)),
                Self::Info(UserSid::from_bits(bits ^ INFO)),
            ],
            _ => Vec::new(),
        }
    }

    /// What has to be read to know what happened in it.
    #[must_use]
    pub fn topic(&self) -> Topic {
        match self {
            Self::Channel(sid) | Self::Messages(sid) | Self::Roster(sid) => {
                Topic::Stream(Stream::Channel(sid.clone()))
            }
            Self::MyChannels(sid) => Topic::Stream(Stream::User(sid.clone())),
            Self::Info(sid) => Topic::User(sid.clone()),
            Self::Session(sid) => Topic::Session(sid.clone()),
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self, root: &str) -> String {
        format!("{root}/v3/{}/{}", self.kind().path(), self.sid())
    }
}

/// `CH….channel`
pub(in crate::twilsock) fn channel(sid: &ChannelSid) -> String {
    format!("{sid}.channel")
}

/// `CH….messages`
pub(in crate::twilsock) fn messages(sid: &ChannelSid) -> String {
    format!("{sid}.messages")
}

/// `CH….roster`
pub(in crate::twilsock) fn roster(sid: &ChannelSid) -> String {
    format!("{sid}.roster")
}

fn bits<K: SidKind>(sid: &Sid<K>) -> u128 {
    let hex = sid.as_str().get(2..).and_then(|hex| u128::from_str_radix(hex, 16).ok());
    hex.expect("a SID is two letters and 32 hex digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_by_its_sid_and_no_two_have_the_same() {
        let (channel, user) = (ChannelSid::from_bits(7), UserSid::from_bits(7));
        let objects = [
            Object::Channel(channel.clone()),
            Object::Messages(channel.clone()),
            Object::Roster(channel),
            Object::Info(user.clone()),
            Object::MyChannels(user),
        ];
        for object in &objects {
            assert!(Object::candidates(&object.sid()).contains(object), "{object:?}");
            let same = objects.iter().filter(|other| other.sid() == object.sid()).count();
            assert_eq!(same, 1, "{object:?}");
        }
    }

    #[test]
    fn what_is_no_sid_of_an_object_could_be_none() {
        for text in [
            "",
            "E",
            "é",
            "ET",
            "ET00",
            "CH00000000000000000000000000000007",
            "MP+000000000000000000000000000007",
        ] {
            assert_eq!(Object::candidates(text), [], "{text}");
        }
    }
}
