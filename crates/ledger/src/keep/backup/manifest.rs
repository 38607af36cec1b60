//! What a backup says about itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::proof::chain;

/// The form of backup that is written now; a higher one is of a newer program.
pub(super) const FORMAT: u32 = 1;
/// The file in a backup's folder that makes it one. It is written last.
pub(super) const MANIFEST: &str = "manifest.json";
/// A manifest longer than this is none.
const MOST_BYTES: u64 = 16 << 20;
/// Damaged photos that are named; all are counted.
pub(super) const MOST_NAMED: usize = 1000;

/// One backup, as it describes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of this description.
    pub format: u32,
    /// Program that made it, with its version.
    pub program: String,
    /// Version of the ledger's schema.
    pub schema: usize,
    /// When the database was copied. Photos that it names were copied after that.
    pub made_at: Timestamp,
    /// SHA-256 of the database file.
    pub sha256: String,
    /// Size of the database file.
    pub size_bytes: u64,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
    /// Links of the chain.
    pub links: i64,
    /// Hash of the last link.
    pub head: String,
    /// The photos that the database names and that were not removed by retention.
    pub photos: Held,
    /// The registers' files.
    pub files: Held,
    /// Photos and files that were missing or damaged when they should have been copied.
    pub damaged: Vec<Damaged>,
    /// How many, if more than are named.
    pub damaged_count: u64,
}

/// How much of one kind a backup holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Files.
    pub count: u64,
    /// Their sizes, together.
    pub size_bytes: u64,
    /// The last row of the database that names one; 0 where rows have no numbers.
    pub last_row: i64,
}

/// A photo or file that could not be backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damaged {
    /// Under the data folder.
    pub path: String,
    /// What is wrong with it.
    pub why: String,
}

impl Manifest {
    /// The manifest of the backup in `folder`; `None` when there is none, so that this is no backup
    /// or one that was interrupted.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(MANIFEST);
        let failed = |e| Error::io("could not read a backup's manifest", &path, e);
        let size = match fs::metadata(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(failed)?.len(),
        };
        if size > MOST_BYTES {
            return Err(Error::refused(ErrorKind::Corrupt, Key::LedgerManifestLarge).at(path));
        }
        let bytes = fs::read(&path).map_err(failed)?;
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let damaged = |e: serde_json::Error| {
            Error::refused(ErrorKind::Corrupt, Key::LedgerManifestDamaged)
                .at(&path)
                .because(e)
        };
        let form: Form = serde_json::from_slice(&bytes).map_err(damaged)?;
        if form.format > FORMAT {
            let why = Said::with(Key::LedgerBackupSchema, "found", form.format);
            let why = why.and("known", FORMAT);
            return Err(Error::refused(ErrorKind::NewerSchema, why).at(path));
        }
        serde_json::from_slice(&bytes).map(Some).map_err(damaged)
    }
}

/// Rows of each table of a ledger, without what SQLite and the search index keep for themselves.
pub(crate) fn rows_of_tables(of: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let names: Vec<String> = of
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'plate_parts%'
             ORDER BY name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    names
        .into_iter()
        .map(|name| {
            let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
            let rows: i64 = of.query_row(&sql, [], |row| row.get(0))?;
            Ok((name, u64::try_from(rows).unwrap_or(0)))
        })
        .collect()
}

/// Whether a database is what the manifest says; the first thing that differs.
pub(crate) fn difference(manifest: &Manifest, database: &Connection) -> Result<(), Difference> {
    let tables = rows_of_tables(database)?;
    for (table, rows) in &manifest.tables {
        let found = tables.get(table).copied().unwrap_or(0);
        if found != *rows {
            let why = Said::with(Key::LedgerOtherRows, "table", table);
            return Err(Difference::Of(why.and("found", found).and("known", rows)));
        }
    }
    let has_chain = manifest.tables.contains_key("links");
    if has_chain && chain::head(database)? != (manifest.links, manifest.head.clone()) {
        return Err(Difference::Of(Key::LedgerOtherChain.into()));
    }
    Ok(())
}

/// Why a database is not what its manifest says.
pub(crate) enum Difference {
    /// What differs.
    Of(Said),
    /// It could not be read.
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Difference {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}
