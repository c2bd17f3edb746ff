//! Where in a text a link is.

use frontdesk_protocol::letter::is_letter;

/// A link in a text, as byte positions.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) href: String,
}

/// Places in one word where an address may begin. A hostile word has thousands.
const TRIES: usize = 16;

/// The first link at or behind `from`.
pub(super) fn find(text: &str, from: usize) -> Option<Found> {
    let mut start = from;
    // Word by word: a link has no white space, and what is in front of it is white space, the
    // beginning, or a bracket or mark that begins no address.
    while start < text.len() {
        let rest = &text[start..];
        let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if let Some(found) = find_in_word(text, start, start + word_end) {
            return Some(found);
        }
        let gap = &rest[word_end..];
        start += word_end + (gap.len() - gap.trim_start().len());
    }
    None
}

fn find_in_word(text: &str, start: usize, end: usize) -> Option<Found> {
    let word = &text[start..end];
    // Nearly all words end here.
    let is_www = |four: &[u8]| four == b"www." || four == b"WWW.";
    if !word.contains([':', '@']) && !word.as_bytes().windows(4).any(is_www) {
        return None;
    }
    if word.chars().any(is_deceptive) {
        return None;
    }
    let mut before = None;
    let mut tries = 0;
    for (at, letter) in word.char_indices() {
        let begins = before.is_none_or(|c: char| !is_letter(c) && !"@._%+-/:".contains(c))
            || (before == Some(':') && letter.is_ascii_alphabetic());
        before = Some(letter);
        if !begins || !letter.is_ascii_alphanumeric() {
            continue;
        }
        tries += 1;
        if tries > TRIES {
            return None;
        }
        let candidate = trim(&word[at..]);
        if let Some(href) = href(candidate) {
            let start = start + at;
            return Some(Found { start, end: start + candidate.len(), href });
        }
        // One look at an address is enough: what follows is inside of it.
        if has_scheme(candidate) {
            return None;
        }
    }
    None
}

fn strip<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Where this leads, if it is an address that may be one.
fn href(text: &str) -> Option<String> {
    if let Some(rest) = strip(text, "https://").or_else(|| strip(text, "http://")) {
        return is_web(rest).then(|| text.to_owned());
    }
    if let Some(rest) = strip(text, "mailto:") {
        return is_mail(rest).then(|| text.to_owned());
    }
    if let Some(rest) = strip(text, "tel:") {
        let fits = rest.bytes().all(|b| b.is_ascii_digit() || b"+-.()".contains(&b))
            && rest.bytes().any(|b| b.is_ascii_digit());
        return fits.then(|| text.to_owned());
    }
    if strip(text, "www.").is_some_and(|rest| rest.contains('.') && is_web(rest)) {
        return Some(["https://", text].concat());
    }
    is_mail(text).then(|| ["mailto:", text].concat())
}

/// Whether this, behind the scheme, has a host and no name and password in front of it.
fn is_web(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.starts_with(is_letter) && !host.contains(['@', '\\', '%'])
}

fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let fits = |c: char| is_letter(c) || c == '-' || c == '.';
    !local.is_empty()
        && local.chars().all(|c| fits(c) || "_%+".contains(c))
        && domain.contains('.')
        && domain.chars().all(fits)
        && domain.starts_with(is_letter)
        && domain.ends_with(is_letter)
}

/// Turns the direction of writing, or cannot be seen: an address with it is not what it looks like.
fn is_deceptive(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Takes off what belongs to the sentence and not to the address.
fn trim(word: &str) -> &str {
    let mut word = word.split(['<', '>', '"', '«', '»', '“', '”']).next().unwrap_or_default();
    let count = |c| word.matches(c).count();
    let (mut open, mut close) = (count('('), count(')'));
    if open > 64 {
        return "";
    }
    loop {
        let Some(last) = word.chars().next_back() else { return word };
        let off = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']' | '}' | '…' | '。'
            | '、' => true,
            ')' if close > open => {
                close -= 1;
                true
            }
            '(' => {
                open -= 1;
                true
            }
            _ => false,
        };
        if !off {
            return word;
        }
        word = &word[..word.len() - last.len_utf8()];
    }
}
