//! Moments as ISO 8601, as the retired service wrote them and `Date.parse` reads them.

use frontdesk_protocol::Millis;

/// `2026-11-22T12:00:00Z`: a moment, to the second below.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
pub(crate) fn iso(moment: Millis) -> String {
    let seconds = moment.0 / 1000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Eras of 400 years that begin in March, so that the leap day comes last.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads `2026-11-22T12:00:00Z`, with or without a fraction of the second; `None` if it is
/// something else, or before 1970.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub(crate) fn parse_iso(text: &str) -> Option<Millis> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = fields(date, '-', [4, 2, 2])?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = fields(clock, ':', [2, 2, 2])?;
    let digits = fraction.bytes().all(|b| b.is_ascii_digit());
    let fits = year >= 1970 && (1..=12).contains(&month) && day >= 1 && hour < 24;
    if !fits || !digits || fraction.is_empty() || minute > 59 || second > 59 {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (shifted_year / 400, shifted_year % 400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = (era * 146_097 + day_of_era).checked_sub(719_468)?;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    let millis: u64 = format!("{fraction:0<3.3}").parse().ok()?;
    let moment = Millis(seconds * 1_000 + millis);
    // A day that the month does not have would come out as one of the next.
    iso(moment).starts_with(date).then_some(moment)
}

fn fields(text: &str, separator: char, widths: [usize; 3]) -> Option<[u64; 3]> {
    let mut parts = text.split(separator);
    let mut values = [0; 3];
    for (value, width) in values.iter_mut().zip(widths) {
        let part = parts.next()?;
        let clean = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        *value = clean.then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(values)
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
            assert_eq!(parse_iso(text), Some(Millis(seconds * 1000)));
        }
        assert_eq!(parse_iso("1970-01-01T00:00:01.25Z"), Some(Millis(1_250)));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T12:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T12:00:00.Z",
            "+026-11-22T12:00:00Z",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(parse_iso(text), None, "{text}");
        }
    }
}
