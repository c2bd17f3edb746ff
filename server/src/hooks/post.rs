//! The edge to receivers: one HTTP call.
//!
//! The name is looked up once, every address it has is checked, and one of those is connected to, so
//! that no second look-up can lead elsewhere. A redirect is an answer like any other and is not
//! followed. Every call has a connection of its own: a call a chat message is few, and a connection
//! that was kept may be dead.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::{
    address::{Address, BadAddress, form},
    guard::{Denied, Guard},
    sign,
};
use crate::{
    clock::Clock,
    storage::{HookMethod, delivery_name},
};

/// Longest answer that is read.
const ANSWER_BYTES: usize = 64 << 10;
/// Longest head of an answer.
const HEAD_BYTES: usize = 16 << 10;
/// Most addresses of a name that are tried.
const ADDRESSES: usize = 4;

/// A call to a receiver.
#[derive(Clone)]
pub struct Call {
    /// What signs it: the account's auth token.
    pub token: String,
    /// The address.
    pub url: String,
    /// How it is called.
    pub method: HookMethod,
    /// Its id: the same whenever the same is told again. Receivers see [`delivery_name`].
    pub id: u128,
    /// What is told.
    pub fields: Vec<(String, String)>,
    /// How long all of it may take: the look-up, connecting, the answer.
    pub timeout: Duration,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("id", &self.id)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// How long it wants to be left alone: `Retry-After`, if it is a number of seconds.
    pub retry_after: Option<Duration>,
    /// The answer, up to 64 KiB of it.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub whole: bool,
}

