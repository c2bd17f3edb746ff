//! Frames on their way out: whole, unmasked, uncompressed.

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// More of the message before.
    Continuation,
    /// UTF-8 text.
    Text,
    /// Bytes.
    Binary,
    /// The end of the connection.
    Close,
    /// Are you there?
    Ping,
    /// I am.
    Pong,
}

impl Opcode {
    /// The opcode with this number; `None` for the reserved ones.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xA => Self::Pong,
            _ => return None,
        })
    }

    /// The number on the wire.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xA,
        }
    }

    /// Whether it is a control frame: short, whole, allowed between fragments.
    #[must_use]
    pub const fn is_control(self) -> bool {
        match self {
            Self::Close | Self::Ping | Self::Pong => true,
            Self::Continuation | Self::Text | Self::Binary => false,
        }
    }
}

/// Bytes that a frame of this payload takes on the wire.
#[must_use]
pub const fn framed_len(payload_len: usize) -> usize {
    payload_len
        + match payload_len {
            0..=125 => 2,
            126..=0xFFFF => 4,
            _ => 10,
        }
}

/// Appends one whole frame to `out`.
pub fn frame(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    out.reserve(framed_len(payload.len()));
    out.push(0x80 | opcode.bits());
    match payload.len() {
        len @ 0..=125 => out.push(u8::try_from(len).expect("at most 125")),
        len @ 126..=0xFFFF => {
            out.push(126);
            out.extend_from_slice(&u16::try_from(len).expect("at most 65,535").to_be_bytes());
        }
        len => {
            out.push(127);
            out.extend_from_slice(&(len as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_length_is_written() {
        for len in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
            let mut out = Vec::new();
            frame(Opcode::Binary, &vec![7; len], &mut out);
            assert_eq!(out.len(), framed_len(len), "{len}");
        }
    }

    #[test]
    fn every_opcode_comes_back_as_itself() {
        let known = (0..16).filter_map(Opcode::from_bits).count();
        assert_eq!(known, 6);
        for bits in 0..16 {
            if let Some(opcode) = Opcode::from_bits(bits) {
                assert_eq!(opcode.bits(), bits);
            }
        }
    }
}
