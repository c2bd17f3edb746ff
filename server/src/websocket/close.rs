//! Close codes: which ones a peer may send, and what a broken frame is answered with.

/// A broken rule of RFC 6455: the connection is closed with this code, and nothing more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (closed with {code})")]
pub struct Violation {
    /// The close code to answer with.
    pub code: u16,
    /// What was wrong, for the close frame and the log.
    pub reason: &'static str,
}

impl Violation {
    /// Broken framing: 1002.
    #[must_use]
    pub const fn protocol(reason: &'static str) -> Self {
        Self { code: 1002, reason }
    }

    /// Text that is not UTF-8: 1007.
    #[must_use]
    pub const fn not_utf8() -> Self {
        Self { code: 1007, reason: "text is not UTF-8" }
    }

    /// More than is taken: 1009.
    #[must_use]
    pub const fn too_big(reason: &'static str) -> Self {
        Self { code: 1009, reason }
    }
}

/// Whether a peer may send this code in a close frame.
///
/// 1005, 1006 and 1015 stand for what was never sent; 1004 and all that nobody registered are
/// reserved.
///
/// Source: RFC 6455 section 7.4; IANA "WebSocket Close Code Number Registry" for 1012 to 1014.
#[must_use]
pub const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Reads the payload of a close frame: the code and the reason, `None` if the frame was empty.
///
/// # Errors
/// 1002 for half a code or a code that may not be sent, 1007 for a reason that is not UTF-8.
pub fn parse(payload: &[u8]) -> Result<Option<(u16, String)>, Violation> {
    let (code, reason) = match payload {
        [] => return Ok(None),
        [_] => return Err(Violation::protocol("close frame with half a code")),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !may_be_sent(code) {
        return Err(Violation::protocol("close code that may not be sent"));
    }
    match std::str::from_utf8(reason) {
        Ok(reason) => Ok(Some((code, reason.to_owned()))),
        Err(_) => Err(Violation::not_utf8()),
    }
}

/// The payload of a close frame: at most 125 bytes, the reason cut at a character.
#[must_use]
pub fn payload(code: u16, reason: &str) -> Vec<u8> {
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(&reason.as_bytes()[..end]);
    payload
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let payload = payload(1000, &"é".repeat(100));
        assert_eq!(payload.len(), 124);
        assert_eq!(parse(&payload), Ok(Some((1000, "é".repeat(61)))));
    }
}
