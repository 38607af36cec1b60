//! A place of backups in a store.

use std::future::Future;

use bytes::Bytes;
use ledger::{BackupView, Error, ErrorKind, Result};
use tokio::runtime::{Builder, Runtime};
use words::{Key, Said};

use crate::description::Description;
use crate::key::BackupKey;
use crate::settings::S3Settings;
use crate::wire::Wire;

/// What shows that this place is ours and the key the right one.
const MARKER: &str = "menjin-backup";
/// A folder in the store for each kind.
pub(crate) const FILES: &str = "files";
pub(crate) const BLOCKS: &str = "blocks";
pub(crate) const MANIFESTS: &str = "manifests/";
/// A description longer than this is none: that of a database of 200 GB is shorter.
const DESCRIPTION_BYTES: u64 = 16 << 20;
/// Backups that are looked at, more than are ever kept.
const MOST_BACKUPS: usize = 2000;

/// A place of backups in a store. All of it waits: it is for a thread that may.
#[derive(Debug)]
pub struct S3Store {
    pub(crate) wire: Wire,
    pub(crate) key: BackupKey,
    runtime: Runtime,
}

impl S3Store {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// `Invalid` when the settings can't be used, such as a certificate that is none.
    pub fn open(settings: &S3Settings) -> Result<Self> {
        let wire = Wire::new(settings)?;
        let key = BackupKey::parse(&settings.encryption_key);
        let key = key.ok_or_else(|| wire.error(ErrorKind::Invalid, Key::OffsiteNotAKey))?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| wire.error(ErrorKind::Io, Said::of_io(&e)))?;
        Ok(Self { wire, key, runtime })
    }

    /// The same for somebody who waits: what fails is not tried again.
    #[must_use]
    pub fn asked_once(mut self) -> Self {
        self.wire.ask_once();
        self
    }

    /// Waits for it.
    pub(crate) fn wait<T>(&self, of: impl Future<Output = T>) -> T {
        self.runtime.block_on(of)
    }

    /// Every whole backup, newest first.
    ///
    /// # Errors
    /// `Invalid` when there are other things, or the key is another one; `Io` when the store is away or
    /// refuses us.
    pub fn backups(&self) -> Result<Vec<BackupView>> {
        let described = self.wait(async {
            self.prove_key().await?;
            self.descriptions().await
        })?;
        let view = |(name, description): (String, Description)| BackupView {
            name,
            manifest: description.manifest,
        };
        Ok(described.into_iter().map(view).collect())
    }

    /// Whether the place is marked with this key; false when nothing at all is there.
    pub(crate) async fn prove_key(&self) -> Result<bool> {
        let other = || self.wire.error(ErrorKind::Invalid, Key::OffsiteOtherKey);
        let Some(marker) = self.wire.get(MARKER, 1 << 10).await? else {
            if self.wire.names("", 1).await?.is_empty() {
                return Ok(false);
            }
            return Err(self.wire.error(ErrorKind::Invalid, Key::OffsiteHoldsOther));
        };
        self.key.open(MARKER, &marker).ok_or_else(other)?;
        Ok(true)
    }

    /// Marks the place, if it is nobody's yet.
    pub(crate) async fn mark(&self) -> Result<()> {
        if !self.prove_key().await? {
            let object = self.sealed(MARKER, MARKER.as_bytes())?;
            if !self.wire.put_new(MARKER, object).await? {
                self.prove_key().await?;
            }
        }
        Ok(())
    }

    pub(crate) fn sealed(&self, name: &str, content: &[u8]) -> Result<Bytes> {
        let object = self.key.seal(name, content);
        let failed = || self.wire.error(ErrorKind::Io, Key::OffsiteNotSealed);
        object.map(Bytes::from).ok_or_else(failed)
    }

    /// All backups with their names, newest first. One that can't be read must not hide the others.
    pub(crate) async fn descriptions(&self) -> Result<Vec<(String, Description)>> {
        let mut found = Vec::new();
        for object in self.wire.names(MANIFESTS, MOST_BACKUPS).await? {
            match self.description(&object).await {
                Ok(description) => {
                    found.push((object[MANIFESTS.len()..].to_owned(), description));
                }
                Err(error) if error.kind() == ErrorKind::Corrupt => {
                    tracing::warn!(object, %error, "this backup can't be used");
                }
                Err(error) => return Err(error),
            }
        }
        // Of two with the same time the name decides, which counts up.
        found.sort_by(|(a, of_a), (b, of_b)| {
            (of_b.manifest.made_at, b).cmp(&(of_a.manifest.made_at, a))
        });
        Ok(found)
    }

    /// The description of this name, which a manifest of another form is not.
    pub(crate) async fn description(&self, object: &str) -> Result<Description> {
        let sealed = self.wire.get(object, DESCRIPTION_BYTES).await?;
        let text = sealed.and_then(|sealed| self.key.open(object, &sealed));
        let description = text.and_then(|text| serde_json::from_slice(&text).ok());
        description.ok_or_else(|| self.changed(object))
    }

    /// An object that is not what we put there.
    pub(crate) fn changed(&self, object: &str) -> Error {
        let why = Said::with(Key::OffsiteChanged, "name", object);
        self.wire.error(ErrorKind::Corrupt, why)
    }
}
