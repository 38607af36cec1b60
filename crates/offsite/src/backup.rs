//! A backup into a store.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{StreamExt as _, TryStreamExt as _};
use ledger::{BackedUp, BackupOptions, Error, ErrorKind, Inventory, NamedFile, Reader, Result};
use sha2::{Digest as _, Sha256};
use words::{Key, Said};

use crate::description::{BLOCK_BYTES, Description};
use crate::key::BackupKey;
use crate::store::{BLOCKS, FILES, S3Store};

/// Objects that are under way at a time: at most so many blocks are in memory, twice.
pub(crate) const AT_ONCE: usize = 4;
/// Files between two looks whether to stop.
const BATCH: usize = 64;
/// A photo is less than one of these; what is larger is no file of a register either.
const LARGEST_BYTES: u64 = 64 << 20;
/// What became of one file.
enum Sent {
    New,
    There,
    Damaged(String),
}

impl S3Store {
    /// Makes a backup of the ledger in `data` beside its writer, which is held up at no time. What is there
    /// already is not sent again, also of a backup that was cut off. A copy of the database lies in the
    /// data folder meanwhile.
    ///
    /// # Errors
    /// As [`S3Store::backups`]; `Locked` when another one is running; `DiskFull` when there is no room for
    /// the copy. After any error there is no new backup, and the old ones are as they were.
    pub fn back_up(&self, data: &Path, options: &BackupOptions<'_>) -> Result<BackedUp> {
        let reader = Reader::open(data)?;
        let staging = self.staging(data)?;
        let before = self.wait(async {
            self.mark().await?;
            self.descriptions().await
        })?;
        let ledger = reader.hash_at(1)?;
        let newest = before.first().map(|(_, description)| description);
        if let Some(other) = newest.and_then(|newest| newest.ledger.as_ref())
            && ledger.as_ref() != Some(other)
        {
            return Err(self.wire.error(ErrorKind::Invalid, Key::OffsiteOtherLedger));
        }
        let snapshot = reader.snapshot(&staging.copy, options.at, options.stop)?;
        let proven = newest.map_or(0, |newest| newest.manifest.photos.last_row);
        let mut inventory = Inventory::default();
        snapshot.each_named(&mut |files| {
            for some in files.chunks(BATCH) {
                self.stopped(options.stop)?;
                let sent = self.wait(self.files(data, some, proven))?;
                for (file, sent) in some.iter().zip(sent) {
                    match sent {
                        Sent::New => inventory.count(file, true),
                        Sent::There => inventory.count(file, false),
                        Sent::Damaged(why) => inventory.lacks(&reader, file, why)?,
                    }
                }
            }
            Ok(())
        })?;
        let known: HashSet<&str> = newest
            .into_iter()
            .flat_map(|newest| newest.blocks.iter().map(String::as_str))
            .collect();
        let blocks = self.blocks(snapshot.database(), &known, options.stop)?;
        let copied = inventory.copied();
        let description = Description {
            manifest: snapshot.manifest(inventory)?,
            ledger,
            blocks,
        };
        let name = self.publish(&description, options)?;
        let pruned = self.wait(self.prune(options.keep))?;
        Ok(BackedUp {
            name,
            manifest: description.manifest,
            copied,
            pruned,
        })
    }

    fn stopped(&self, stop: &AtomicBool) -> Result<()> {
        if stop.load(Ordering::Relaxed) {
            let stopped = Key::LedgerBackupStopped;
            return Err(self.wire.error(ErrorKind::Io, stopped));
        }
        Ok(())
    }

    /// Some photos and files, in their order; the first error ends all.
    async fn files(&self, data: &Path, files: &[NamedFile], proven: i64) -> Result<Vec<Sent>> {
        let each = files.iter().map(|file| self.file(data, file, proven));
        futures::stream::iter(each)
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    /// One of them. Photos whose row is not above `proven` were there when the last backup ended.
    async fn file(&self, data: &Path, file: &NamedFile, proven: i64) -> Result<Sent> {
        if file.row > 0 && file.row <= proven {
            return Ok(Sent::There);
        }
        let name = self.key.name(FILES, &file.sha256);
        if self.has(&name, file.size_bytes).await? {
            return Ok(Sent::There);
        }
        let content = match read_whole(&data.join(&file.path)) {
            Ok(content) => content,
            Err(why) => return Ok(Sent::Damaged(why)),
        };
        let found = (content.len() as u64, hex::encode(Sha256::digest(&content)));
        if let Some(why) = file.differs(&found) {
            return Ok(Sent::Damaged(why));
        }
        self.put(&name, &content).await?;
        Ok(Sent::New)
    }

    /// Whether an object is there that has the length of this one. Whether it is whole, its tag tells who
    /// reads it.
    async fn has(&self, name: &str, content_bytes: u64) -> Result<bool> {
        let sealed = BackupKey::sealed_bytes(content_bytes);
        Ok(self.wire.size_of(name).await? == Some(sealed))
    }

    /// Puts content under its name, over what is there and is not it.
    async fn put(&self, name: &str, content: &[u8]) -> Result<()> {
        let object = self.sealed(name, content)?;
        let length = object.len() as u64;
        if !self.wire.put_new(name, object.clone()).await?
            && self.wire.size_of(name).await? != Some(length)
        {
            self.wire.put_over(name, object).await?;
        }
        Ok(())
    }

    /// Sends what is new of the database, block by block; their hashes in order.
    fn blocks(
        &self,
        database: &Path,
        known: &HashSet<&str>,
        stop: &AtomicBool,
    ) -> Result<Vec<String>> {
        let failed = |e: io::Error| {
            let said = Said::about(database.display(), Said::of_io(&e));
            Error::elsewhere(ErrorKind::Io, said)
        };
        let mut from = File::open(database).map_err(failed)?;
        let next = || {
            let mut block = Vec::with_capacity(BLOCK_BYTES);
            let read = from
                .by_ref()
                .take(BLOCK_BYTES as u64)
                .read_to_end(&mut block);
            match read {
                Ok(0) => None,
                Ok(_) => Some(Ok(block)),
                Err(e) => Some(Err(failed(e))),
            }
        };
        let mut sending = futures::stream::iter(std::iter::from_fn(next))
            .map(|block| self.block(block, known, stop))
            .buffered(AT_ONCE);
        self.wait(async {
            let mut hashes = Vec::new();
            while let Some(hash) = sending.next().await {
                hashes.push(hash?);
            }
            Ok(hashes)
        })
    }

    async fn block(
        &self,
        block: Result<Vec<u8>>,
        known: &HashSet<&str>,
        stop: &AtomicBool,
    ) -> Result<String> {
        self.stopped(stop)?;
        let block = block?;
        let hash = hex::encode(Sha256::digest(&block));
        if !known.contains(hash.as_str()) {
            let name = self.key.name(BLOCKS, &hash);
            if !self.has(&name, block.len() as u64).await? {
                self.put(&name, &block).await?;
            }
        }
        Ok(hash)
    }
}

/// A file's content, or in words why it can't be had.
fn read_whole(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => "the file is not there".to_owned(),
        _ => format!("it can't be read: {e}"),
    })?;
    let mut content = Vec::new();
    let read = file.take(LARGEST_BYTES + 1).read_to_end(&mut content);
    read.map_err(|e| format!("it can't be read: {e}"))?;
    if content.len() as u64 > LARGEST_BYTES {
        return Err(format!("it is larger than {LARGEST_BYTES} bytes"));
    }
    Ok(content)
}
