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
use super::{place, stopped};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{FILES, PHOTOS};
use crate::keep::removals;
use crate::open;
use crate::reader::Reader;

/// Rows that are read at a time.
const PAGE: i64 = 1000;

/// A file that a ledger names.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its row; 0 for a register's file.
    pub(crate) row: i64,
    pub(crate) path: String,
    pub(crate) sha256: String,
    pub(crate) size_bytes: u64,
}

/// Calls `take` with every photo that is not removed, then every register's file, in the order of
/// their paths, so that one folder comes after the other.
pub(crate) fn each_named(
    ledger: &Connection,
    path: &Path,
    take: &mut dyn FnMut(Source) -> Result<()>,
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
            for source in page {
                if !is_ours(&source.path) {
                    let text = format!("{:?} is not the path of a photo", source.path);
                    return Err(Error::new(ErrorKind::Corrupt, text).at(path));
                }
                take(source)?;
            }
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

fn page(ledger: &Connection, sql: &str, after: &str) -> rusqlite::Result<Vec<Source>> {
    ledger
        .prepare_cached(sql)?
        .query_map([after], |row| {
            Ok(Source {
                row: row.get(0)?,
                path: row.get(1)?,
                sha256: row.get(2)?,
                size_bytes: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
            })
        })?
        .collect()
}

/// What came of copying.
#[derive(Debug, Default)]
pub(super) struct Copied {
    pub(super) photos: Held,
    pub(super) files: Held,
    pub(super) new: Held,
    pub(super) damaged: Vec<Damaged>,
    pub(super) damaged_count: u64,
}

impl Copied {
    fn count(&mut self, source: &Source, is_new: bool) {
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

    fn damaged(&mut self, path: String, why: String) {
        self.damaged_count += 1;
        if self.damaged.len() < MOST_NAMED {
            tracing::error!(path, why, "not backed up");
            self.damaged.push(Damaged { path, why });
        }
    }
}

fn add(held: &mut Held, source: &Source) {
    held.count += 1;
    held.size_bytes += source.size_bytes;
    held.last_row = held.last_row.max(source.row);
}

/// Copies what `copy` names and the folder does not have. Photos whose row is not above `proven`
/// were there, and on the medium, when the last backup ended; of others an interrupted backup may
/// have left the name without the content, so they are proved before they are taken as there.
pub(super) fn copy(
    from: &Reader,
    copy: &Connection,
    to: &Place,
    proven: i64,
    stop: &AtomicBool,
) -> Result<Copied> {
    let mut copied = Copied::default();
    let mut folder = Folder::default();
    each_named(copy, &open::database(&to.part()), &mut |source| {
        stopped(stop)?;
        if folder.has(&to.folder, &source.path)? {
            let target = to.folder.join(&source.path);
            let is_known = source.row > 0 && source.row <= proven;
            if is_known || is_whole(&target, &source) {
                copied.count(&source, false);
                return Ok(());
            }
        }
        match one(from.folder(), to, &source)? {
            Taken::Whole => copied.count(&source, true),
            Taken::Damaged(why) => {
                // Retention may have removed it since the database was copied.
                if source.row == 0 || !photo_removed(from, source.row)? {
                    copied.damaged(source.path, why);
                }
            }
        }
        Ok(())
    })?;
    Ok(copied)
}

fn is_whole(path: &Path, source: &Source) -> bool {
    hash_of(path).is_ok_and(|found| found == (source.size_bytes, source.sha256.clone()))
}

enum Taken {
    Whole,
    Damaged(String),
}

/// Copies one file, proving it on the way.
fn one(data: &Path, to: &Place, source: &Source) -> Result<Taken> {
    let (from, target) = (data.join(&source.path), to.folder.join(&source.path));
    let part = to.part().join("photo");
    let failed = |e| Error::io("could not back up a photo", &target, e);
    match pour_file(&from, &part)? {
        Err(why) => return Ok(Taken::Damaged(why)),
        Ok(found) if found == (source.size_bytes, source.sha256.clone()) => {}
        Ok((size, sha256)) => {
            let why = format!(
                "{size} bytes with hash {sha256}, its row says {} bytes with {}",
                source.size_bytes, source.sha256
            );
            return Ok(Taken::Damaged(why));
        }
    }
    fs::rename(&part, &target).map_err(failed)?;
    Ok(Taken::Whole)
}

/// Copies a file; its size and SHA-256, or in words why it can't be read. A bad sector must not keep
/// the others from being saved.
pub(crate) fn pour_file(from: &Path, to: &Path) -> Result<Result<(u64, String), String>> {
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
