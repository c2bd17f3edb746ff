//! `multipart/form-data`, piece by piece, of which one part is the file.
//!
//! Written here because nothing of a part may wait in memory but the few bytes that could be the
//! beginning of a boundary, and a part's header is short: libraries collect a header of any length.
//!
//! Source: RFC 7578 and RFC 2046, section 5.1; names as the WHATWG's `multipart/form-data` encoding
//! writes them.

use bytes::{Bytes, BytesMut};

/// Longest header of a part.
const HEADER_BYTES: usize = 8_192;
/// Most that may stand in front of the first boundary.
const PREAMBLE_BYTES: usize = 1_024;
/// Most parts.
const PARTS: usize = 32;

/// What comes out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A part begins.
    Part(Part),
    /// Bytes of the part.
    Data(Bytes),
    /// The part is complete.
    End,
}

/// What a part's header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// The name of the file, if it is one.
    pub(super) filename: Option<String>,
    /// The type its sender gives it.
    pub(super) content_type: Option<String>,
}

/// The body is not what its type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not multipart/form-data of that boundary")]
pub(super) struct Malformed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Preamble,
    /// Behind a boundary.
    Boundary,
    Header,
    Data,
    /// Behind the last boundary: what comes is of no use.
    Epilogue,
}

/// Takes a body apart.
#[derive(Debug)]
pub(super) struct Splitter {
    /// `CRLF--boundary`
    delimiter: Vec<u8>,
    state: State,
    buffer: BytesMut,
    skipped: usize,
    parts: usize,
}

impl Splitter {
    /// For a body with this `Content-Type`; `None` if it is another type or has no boundary.
    pub(super) fn of(content_type: &str) -> Option<Self> {
        let (essence, parameters) = content_type.split_once(';')?;
        if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
            return None;
        }
        let boundary = parameters.split(';').find_map(|one| {
            let (name, value) = one.split_once('=')?;
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            name.trim().eq_ignore_ascii_case("boundary").then(|| bare.unwrap_or(value))
        })?;
        let fits =
            (1..=70).contains(&boundary.len()) && boundary.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self {
            delimiter: [b"\r\n--", boundary.as_bytes()].concat(),
            state: State::Preamble,
            // The first boundary has no line above it.
            buffer: BytesMut::from(&b"\r\n"[..]),
            skipped: 0,
            parts: 0,
        })
    }

    /// Takes the next bytes of the body, and says what they complete.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<Piece>, Malformed> {
        self.buffer.extend_from_slice(bytes);
        let mut pieces = Vec::new();
        while self.step(&mut pieces)? {}
        Ok(pieces)
    }

    /// Whether the last boundary came.
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Epilogue
    }

    /// One step; `false` if it takes more bytes.
    fn step(&mut self, pieces: &mut Vec<Piece>) -> Result<bool, Malformed> {
        match self.state {
            State::Preamble => {
                let found = find(&self.buffer, &self.delimiter);
                let passed = found.unwrap_or_else(|| self.safe());
                self.skipped += passed;
                if self.skipped > PREAMBLE_BYTES {
                    return Err(Malformed);
                }
                drop(self.buffer.split_to(passed));
                self.at_boundary(found.is_some());
                Ok(found.is_some())
            }
            State::Boundary => {
                if self.buffer.len() < 2 {
                    return Ok(false);
                }
                self.state = match &*self.buffer.split_to(2) {
                    b"\r\n" => State::Header,
                    b"--" => State::Epilogue,
                    _ => return Err(Malformed),
                };
                Ok(true)
            }
            State::Header => {
                let Some(end) = find(&self.buffer, b"\r\n\r\n") else {
                    let is_long = self.buffer.len() > HEADER_BYTES;
                    return if is_long { Err(Malformed) } else { Ok(false) };
                };
                self.parts += 1;
                if end > HEADER_BYTES || self.parts > PARTS {
                    return Err(Malformed);
                }
                let header = self.buffer.split_to(end + 4);
                pieces.push(Piece::Part(Part::read(&header[..end])?));
                // A part without bytes ends at the line that ends its header.
                self.buffer = [b"\r\n", &*self.buffer].concat().as_slice().into();
                self.skipped = 0;
                self.state = State::Data;
                Ok(true)
            }
            State::Data => {
                let found = find(&self.buffer, &self.delimiter);
                let passed = found.unwrap_or_else(|| self.safe());
                let mut data = self.buffer.split_to(passed);
                // The line end that was put in front is no byte of the part.
                let ours = (2 - self.skipped).min(data.len());
                drop(data.split_to(ours));
                self.skipped += ours;
                if !data.is_empty() {
                    pieces.push(Piece::Data(data.freeze()));
                }
                if found.is_some() {
                    pieces.push(Piece::End);
                }
                self.at_boundary(found.is_some());
                Ok(found.is_some())
            }
            State::Epilogue => {
                self.buffer.clear();
                Ok(false)
            }
        }
    }

    fn at_boundary(&mut self, is_there: bool) {
        if is_there {
            drop(self.buffer.split_to(self.delimiter.len()));
            self.state = State::Boundary;
        }
    }

    /// How much of the buffer is no part of a boundary, whatever comes.
    fn safe(&self) -> usize {
        self.buffer.len().saturating_sub(self.delimiter.len() - 1)
    }
}

