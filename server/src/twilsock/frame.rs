//! Frames: `TWILSOCK V3.0 <length>`, a header of JSON of that many bytes, a payload. Pure.
//!
//! Each part but the last ends with CR LF, and each frame is one binary message of the websocket,
//! which bounds its length. Source: `twilsock@0.5.14:lib/parser.js`.

use bytes::Bytes;
use serde_json::Value;

const MAGIC: &[u8] = b"TWILSOCK V3.0 ";
const END: &[u8] = b"\r\n";
/// Longest header that is read, in bytes.
const HEADER_BYTES: usize = 65_536;
/// Digits of the longest length.
const DIGITS: usize = 5;

/// A frame, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// JSON, not read yet.
    pub header: &'a str,
    /// What is behind it: JSON, a form, or nothing.
    pub payload: &'a str,
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Another protocol, or another version of it.
    #[error("a frame begins with TWILSOCK V3.0 and the header's length")]
    Magic,
    /// The header's length is no number, or too large.
    #[error("the header is at most {HEADER_BYTES} bytes long")]
    Length,
    /// It ends before the header does.
    #[error("the frame ends before its header")]
    Cut,
    /// Something else than text.
    #[error("the frame is not UTF-8")]
    Text,
}

/// Takes a frame apart. Linear in its length, whatever it says about it.
///
/// # Errors
/// [`FrameError`].
pub fn parse(bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(FrameError::Magic)?;
    let digits = rest.iter().take(DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let (length, rest) = rest.split_at(digits);
    if length.is_empty() || length.len() > DIGITS {
        return Err(FrameError::Length);
    }
    let length = length.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    if length > HEADER_BYTES {
        return Err(FrameError::Length);
    }
    let rest = rest.strip_prefix(END).ok_or(FrameError::Magic)?;
    let (header, rest) = rest.split_at_checked(length).ok_or(FrameError::Cut)?;
    let payload = rest.strip_prefix(END).ok_or(FrameError::Cut)?;
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| FrameError::Text);
    Ok(Frame { header: text(header)?, payload: text(payload)? })
}

/// Puts a frame together. The header, an object, is told the payload's length.
#[must_use]
pub fn write(mut header: Value, payload: Option<&Value>) -> Bytes {
    let payload = payload.map(Value::to_string).unwrap_or_default();
    if let Value::Object(header) = &mut header {
        header.insert("payload_size".to_owned(), payload.len().into());
        if !payload.is_empty() {
            header.insert("payload_type".to_owned(), "application/json".into());
        }
    }
    let header = header.to_string();
    let length = header.len().to_string();
    [MAGIC, length.as_bytes(), END, header.as_bytes(), END, payload.as_bytes()].concat().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_written() {
        let bytes = write(json!({"method": "reply", "id": "TM1"}), Some(&json!({"näme": "é"})));
        let frame = parse(&bytes).unwrap();
        assert_eq!(frame.payload, r#"{"näme":"é"}"#);
        let header: Value = serde_json::from_str(frame.header).unwrap();
        assert_eq!(header["payload_size"], frame.payload.len());
        assert_eq!(header["payload_type"], "application/json");
        let bytes = write(json!({"method": "close"}), None);
        let text = std::str::from_utf8(&bytes).unwrap();
        assert_eq!(text, "TWILSOCK V3.0 35\r\n{\"method\":\"close\",\"payload_size\":0}\r\n");
    }

    #[test]
    fn what_is_no_frame_is_told_apart() {
        for (bytes, why) in [
            (&b""[..], FrameError::Magic),
            (b"TWILSOCK V2.0 2\r\n{}\r\n", FrameError::Magic),
            (b"GET / HTTP/1.1\r\n", FrameError::Magic),
            (b"TWILSOCK V3.0 \r\n{}\r\n", FrameError::Length),
            (b"TWILSOCK V3.0 -2\r\n{}\r\n", FrameError::Length),
            (b"TWILSOCK V3.0 99999\r\n{}\r\n", FrameError::Length),
            (b"TWILSOCK V3.0 999999999999999999999\r\n{}\r\n", FrameError::Length),
            (b"TWILSOCK V3.0 2 \r\n{}\r\n", FrameError::Magic),
            (b"TWILSOCK V3.0 2\n{}\r\n", FrameError::Magic),
            (b"TWILSOCK V3.0 3\r\n{}", FrameError::Cut),
            (b"TWILSOCK V3.0 2\r\n{}", FrameError::Cut),
            (b"TWILSOCK V3.0 1\r\n{}\r\n", FrameError::Cut),
            (b"TWILSOCK V3.0 2\r\n\xFF\xFF\r\n", FrameError::Text),
            (b"TWILSOCK V3.0 2\r\n{}\r\n\xFF", FrameError::Text),
        ] {
            assert_eq!(parse(bytes), Err(why), "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
            let _ = parse(&[b"TWILSOCK V3.0 ", &bytes[..]].concat());
        }

        #[test]
        fn any_header_and_payload_come_back(id in ".{0,50}", text in ".{0,200}") {
            let bytes = write(json!({"id": id}), Some(&json!([text])));
            let frame = parse(&bytes).unwrap();
            let header: Value = serde_json::from_str(frame.header).unwrap();
            prop_assert_eq!(header["id"].as_str(), Some(id.as_str()));
            prop_assert_eq!(serde_json::from_str::<Value>(frame.payload).unwrap(), json!([text]));
        }
    }
}
