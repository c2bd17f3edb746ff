//! A long body, piece by piece: no slower than others, and no longer than is of use.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use frontdesk_protocol::Millis;
use http_body::Body as _;
use http_body_util::BodyExt as _;

use crate::http::answer::RestAnswer;

/// How long a body may take beside what its bytes allow.
const WITHIN_MS: u64 = 10_000;
/// Each of its bytes allows for a part of a second: 13 KB of them for a whole one, as of other
/// bodies.
const BYTES_PER_MS: u64 = 13;
/// So much of what is refused is read and dropped, so that who sends it sees the answer.
const SURPLUS_BYTES: u64 = 2 << 20;

/// A body on its way in.
pub(super) struct Pieces<'a> {
    /// A clock that never jumps.
    clock: &'a (dyn Fn() -> Millis + Sync),
    body: Body,
    began: Millis,
    received_bytes: u64,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(body: Body, clock: &'a (dyn Fn() -> Millis + Sync)) -> Self {
        Self { clock, body, began: clock(), received_bytes: 0 }
    }

    /// Whether it says itself that it is longer than this.
    pub(super) fn is_over(&self, limit_bytes: u64) -> bool {
        self.body.size_hint().lower() > limit_bytes
    }

    /// The next piece; `None` is its end.
    ///
    /// # Errors
    /// 400 if it broke off, 408 if it is too slow.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, RestAnswer> {
        loop {
            let allowed_ms = WITHIN_MS + self.received_bytes / BYTES_PER_MS;
            let left_ms = allowed_ms.saturating_sub((self.clock)().since(self.began));
            let frame = tokio::time::timeout(Duration::from_millis(left_ms), self.body.frame());
            let frame = frame.await.map_err(|_| RestAnswer::timeout())?;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|_| RestAnswer::bad_request("the body broke off"))?;
            if let Ok(data) = frame.into_data() {
                self.received_bytes += data.len() as u64;
                return Ok(Some(data));
            }
        }
    }

    /// Reads a little of what is not wanted.
    pub(super) async fn drain(&mut self) {
        let until = self.received_bytes + SURPLUS_BYTES;
        while self.received_bytes < until {
            let Ok(Some(_)) = self.next().await else { return };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        pin::Pin,
        task::{Context, Poll},
    };

    use http_body::Frame;
    use tokio::time::{Instant, Interval};

    use super::*;

    /// So many bytes a second, without end.
    struct Trickle {
        bytes: usize,
        seconds: Interval,
    }

    impl http_body::Body for Trickle {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let data = Bytes::from(vec![0; self.bytes]);
            self.seconds.poll_tick(context).map(|_| Some(Ok(Frame::data(data))))
        }
    }

    /// The seconds after which a body of so many bytes a second is given up, and no later than this.
    #[expect(clippy::disallowed_methods, reason = "the test's own clock, which stands still")]
    async fn given_up_after(bytes: usize, most_seconds: u64) -> Option<u64> {
        let began = Instant::now();
        let ms = move || began.elapsed().as_millis();
        let clock = move || Millis(u64::try_from(ms()).unwrap());
        let seconds = tokio::time::interval(Duration::from_secs(1));
        let mut pieces = Pieces::of(Body::new(Trickle { bytes, seconds }), &clock);
        while began.elapsed().as_secs() < most_seconds {
            if pieces.next().await.is_err() {
                return Some(began.elapsed().as_secs());
            }
        }
        None
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_may_be_long_and_not_slow() {
        assert_eq!(given_up_after(20_000, 3_600).await, None);
        assert_eq!(given_up_after(1, 3_600).await, Some(10));
        let half = given_up_after(6_500, 3_600).await.unwrap();
        assert!((18..=22).contains(&half), "{half}");
    }

    #[tokio::test(start_paused = true)]
    async fn of_what_is_refused_only_a_little_is_read() {
        let clock = || Millis(0);
        let seconds = tokio::time::interval(Duration::from_millis(1));
        let mut pieces = Pieces::of(Body::new(Trickle { bytes: 65_536, seconds }), &clock);
        pieces.drain().await;
        assert_eq!(pieces.received_bytes, SURPLUS_BYTES);
    }
}
