//! Photos and the registers' files into a folder of backups, each once.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use rusqlite::{Connection, OptionalExtension as _};
use sha2::{Digest as _, Sha256};

use super::manifest::{Damaged, Held, MOST_NAMED};
use super::place::Place;
use super::{Snapshot, place, stopped};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{FILES, PHOTOS};
use crate::keep::removals;
use crate::reader::Reader;

/// Rows that are read at a time.
const PAGE: i64 = 1000;

/// A photo or register's file, as the ledger names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its row; 0 for a register's file.
    pub row: i64,
    /// Under the data folder.
    pub path: String,
    /// In hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub size_bytes: u64,
}

impl NamedFile {
    /// Nothing when this is what was found; otherwise both, in a developer's words.
    #[must_use]
    pub fn differs(&self, found: &(u64, String)) -> Option<String> {
        let (size_bytes, sha256) = found;
        let same = *size_bytes == self.size_bytes && *sha256 == self.sha256;
        (!same).then(|| {
            format!(
                "{size_bytes} bytes with hash {sha256}, its row says {} bytes with {}",
                self.size_bytes, self.sha256
            )
        })
    }
}

/// Calls `take` with every photo that is not removed, then every register's file, some at a time, in the
/// order of their paths, so that one folder comes after the other.
pub(crate) fn each_named(
    ledger: &Connection,
    path: &Path,
    take: &mut dyn FnMut(&[NamedFile]) -> Result<()>,
) -> Result<()> {
    let photos = format!(
        "SELECT id, path, sha256, size_bytes FROM photos p
         WHERE path > ? AND NOT ({}) ORDER BY path LIMIT {PAGE}",
        removals::removed("p")
    );
    let files = format!(
        "SELECT 0, path, sha256, size_bytes FROM files WHERE path > ? ORDER BY path LIMIT {PAGE}"
    );
    for sql in [photos, files] {
        let mut after = String::new();
        loop {
            let page = page(ledger, &sql, &after)
                .map_err(|e| Error::sql("could not read which photos there are", path, e))?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.path);
            if let Some(odd) = page.iter().find(|file| !is_ours(&file.path)) {
                let text = format!("{:?} is not the path of a photo", odd.path);
                return Err(Error::new(ErrorKind::Corrupt, text).at(path));
            }
            take(&page)?;
        }
    }
    Ok(())
}

/// Whether a path is below the folders of evidence: a database from elsewhere may say anything.
fn is_ours(path: &str) -> bool {
    let mut parts = path.split('/');
    let top = parts
        .next()
        .is_some_and(|top| top == PHOTOS || top == FILES);
    let mut names = parts.peekable();
    top && names.peek().is_some() && names.all(|name| !name.is_empty() && !name.starts_with('.'))
}

fn page(ledger: &Connection, sql: &str, after: &str) -> rusqlite::Result<Vec<NamedFile>> {
    ledger
        .prepare_cached(sql)?
        .query_map([after], |row| {
            Ok(NamedFile {
                row: row.get(0)?,
                path: row.get(1)?,
                sha256: row.get(2)?,
                size_bytes: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            })
        })?
        .collect()
}

/// Counts what a backup holds while it is made.
#[derive(Debug, Default)]
pub struct Inventory {
    pub(super) photos: Held,
    pub(super) files: Held,
    pub(super) new: Held,
    pub(super) damaged: Vec<Damaged>,
    pub(super) damaged_count: u64,
}

impl Inventory {
    /// One that is there; `is_new` when it was copied this time.
    pub fn count(&mut self, source: &NamedFile, is_new: bool) {
        let kind = if source.row > 0 {
            &mut self.photos
        } else {
            &mut self.files
        };
        add(kind, source);
        if is_new {
            add(&mut self.new, source);
        }
    }

    /// What was copied this time.
    #[must_use]
    pub fn copied(&self) -> Held {
        self.new
    }

    /// One that is missing or damaged in the ledger of `from`, unless retention has removed it since the
    /// database was copied.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn lacks(&mut self, from: &Reader, source: &NamedFile, why: String) -> Result<()> {
        if source.row > 0 && photo_removed(from, source.row)? {
            return Ok(());
        }
        self.damaged_count += 1;
        if self.damaged.len() < MOST_NAMED {
            let path = source.path.clone();
            tracing::error!(path, why, "not backed up");
            self.damaged.push(Damaged { path, why });
        }
        Ok(())
    }
}

fn add(held: &mut Held, source: &NamedFile) {
    held.count += 1;
    held.size_bytes += source.size_bytes;
    held.last_row = held.last_row.max(source.row);
}