/// Why a call got no answer. What it says may be shown to the account.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The address cannot be called.
    #[error("{0}")]
    Address(#[from] BadAddress),
    /// The address may not be called.
    #[error("{0}")]
    Denied(#[from] Denied),
    /// Nobody knows the name.
    #[error("the name has no address")]
    Lookup(#[source] io::Error),
    /// Nobody takes the connection, or it is not secure.
    #[error("no connection: {0}")]
    Connect(#[source] io::Error),
    /// The answer is none, or broke off.
    #[error("no answer: {0}")]
    Answer(#[source] hyper::Error),
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
}

impl CallError {
    /// Whether the same again can help. A name may get another address, and a network may be let
    /// through.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Address(_) => false,
            Self::Denied(_)
            | Self::Lookup(_)
            | Self::Connect(_)
            | Self::Answer(_)
            | Self::TimedOut => true,
        }
    }
}

/// Calls receivers. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Caller {
    guard: Arc<Guard>,
    clock: Arc<dyn Clock>,
    tls: Arc<OnceLock<TlsConnector>>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Caller {
    /// Calls what `guard` lets through. Certificates are checked against the system's roots, or, on
    /// a machine without any, against Mozilla's, which are built in.
    #[must_use]
    pub fn new(guard: Guard, clock: Arc<dyn Clock>) -> Self {
        Self { guard: Arc::new(guard), clock, tls: Arc::default() }
    }

    /// Calls a receiver: the answer, whatever its status.
    ///
    /// # Errors
    /// [`CallError`]: it knows whether the same again can help.
    pub async fn call(&self, call: &Call) -> Result<Answered, CallError> {
        let address = Address::parse(&call.url)?;
        let (address, form) = match call.method {
            HookMethod::Get => (address.with_query(&call.fields), None),
            HookMethod::Post => (address, Some(&call.fields)),
        };
        let calling = async {
            let socket = self.connect(&address, call.timeout).await?;
            let request = self.request(call, &address, form.map(Vec::as_slice));
            if address.secure {
                let secure = self.secure(socket, &address.host).await;
                exchange(secure.map_err(CallError::Connect)?, request).await
            } else {
                exchange(socket, request).await
            }
        };
        timeout(call.timeout, calling).await.map_err(|_| CallError::TimedOut)?
    }

    async fn connect(&self, address: &Address, within: Duration) -> Result<TcpStream, CallError> {
        let addresses: Vec<IpAddr> = match address.literal() {
            Some(literal) => vec![literal],
            None => tokio::net::lookup_host((address.host.as_str(), address.port))
                .await
                .map_err(CallError::Lookup)?
                .map(|found| found.ip())
                .collect(),
        };
        for found in &addresses {
            self.guard.check(*found)?;
        }
        // One that does not answer at all leaves time for the others.
        let each = within / u32::try_from(addresses.len().clamp(1, ADDRESSES)).unwrap_or(1);
        let mut error = io::Error::from(io::ErrorKind::NotFound);
        for found in addresses.into_iter().take(ADDRESSES) {
            let to = SocketAddr::new(found, address.port);
            match timeout(each, TcpStream::connect(to)).await {
                Ok(Ok(socket)) => return Ok(socket),
                Ok(Err(refused)) => error = refused,
                Err(_) => error = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(CallError::Connect(error))
    }

    async fn secure(
        &self,
        socket: TcpStream,
        host: &str,
    ) -> io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        self.tls.get_or_init(connector).connect(name, socket).await
    }

    fn request(
        &self,
        call: &Call,
        address: &Address,
        fields: Option<&[(String, String)]>,
    ) -> Request<Full<Bytes>> {
        let (id, now) = (delivery_name(call.id), self.clock.now());
        let body = fields.map(form).unwrap_or_default();
        let method = match call.method {
            HookMethod::Get => http::Method::GET,
            HookMethod::Post => http::Method::POST,
        };
        let mut request = Request::builder()
            .method(method)
            .uri(address.path())
            .header(header::HOST, address.authority())
            .header(header::USER_AGENT, concat!("Frontdesk/", env!("CARGO_PKG_VERSION")))
            .header(header::ACCEPT, "*/*")
            .header(header::CONNECTION, "close")
            .header(
                "x-twilio-signature",
                sign::twilio(&call.token, &address.url, fields.unwrap_or_default()),
            )
            .header("webhook-id", id.as_str())
            .header("webhook-timestamp", now.0 / 1_000)
            .header("webhook-signature", sign::standard(&call.token, &id, now, &body));
        if fields.is_some() {
            let form = "application/x-www-form-urlencoded; charset=utf-8";
            request = request.header(header::CONTENT_TYPE, form);
        }
        request
            .body(Full::from(body))
            .expect("the address was parsed, and the rest is letters, digits and signs of ours")
    }
}

/// Sends the request and reads the answer.
async fn exchange(
    socket: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answered, CallError> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_BYTES)
        .handshake(TokioIo::new(socket))
        .await
        .map_err(CallError::Answer)?;
    // Dropped with the answer, and the socket with it.
    let connection = connection;
    tokio::pin!(connection);
    let answering = async {
        let answer = sender.send_request(request).await.map_err(CallError::Answer)?;
        let status = answer.status();
        let retry_after = answer.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let (body, whole) = read(answer.into_body()).await?;
        Ok(Answered { status, retry_after: retry_after.map(Duration::from_secs), body, whole })
    };
    tokio::pin!(answering);
    tokio::select! {
        answered = &mut answering => answered,
        // The connection is over; what it brought is still to be taken.
        _ = &mut connection => answering.await,
    }
}

async fn read(mut answer: Incoming) -> Result<(Vec<u8>, bool), CallError> {
    let mut body = Vec::new();
    while let Some(frame) = answer.frame().await {
        let Ok(data) = frame.map_err(CallError::Answer)?.into_data() else { continue };
        if body.len() + data.len() > ANSWER_BYTES {
            body.extend_from_slice(&data[..ANSWER_BYTES - body.len()]);
            return Ok((body, false));
        }
        body.extend_from_slice(&data);
    }
    Ok((body, true))
}

fn connector() -> TlsConnector {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    let (_, unusable) = roots.add_parsable_certificates(system.certs);
    if unusable > 0 {
        tracing::debug!(unusable, "some of the system's root certificates cannot be used");
    }
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows the usual versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}
