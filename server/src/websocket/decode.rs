//! Bytes from a client become messages, or a [`Violation`] that ends the connection.
//!
//! Pure: time comes in, nothing is awaited. What a hostile client can make it keep is bounded by
//! [`Limits`]: no buffer is made for a length that was only declared, and a message has a number of
//! fragments and a time in which it must be whole.

use frontdesk_protocol::Millis;

use super::{
    close::{self, Violation},
    encode::Opcode,
};

mod assembly;

use assembly::Assembly;

/// What one message may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest message, and so longest frame, in bytes.
    pub message_bytes: usize,
    /// Most frames one message may be cut into.
    pub fragments: u32,
    /// From the first byte of a message to its last. A long frame may take a second longer for
    /// each KiB it declares, so that a slow line can still send it.
    pub assembly_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: frontdesk_protocol::limits::FRAME_BYTES,
            fragments: 64,
            assembly_ms: 10_000,
        }
    }
}

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
    /// To be answered by a pong with the same payload.
    Ping(Vec<u8>),
    /// An answer to a ping, or a sign of life nobody asked for.
    Pong(Vec<u8>),
    /// The peer is done: the code and the reason, if it gave any.
    Close(Option<(u16, String)>),
}

/// The reading half of a connection.
#[derive(Debug, Default)]
pub struct Decoder {
    limits: Limits,
    /// The header of the frame that is being read: 2 to 14 bytes.
    header: [u8; 14],
    header_len: u8,
    frame: Option<Frame>,
    /// The data message that is being put together.
    message: Option<Assembly>,
    /// The payload of a control frame, which may stand between fragments.
    control: Vec<u8>,
    deadline: Option<Millis>,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    opcode: Opcode,
    fin: bool,
    mask: [u8; 4],
    len: usize,
    done: usize,
}

impl Decoder {
    /// A decoder for a fresh connection.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Allows longer or shorter messages from the next frame on.
    pub fn set_message_bytes(&mut self, message_bytes: usize) {
        self.limits.message_bytes = message_bytes;
    }

    /// When the message that is being read must be whole; `None` between messages.
    #[must_use]
    pub const fn deadline(&self) -> Option<Millis> {
        self.deadline
    }

