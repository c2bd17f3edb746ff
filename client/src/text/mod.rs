//! The text of a message as typed spans. It is never parsed as HTML: a span becomes a text node, or
//! a link whose address has one of four schemes.

mod initials;
mod link;
mod size;

pub use initials::initials;
pub use size::size;

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Text as it was written.
    Text(String),
    /// Text that leads somewhere.
    Link {
        /// What was written.
        text: String,
        /// Where it leads: `https:`, `http:`, `mailto:` or `tel:`, and nothing else.
        href: String,
    },
}

/// Takes a text apart. The texts of the spans, one after the other, are the text.
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while let Some(found) = link::find(text, at) {
        if plain < found.start {
            spans.push(Span::Text(text[plain..found.start].to_owned()));
        }
        let text = text[found.start..found.end].to_owned();
        spans.push(Span::Link { text, href: found.href });
        (plain, at) = (found.end, found.end);
    }
    if plain < text.len() {
        spans.push(Span::Text(text[plain..].to_owned()));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links in angle brackets, with the address behind a bar where it is another than the text.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: String = spans(text)
            .into_iter()
            .map(|span| match span {
                Span::Text(text) => text,
                Span::Link { text, href } if text == href => format!("<{text}>"),
                Span::Link { text, href } => format!("<{text}|{href}>"),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_address_becomes_a_link_without_the_full_stop_behind_it() {
        check("See https://example.org/a?b=c#d.", "See <https://example.org/a?b=c#d>.");
        check("HTTP://EXAMPLE.ORG, please", "<HTTP://EXAMPLE.ORG>, please");
        check("https://a.example\nhttps://b.example", "<https://a.example>\n<https://b.example>");
        check("www.example.org!", "<www.example.org|https://www.example.org>!");
        check("mailto:a@example.org tel:+4930123", "<mailto:a@example.org> <tel:+4930123>");
        check("to a.b@example.org.", "to <a.b@example.org|mailto:a.b@example.org>.");
    }

    #[test]
    fn brackets_around_an_address_are_not_part_of_it_but_those_inside_are() {
        check("(https://example.org/x)", "(<https://example.org/x>)");
        check("https://example.org/a_(b)", "<https://example.org/a_(b)>");
        check("<https://example.org>", "<<https://example.org>>");
        check("\"https://example.org\"", "\"<https://example.org>\"");
    }

    #[test]
    fn no_other_scheme_becomes_a_link() {
        for text in [
            "javascript:alert(1)",
            "JaVa\tScript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:msgbox",
            "file:///etc/passwd",
            "\u{1}javascript:alert(1)",
            "&#106;avascript:alert(1)",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "https:",
            "https://",
            "tel:",
            "mailto:",
            "mailto:nobody",
            "tel:javascript",
            "www.",
            "a@b",
            "@example.org",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn an_address_that_looks_like_another_stays_text() {
        // Somebody else's host behind a name and a password that look like a bank's.
        check("https://bank.example@evil.example/", "https://bank.example@evil.example/");
        // The order of the letters is turned round on the way to the eye.
        check("https://example.org/\u{202e}gpj.exe", "https://example.org/\u{202e}gpj.exe");
    }

    #[test]
    fn a_scheme_begins_a_word() {
        check("xhttps://example.org", "xhttps://example.org");
        check("né:https://example.org", "né:<https://example.org>");
    }

    #[test]
    fn the_spans_make_up_the_text() {
        for text in ["", "é", "a https://é.example b", "((((https://x.example))))", "@@@.@a.b@c.de"]
        {
            let whole: String = spans(text)
                .iter()
                .map(|span| match span {
                    Span::Text(text) | Span::Link { text, .. } => text.as_str(),
                })
                .collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn a_long_text_takes_no_longer_than_its_length() {
        // Each of these once made a naive search quadratic.
        for piece in ["https://", "www.", "@", "a@", "(", "mailto:"] {
            let text = piece.repeat(32_768 / piece.len());
            assert!(!spans(&text).is_empty());
        }
    }
}
