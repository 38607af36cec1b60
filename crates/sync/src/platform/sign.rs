//! RSA2: SHA256withRSA, PKCS#1 v1.5, keys of at least 2048 bits.

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::pem::{PemObject as _, SectionKind};
use words::{Key, Said};

use crate::adapter::Encoding;

/// Smallest key: 2048 bits.
const MIN_BITS: usize = 2048;

/// Our private RSA key.
#[derive(Clone)]
pub struct SigningKey(Arc<RsaKeyPair>);

/// The platform's public RSA key.
#[derive(Clone)]
pub struct PlatformKey(PublicEncryptingKey);

impl SigningKey {
    /// Reads a PEM file's text: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// What is wrong with it and what to do, without any of its text.
    pub fn from_pem(text: &str) -> Result<Self, Said> {
        let (kind, der) = pem(text)?;
        let key = match kind {
            SectionKind::PrivateKey => RsaKeyPair::from_pkcs8(&der),
            SectionKind::RsaPrivateKey => RsaKeyPair::from_der(&der),
            other => return Err(holds(other, "RSA PRIVATE KEY")),
        };
        let key = key.map_err(|e| refused(&e.to_string()))?;
        if key.public_modulus_len() * 8 < MIN_BITS {
            return Err(too_small());
        }
        Ok(Self(Arc::new(key)))
    }

    /// The signature of `message`, written as the platform wants it.
    ///
    /// # Errors
    /// When the library refuses.
    pub(super) fn sign(&self, message: &[u8], encoding: Encoding) -> Result<String, String> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| "the request could not be signed".to_owned())?;
        Ok(match encoding {
            Encoding::Base64 => STANDARD.encode(&signature),
            Encoding::Hex => hex::encode(&signature),
        })
    }

    /// The public half as PEM, to be handed to the platform.
    ///
    /// # Errors
    /// When the library cannot write it.
    pub fn public_pem(&self) -> Result<String, String> {
        let der = self.0.public_key().as_der().map_err(|e| e.to_string())?;
        let body = STANDARD.encode(der.as_ref());
        let mut text = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        for line in body.as_bytes().chunks(64) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        Ok(text + "-----END PUBLIC KEY-----\n")
    }
}

impl PlatformKey {
    /// Reads a PEM file's text (`PUBLIC KEY`).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_pem(text: &str) -> Result<Self, Said> {
        let (kind, der) = pem(text)?;
        if kind != SectionKind::PublicKey {
            return Err(holds(kind, "PUBLIC KEY"));
        }
        let key = PublicEncryptingKey::from_der(&der).map_err(|e| refused(&e.to_string()))?;
        if key.key_size_bits() < MIN_BITS {
            return Err(too_small());
        }
        Ok(Self(key))
    }

    /// `text` encrypted for the platform, base64.
    ///
    /// # Errors
    /// When it is too long for the key.
    pub(super) fn encrypt(&self, text: &str) -> Result<String, String> {
        let key = Pkcs1PublicEncryptingKey::new(self.0.clone()).map_err(|e| e.to_string())?;
        let mut out = vec![0; key.ciphertext_size()];
        let sealed = key
            .encrypt(text.as_bytes(), &mut out)
            .map_err(|_| "the password could not be encrypted".to_owned())?;
        Ok(STANDARD.encode(sealed))
    }
}

fn refused(why: &str) -> Said {
    if why.contains("TooSmall") {
        return too_small();
    }
    Said::with(Key::MistakeKeyRefused, "least", MIN_BITS).and("why", why)
}

fn too_small() -> Said {
    Said::with(Key::MistakeKeySmall, "least", MIN_BITS)
}

fn holds(found: SectionKind, wanted: &str) -> Said {
    let said = Said::with(Key::MistakeNotThisKey, "wanted", wanted);
    match label(found) {
        Some(label) => said.and("found", label),
        None => said.and_said("found", Key::MistakeSomethingElse),
    }
}

/// The first block of a PEM text that is a key or a certificate: what it is, and its bytes.
fn pem(text: &str) -> Result<(SectionKind, Vec<u8>), Key> {
    if text.contains("BEGIN ENCRYPTED") || text.contains(",ENCRYPTED") {
        return Err(Key::MistakeKeyEncrypted);
    }
    // Editors of Windows put a mark before the first line.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // The library's words may repeat a line of the file.
    <(SectionKind, Vec<u8>)>::from_pem_slice(text.as_bytes()).map_err(|_| Key::MistakeNotPem)
}

fn label(kind: SectionKind) -> Option<&'static str> {
    Some(match kind {
        SectionKind::PrivateKey => "PRIVATE KEY",
        SectionKind::RsaPrivateKey => "RSA PRIVATE KEY",
        SectionKind::EcPrivateKey => "EC PRIVATE KEY",
        SectionKind::PublicKey => "PUBLIC KEY",
        SectionKind::Certificate => "CERTIFICATE",
        _ => return None,
    })
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

impl std::fmt::Debug for PlatformKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlatformKey")
    }
}

impl PartialEq for SigningKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.public_key().as_ref() == other.0.public_key().as_ref()
    }
}

impl PartialEq for PlatformKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.key_size_bits() == other.0.key_size_bits()
    }
}
