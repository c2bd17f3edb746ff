//! Messages.

use frontdesk_protocol::{ChannelSid, Identity, Media, MessageSid, Millis, attributes::Attributes};

use super::{Place, Told};
use crate::{http::time::iso, listeners::Event, storage::Stamp};

/// A message, as a hook is told of it.
#[derive(Debug, Clone, Copy)]
pub struct MessageFacts<'a> {
    /// The channel.
    pub channel: &'a ChannelSid,
    /// The message.
    pub sid: &'a MessageSid,
    /// Who said it.
    pub from: &'a Identity,
    /// Its text.
    pub body: &'a str,
    /// What programs attached.
    pub attributes: &'a Attributes,
}

/// What is known of a message that was said before.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// Its number.
    pub index: u64,
    /// When it was said.
    pub created: Millis,
    /// Who changes it now, if somebody who is known does.
    pub by: Option<&'a Identity>,
}

/// `onMessageSent`.
#[must_use]
pub fn message_sent(place: Place<'_>, message: MessageFacts<'_>) -> Told {
    begin(place.event(Event::MessageSent), message)
        .said(message.body, message.attributes)
        .stamp("Index", Stamp::Index)
        .stamp("DateCreated", Stamp::Time)
}

/// `onMediaMessageSent`: something said with a file beside it.
#[must_use]
pub fn media_message_sent(place: Place<'_>, message: MessageFacts<'_>, media: &Media) -> Told {
    let mut told = begin(place.event(Event::MediaMessageSent), message)
        .said(message.body, message.attributes)
        .field("MediaSid", &media.sid)
        .field("MediaContentType", &media.content_type)
        .field("MediaSize", media.size_bytes)
        .stamp("Index", Stamp::Index)
        .stamp("DateCreated", Stamp::Time);
    // It goes when the message goes.
    told.text.extend(media.filename.as_ref().map(|name| ("MediaFilename".into(), name.clone())));
    told
}

/// `onMessageUpdated`: the message as it is from now on.
#[must_use]
pub fn message_updated(place: Place<'_>, message: MessageFacts<'_>, known: Spoken<'_>) -> Told {
    begin(place.event(Event::MessageUpdated), message)
        .said(message.body, message.attributes)
        .field("Index", known.index)
        .field_if("ModifiedBy", known.by)
        .field("DateCreated", iso(known.created))
        .stamp("DateUpdated", Stamp::Time)
}

/// `onMessageRemoved`. What was said is erased wherever it is kept, so it is not told either.
#[must_use]
pub fn message_removed(place: Place<'_>, message: MessageFacts<'_>, known: Spoken<'_>) -> Told {
    begin(place.event(Event::MessageRemoved), message)
        .field("Index", known.index)
        .field_if("RemovedBy", known.by)
        .field("DateCreated", iso(known.created))
        .stamp("DateRemoved", Stamp::Time)
}

fn begin(told: Told, message: MessageFacts<'_>) -> Told {
    told.field("ChannelSid", message.channel)
        .field("MessageSid", message.sid)
        .field("From", message.from)
        .field("To", message.channel)
}
