//! The way back to the ledger of before a migration, for the program before.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::keep::backup::{prove, rows_of_tables, sync_dir};
use crate::keep::earlier::{self, Earlier};
use crate::open;
use crate::proof::chain;
use crate::schema;

/// The migrated ledger that gave way; the one before it is removed.
const AWAY: &str = "away-";

/// What was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBack {
    /// The version of its schema.
    pub schema: usize,
    /// Where the migrated ledger is now.
    pub away: PathBuf,
}

/// Puts the ledger in `folder` back to the version `schema` or an older one, as it was before its
/// migration. `None` when it is that old already. `at` names the migrated ledger, which stays beside the
/// copies.
///
/// It is done only where nothing is lost by it: the copy is migrated once more, and must become what the
/// ledger is now, by the rows of each table and by its chain. What platforms acknowledged meanwhile is
/// sent to them once more.
///
/// # Errors
/// `Locked` while a daemon runs; `Missing` when no such copy was kept; `Conflict` when a row has been added
/// since; `Corrupt` when the copy is damaged; `DiskFull`. The ledger is as it was then.
pub fn put_back(folder: &Path, schema: usize, at: Timestamp) -> Result<Option<PutBack>> {
    let _lock = open::lock(folder)?;
    let database = open::database(folder);
    if !database.is_file() {
        return Err(Error::refused(ErrorKind::Missing, Key::LedgerNoneHere).at(database));
    }
    let now = Now::open(&database)?;
    if now.schema <= schema {
        return Ok(None);
    }
    let copies = earlier::all(folder)?;
    let copy = copies.into_iter().find(|copy| copy.schema <= schema);
    let copy = copy.ok_or_else(|| {
        let why = Said::with(Key::LedgerNoEarlier, "schema", schema);
        Error::refused(ErrorKind::Conflict, why).at(earlier::folder(folder))
    })?;
    now.is_what_becomes_of(&copy, folder)?;
    let away = now.give_way(&copy, folder, at)?;
    tracing::warn!(schema = copy.schema, away = %away.display(), "ledger put back");
    Ok(Some(PutBack {
        schema: copy.schema,
        away,
    }))
}

/// The ledger as it is.
struct Now {
    connection: Connection,
    path: PathBuf,
    schema: usize,
}

impl Now {
    fn open(path: &Path) -> Result<Self> {
        let sql = |e| Error::sql("could not open the ledger", path, e);
        let connection = Connection::open(path).map_err(sql)?;
        let schema = schema::version(&connection, path)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            schema,
        })
    }

    /// Nothing has been added since this copy was made.
    fn is_what_becomes_of(&self, copy: &Earlier, folder: &Path) -> Result<()> {
        let trial = earlier::folder(folder).join("trial.part");
        earlier::clear(&trial)?;
        fs::copy(&copy.path, &trial).map_err(|e| Error::io("could not try the copy", &trial, e))?;
        let same = self.is_same(&trial);
        earlier::clear(&trial)?;
        same
    }

    fn is_same(&self, trial: &Path) -> Result<()> {
        let sql = |e| Error::sql("could not compare with the copy", trial, e);
        let becomes = open::for_migrating(trial)?;
        prove(&becomes, trial)?;
        let before = rows_of_tables(&becomes).map_err(sql)?;
        let added = |what: &str| {
            let why = Said::with(Key::LedgerRowsSince, "table", what);
            Err(Error::refused(ErrorKind::Conflict, why).at(&self.path))
        };
        for (table, rows) in rows_of_tables(&self.connection).map_err(sql)? {
            if before.get(&table) != Some(&rows) {
                return added(&table);
            }
        }
        if chain::head(&becomes).map_err(sql)? != chain::head(&self.connection).map_err(sql)? {
            return added("links");
        }
        Ok(())
    }

    /// At no moment is there no ledger: a daemon would begin a new one.
    fn give_way(self, copy: &Earlier, folder: &Path, at: Timestamp) -> Result<PathBuf> {
        let path = self.path;
        let sql = |e| Error::sql("could not put the ledger aside", &path, e);
        // Its log becomes part of it, or it would be taken for the copy's.
        let mode: String = self
            .connection
            .pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))
            .map_err(sql)?;
        if mode != "delete" {
            let why = Said::with(Key::LedgerNoWal, "mode", mode);
            return Err(Error::refused(ErrorKind::Busy, why).at(path));
        }
        self.connection.close().map_err(|(_, e)| sql(e))?;
        let kept = earlier::folder(folder);
        let failed = |e| Error::io("could not put the ledger back", &path, e);
        let entries = fs::read_dir(&kept).map_err(failed)?;
        for old in entries.flatten() {
            if old.file_name().to_string_lossy().starts_with(AWAY) {
                earlier::clear(&old.path())?;
            }
        }
        let part = folder.join("ledger.sqlite3.part");
        fs::copy(&copy.path, &part)
            .and_then(|_| File::open(&part)?.sync_all())
            .map_err(failed)?;
        let made = at.strftime("%Y%m%dT%H%M%SZ");
        let away = kept.join(format!("{AWAY}schema-{}-{made}.sqlite3", self.schema));
        fs::hard_link(&path, &away)
            .and_then(|()| sync_dir(&kept))
            .and_then(|()| fs::rename(&part, &path))
            .and_then(|()| sync_dir(folder))
            .map_err(failed)?;
        Ok(away)
    }
}
