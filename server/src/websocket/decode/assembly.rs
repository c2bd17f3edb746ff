//! A data message that is being put together out of fragments.

use super::{Message, Violation};

/// The bytes so far, and how many of them are known to be UTF-8.
#[derive(Debug)]
pub(super) struct Assembly {
    text: bool,
    bytes: Vec<u8>,
    valid: usize,
    fragments: u32,
}

impl Assembly {
    pub(super) const fn new(text: bool) -> Self {
        Self { text, bytes: Vec::new(), valid: 0, fragments: 0 }
    }

    /// Counts one more frame of this message; how many it is now.
    pub(super) const fn begin_fragment(&mut self) -> u32 {
        self.fragments = self.fragments.saturating_add(1);
        self.fragments
    }

    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) const fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Takes more bytes, and refuses text as soon as it cannot become UTF-8 any more.
    pub(super) fn extend(&mut self, bytes: impl Iterator<Item = u8>) -> Result<(), Violation> {
        self.bytes.extend(bytes);
        if !self.text {
            return Ok(());
        }
        match std::str::from_utf8(&self.bytes[self.valid..]) {
            Ok(_) => self.valid = self.bytes.len(),
            Err(error) if error.error_len().is_none() => self.valid += error.valid_up_to(),
            Err(_) => return Err(Violation::not_utf8()),
        }
        Ok(())
    }

    /// The message, whole.
    pub(super) fn finish(self) -> Result<Message, Violation> {
        if self.text {
            String::from_utf8(self.bytes).map(Message::Text).map_err(|_| Violation::not_utf8())
        } else {
            Ok(Message::Binary(self.bytes))
        }
    }
}
