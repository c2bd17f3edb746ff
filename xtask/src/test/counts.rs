//! Counting what passed, out of what each test runner prints.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed.
    pub(crate) failed: u64,
    /// Not run on purpose.
    pub(crate) skipped: u64,
}

impl Counts {
    /// A stage that is one check.
    pub(super) fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    /// Whether nothing was counted at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.passed + self.failed + self.skipped == 0
    }

    /// From the last line of the form `3 passed, 1 failed, 2 skipped`: our end-to-end
    /// tests' and, with other words before and a comma less, nextest's.
    pub(crate) fn from_summary(text: &str) -> Self {
        text.lines()
            .rev()
            .map(Self::from_line)
            .find(|counts| !counts.is_empty())
            .unwrap_or_default()
    }

    /// From every `test result: ok. 3 passed; 1 failed; 2 ignored` of the standard test
    /// harness and wasm-bindgen's: one a program.
    pub(super) fn from_results(text: &str) -> Self {
        let mut counts = Self::default();
        for line in text.lines().filter(|line| line.contains("test result:")) {
            counts += Self::from_line(line);
        }
        counts
    }

    fn from_line(line: &str) -> Self {
        let line = without_colours(line);
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut counts = Self::default();
        for pair in words.windows(2) {
            let [number, word] = pair else { continue };
            let Ok(number) = number.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>()
            else {
                continue;
            };
            match word.trim_matches(|c: char| !c.is_ascii_alphabetic()) {
                "passed" => counts.passed += number,
                "failed" => counts.failed += number,
                "skipped" | "ignored" => counts.skipped += number,
                _ => {}
            }
        }
        counts
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn nextests_summary_is_understood() {
        let text =
            "     Summary [   0.020s] 12 tests run: 11 passed (1 slow), 1 failed, 3 skipped\n";

        assert_eq!(Counts::from_summary(text), Counts { passed: 11, failed: 1, skipped: 3 });
    }

    #[test]
    fn colours_do_not_hide_a_number() {
        let text = "Summary \u{1b}[1m4\u{1b}[0m tests run: \u{1b}[1m4\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m";

        assert_eq!(Counts::from_summary(text).passed, 4);
    }

    #[test]
    fn every_program_of_the_standard_harness_is_added() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    running 2 tests\n\
                    test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n";

        assert_eq!(Counts::from_results(text), Counts { passed: 4, failed: 1, skipped: 1 });
    }

    #[test]
    fn the_last_line_says_skipped_only_if_something_was() {
        assert_eq!(Counts::one(true).to_string(), "1 passed, 0 failed");
        let counts = Counts { passed: 2, failed: 0, skipped: 1 };
        assert_eq!(counts.to_string(), "2 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn a_summary_without_numbers_counts_nothing() {
        assert!(Counts::from_summary("everything is fine").is_empty());
    }
}
