//! The key that everything is encrypted with, what objects are called, and what they look like.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac};
use rand::Rng as _;
use secret::Secret;

/// Before the digits, so that a file of another kind is not taken for a key.
const MARK: &str = "MENJIN-BACKUP-KEY-1-";
/// Before the nonce of each object: its form.
const FORM: &[u8] = b"menjin1\n";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// The key of a site's backups: without it nobody reads them, and with it alone everybody does who has
/// them.
///
/// Each object has a key of its own, made of this one and its name (HKDF-SHA256), and is sealed by
/// AES-256-GCM under its name: no object stands for another one. Names are made of contents by
/// HMAC-SHA256, so that a store can't tell which photo it has.
#[derive(Clone)]
pub struct BackupKey {
    names: hmac::Key,
    objects: hkdf::Prk,
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl BackupKey {
    /// The key that a file's text holds: the line that is no comment.
    #[must_use]
    pub fn parse(text: &Secret) -> Option<Self> {
        let mut lines = text.expose().lines().map(str::trim);
        let line = lines.find(|line| !line.is_empty() && !line.starts_with('#'))?;
        let bytes = hex::decode(line.strip_prefix(MARK)?).ok()?;
        let bytes: [u8; KEY_BYTES] = bytes.try_into().ok()?;
        let objects = hkdf::Salt::new(hkdf::HKDF_SHA256, b"backups of a ledger").extract(&bytes);
        let mut names = [0; KEY_BYTES];
        expand(&objects, b"names", &mut names)?;
        Some(Self {
            names: hmac::Key::new(hmac::HMAC_SHA256, &names),
            objects,
        })
    }

    /// The line of a new key.
    #[must_use]
    pub fn generate() -> Secret {
        let mut bytes = [0; KEY_BYTES];
        rand::rng().fill(&mut bytes);
        Secret::new(format!("{MARK}{}", hex::encode(bytes)))
    }

    /// What content with this SHA-256 is called in a store.
    pub(crate) fn name(&self, folder: &str, sha256: &str) -> String {
        let tag = hmac::sign(&self.names, sha256.as_bytes());
        let name = hex::encode(tag.as_ref());
        format!("{folder}/{}/{name}", &name[..2])
    }

    /// How long an object is whose content has so many bytes.
    pub(crate) fn sealed_bytes(content: u64) -> u64 {
        content + (FORM.len() + NONCE_BYTES + TAG_BYTES) as u64
    }

    /// The object of this name with this content; nothing where the library can't.
    pub(crate) fn seal(&self, name: &str, content: &[u8]) -> Option<Vec<u8>> {
        let mut sealed = content.to_vec();
        let key = self.of(name)?;
        let nonce = key.seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed);
        let mut object = Vec::with_capacity(FORM.len() + NONCE_BYTES + sealed.len());
        object.extend_from_slice(FORM);
        object.extend_from_slice(nonce.ok()?.as_ref());
        object.append(&mut sealed);
        Some(object)
    }

    /// The content of an object; nothing where it was changed, is another one, or another key's.
    pub(crate) fn open(&self, name: &str, object: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = object.strip_prefix(FORM)?.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut content = sealed.to_vec();
        let aad = Aad::from(name.as_bytes());
        let length = self.of(name)?.open_in_place(nonce, aad, &mut content);
        let length = length.ok()?.len();
        content.truncate(length);
        Some(content)
    }

    fn of(&self, name: &str) -> Option<RandomizedNonceKey> {
        let mut key = [0; KEY_BYTES];
        expand(&self.objects, name.as_bytes(), &mut key)?;
        RandomizedNonceKey::new(&AES_256_GCM, &key).ok()
    }
}

fn expand(from: &hkdf::Prk, what: &[u8], to: &mut [u8; KEY_BYTES]) -> Option<()> {
    from.expand(&[what], hkdf::HKDF_SHA256).ok()?.fill(to).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> BackupKey {
        BackupKey::parse(&BackupKey::generate()).expect("a key")
    }

    #[test]
    fn what_is_sealed_opens_under_its_name_and_key_and_under_no_other() {
        let (key, content) = (key(), b"a photo".as_slice());
        let object = key.seal("files/a", content).expect("sealed");
        assert_eq!(object.len() as u64, BackupKey::sealed_bytes(7));
        assert_eq!(key.open("files/a", &object).as_deref(), Some(content));
        assert_eq!(key.open("files/b", &object), None, "another's place");
        assert_eq!(self::key().open("files/a", &object), None, "another's key");
        for at in 0..object.len() {
            let mut changed = object.clone();
            changed[at] ^= 1;
            assert_eq!(key.open("files/a", &changed), None, "byte {at}");
            assert_eq!(key.open("files/a", &object[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn a_key_is_read_from_among_comments_and_nothing_else_is_one() {
        let line = BackupKey::generate();
        let file = Secret::new(format!("# keep a copy\n\n{}\n", line.expose()));
        assert!(BackupKey::parse(&file).is_some());
        for text in ["", "# nothing", "hunter2", "MENJIN-BACKUP-KEY-1-00ff"] {
            assert!(BackupKey::parse(&Secret::new(text)).is_none(), "{text}");
        }
        assert_eq!(format!("{:?}", key()), "***");
    }
}
