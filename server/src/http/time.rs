//! Moments as the retired service wrote them: ISO 8601, which `Date.parse` reads, and RFC 2822 in
//! its oldest API.

use frontdesk_protocol::Millis;

/// `2026-11-22T12:00:00Z`: a moment, to the second below.
pub(crate) fn iso(moment: Millis) -> String {
    let Parts { year, month, day, hour, minute, second, .. } = parts(moment);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `Sun, 22 Nov 2026 12:00:00 +0000`: the same as RFC 2822 writes it.
pub(crate) fn rfc_2822(moment: Millis) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Parts { days, year, month, day, hour, minute, second } = parts(moment);
    let (weekday, month) = (DAYS[index(days % 7)], MONTHS[index(month - 1)]);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

struct Parts {
    /// Since 1 January 1970, a Thursday.
    days: u64,
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn parts(moment: Millis) -> Parts {
    let seconds = moment.0 / 1000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Eras of 400 years that begin in March, so that the leap day comes last.
    let from_march = days + 719_468;
    let (era, day_of_era) = (from_march / 146_097, from_march % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    Parts { days, year, month, day, hour, minute, second }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_right() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_795_350_884, "2026-11-22T12:34:44Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(iso(Millis(seconds * 1000 + 999)), text);
        }
    }

    #[test]
    fn the_oldest_api_writes_the_day_of_the_week() {
        for (seconds, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_795_350_884, "Sun, 22 Nov 2026 12:34:44 +0000"),
        ] {
            assert_eq!(rfc_2822(Millis(seconds * 1000 + 999)), text);
        }
    }
}
