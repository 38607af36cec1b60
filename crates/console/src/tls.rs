//! The console's own certificate: who it is, and the key that proves it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secret::Secret;
use settings::{Printer, Section};
use words::{Key, Said};

/// Certificate and key, read and found to belong together.
#[derive(Clone)]
pub struct Certificate {
    path: PathBuf,
    key: Secret,
    config: Arc<ServerConfig>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Certificate");
        shown.field("path", &self.path).field("key", &self.key);
        shown.finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads `certificate` and `key_file`; none when neither is there.
    pub(crate) fn read(section: &Section) -> Option<Self> {
        let (path, key) = (section.path("certificate"), section.secret_file("key_file"));
        for (key, other) in [("certificate", "key_file"), ("key_file", "certificate")] {
            if section.has(other) && !section.has(key) {
                let said = Said::with(Key::MistakeRequired, "key", key);
                section.problem(
                    key,
                    said.and("example", format!("secrets/console.{}", &key[..3])),
                );
            }
        }
        let (path, key) = (path?, key?);
        match config(&path, &key) {
            Ok(config) => Some(Self { path, key, config }),
            Err((key, why)) => {
                section.problem(key, why);
                None
            }
        }
    }

    pub(crate) fn show(&self, printer: &mut Printer) {
        printer.path("certificate", &self.path);
        printer.secret("key", &self.key);
    }

    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

/// TLS with this certificate; else the key of the section that is wrong, and why.
fn config(path: &Path, key: &Secret) -> Result<Arc<ServerConfig>, (&'static str, Said)> {
    let about = |why: Said| ("certificate", Said::about(path.display(), why));
    let pem = std::fs::read(path).map_err(|error| about(Said::of_io(&error)))?;
    // The library's words may repeat a line of the files.
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| about(Key::MistakeNotACertificate.into()))?;
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes());
    let key = key.map_err(|_| ("key_file", Key::MistakeNotPem.into()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
    let config = config.map_err(|_| ("key_file", Key::MistakeOtherKey.into()))?;
    Ok(Arc::new(config))
}
