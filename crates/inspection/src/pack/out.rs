//! The zip that is written, with a hash of each file.

use std::collections::BTreeMap;
use std::io::{Seek, Write};

use ledger::EvidenceRow;
use sha2::{Digest as _, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Packed, names};
use crate::Error;

/// A pack that is being written.
pub(super) struct Out<'a, W: Write + Seek> {
    zip: ZipWriter<&'a mut W>,
    hashes: BTreeMap<String, String>,
    bytes: u64,
}

/// A file that is being written.
pub(super) struct Part<'o, 'a, W: Write + Seek> {
    zip: &'o mut ZipWriter<&'a mut W>,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write + Seek> Write for Part<'_, '_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.zip.write(bytes)?;
        self.hasher.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.zip.flush()
    }
}

impl<'a, W: Write + Seek> Out<'a, W> {
    pub(super) fn new(to: &'a mut W) -> Self {
        Self {
            zip: ZipWriter::new(to),
            hashes: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Whether there is a file of this name already.
    pub(super) fn has(&self, name: &str) -> bool {
        self.hashes.contains_key(name)
    }

    /// One file.
    pub(super) fn file<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Part<'_, 'a, W>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let options = SimpleFileOptions::default().large_file(false);
        self.zip.start_file(name, options)?;
        let mut part = Part {
            zip: &mut self.zip,
            hasher: Sha256::new(),
            bytes: 0,
        };
        let done = write(&mut part)?;
        let (hash, bytes) = (hex::encode(part.hasher.finalize()), part.bytes);
        self.hashes.insert(name.to_owned(), hash);
        self.bytes += bytes;
        Ok(done)
    }

    pub(super) fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.file(name, |to| Ok(to.write_all(bytes)?))
    }

    pub(super) fn text(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.bytes(name, text.as_bytes())
    }

    /// Rows, one a line.
    pub(super) fn lines<'r>(
        &mut self,
        name: &str,
        rows: impl Iterator<Item = &'r EvidenceRow>,
    ) -> Result<(), Error> {
        self.file(name, |to| {
            for row in rows {
                serde_json::to_writer(&mut *to, row)?;
                to.write_all(b"\n")?;
            }
            Ok(())
        })
    }

    /// Adds the list of hashes, in the form that `sha256sum -c` reads, and ends the zip.
    pub(super) fn finish(mut self) -> Result<Packed, Error> {
        let lines: Vec<_> = self
            .hashes
            .iter()
            .map(|(name, hash)| format!("{hash}  {name}\n"))
            .collect();
        self.text(names::HASHES, &lines.concat())?;
        let packed = Packed {
            files: self.hashes.len(),
            bytes: self.bytes,
        };
        self.zip.finish()?.flush()?;
        Ok(packed)
    }
}
