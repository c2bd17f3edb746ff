//! What waits to be written: whole frames in order, and the chunk that is being written.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::websocket::encode::{self, Opcode};

/// Small frames are written together up to this many bytes.
const CHUNK_BYTES: usize = 16_384;

/// Frames and bytes of payload that have left.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) frames: usize,
    pub(super) bytes: usize,
}

/// A frame in the chunk: where it ends, and what it counts for.
#[derive(Debug, Clone, Copy)]
struct Mark {
    end: usize,
    left: Left,
}

#[derive(Debug, Default)]
pub(super) struct Outgoing {
    queue: VecDeque<(Opcode, Bytes)>,
    /// Messages only: what the peer provokes (pong, close) does not use up the queue.
    waiting: Left,
    /// The answer to the newest ping; older ones need none (RFC 6455 section 5.5.3).
    pong: Option<Bytes>,
    chunk: Vec<u8>,
    written: usize,
    /// Where the first frame of `marks` begins.
    front: usize,
    marks: VecDeque<Mark>,
}

impl Outgoing {
    /// Messages that are not written to the last byte.
    pub(super) const fn frames(&self) -> usize {
        self.waiting.frames
    }

    /// Bytes of those messages.
    pub(super) const fn bytes(&self) -> usize {
        self.waiting.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.pong.is_none() && self.chunk.is_empty()
    }

    /// Bytes kept for the queue itself.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.queue.capacity() + self.chunk.capacity() + self.marks.capacity()
    }

    pub(super) fn push(&mut self, opcode: Opcode, payload: Bytes) {
        let left = weight(opcode, &payload);
        self.waiting.frames += left.frames;
        self.waiting.bytes += left.bytes;
        self.queue.push_back((opcode, payload));
    }

    pub(super) fn pong(&mut self, payload: Bytes) {
        self.pong = Some(payload);
    }

    /// Forgets all that is not on the wire, except the rest of a frame that is.
    pub(super) fn drop_unsent(&mut self) {
        self.queue = VecDeque::new();
        self.pong = None;
        let half_written = self.written > self.front;
        self.marks.truncate(usize::from(half_written));
        self.waiting = self.marks.front().map(|mark| mark.left).unwrap_or_default();
        match self.marks.front() {
            Some(mark) => self.chunk.truncate(mark.end),
            None => self.forget_chunk(),
        }
    }

    fn forget_chunk(&mut self) {
        self.chunk = Vec::new();
        self.marks = VecDeque::new();
        self.written = 0;
        self.front = 0;
    }

    /// The bytes to write next; `None` if there is nothing to write.
    pub(super) fn chunk(&mut self) -> Option<&[u8]> {
        if self.chunk.is_empty() {
            self.fill();
        }
        (!self.chunk.is_empty()).then(|| &self.chunk[self.written..])
    }

    fn fill(&mut self) {
        if let Some(payload) = self.pong.take() {
            self.append(Opcode::Pong, &payload);
        }
        while let Some((opcode, payload)) = self.queue.front() {
            let len = encode::framed_len(payload.len());
            if !self.chunk.is_empty() && self.chunk.len() + len > CHUNK_BYTES {
                return;
            }
            let (opcode, payload) = (*opcode, payload.clone());
            self.queue.pop_front();
            self.append(opcode, &payload);
        }
        // An idle connection keeps nothing.
        self.queue = VecDeque::new();
    }

    fn append(&mut self, opcode: Opcode, payload: &Bytes) {
        encode::frame(opcode, payload, &mut self.chunk);
        self.marks.push_back(Mark { end: self.chunk.len(), left: weight(opcode, payload) });
    }

    /// `len` more bytes of the chunk are written: what has left with them.
    pub(super) fn advance(&mut self, len: usize) -> Left {
        self.written += len;
        let mut left = Left::default();
        while let Some(mark) = self.marks.front().copied() {
            if mark.end > self.written {
                return left;
            }
            self.marks.pop_front();
            self.front = mark.end;
            left.frames += mark.left.frames;
            left.bytes += mark.left.bytes;
            self.waiting.frames -= mark.left.frames;
            self.waiting.bytes -= mark.left.bytes;
        }
        self.forget_chunk();
        left
    }
}

/// What a frame counts for in the queue's bounds.
fn weight(opcode: Opcode, payload: &Bytes) -> Left {
    if opcode.is_control() { Left::default() } else { Left { frames: 1, bytes: payload.len() } }
}
