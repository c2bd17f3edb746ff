//! Time. The only place that reads a clock.

use frontdesk_protocol::Millis;

/// Milliseconds since the page was opened. Never goes back, whatever happens to the wall clock, so
/// every delay and deadline is measured with it.
///
/// Some browsers stop it while the computer sleeps, so it says nothing about how long that was.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, below 2^53")]
pub fn now() -> Millis {
    Millis(crate::window().performance().map_or(0.0, |performance| performance.now()) as u64)
}

/// The wall clock: Unix milliseconds as this computer believes. For showing, never for deciding.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock's edge")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, below 2^53")]
pub fn wall() -> Millis {
    Millis(js_sys::Date::now() as u64)
}

/// Minutes that local time is ahead of UTC at this moment, summer time included.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "between -14 and +14 hours")]
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
pub fn utc_offset_minutes(at: Millis) -> i32 {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    -(date.get_timezone_offset() as i32)
}
