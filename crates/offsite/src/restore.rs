//! A backup back from a store.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use futures::{StreamExt as _, TryStreamExt as _};
use ledger::{BackupSource, BackupView, Error, ErrorKind, Found, Result, Wanted};
use sha2::{Digest as _, Sha256};
use words::Said;

use crate::backup::AT_ONCE;
use crate::description::BLOCK_BYTES;
use crate::key::BackupKey;
use crate::store::{BLOCKS, FILES, MANIFESTS, S3Store};

impl BackupSource for S3Store {
    fn backups(&self) -> Result<Vec<BackupView>> {
        self.backups()
    }

    fn database(&self, backup: &BackupView, to: &Path) -> Result<()> {
        let failed = |e: io::Error| not_written(to, &e);
        let mut out = File::create(to).map_err(failed)?;
        let object = format!("{MANIFESTS}{}", backup.name);
        let description = self.wait(self.description(&object))?;
        let mut coming = futures::stream::iter(&description.blocks)
            .map(|hash| self.block_back(hash))
            .buffered(AT_ONCE);
        self.wait(async {
            while let Some(block) = coming.next().await {
                out.write_all(&block?).map_err(failed)?;
            }
            Ok(())
        })
    }

    fn files(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Found>> {
        let each = wanted.iter().map(|wanted| self.file_back(wanted));
        let found = futures::stream::iter(each).buffered(AT_ONCE);
        self.wait(found.try_collect())
    }

    fn place(&self) -> PathBuf {
        PathBuf::from(self.wire.place())
    }
}

impl S3Store {
    async fn block_back(&self, hash: &str) -> Result<Vec<u8>> {
        let name = self.key.name(BLOCKS, hash);
        let most = BackupKey::sealed_bytes(BLOCK_BYTES as u64);
        let object = self.wire.get(&name, most).await?;
        let block = object.and_then(|object| self.key.open(&name, &object));
        let whole = block.filter(|block| hex::encode(Sha256::digest(block)) == hash);
        whole.ok_or_else(|| self.changed(&name))
    }

    async fn file_back(&self, wanted: &Wanted<'_>) -> Result<Found> {
        let name = self.key.name(FILES, &wanted.file.sha256);
        let most = BackupKey::sealed_bytes(wanted.file.size_bytes);
        let Some(object) = self.wire.get(&name, most).await? else {
            return Ok(Err(format!("{name} is not there, or longer than it was")));
        };
        let Some(content) = self.key.open(&name, &object) else {
            return Ok(Err(format!("{name} was changed")));
        };
        fs::write(&wanted.to, &content).map_err(|e| not_written(&wanted.to, &e))?;
        let hash = hex::encode(Sha256::digest(&content));
        Ok(Ok((content.len() as u64, hash)))
    }
}

fn not_written(to: &Path, error: &io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull => ErrorKind::DiskFull,
        _ => ErrorKind::Io,
    };
    Error::elsewhere(kind, Said::about(to.display(), Said::of_io(error)))
}
