//! HTTPS: handshakes beside the listener, so that one that never ends holds up nobody.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// Longest handshake.
const PATIENCE: Duration = Duration::from_secs(10);

/// Certificate (with its chain) and key, both PEM files.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Tls {
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, String> {
        let wrong = |path: &Path, why: String| format!("{}: {why}", path.display());
        let chain: Vec<_> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .map_err(|e| wrong(&self.certificate, e.to_string()))?;
        let key =
            PrivateKeyDer::from_pem_file(&self.key).map_err(|e| wrong(&self.key, e.to_string()))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|e| wrong(&self.certificate, e.to_string()))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// Connections whose handshake is done.
pub(crate) fn handshakes(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
) -> mpsc::Receiver<TlsStream<TcpStream>> {
    let (done, accepted) = mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            let (tcp, _) = tokio::select! {
                accepted = Listener::accept(&mut listener) => accepted,
                () = done.closed() => return,
            };
            let (acceptor, done) = (acceptor.clone(), done.clone());
            tokio::spawn(async move {
                match tokio::time::timeout(PATIENCE, acceptor.accept(tcp)).await {
                    Ok(Ok(stream)) => drop(done.send(stream).await),
                    Ok(Err(error)) => tracing::info!(%error, "a client ended the TLS handshake"),
                    Err(_) => tracing::info!("a TLS handshake took too long"),
                }
            });
        }
    });
    accepted
}
