//! `Content-Disposition`: save it, under this name.

use std::fmt::Write as _;

use http::HeaderValue;

/// The header for a file of this name: in ASCII for old readers, and as it is for others.
///
/// Source: RFC 6266, section 4; RFC 8187, section 3.2.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' | ';' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::try_from(text).expect("visible ASCII is a header's value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_to_old_and_new_readers() {
        let header = attachment("Skizze für \"Ü\".png");
        assert_eq!(
            header.to_str().unwrap(),
            "attachment; filename=\"Skizze f_r ___.png\"; \
             filename*=UTF-8''Skizze%20f%C3%BCr%20%22%C3%9C%22.png"
        );
    }

    #[test]
    fn no_name_ends_the_header() {
        for name in ["a\";\r\nSet-Cookie: x=1", "\0\u{7f}\n", "a\\", "%22.png", ""] {
            let header = attachment(name);
            let text = header.to_str().unwrap();
            assert!(text.starts_with("attachment; filename=\"") && !text.contains('\n'), "{text}");
            assert_eq!(text.matches('"').count(), 2, "{text}");
        }
    }
}
