//! What a file is: by its own first bytes, never by what its sender says.
//!
//! `infer` knows the signatures. A plain text has none: it is one if all of it is UTF-8 without control
//! characters, its sender says nothing else, and it does not look like markup.

/// How much of the beginning is looked at; the signatures that `infer` knows lie within.
const HEAD_BYTES: usize = 8_192;
const TEXT: &str = "text/plain";

/// What is taken if nobody configured anything.
pub const DEFAULT_TYPES: [&str; 6] =
    ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf", TEXT];

/// Looks at a file as it comes by.
#[derive(Debug, Default)]
pub(super) struct Sniffer {
    head: Vec<u8>,
    text: TextCheck,
}

impl Sniffer {
    pub(super) fn look(&mut self, bytes: &[u8]) {
        let room = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.text.look(bytes);
    }

    /// What it was; `None` if it is nothing that can be told. `claimed` is what its sender says.
    pub(super) fn finish(self, claimed: Option<&str>) -> Option<&'static str> {
        if let Some(found) = infer::get(&self.head) {
            return Some(found.mime_type());
        }
        let is_claimed = claimed.is_none_or(|claimed| essence(claimed).eq_ignore_ascii_case(TEXT));
        let is_text = self.text.is_text() && is_claimed && !looks_like_markup(&self.head);
        is_text.then_some(TEXT)
    }
}

/// The type without its parameters. A sender who does not know says so.
fn essence(claimed: &str) -> &str {
    let essence = claimed.split(';').next().unwrap_or_default().trim();
    let unknown = essence.is_empty() || essence.eq_ignore_ascii_case("application/octet-stream");
    if unknown { TEXT } else { essence }
}

/// Endings that names of a type have; the first is the usual one.
pub(super) fn endings(content_type: &str) -> Vec<&'static str> {
    match content_type {
        TEXT => vec!["txt"],
        "image/jpeg" => vec!["jpg", "jpeg", "jpe"],
        other => extension(other).into_iter().collect(),
    }
}

/// The usual ending of a type's names.
#[must_use]
pub fn extension(content_type: &str) -> Option<&'static str> {
    if content_type == TEXT {
        return Some("txt");
    }
    const KNOWN: [(&str, &str); 12] = [
        ("image/jpeg", "jpg"),
        ("image/png", "png"),
        ("image/gif", "gif"),
        ("image/webp", "webp"),
        ("image/heif", "heif"),
        ("image/avif", "avif"),
        ("application/pdf", "pdf"),
        ("application/zip", "zip"),
        ("audio/mpeg", "mp3"),
        ("audio/amr", "amr"),
        ("video/mp4", "mp4"),
        ("video/webm", "webm"),
    ];
    KNOWN.iter().find(|(known, _)| *known == content_type).map(|(_, ending)| *ending)
}

/// Whether a browser may run what is in a file of this type. Such files are never taken, whatever is
/// configured.
#[must_use]
pub fn is_run_by_browsers(content_type: &str) -> bool {
    let kind = content_type.to_ascii_lowercase();
    ["html", "xml", "svg", "javascript", "ecmascript", "shellscript", "mhtml", "rfc822"]
        .iter()
        .any(|word| kind.contains(word))
}

/// `<!`, `<?` or `<a` at the beginning.
fn looks_like_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    matches!(head, [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'))
}

/// Whether all of a file is text, piece by piece.
#[derive(Debug, Default)]
struct TextCheck {
    is_refused: bool,
    /// The beginning of a character whose rest has not come.
    open: Vec<u8>,
}

impl TextCheck {
    fn look(&mut self, bytes: &[u8]) {
        if self.is_refused {
            return;
        }
        let joined;
        let bytes = if self.open.is_empty() {
            bytes
        } else {
            joined = [self.open.as_slice(), bytes].concat();
            &joined
        };
        let whole = match std::str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                self.is_refused = true;
                return;
            }
        };
        self.is_refused = bytes[..whole].iter().any(|byte| is_control(*byte));
        self.open = bytes[whole..].to_vec();
    }

    fn is_text(&self) -> bool {
        !self.is_refused && self.open.is_empty()
    }
}

const fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11 | 14..=31 | 127)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(bytes: &[u8], claimed: Option<&str>) -> Option<&'static str> {
        // In one piece, and byte by byte: it must not matter.
        let (mut whole, mut pieces) = (Sniffer::default(), Sniffer::default());
        whole.look(bytes);
        bytes.chunks(1).for_each(|piece| pieces.look(piece));
        let found = whole.finish(claimed);
        assert_eq!(found, pieces.finish(claimed));
        found
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..], "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"GIF89a\x01\0\x01\0", "image/gif"),
            (b"RIFF\x1a\0\0\0WEBPVP8 ", "image/webp"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "application/pdf"),
            (b"PK\x03\x04\x14\0", "application/zip"),
        ] {
            assert_eq!(sniff(bytes, Some("text/html")), Some(expected));
        }
    }

    #[test]
    fn a_text_is_one_only_if_nothing_speaks_against_it() {
        for claimed in [None, Some("text/plain; charset=utf-8"), Some("application/octet-stream")] {
            assert_eq!(sniff("Grüße, 世界 👋\r\n".as_bytes(), claimed), Some(TEXT));
        }
        for claimed in ["text/html", "text/javascript", "image/svg+xml", "image/png", "text/csv"] {
            assert_eq!(sniff(b"alert(1)", Some(claimed)), None, "{claimed}");
        }
        for bytes in [&b"a\0b"[..], b"\xff\xfea", b"\xc3", b"a\x1b[2J", b"\xed\xa0\x80"] {
            assert_eq!(sniff(bytes, None), None, "{bytes:?}");
        }
    }

    #[test]
    fn markup_is_no_text() {
        for text in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            "<!DOCTYPE html><script>alert(1)</script>",
            "\u{feff} \n<?xml version=\"1.0\"?><x/>",
            "<script>alert(1)</script>",
            "<html>",
        ] {
            let found = sniff(text.as_bytes(), None);
            assert!(found.is_none_or(is_run_by_browsers), "{text} is {found:?}");
        }
        assert_eq!(sniff(b"1 < 2, and <3", None), Some(TEXT));
    }

    #[test]
    fn what_browsers_run_is_known() {
        for kind in ["text/html", "image/svg+xml", "text/xml", "TEXT/JavaScript"] {
            assert!(is_run_by_browsers(kind), "{kind}");
        }
        for kind in DEFAULT_TYPES {
            assert!(!is_run_by_browsers(kind) && extension(kind).is_some(), "{kind}");
        }
    }
}
