//! The accept loop: deadlines, a cap, TLS, and an orderly end.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tower_service::Service as _;

use super::{Fronts, Peer, deadline::Deadline, forwarded};
use crate::{app::App, router};

/// From the first byte a request's header may take so long, and so may the TLS handshake.
const HEADER_WITHIN: Duration = Duration::from_secs(5);
/// Longest header.
const HEADER_BYTES: usize = 32_768;
/// What somebody gets who comes when there is no room: whole, because nothing of theirs is read.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\
    Content-Length: 0\r\nConnection: close\r\n\r\n";

/// Serves until [`crate::lifecycle::Lifecycle::drain`], then finishes what is under way. With
/// `tls`, what [`super::tls()`] gave, over TLS only.
///
/// A listener that fails is tried again: it does when there are no descriptors left, and some come
/// free.
pub async fn serve(app: App, listener: TcpListener, tls: Option<TlsAcceptor>) {
    let lifecycle = app.lifecycle.clone();
    let (fronts, mut ended) = Fronts::new(app);
    let door = Door {
        router: router::router(fronts.clone()),
        fronts,
        tls,
        open: Arc::new(AtomicUsize::new(0)),
    };
    let mut draining = pin!(lifecycle.draining());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => door.take(stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    #[expect(
                        clippy::disallowed_methods,
                        reason = "nothing tells when descriptors are free again"
                    )]
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = &mut draining => break,
        }
    }
    drop(listener);
    drop(door);
    // Nobody sends: this is the moment when the last holder lets go.
    let _ = ended.recv().await;
}

/// What every connection needs.
struct Door {
    router: Router,
    fronts: Fronts,
    tls: Option<TlsAcceptor>,
    open: Arc<AtomicUsize>,
}

/// Counts a connection while it is open.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Door {
    fn take(&self, stream: TcpStream, peer: SocketAddr) {
        let http = self.open.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(self.open.clone());
        let app = &self.fronts.app;
        if http + app.registry.total() >= app.config.max_connections {
            tokio::spawn(turn_away(stream, counted));
            return;
        }
        // Small frames are to leave at once; a socket without this still works.
        let _ = stream.set_nodelay(true);
        let (router, fronts) = (self.router.clone(), self.fronts.clone());
        let tls = self.tls.clone();
        tokio::spawn(async move {
            match tls {
                None => converse(stream, peer, router, fronts).await,
                Some(tls) => {
                    let handshake = tokio::time::timeout(HEADER_WITHIN, tls.accept(stream));
                    if let Ok(Ok(stream)) = handshake.await {
                        converse(stream, peer, router, fronts).await;
                    }
                }
            }
            drop(counted);
        });
    }
}

async fn turn_away(mut stream: TcpStream, counted: Counted) {
    let answer = async {
        stream.write_all(NO_ROOM).await?;
        stream.shutdown().await
    };
    // Whoever does not take even this within a second is not waited for.
    let _ = tokio::time::timeout(Duration::from_secs(1), answer).await;
    drop(counted);
}

/// Serves the requests of one connection, until it is upgraded or over.
async fn converse<Io>(io: Io, peer: SocketAddr, router: Router, fronts: Fronts)
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let config = fronts.app.config.clone();
    let io = Deadline::new(io, Duration::from_millis(config.http_write_ms));
    let service = service_fn(move |mut request: Request<Incoming>| {
        let (trusted, believed) = (&config.trusted_proxies, config.proxy_header);
        let client = forwarded::client(peer.ip(), request.headers(), trusted, believed);
        request.extensions_mut().insert(Peer(client));
        let mut router = router.clone();
        async move { Ok::<_, Infallible>(router.call(request).await.unwrap_or_else(|no| match no {})) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WITHIN)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(io), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let lifecycle = fronts.app.lifecycle.clone();
    drop(fronts);
    let over = tokio::select! {
        over = connection.as_mut() => over,
        () = lifecycle.draining() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = over {
        tracing::debug!(%error, "a connection ended early");
    }
}
