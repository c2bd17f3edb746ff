//! TLS from PEM files.

use std::{io, path::Path, sync::Arc};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        Error, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use crate::config::Config;

/// What accepts TLS, if it is configured. To be asked for before anybody is told that the server
/// runs.
///
/// # Errors
/// A file that cannot be read or does not fit; the text names it.
pub fn tls(config: &Config) -> io::Result<Option<TlsAcceptor>> {
    match (&config.tls_cert, &config.tls_key) {
        (Some(cert), Some(key)) => acceptor(cert, key).map(Some),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => {
            Err(unfit("`tls_cert` and `tls_key` are given together or not at all".into()))
        }
    }
}

fn acceptor(cert: &Path, key: &Path) -> io::Result<TlsAcceptor> {
    let wrong = |path: &Path, error: &dyn std::fmt::Display| {
        unfit(format!("{} cannot be used: {error}", path.display()))
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(cert, &error))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(cert, &error))?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| {
            if !matches!(error, Error::InconsistentKeys(_)) {
                return wrong(cert, &error);
            }
            let (key, cert) = (key.display(), cert.display());
            unfit(format!("the key in {key} is not the one of the certificate in {cert}"))
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unfit(words: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, words)
}
