//! Whom we trust to be the other side: the authorities that a file names, and the very certificates
//! in it. Many platforms and brokers inside a plant's or an authority's network sign for themselves.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use words::{Key, Said};

use crate::Secret;

/// TLS with nobody trusted but those whom the PEM file `path` names.
///
/// # Errors
/// In words, when the file can't be read or holds no certificate.
pub(crate) fn only(path: &Path) -> Result<ClientConfig, Said> {
    with_client(path, None)
}

/// The same, showing our own certificate with its key to a side that asks for one.
///
/// # Errors
/// In words, when a file can't be read or holds no certificate or no key.
pub(crate) fn with_client(
    path: &Path,
    client: Option<&(PathBuf, Secret)>,
) -> Result<ClientConfig, Said> {
    let wrong = |why: Said| Said::about(path.display(), why);
    let text = std::fs::read(path).map_err(|e| wrong(Said::of_io(&e)))?;
    let named: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    // The library's words may repeat a line of the file.
    let named = named.map_err(|_| wrong(Key::MistakeNotACertificate.into()))?;
    if named.is_empty() {
        return Err(wrong(Key::MistakeNotACertificate.into()));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(named.iter().cloned());
    let authorities =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|_| wrong(Key::MistakeOddCertificate.into()))?;
    let verifier = Named {
        authorities,
        named,
        provider: Arc::clone(&provider),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(Said::with(Key::IoOther, "error", e)))?;
    let builder = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let Some((certificate, key)) = client else {
        return Ok(builder.with_no_client_auth());
    };
    let (chain, key_read) = own(certificate, key)?;
    let shown = builder.with_client_auth_cert(chain, key_read);
    shown.map_err(|_| Said::about(certificate.display(), Key::MistakeOtherKey))
}

/// Our certificate with those that signed it, and its key.
fn own(
    certificate: &Path,
    key: &Secret,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Said> {
    let about = |why: Said| Said::about(certificate.display(), why);
    let text = std::fs::read(certificate).map_err(|e| about(Said::of_io(&e)))?;
    // The library's words may repeat a line of the files.
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| about(Key::MistakeNotACertificate.into()))?;
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes());
    let key = key.map_err(|_| about(Key::MistakeNotPem.into()))?;
    Ok((chain, key))
}

struct Named {
    authorities: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Named")
            .field("certificates", &self.named.len())
            .finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Named {
    /// A certificate that stands in the file is the other side's own: its key is proved by the
    /// handshake, and name, purpose and dates say nothing more. Any other one needs an authority.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.named.iter().any(|named| named == end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        self.authorities.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// What is wrong between the two sides' TLS and what to do, when that is what an error is about.
pub(crate) fn words(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = within(error) {
            return Some(of(tls));
        }
        next = error.source();
    }
    None
}

/// An I/O error does not name the one that it wraps as its source, and wraps several times.
fn within<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    if let Some(tls) = error.downcast_ref::<Error>() {
        return Some(tls);
    }
    let wrapped = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    within(wrapped)
}

fn of(error: &Error) -> String {
    use CertificateError as C;
    let Error::InvalidCertificate(why) = error else {
        return format!("TLS could not be agreed upon: {error}");
    };
    let (what, remedy) = match why {
        C::UnknownIssuer | C::BadSignature => (
            "is signed by nobody we were told to trust",
            "ask for the authority's certificate, or for a self-signed one itself, and name its \
             PEM file in ca_file",
        ),
        C::Expired | C::ExpiredContext { .. } => (
            "has expired",
            "look at this computer's clock, then ask for a new one",
        ),
        C::NotValidYet | C::NotValidYetContext { .. } => {
            ("is not valid yet", "look at this computer's clock")
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => (
            "is for another name",
            "write the name that it is for into the address, or ask for one with this address as \
             subject alternative name",
        ),
        C::Revoked => ("was revoked", "ask the other side"),
        _ => (
            "can't be used for a server",
            "if it is self-signed, name that very certificate in ca_file; else ask for an \
             end-entity certificate",
        ),
    };
    format!("the certificate of the other side {what}: {remedy}")
}
