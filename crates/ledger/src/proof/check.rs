//! Does the ledger agree with the files beside it?

mod questions;

use std::fs;
use std::path::Path;
use std::time::Duration;

use passage::{PassageId, coded};
use rusqlite::{Connection, Row};
use serde::Serialize;
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::evidence::orphans;
use crate::evidence::sha256;
use crate::keep::removals;
use crate::open;
use crate::reader::Reader;

coded! {
    /// What is wrong.
    pub enum FindingCode {
        /// A row points at a photo that is not there.
        PhotoMissing = "photo_missing",
        /// A photo's size or hash is not what its row says.
        PhotoChanged = "photo_changed",
        /// No row points at this file.
        OrphanFile = "orphan_file",
        /// A passage has no photo of the head.
        NoHeadPhoto = "no_head_photo",
        /// The list of open passages disagrees with the outcomes.
        OpenList = "open_list",
        /// The table of what holds disagrees with what it is derived from.
        Facts = "facts",
        /// Delivery figures disagree with the rows of the outbox.
        OutboxTotals = "outbox_totals",
        /// A passage without a reading, or a row that points at a row which is not there.
        BrokenReference = "broken_reference",
        /// SQLite finds its file damaged.
        DatabaseDamaged = "database_damaged",
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckFinding {
    /// What it is.
    pub code: FindingCode,
    /// The file, under the data folder with forward slashes, when it is about one.
    pub path: Option<String>,
    /// The passage, when it is about one.
    pub passage: Option<PassageId>,
    /// What differs. In JSON as its English text.
    pub detail: Said,
}

/// How deep to look.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Read every photo and prove its hash; otherwise only its size is compared.
    pub hashes: bool,
    /// Files younger than this are not called orphans: their row may be on its way.
    pub orphan_age: Duration,
    /// Stop after so many findings.
    pub limit: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            hashes: true,
            orphan_age: Duration::from_secs(900),
            limit: 1000,
        }
    }
}

impl Reader {
    /// Compares the rows with the photos and with each other.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn check(&self, options: &CheckOptions) -> Result<Vec<CheckFinding>> {
        run(self.folder(), self.connection(), options)
    }

    /// Compares the photos with their rows, and nothing else: what [`Reader::check`] finds of photos.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn check_photos(&self, options: &CheckOptions) -> Result<Vec<CheckFinding>> {
        run_on_photos(self.folder(), self.connection(), options)
    }
}

/// Looks at everything, the database first.
fn run(folder: &Path, rows: &Connection, options: &CheckOptions) -> Result<Vec<CheckFinding>> {
    let mut found = Found {
        list: Vec::new(),
        limit: options.limit,
    };
    let sql = |e| Error::sql("could not check the ledger", &open::database(folder), e);
    {
        // One state for the comparisons of rows with rows. The photos are looked at outside it,
        // as that can take hours and would keep the log from being cut back.
        let state = rows.unchecked_transaction().map_err(sql)?;
        for question in questions::QUESTIONS {
            match question.ask(&state, &mut found).map_err(sql) {
                // What can't be read is a finding, and the other questions may still be answered.
                Err(e) if e.kind() == ErrorKind::Corrupt => {
                    let detail =
                        Said::with(Key::FoundNotLooked, "what", question.code).and("why", e);
                    found.add(FindingCode::DatabaseDamaged, None, None, detail);
                }
                answered => answered?,
            }
        }
    }
    files(folder, rows, options, &mut found)?;
    Ok(found.list)
}

/// Looks only whether the photos are there, and whether there are others.
fn run_on_photos(
    folder: &Path,
    rows: &Connection,
    options: &CheckOptions,
) -> Result<Vec<CheckFinding>> {
    let mut found = Found {
        list: Vec::new(),
        limit: options.limit,
    };
    files(folder, rows, options, &mut found)?;
    Ok(found.list)
}

fn files(
    folder: &Path,
    rows: &Connection,
    options: &CheckOptions,
    found: &mut Found,
) -> Result<()> {
    photos(folder, rows, options, found)?;
    orphans::each(folder, rows, options.orphan_age, &mut |path| {
        found.add(
            FindingCode::OrphanFile,
            Some(path),
            None,
            Key::FoundNoRow.into(),
        );
        Ok(!found.is_full())
    })
}

struct Found {
    list: Vec<CheckFinding>,
    limit: usize,
}

impl Found {
    fn is_full(&self) -> bool {
        self.list.len() >= self.limit
    }

    fn add(&mut self, code: FindingCode, path: Option<&str>, passage: Option<i64>, detail: Said) {
        if !self.is_full() {
            let (path, passage) = (path.map(str::to_owned), passage.map(PassageId));
            self.list.push(CheckFinding {
                code,
                path,
                passage,
                detail,
            });
        }
    }
}

/// A photo as its row describes it.
struct Recorded {
    id: i64,
    passage: i64,
    path: String,
    sha256: String,
    size_bytes: u64,
}

impl Recorded {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            passage: row.get(1)?,
            path: row.get(2)?,
            sha256: row.get(3)?,
            size_bytes: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
        })
    }

    fn compare(&self, folder: &Path, hashes: bool, found: &mut Found) -> Result<()> {
        let file = folder.join(&self.path);
        let mut add = |code, detail| found.add(code, Some(&self.path), Some(self.passage), detail);
        let looked = fs::metadata(&file).and_then(|meta| {
            let bytes = if hashes { Some(fs::read(&file)?) } else { None };
            Ok((meta.len(), bytes))
        });
        let (size, bytes) = match looked {
            Ok(seen) => seen,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                add(FindingCode::PhotoMissing, Key::FoundNoFile.into());
                return Ok(());
            }
            Err(e) => return Err(Error::io("could not read a photo", &file, e)),
        };
        if size != self.size_bytes {
            let detail = Said::with(Key::FoundSize, "size", size);
            let detail = detail.and("recorded", self.size_bytes);
            add(FindingCode::PhotoChanged, detail);
        } else if let Some(hash) = bytes
            .map(|bytes| sha256(&bytes))
            .filter(|h| *h != self.sha256)
        {
            let detail = Said::with(Key::FoundHash, "hash", hash);
            add(
                FindingCode::PhotoChanged,
                detail.and("recorded", &self.sha256),
            );
        }
        Ok(())
    }
}

fn photos(
    folder: &Path,
    rows: &Connection,
    options: &CheckOptions,
    found: &mut Found,
) -> Result<()> {
    let page = |after: i64| {
        rows.prepare_cached(&format!(
            "SELECT id, passage_id, path, sha256, size_bytes FROM photos p
             WHERE id > ? AND NOT {} ORDER BY id LIMIT 1000",
            removals::removed("p")
        ))?
        .query_map([after], Recorded::of)?
        .collect::<rusqlite::Result<Vec<_>>>()
    };
    let mut after = 0;
    loop {
        let page = page(after)
            .map_err(|e| Error::sql("could not check the photos", &open::database(folder), e))?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        for photo in &page {
            if found.is_full() {
                return Ok(());
            }
            photo.compare(folder, options.hashes, found)?;
        }
    }
}
