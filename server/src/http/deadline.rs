//! A bound on how long a write may stall.
//!
//! A client that asks and does not read the answer would otherwise hold its connection, and what
//! waits to be written, for as long as it likes. Only a stall ends it: whoever takes something now
//! and then is slow and may be.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

/// A stream whose writes fail with [`io::ErrorKind::TimedOut`] once one has stalled too long.
#[derive(Debug)]
pub(super) struct Deadline<Io> {
    io: Io,
    within: Duration,
    /// Runs while a write is stalled. Boxed: nearly always there is none.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<Io> Deadline<Io> {
    pub(super) const fn new(io: Io, within: Duration) -> Self {
        Self { io, within, stalled: None }
    }

    /// What came of a write, or that it has stalled too long.
    fn watch<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.stalled = None;
            return done;
        }
        let within = self.within;
        #[expect(clippy::disallowed_methods, reason = "it is a deadline, and polled as one")]
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(within)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads nothing")))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Deadline<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Deadline<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.watch(cx, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.io).poll_write_vectored(cx, bytes);
        self.watch(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.io).poll_flush(cx);
        self.watch(cx, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.io).poll_shutdown(cx);
        self.watch(cx, done)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, duplex},
        time::{advance, timeout},
    };

    use super::*;

    const WITHIN: Duration = Duration::from_secs(30);
    const MOMENT: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn a_write_that_stalls_too_long_fails() {
        let (ours, _theirs) = duplex(16);
        let mut stream = Deadline::new(ours, WITHIN);
        stream.write_all(&[7; 16]).await.unwrap();
        let mut more = Box::pin(stream.write_all(&[7; 1]));
        assert!(timeout(WITHIN - MOMENT, more.as_mut()).await.is_err(), "it was not waited for");
        let failed = timeout(2 * MOMENT, more).await.unwrap().unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_a_little_now_and_then_is_waited_for() {
        let (ours, mut theirs) = duplex(16);
        let mut stream = Deadline::new(ours, WITHIN);
        let writing = tokio::spawn(async move { stream.write_all(&[7; 64]).await });
        for _ in 0..4 {
            let mut some = [0; 16];
            theirs.read_exact(&mut some).await.unwrap();
            tokio::task::yield_now().await;
            advance(WITHIN - MOMENT).await;
        }
        writing.await.unwrap().unwrap();
    }
}
