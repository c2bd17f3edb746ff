//! Where the bytes are.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use frontdesk_protocol::{MediaSid, Millis};

/// Keeps files under their SIDs.
#[async_trait]
pub trait MediaStore: Send + Sync + 'static {
    /// Begins a file that has no SID yet.
    ///
    /// # Errors
    /// It cannot be written.
    async fn begin(&self) -> io::Result<Box<dyn Incoming>>;

    /// A file; `None` if it is not there.
    ///
    /// # Errors
    /// It cannot be read.
    async fn read(&self, sid: &MediaSid) -> io::Result<Option<Stored>>;

    /// Removes a file. One that is not there is removed already.
    ///
    /// # Errors
    /// It cannot be removed; the same again may help.
    async fn remove(&self, sid: &MediaSid) -> io::Result<()>;

    /// The files that were kept before a moment of the machine's clock.
    ///
    /// # Errors
    /// They cannot be listed.
    async fn older_than(&self, before: Millis) -> io::Result<Vec<MediaSid>>;
}

/// A file on its way in. One that is dropped before it is kept is gone.
#[async_trait]
pub trait Incoming: Send {
    /// Appends to it.
    ///
    /// # Errors
    /// It cannot be written.
    async fn write(&mut self, bytes: Bytes) -> io::Result<()>;

    /// Keeps it under this SID. Durable when it returns.
    ///
    /// # Errors
    /// It cannot be kept.
    async fn keep(self: Box<Self>, sid: &MediaSid) -> io::Result<()>;
}

/// A file on its way out.
pub struct Stored {
    /// Its length.
    pub size_bytes: u64,
    /// Its bytes.
    pub file: Box<dyn Outgoing>,
}

/// The bytes of a file, piece by piece.
#[async_trait]
pub trait Outgoing: Send {
    /// The next piece; `None` is the end.
    ///
    /// # Errors
    /// It cannot be read.
    async fn next(&mut self) -> io::Result<Option<Bytes>>;
}