impl Part {
    fn read(header: &[u8]) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(header).map_err(|_| Malformed)?;
        let (mut part, mut is_form_data) = (Self::default(), false);
        for line in text.split("\r\n") {
            let (name, value) = line.split_once(':').ok_or(Malformed)?;
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-disposition") {
                let (kind, parameters) = value.split_once(';').ok_or(Malformed)?;
                is_form_data = kind.trim().eq_ignore_ascii_case("form-data");
                part.filename = parameter(parameters, "filename")?;
            } else if name.eq_ignore_ascii_case("content-type") {
                part.content_type = Some(value.to_owned());
            }
        }
        if is_form_data { Ok(part) } else { Err(Malformed) }
    }
}

/// The value of a parameter, quoted or not.
fn parameter(mut text: &str, wanted: &str) -> Result<Option<String>, Malformed> {
    while !text.trim().is_empty() {
        let (name, rest) = text.split_once('=').ok_or(Malformed)?;
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let (value, after) = rest.split_once(';').unwrap_or((rest, ""));
                (value.trim().to_owned(), after)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Ok(Some(value));
        }
        text = after;
    }
    Ok(None)
}

/// What stands before the closing quote, and what follows the next semicolon.
fn unquoted(text: &str) -> Result<(String, &str), Malformed> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\\' if !escaped && text[at + 1..].starts_with('"') => escaped = true,
            '"' if !escaped => {
                let value = text[..at].replace("\\\"", "\"").replace("%22", "\"");
                let after = text[at + 1..].trim_start();
                return Ok((value, after.strip_prefix(';').unwrap_or(after)));
            }
            _ => escaped = false,
        }
    }
    Err(Malformed)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|byte| byte == first) {
        let at = from + at;
        match haystack[at..].get(..needle.len()) {
            Some(same) if same == needle => return Some(at),
            Some(_) => from = at + 1,
            None => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=----b";

    /// The parts, and whether the last boundary came.
    type Split = (Vec<(Part, Vec<u8>)>, bool);

    /// What comes out of a body that comes in pieces of this length.
    fn split(body: &[u8], length: usize) -> Result<Split, Malformed> {
        let mut splitter = Splitter::of(TYPE).unwrap();
        let mut parts = Vec::new();
        let mut open = None::<(Part, Vec<u8>)>;
        for bytes in body.chunks(length) {
            for piece in splitter.feed(bytes)? {
                match piece {
                    Piece::Part(part) => open = Some((part, Vec::new())),
                    Piece::Data(data) => open.as_mut().unwrap().1.extend_from_slice(&data),
                    Piece::End => parts.push(open.take().unwrap()),
                }
            }
        }
        Ok((parts, splitter.is_complete()))
    }

    fn file(filename: &str, content_type: Option<&str>) -> Part {
        Part { filename: Some(filename.into()), content_type: content_type.map(Into::into) }
    }

    #[test]
    fn a_body_comes_apart_however_it_is_cut() {
        let body = b"------b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n------b\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\" %22c%22;.png\"\r\n\
            Content-Type: image/png\r\n\r\n\r\n--no\r\n------\r\n\r\n\r\n------b--\r\nwhatever";
        let expected = vec![
            (Part::default(), Vec::new()),
            (file("a \"b\" \"c\";.png", Some("image/png")), b"\r\n--no\r\n------\r\n\r\n".to_vec()),
        ];
        for length in 1..=body.len() {
            assert_eq!(split(body, length).unwrap(), (expected.clone(), true), "{length}");
        }
    }

    #[test]
    fn a_body_that_breaks_off_is_not_complete() {
        let body =
            b"------b\r\nContent-Disposition: form-data; filename=a\r\n\r\nhalf of\r\n------";
        let (parts, is_complete) = split(body, 7).unwrap();
        assert!(parts.is_empty() && !is_complete);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for body in [
            &b"------b??"[..],
            b"------b\r\n\r\n\r\nno header\r\n------b--",
            b"------b\r\nContent-Disposition: attachment; filename=a\r\n\r\n",
            b"------b\r\nContent-Disposition: form-data; filename=\"a\r\n\r\n",
            b"------b\r\nContent-Disposition: form-data; \xff=a\r\n\r\n",
            b"------b\r\nno colon\r\n\r\n",
        ] {
            assert_eq!(split(body, 5), Err(Malformed), "{}", String::from_utf8_lossy(body));
        }
        // Without bounds these would be kept.
        let long_header = [b"------b\r\nX: ".to_vec(), vec![b'x'; 100_000]].concat();
        let no_boundary = vec![b'x'; 100_000];
        let many = b"------b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n".repeat(1_000);
        for body in [long_header, no_boundary, many] {
            assert_eq!(split(&body, 1_000), Err(Malformed));
        }
    }

    #[test]
    fn a_boundary_is_needed_and_short() {
        assert!(Splitter::of("multipart/form-data; charset=x; boundary=\"a b\"").is_none());
        assert!(Splitter::of("Multipart/Form-Data; Boundary=\"ab\"").is_some());
        for wrong in [
            "multipart/form-data",
            "multipart/mixed; boundary=a",
            "image/png",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary",
        ] {
            assert!(Splitter::of(wrong).is_none(), "{wrong}");
        }
        assert!(
            Splitter::of(&format!("multipart/form-data; boundary={}", "a".repeat(71))).is_none()
        );
    }
}
