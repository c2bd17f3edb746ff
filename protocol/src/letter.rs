//! What words are made of, without a table of all characters.

/// Whether this is a letter or digit of any script, as far as an address or a name is concerned.
///
/// Every character that [`char::is_alphanumeric`] takes is one, and so are most of those above ASCII
/// that belong to a script without being a letter, such as accents that stand alone. Punctuation,
/// symbols, white space and emoji are not. The exact tables of the standard library are 2.5 kB that
/// every visitor would load.
#[must_use]
pub const fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    !matches!(character,
        // Latin.
        '\u{80}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}'
        | '\u{bf}' | '\u{d7}' | '\u{f7}'
        // Greek, Hebrew, Arabic, Indic.
        | '\u{37e}' | '\u{387}' | '\u{5be}' | '\u{5c0}' | '\u{5c3}' | '\u{5f3}'..='\u{5f4}'
        | '\u{609}'..='\u{60f}' | '\u{61b}'..='\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}'
        | '\u{964}'..='\u{965}' | '\u{970}'
        // General punctuation, currencies, arrows, mathematics, boxes, dingbats.
        | '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{245f}'
        | '\u{2500}'..='\u{2775}' | '\u{2794}'..='\u{2bff}' | '\u{2e00}'..='\u{2e2e}'
        | '\u{2e30}'..='\u{2e5f}'
        // Chinese, Japanese, Korean, and forms of full width.
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{303d}'..='\u{303f}'
        | '\u{30a0}' | '\u{30fb}' | '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff0f}'
        | '\u{feff}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
        | '\u{ffe0}'..='\u{ffff}'
        // Of private use; emoji.
        | '\u{e000}'..='\u{f8ff}' | '\u{1f300}'..='\u{1faff}' | '\u{e0000}'..='\u{10ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_letter;

    #[test]
    fn every_letter_and_digit_is_one() {
        for character in '\0'..=char::MAX {
            if character.is_alphanumeric() {
                assert!(is_letter(character), "{character:?}");
            }
        }
    }

    #[test]
    fn what_stands_around_words_is_none() {
        let around = "«»“”„‘’‚‹›–—…·•¡¿§©®°±×÷€£¥¢¦¬¶´¨¯¸\u{a0}\u{2009}\u{200b}\u{202e}\u{feff}\
            ←→↔⇒∞≠√■●★☎✓✗。、，．：；！？（）［］｛｝「」『』【】〈〉《》〜・～￥،؛؟٪٭۔।॥׀־״👋🏽😀🚀\u{fffd}";
        for character in around.chars() {
            assert!(!character.is_alphanumeric() && !is_letter(character), "{character:?}");
        }
    }

    #[test]
    fn up_to_the_last_letter_of_latin_it_is_exact() {
        for character in '\0'..'\u{250}' {
            assert_eq!(is_letter(character), character.is_alphanumeric(), "{character:?}");
        }
    }
}
