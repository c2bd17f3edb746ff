//! How long a file is, for people.

use frontdesk_protocol::json::decimal;

/// `1 kB`, `34 kB` or `6 MB`: rounded up, a thousand to the next.
#[must_use]
pub fn size(bytes: u64) -> String {
    let kilobytes = bytes.div_ceil(1_000);
    if kilobytes < 1_000 {
        decimal(kilobytes) + " kB"
    } else {
        decimal(kilobytes.div_ceil(1_000)) + " MB"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_rounded_up_to_what_people_read() {
        for (bytes, text) in [
            (1, "1 kB"),
            (1_000, "1 kB"),
            (33_001, "34 kB"),
            (999_000, "999 kB"),
            (999_001, "1 MB"),
            (5_550_000, "6 MB"),
            (157_286_400, "158 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
