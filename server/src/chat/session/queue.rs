//! How much waits to be written. The frames themselves are elsewhere; the decisions are here.

/// Most frames that wait.
const FRAMES: usize = 256;
/// Most bytes that wait; one longer frame may stand at the end.
const BYTES: usize = 262_144;
/// Kept free of events, for what a connection has to be told: answers, pings, the drain.
const RESERVED_FRAMES: usize = 32;
const RESERVED_BYTES: usize = 16_384;
/// Only below this something is read from the store: a piece of at most 64 KiB, or one event of
/// at most 202 KiB, then still fits.
const FEED_BYTES: usize = 40_960;
const FEED_FRAMES: usize = 64;

/// Counts of what was given out and not reported as written.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Queue {
    frames: usize,
    bytes: usize,
}

impl Queue {
    pub(super) const fn size(&self) -> (usize, usize) {
        (self.frames, self.bytes)
    }

    pub(super) const fn push(&mut self, len: usize) {
        self.frames += 1;
        self.bytes += len;
    }

    pub(super) const fn flushed(&mut self, frames: usize, bytes: usize) {
        self.frames = self.frames.saturating_sub(frames);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Whether an event of this length fits.
    pub(super) const fn fits_event(&self, len: usize) -> bool {
        self.frames < FRAMES - RESERVED_FRAMES && self.bytes + len <= BYTES - RESERVED_BYTES
    }

    /// Whether something that may be lost is still worth its place.
    pub(super) const fn has_room_for_ephemeral(&self) -> bool {
        self.frames < FRAMES / 4 && self.bytes < BYTES / 4
    }

    /// Whether a request may be begun whose answer is short.
    pub(super) const fn has_room_for_answers(&self) -> bool {
        self.frames < FRAMES - RESERVED_FRAMES && self.bytes < BYTES - RESERVED_BYTES
    }

    /// Whether something may be read from the store to be queued.
    pub(super) const fn has_room_for_feed(&self) -> bool {
        self.frames < FEED_FRAMES && self.bytes < FEED_BYTES
    }

    /// Whether nothing at all can be added any more.
    pub(super) const fn is_over(&self) -> bool {
        self.frames >= FRAMES || self.bytes >= BYTES
    }
}
