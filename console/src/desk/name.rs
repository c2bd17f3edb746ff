//! Names: what stands in an avatar, and in which colour.

/// How many colours avatars have; the stylesheet knows them as `hue0` and so on.
pub const HUES: usize = 6;

/// One or two letters for a name; a question mark for none.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| {
        // A name may begin with a quotation mark or a bracket.
        word.chars().find(|letter| letter.is_alphanumeric())
    });
    let Some(first) = words.next() else { return "?".into() };
    let last = words.next_back();
    first.to_uppercase().chain(last.into_iter().flat_map(char::to_uppercase)).collect()
}

/// The colour of somebody's avatar: the same for the same identity, whatever their name is.
#[must_use]
pub fn hue(identity: &str) -> usize {
    // FNV-1a: short, well spread over few buckets, and the same on every machine.
    let hash = identity.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    usize::try_from(hash % HUES as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_avatar_has_the_first_and_the_last_letter() {
        assert_eq!(initials("Alice Moreau"), "AM");
        assert_eq!(initials("ana maria de souza"), "AS");
        assert_eq!(initials("  (Tom) "), "T");
        assert_eq!(initials("日本 太郎"), "日太");
        assert_eq!(initials(" \u{1f44b} "), "?");
        assert_eq!(initials(""), "?");
    }

    #[test]
    fn a_colour_stays_with_its_identity() {
        assert_eq!(hue("guest-1"), hue("guest-1"));
        assert!((0..64).map(|n| hue(&format!("guest-{n}"))).all(|hue| hue < HUES));
    }
}
