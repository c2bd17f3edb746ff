//! What stands for a name in a small circle.

use frontdesk_protocol::letter::is_letter;

/// One or two letters that stand for a name, the first of its first word and of its last; nothing if
/// no word has a letter or a digit. They are as they were written: the stylesheet makes them capital,
/// because the table of all capital letters is 13 kB of WebAssembly.
#[must_use]
pub fn initials(name: &str) -> String {
    // A name may begin with a quotation mark or a bracket.
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| is_letter(*c)));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_first_and_the_last_letter() {
        assert_eq!(initials("Sara K."), "SK");
        assert_eq!(initials("ana maria de souza"), "as");
        assert_eq!(initials("harbour (old) bikes"), "hb");
        assert_eq!(initials("  (Tom) "), "T");
        assert_eq!(initials("日本 太郎"), "日太");
    }

    #[test]
    fn what_has_no_letter_has_no_initials() {
        assert_eq!(initials(""), "");
        assert_eq!(initials(" - "), "");
        assert_eq!(initials(" \u{1f44b} "), "");
    }
}
