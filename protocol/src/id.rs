//! Identifiers: SIDs, identities, and the sender's own message id.
//!
//! A SID is two letters and 32 lower-case hex digits, the retired service's shape, so that its
//! users can bring theirs along. The prefix is part of the type: a task's SID cannot be passed
//! where a channel's belongs.

use core::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::read::Fault;

/// What a [`Sid`] names; its prefix is the first two letters.
pub trait Kind {
    /// The two letters in front, such as `CH`.
    const PREFIX: &'static str;
    /// What such a SID is called, such as `ChannelSid`.
    const NAME: &'static str;
}

/// A SID of the kind `K`: its prefix and 32 lower-case hex digits.
pub struct Sid<K>(String, PhantomData<fn() -> K>);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $alias:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl Kind for $name {
            const PREFIX: &'static str = $prefix;
            const NAME: &'static str = stringify!($alias);
        }
        $(#[$doc])*
        pub type $alias = Sid<$name>;
    )*};
}

kinds! {
    /// An account: an installation has one or more.
    Account AccountSid "AC";
    /// A chat channel: one conversation.
    Channel ChannelSid "CH";
    /// A message in a channel.
    MessageKind MessageSid "IM";
    /// A member of a channel.
    MemberKind MemberSid "MB";
    /// A user: a guest, an agent or a bot.
    User UserSid "US";
    /// A queue of tasks for agents.
    Queue QueueSid "WQ";
    /// A task for agents.
    TaskKind TaskSid "WT";
    /// A chat service.
    Service ServiceSid "IS";
    /// A Flex flow: decides what handles a chat.
    Flow FlowSid "FO";
    /// An API key.
    Key KeySid "SK";
    /// A role: what its bearers may do.
    RoleKind RoleSid "RL";
    /// An invitation into a channel.
    InviteKind InviteSid "IN";
    /// A webhook of a channel.
    WebhookKind WebhookSid "WH";
    /// A file beside a message.
    MediaKind MediaSid "ME";
}

/// Why a text is no SID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SID: expected {prefix} and 32 lower-case hex digits")]
pub struct SidError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

impl<K: Kind> Sid<K> {
    /// Reads a SID of this kind.
    ///
    /// # Errors
    /// [`SidError`] if the prefix, the length or a digit is wrong; the text is then of no use.
    pub fn parse(text: &str) -> Result<Self, SidError> {
        if is_sid(text, K::PREFIX) {
            Ok(Self(text.to_owned(), PhantomData))
        } else {
            Err(SidError { prefix: K::PREFIX })
        }
    }

    pub(crate) fn parse_or_blank(text: &str, fault: &mut Fault) -> Self {
        if !is_sid(text, K::PREFIX) {
            fault.note();
        }
        Self(text.to_owned(), PhantomData)
    }

    /// The SID made of these 128 random bits.
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        Self([K::PREFIX, &hex32(bits)].concat(), PhantomData)
    }
}

impl<K> Sid<K> {
    /// The SID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// These bits as 32 lower-case hex digits.
#[must_use]
pub fn hex32(bits: u128) -> String {
    let digit = |at: u32| char::from_digit((bits >> (4 * at)) as u32 & 15, 16);
    (0..32).rev().filter_map(digit).collect()
}

/// The bits of 32 lower-case hex digits.
fn parse_hex32(text: &str) -> Option<u128> {
    let mut bits = 0;
    for byte in text.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        bits = bits << 4 | u128::from(digit);
    }
    (text.len() == 32).then_some(bits)
}

// One copy for all kinds.
#[inline(never)]
fn is_sid(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).and_then(parse_hex32).is_some()
}

// Written out because a derive would ask for the same of `K`, which is never a value.
impl<K> Clone for Sid<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<K> PartialEq for Sid<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Sid<K> {}
impl<K> PartialOrd for Sid<K> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Sid<K> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> core::hash::Hash for Sid<K> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Sid<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<K> fmt::Display for Sid<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<K: Kind> FromStr for Sid<K> {
    type Err = SidError;
    fn from_str(text: &str) -> Result<Self, SidError> {
        Self::parse(text)
    }
}
impl<K> Serialize for Sid<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Sid<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// A log that can be followed: a channel, a user or a queue. On the wire it is its SID.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// A conversation's messages, members, attributes, status and marks.
    Channel(ChannelSid),
    /// Which channels a user is in, and the user's own profile.
    User(UserSid),
    /// The tasks that wait for agents.
    Queue(QueueSid),
}

