//! Errands under way, each waited for by the connection's own task: a task of its own would cost a
//! place in the runtime's queue twice, and its answer would come too late for the same write.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

/// Errands under way, each to come to a `T`.
pub(crate) struct Running<T>(Vec<Pin<Box<dyn Future<Output = T> + Send>>>);

// Written out because a derive would ask for the same of `T`.
impl<T> Default for Running<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Running<T> {
    /// Begins another.
    pub(crate) fn start(&mut self, errand: impl Future<Output = T> + Send + 'static) {
        self.0.push(Box::pin(errand));
    }

    /// Ends all, wherever they are.
    pub(crate) fn abandon(&mut self) {
        self.0 = Vec::new();
    }

    /// What came of the next that is done; waits for ever if there is none. Nothing is lost if the
    /// wait is given up.
    pub(crate) async fn next(&mut self) -> T {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<T> {
        let done =
            self.0.iter_mut().enumerate().find_map(|(at, errand)| match errand.as_mut().poll(cx) {
                Poll::Ready(done) => Some((at, done)),
                Poll::Pending => None,
            });
        let Some((at, done)) = done else { return Poll::Pending };
        drop(self.0.swap_remove(at));
        if self.0.is_empty() {
            // An idle connection keeps nothing.
            self.0 = Vec::new();
        }
        Poll::Ready(done)
    }
}
