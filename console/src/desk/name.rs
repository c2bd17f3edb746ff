//! Names: what stands in an avatar, and in which colour.

/// How many colours avatars have; the stylesheet knows them as `hue0` and so on.
pub const HUES: usize = 6;

/// One or two letters for a name; a question mark for none.
#[must_use]
pub fn initials(name: &str) -> String {
    let letters = frontdesk_client::text::initials(name);
    if letters.is_empty() { "?".into() } else { letters }
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

/// Somebody's own words as a part of a line of ours: whichever way they run, what stands around them
/// keeps its order.
///
/// Source: Unicode Standard Annex #9, "Explicit Directional Isolates" (FSI and PDI).
#[must_use]
pub fn isolated(words: &str) -> String {
    format!("\u{2068}{words}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_within_a_line_are_isolated() {
        assert_eq!(isolated("שרה"), "\u{2068}שרה\u{2069}");
    }

    #[test]
    fn an_avatar_is_never_empty() {
        assert_eq!(initials("Alice Moreau"), "AM");
        assert_eq!(initials(" - "), "?");
    }

    #[test]
    fn a_colour_stays_with_its_identity() {
        assert_eq!(hue("guest-1"), hue("guest-1"));
        assert!((0..64).map(|n| hue(&format!("guest-{n}"))).all(|hue| hue < HUES));
    }
}