impl Stream {
    /// Reads a stream's SID.
    ///
    /// # Errors
    /// [`SidError`] if the text names no kind of stream.
    pub fn parse(text: &str) -> Result<Self, SidError> {
        match text.get(..2) {
            Some("US") => UserSid::parse(text).map(Self::User),
            Some("WQ") => QueueSid::parse(text).map(Self::Queue),
            _ => ChannelSid::parse(text).map(Self::Channel),
        }
    }

    pub(crate) fn parse_or_blank(text: &str, fault: &mut Fault) -> Self {
        match text.get(..2) {
            Some("US") => Self::User(Sid::parse_or_blank(text, fault)),
            Some("WQ") => Self::Queue(Sid::parse_or_blank(text, fault)),
            _ => Self::Channel(Sid::parse_or_blank(text, fault)),
        }
    }

    /// The SID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Channel(sid) => sid.as_str(),
            Self::User(sid) => sid.as_str(),
            Self::Queue(sid) => sid.as_str(),
        }
    }
}

impl From<ChannelSid> for Stream {
    fn from(sid: ChannelSid) -> Self {
        Self::Channel(sid)
    }
}
impl From<UserSid> for Stream {
    fn from(sid: UserSid) -> Self {
        Self::User(sid)
    }
}
impl From<QueueSid> for Stream {
    fn from(sid: QueueSid) -> Self {
        Self::Queue(sid)
    }
}
impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl Serialize for Stream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// The sender's own id of a message: 128 random bits, as 32 lower-case hex digits on the wire.
///
/// It is drawn once, when the message is written, and kept as long as the message: sending the
/// same `cid` again is how a sender finds out what became of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid(pub u128);

impl Cid {
    /// Reads a `cid`.
    ///
    /// # Errors
    /// `None` if the text is not 32 lower-case hex digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_hex32(text).map(Self)
    }

    /// The 32 digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex32(self.0)
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex32(self.0))
    }
}
impl fmt::Debug for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex32(self.0))
    }
}
impl Serialize for Cid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Cid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("cid is not 32 lower-case hex digits"))
    }
}

/// Who somebody is within an account: 1 to 256 characters, no control characters.
///
/// A guest's identity is made by the server; an agent's is the name they sign in with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Identity(String);

impl Identity {
    /// Reads an identity.
    ///
    /// # Errors
    /// `None` if the text is empty, longer than 256 characters, or has a control character.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::is_one(text).then(|| Self(text.to_owned()))
    }

    fn is_one(text: &str) -> bool {
        let fits = !text.is_empty() && text.chars().take(257).count() <= 256;
        fits && !text.chars().any(char::is_control)
    }

    pub(crate) fn parse_or_blank(text: &str, fault: &mut Fault) -> Self {
        if !Self::is_one(text) {
            fault.note();
        }
        Self(text.to_owned())
    }

    /// The identity as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("identity is not 1 to 256 plain characters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_of_another_kind_is_refused() {
        let text = ChannelSid::from_bits(7).to_string();
        assert!(ChannelSid::parse(&text).is_ok());
        assert!(UserSid::parse(&text).is_err());
    }

    #[test]
    fn a_sid_has_one_spelling() {
        for text in ["CH", "CH00", "ch00000000000000000000000000000007"] {
            assert!(ChannelSid::parse(text).is_err(), "{text}");
        }
        assert!(ChannelSid::parse("CH0000000000000000000000000000000A").is_err());
        assert!(Stream::parse("CHé").is_err());
    }

    #[test]
    fn a_cid_survives_the_wire() {
        let cid = Cid(u128::MAX - 5);
        assert_eq!(Cid::parse(&cid.to_string()), Some(cid));
        assert_eq!(Cid::parse("+0000000000000000000000000000001"), None);
    }
}