/// Copies what `copy` names and the folder does not have. Photos whose row is not above `proven`
/// were there, and on the medium, when the last backup ended; of others an interrupted backup may
/// have left the name without the content, so they are proved before they are taken as there.
pub(super) fn copy(
    from: &Reader,
    copy: &Snapshot,
    to: &Place,
    proven: i64,
    stop: &AtomicBool,
) -> Result<Inventory> {
    let mut tally = Inventory::default();
    let mut folder = Folder::default();
    copy.each_named(&mut |sources| {
        for source in sources {
            stopped(stop)?;
            if folder.has(&to.folder, &source.path)? {
                let target = to.folder.join(&source.path);
                let is_known = source.row > 0 && source.row <= proven;
                if is_known || is_whole(&target, source) {
                    tally.count(source, false);
                    continue;
                }
            }
            match one(from.folder(), to, source)? {
                Taken::Whole => tally.count(source, true),
                Taken::Damaged(why) => tally.lacks(from, source, why)?,
            }
        }
        Ok(())
    })?;
    Ok(tally)
}

/// Whether a file is the one that is named.
pub(crate) fn is_whole(path: &Path, source: &NamedFile) -> bool {
    hash_of(path).is_ok_and(|found| source.differs(&found).is_none())
}

enum Taken {
    Whole,
    Damaged(String),
}

/// Copies one file, proving it on the way.
fn one(data: &Path, to: &Place, source: &NamedFile) -> Result<Taken> {
    let (from, target) = (data.join(&source.path), to.folder.join(&source.path));
    let part = to.part().join("photo");
    let failed = |e| Error::io("could not back up a photo", &target, e);
    let why = match pour_file(&from, &part)? {
        Err(why) => Some(why),
        Ok(found) => source.differs(&found),
    };
    if let Some(why) = why {
        return Ok(Taken::Damaged(why));
    }
    fs::rename(&part, &target).map_err(failed)?;
    Ok(Taken::Whole)
}

/// Copies a file; its size and SHA-256, or in words why it can't be read. A bad sector must not keep
/// the others from being saved.
pub(super) fn pour_file(from: &Path, to: &Path) -> Result<Result<(u64, String), String>> {
    let failed = |e| Error::io("could not copy a photo", to, e);
    let original = match File::open(from) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Ok(Err("the file is not there".to_owned()));
        }
        Err(e) => return Err(Error::io("could not read a photo", from, e)),
    };
    let mut out = File::create(to).map_err(failed)?;
    match pour(original, |bytes| out.write_all(bytes)) {
        Ok(found) => Ok(Ok(found)),
        Err(Poured::Read(e)) => Ok(Err(format!("it can't be read: {e}"))),
        Err(Poured::Write(e)) => Err(failed(e)),
    }
}

/// Size and SHA-256 of a file.
pub(crate) fn hash_of(path: &Path) -> io::Result<(u64, String)> {
    pour(File::open(path)?, |_| Ok(())).map_err(|e| match e {
        Poured::Read(e) | Poured::Write(e) => e,
    })
}

/// Where reading and writing at once failed.
enum Poured {
    Read(io::Error),
    Write(io::Error),
}

/// Size and SHA-256 of what `from` holds; `take` gets it piece by piece.
fn pour(
    mut from: File,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<(u64, String), Poured> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok((size, hex::encode(hasher.finalize()))),
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Poured::Read(e)),
        };
        let bytes = &buffer[..read];
        hasher.update(bytes);
        size += read as u64;
        take(bytes).map_err(Poured::Write)?;
    }
}

/// The names in one folder after the other: asking for each file alone would take hours on a share
/// with the photos of two years.
#[derive(Default)]
struct Folder {
    at: Option<PathBuf>,
    names: HashSet<String>,
}

impl Folder {
    fn has(&mut self, root: &Path, path: &str) -> Result<bool> {
        let path = Path::new(path);
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            let text = format!("{} is not the path of a photo", path.display());
            return Err(Error::new(ErrorKind::Corrupt, text));
        };
        if self.at.as_deref() != Some(parent) {
            let folder = root.join(parent);
            fs::create_dir_all(&folder)
                .map_err(|e| Error::io("could not make a folder for photos", &folder, e))?;
            self.names = place::names(&folder)?.into_iter().collect();
            self.at = Some(parent.to_owned());
        }
        Ok(name.to_str().is_some_and(|name| self.names.contains(name)))
    }
}

/// Whether the photo of this row was removed by retention.
fn photo_removed(from: &Reader, row: i64) -> Result<bool> {
    let sql = format!(
        "SELECT 1 FROM photos p WHERE p.id = ? AND {}",
        removals::removed("p")
    );
    from.read(|from| {
        let removed = from
            .prepare_cached(&sql)?
            .query_row([row], |_| Ok(()))
            .optional()?;
        Ok(removed.is_some())
    })
}
