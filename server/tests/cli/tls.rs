//! TLS by the server itself, with a certificate that only this test believes in.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring, pki_types::ServerName,
};

use crate::{
    console::Console,
    program::{Server, credentials, run, stderr},
    wire::{Stream, ask, tcp},
};

/// A folder with a certificate for `localhost`, and a client that knows it.
struct Certified {
    folder: tempfile::TempDir,
    client: Arc<ClientConfig>,
}

impl Certified {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(folder.path().join("cert.pem"), cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), signing_key.serialize_pem()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone()).unwrap();
        let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { folder, client: Arc::new(client) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serve(&self) -> Server {
        let (cert, key) = (self.path("cert.pem"), self.path("key.pem"));
        let arguments = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
        Server::start_with(&self.path("data"), &arguments)
    }
}

fn connect(client: &Arc<ClientConfig>, address: SocketAddr) -> Box<dyn Stream> {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(client.clone(), name).unwrap();
    Box::new(StreamOwned::new(connection, tcp(address)))
}

#[test]
fn the_console_works_over_tls_with_a_cookie_bound_to_the_host() {
    let certified = Certified::new();
    let server = certified.serve();
    let (address, client) = (server.address(), certified.client.clone());
    assert!(server.line("Console").starts_with("https://localhost:"));
    let health = ask(connect(&client, address), "GET /healthz", &[("Host", "localhost")], "");
    assert_eq!(health.status, 200, "{health:?}");

    let made = credentials(&certified.path("data"));
    let console = Console::new(&made, address, Box::new(move || connect(&client, address)));
    let who = json!({"name": "agent", "password": made["agent"]["password"]});
    let answer = console.ask("login", "", &who);
    let cookie = answer.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once(';').unwrap();
    let id = pair.strip_prefix("__Host-frontdesk_session=").unwrap();
    // What a browser asks of this name: RFC 6265bis, section 4.1.3.2.
    for attribute in [" Secure", " Path=/", " HttpOnly", " SameSite=Strict"] {
        assert!(attributes.split(';').any(|each| each == attribute), "{cookie}");
    }
    assert!(!attributes.contains("Domain"), "{cookie}");

    let token = console.token(pair).unwrap();
    let plain = format!("frontdesk_session={id}");
    assert_eq!(console.token(&plain), Err(401), "a cookie that plain HTTP could have planted");
    let mut chat = console.connect(&token);
    chat.expect("welcome");
    drop(chat);
    server.terminate();
}

#[test]
fn who_does_not_speak_tls_gets_nothing() {
    let certified = Certified::new();
    let server = certified.serve();
    let mut stream = tcp(server.address());
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    server.terminate();
}

#[test]
fn files_that_do_not_fit_are_named() {
    let certified = Certified::new();
    let other = Certified::new();
    let (cert, key) = (certified.path("cert.pem"), certified.path("key.pem"));
    let nothing = certified.path("nothing.pem");
    for (cert, key, named) in [
        (&cert, &other.path("key.pem"), "cert.pem"),
        (&cert, &nothing, "nothing.pem"),
        (&nothing, &key, "nothing.pem"),
        (&cert, &cert, "cert.pem"),
    ] {
        let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key];
        let output = run(&certified.path("data"), &arguments);
        let said = stderr(&output);
        assert!(said.contains(named), "{said}");
        // It was told only after the server had said that it listens.
        assert!(output.stdout.is_empty() && !said.contains("listening"), "{said}");
        assert!(!certified.path("data").exists());
    }
    let alone = ["serve", "--tls-cert", cert.to_str().unwrap()];
    assert!(stderr(&run(&certified.path("data"), &alone)).contains("--tls-key"));
}