    /// Bytes this decoder keeps for a message that is not whole yet.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.control.capacity() + self.message.as_ref().map_or(0, Assembly::capacity)
    }

    /// Fails if the message that is being read has taken too long.
    ///
    /// # Errors
    /// 1002: nobody honest writes that slowly.
    pub fn expire(&self, now: Millis) -> Result<(), Violation> {
        match self.deadline {
            Some(deadline) if now >= deadline => {
                Err(Violation::protocol("message took too long to arrive"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes bytes off the front of `input` until a message is whole; `Ok(None)` means that all of
    /// it was taken and more is needed.
    ///
    /// # Errors
    /// [`Violation`]: answer with its code and feed nothing more.
    pub fn feed(&mut self, now: Millis, input: &mut &[u8]) -> Result<Option<Message>, Violation> {
        loop {
            self.expire(now)?;
            if self.frame.is_none() && !self.read_header(now, input)? {
                return Ok(None);
            }
            let Some(mut frame) = self.frame else { return Ok(None) };
            let take = input.len().min(frame.len - frame.done);
            let (chunk, rest) = input.split_at(take);
            self.take_payload(frame, chunk)?;
            *input = rest;
            frame.done += take;
            self.frame = Some(frame);
            if frame.done < frame.len {
                return Ok(None);
            }
            self.frame = None;
            if let Some(message) = self.finish(frame)? {
                return Ok(Some(message));
            }
        }
    }

    /// Reads up to the end of a frame's header; whether it is whole.
    fn read_header(&mut self, now: Millis, input: &mut &[u8]) -> Result<bool, Violation> {
        while let Some((&byte, rest)) = input.split_first() {
            *input = rest;
            self.header[usize::from(self.header_len)] = byte;
            self.header_len += 1;
            self.deadline.get_or_insert(now.plus(self.limits.assembly_ms));
            if self.header_len == 1 {
                self.check_first(byte)?;
            }
            if self.header_len >= 2 {
                self.check_second(self.header[1])?;
                if usize::from(self.header_len) == header_len(self.header[1]) {
                    self.start(now)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn check_first(&self, byte: u8) -> Result<(), Violation> {
        if byte & 0x70 != 0 {
            return Err(Violation::protocol("reserved bit without an extension"));
        }
        let Some(opcode) = Opcode::from_bits(byte & 0x0F) else {
            return Err(Violation::protocol("reserved opcode"));
        };
        let fin = byte & 0x80 != 0;
        match (opcode, self.message.is_some()) {
            _ if opcode.is_control() && !fin => {
                Err(Violation::protocol("control frame in fragments"))
            }
            (Opcode::Continuation, false) => {
                Err(Violation::protocol("continuation without a beginning"))
            }
            (Opcode::Text | Opcode::Binary, true) => {
                Err(Violation::protocol("new message inside another"))
            }
            (Opcode::Continuation, true)
            | (Opcode::Text | Opcode::Binary, false)
            | (Opcode::Close | Opcode::Ping | Opcode::Pong, _) => Ok(()),
        }
    }

    fn check_second(&self, byte: u8) -> Result<(), Violation> {
        if byte & 0x80 == 0 {
            return Err(Violation::protocol("frame without a mask"));
        }
        let control = self.header[0] & 0x08 != 0;
        if control && byte & 0x7F > 125 {
            return Err(Violation::protocol("control frame over 125 bytes"));
        }
        Ok(())
    }

    /// The header is whole: check the length and make room.
    fn start(&mut self, now: Millis) -> Result<(), Violation> {
        let header = &self.header[..usize::from(self.header_len)];
        let opcode =
            Opcode::from_bits(header[0] & 0x0F).ok_or(Violation::protocol("reserved opcode"))?;
        let (length, mask) = header[2..].split_at(header.len() - 6);
        let declared = match length {
            [] => u64::from(header[1] & 0x7F),
            bytes => bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)),
        };
        let shortest = match length.len() {
            0 => true,
            2 => declared > 125,
            _ => declared > 0xFFFF,
        };
        if !shortest {
            return Err(Violation::protocol("length is not written in its shortest form"));
        }
        if declared >> 63 != 0 {
            return Err(Violation::protocol("length of 2^63 or more"));
        }
        let mask = [mask[0], mask[1], mask[2], mask[3]];
        let fin = header[0] & 0x80 != 0;
        let len = usize::try_from(declared).unwrap_or(usize::MAX);
        if !opcode.is_control() {
            self.begin_fragment(opcode, len)?;
            let slow_line_ms = declared / 1024 * 1000;
            let longest = now.plus(self.limits.assembly_ms + slow_line_ms);
            if fin && opcode != Opcode::Continuation {
                self.deadline = Some(longest);
            }
        }
        self.header_len = 0;
        self.frame = Some(Frame { opcode, fin, mask, len, done: 0 });
        Ok(())
    }

    fn begin_fragment(&mut self, opcode: Opcode, len: usize) -> Result<(), Violation> {
        let text = opcode == Opcode::Text;
        let message = self.message.get_or_insert_with(|| Assembly::new(text));
        if message.begin_fragment() > self.limits.fragments {
            return Err(Violation::too_big("message in too many fragments"));
        }
        if message.len().saturating_add(len) > self.limits.message_bytes {
            return Err(Violation::too_big("message is too big"));
        }
        Ok(())
    }

    fn take_payload(&mut self, frame: Frame, chunk: &[u8]) -> Result<(), Violation> {
        let unmasked = chunk.iter().zip(frame.done..).map(|(byte, at)| byte ^ frame.mask[at & 3]);
        match &mut self.message {
            Some(message) if !frame.opcode.is_control() => message.extend(unmasked),
            Some(_) | None => {
                self.control.extend(unmasked);
                Ok(())
            }
        }
    }

    /// A frame is whole: what it completes, if anything.
    fn finish(&mut self, frame: Frame) -> Result<Option<Message>, Violation> {
        let message = match frame.opcode {
            Opcode::Close => Message::Close(close::parse(&std::mem::take(&mut self.control))?),
            Opcode::Ping => Message::Ping(std::mem::take(&mut self.control)),
            Opcode::Pong => Message::Pong(std::mem::take(&mut self.control)),
            Opcode::Continuation | Opcode::Text | Opcode::Binary if frame.fin => {
                match self.message.take() {
                    Some(message) => message.finish()?,
                    None => return Ok(None),
                }
            }
            Opcode::Continuation | Opcode::Text | Opcode::Binary => return Ok(None),
        };
        if self.message.is_none() {
            self.deadline = None;
        }
        Ok(Some(message))
    }
}

/// Bytes of a header whose second byte is this: length, extended length and mask.
const fn header_len(second: u8) -> usize {
    match second & 0x7F {
        126 => 8,
        127 => 14,
        _ => 6,
    }
}

#[cfg(test)]
mod tests;
