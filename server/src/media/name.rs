//! The name of a file, as it may be told to others.

/// Longest name, in bytes: what file systems take, with room for what a browser appends.
const NAME_BYTES: usize = 200;
/// Longest ending that is kept as one.
const ENDING_CHARS: usize = 10;
/// Names of devices on some systems, whatever ending they have.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The last part of what was given, without what hides, redirects or breaks a name, and with one of
/// these endings; the first of them is appended if it has none. `None` if nothing is left.
pub(super) fn clean(given: &str, endings: &[&str]) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let name = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return None;
    }
    let first = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let mark = if RESERVED.contains(&first.as_str()) { "_" } else { "" };
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if endings.iter().any(|one| ending.eq_ignore_ascii_case(one)) => {
            (stem, ending)
        }
        Some(_) | None => (name, endings.first().copied().unwrap_or_default()),
    };
    debug_assert!(ending.chars().count() <= ENDING_CHARS, "endings are short");
    let stem = cut(stem, NAME_BYTES - ending.len() - 1 - mark.len());
    Some(if ending.is_empty() { format!("{mark}{stem}") } else { format!("{mark}{stem}.{ending}") })
}

/// Control characters, what turns the direction of writing, and what has no width.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn cut(text: &str, most_bytes: usize) -> &str {
    if text.len() <= most_bytes {
        return text;
    }
    let end = (0..=most_bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expected: &str) {
        assert_eq!(clean(given, &["png"]).as_deref(), Some(expected), "{given:?}");
    }

    #[test]
    fn a_plain_name_stays_as_it_is() {
        check("sketch.png", "sketch.png");
        check("Skizze für Ü 1.PNG", "Skizze für Ü 1.PNG");
        check("写真.png", "写真.png");
    }

    #[test]
    fn a_path_leaves_its_last_part_alone() {
        check("../../etc/passwd", "passwd.png");
        check(r"C:\Users\me\sketch.png", "sketch.png");
        check("a/..\\x.png", "x.png");
    }

    #[test]
    fn what_hides_or_redirects_is_gone() {
        check("gpj\u{202e}gnp.exe.png", "gpjgnp.exe.png");
        check("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png");
        check("\";\r\nx.png", "_;x.png");
        check("a\0b\u{200b}c\u{feff}.png", "abc.png");
        check("  ..hidden.png. .", "hidden.png");
    }

    #[test]
    fn names_of_devices_are_marked() {
        check("CON", "_CON.png");
        check("nul.png", "_nul.png");
        check("com1.tar.png", "_com1.tar.png");
        check("console.png", "console.png");
    }

    #[test]
    fn the_ending_fits_what_the_file_is() {
        check("page.html", "page.html.png");
        check("sketch", "sketch.png");
        assert_eq!(clean("a.jpeg", &["jpg", "jpeg"]).as_deref(), Some("a.jpeg"));
        assert_eq!(clean("a", &[]).as_deref(), Some("a"));
    }

    #[test]
    fn a_long_name_is_cut_before_its_ending() {
        let name = clean(&format!("{}.png", "ü".repeat(300)), &["png"]).unwrap();
        assert!(name.len() <= NAME_BYTES && name.len() > NAME_BYTES - 4, "{}", name.len());
        assert!(name.ends_with("ü.png"));
    }

    #[test]
    fn nothing_left_is_no_name() {
        for given in ["", "...", "\u{202e}", "a/", "\r\n", " . "] {
            assert_eq!(clean(given, &["png"]), None, "{given:?}");
        }
    }
}
