//! Calls over TLS. What the system trusts is read from its files: a process is started for it, which
//! can be shown others.

use std::{
    process::{Command, Stdio},
    sync::Arc,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

use crate::{
    call::{call, caller},
    receiver::{Received, read},
};

const URL: &str = "FRONTDESK_TEST_TLS_URL";

/// Not a test by itself: what the others start.
#[tokio::test]
async fn child_that_calls() {
    let Ok(url) = std::env::var(URL) else { return };
    let answered = caller(&["127.0.0.1", "::1"]).call(&call(&url)).await.unwrap();
    assert_eq!(answered.status.as_u16(), 200);
}

/// Calls a receiver with a certificate for `localhost` by the name `host`: whether it worked, and
/// what came.
async fn called(host: &str, trusted: bool) -> (bool, Option<Received>) {
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = folder.path().join("roots.pem");
    let other = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&file, if trusted { cert.pem() } else { other.cert.pem() }).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::child_that_calls", "--nocapture"])
        .env(URL, format!("https://{host}:{port}/hook"))
        .env("SSL_CERT_FILE", &file)
        .env_remove("SSL_CERT_DIR")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (socket, _) = listener.accept().await.unwrap();
    let mut came = None;
    if let Ok(mut socket) = acceptor.accept(socket).await {
        came = read(&mut socket).await;
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        let _ = socket.write_all(answer).await;
        let _ = socket.shutdown().await;
    }
    (child.wait().unwrap().success(), came)
}

#[tokio::test]
async fn a_receiver_is_called_whose_certificate_the_system_trusts() {
    let (worked, came) = called("localhost", true).await;
    assert!(worked);
    assert_eq!(came.unwrap().path, "/hook");
}

#[tokio::test]
async fn a_receiver_with_another_certificate_is_told_nothing() {
    for (host, trusted) in [("localhost", false), ("127.0.0.1", true)] {
        let (worked, came) = called(host, trusted).await;
        assert!(!worked && came.is_none(), "{host}");
    }
}
