//! Brings a backup onto a clean computer. Nothing there is a ledger before all of it was proved.

mod target;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::keep::backup::{
    BackupView, Damaged, Difference, NamedFile, difference, hash_of, rows_of_tables,
};
use crate::keep::restores::{self, NewRestore, Restored};
use crate::open;
use crate::options::Options;
use crate::schema;
use target::{Target, room};
use words::{Key, Said};

/// Missing photos that are named; all are counted.
const MOST_NAMED: usize = 1000;

/// Where backups are restored from. It is only read, and nothing of it is believed.
pub trait BackupSource: fmt::Debug {
    /// Every whole backup, newest first.
    ///
    /// # Errors
    /// `Invalid` when this is no place of backups.
    fn backups(&self) -> Result<Vec<BackupView>>;

    /// Writes the database of a backup to the file `to`.
    ///
    /// # Errors
    /// When it is not to be had, or can't be written.
    fn database(&self, backup: &BackupView, to: &Path) -> Result<()>;

    /// Writes each of these files to its place, and tells in the same order what was found.
    ///
    /// # Errors
    /// When the source is away, or a file can't be written. One that is missing or damaged is no error.
    fn files(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Found>>;

    /// Where it is, to be shown.
    fn place(&self) -> PathBuf;
}

/// A file that is wanted from a backup.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// As the database names it.
    pub file: &'a NamedFile,
    /// Where it is written to.
    pub to: PathBuf,
}

/// Size and SHA-256 of what a backup has, or in a developer's words why it has it not.
pub type Found = std::result::Result<(u64, String), String>;

/// What is restored, and where to.
#[derive(Debug)]
pub struct RestoreOptions<'a> {
    /// The backups.
    pub from: &'a dyn BackupSource,
    /// Which of them; the newest without it.
    pub backup: Option<&'a str>,
    /// The data folder, where no ledger is.
    pub to: &'a Path,
    /// The wall time now.
    pub at: Timestamp,
    /// Restore although photos are missing or damaged in the backup.
    pub accept_missing: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restore {
    /// The backup.
    pub backup: BackupView,
    /// Rows of each table. The restored ledger has the mark of the gap more, and its link.
    pub tables: BTreeMap<String, Counted>,
    /// Photos and files that are there.
    pub files: u64,
    /// Photos and files that the backup does not have, or not whole. The first thousand.
    pub missing: Vec<Damaged>,
    /// How many of them.
    pub missing_count: u64,
    /// The gap that the ledger has now.
    pub gap: Restored,
}

/// Rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// As the manifest of the backup says and its database was found to have.
    pub backup: u64,
    /// As counted in the restored ledger.
    pub restored: u64,
}

/// Proves a backup and brings it into an empty data folder: database, then photos, and only when
/// all is there and whole does the folder become a ledger. Cut off, it can be run again.
///
/// The restored ledger has a row that marks the gap, in its chain, and goes on counting above it.
///
/// # Errors
/// `Conflict` when the folder holds a ledger; `Invalid` when there is no such backup, or the clock
/// is before it; `Corrupt` when the backup is not what it says, or photos are missing and that
/// is not accepted; `NewerSchema`; `DiskFull`; see [`ErrorKind`].
pub fn restore(options: &RestoreOptions<'_>) -> Result<Restore> {
    let backup = chosen(options)?;
    let manifest = &backup.manifest;
    if options.at < manifest.made_at {
        let why = Said::with(Key::LedgerClockBefore, "now", options.at);
        let why = why.and("made", manifest.made_at);
        return Err(Error::refused(ErrorKind::Invalid, why));
    }
    let known = schema::VERSION;
    if manifest.schema > known {
        let why = Said::with(Key::LedgerBackupSchema, "found", manifest.schema).and("known", known);
        return Err(Error::refused(ErrorKind::NewerSchema, why).at(options.from.place()));
    }
    let target = Target::take(options.to)?;
    room(options, &backup)?;

    let staged = target.stage()?;
    let database = open::database(&staged);
    options.from.database(&backup, &database)?;
    prove_file(&database, &backup)?;
    prove_rows(&database, &backup)?;
    let copied = target.evidence(&database, options)?;
    if copied.missing_count > 0 && !options.accept_missing {
        let named: Vec<_> = copied
            .missing
            .iter()
            .take(5)
            .map(|m| m.path.clone())
            .collect();
        let why = Said::with(Key::LedgerBackupLacks, "count", copied.missing_count);
        let why = why.and("names", named.join(", "));
        return Err(Error::refused(ErrorKind::Corrupt, why).at(options.from.place()));
    }
    let (gap, restored) = mark(
        &staged,
        &NewRestore {
            backup: &backup.name,
            backup_sha256: &manifest.sha256,
            made_at: manifest.made_at,
            restored_at: options.at,
            missing_photos: copied.missing_count,
        },
    )?;
    target.publish()?;
    let tables = restored.into_iter().map(|(table, restored)| {
        let backup = manifest.tables.get(&table).copied().unwrap_or(0);
        (table, Counted { backup, restored })
    });
    let tables = tables.collect();
    Ok(Restore {
        tables,
        files: copied.whole,
        missing: copied.missing,
        missing_count: copied.missing_count,
        gap,
        backup,
    })
}

fn chosen(options: &RestoreOptions<'_>) -> Result<BackupView> {
    let mut all = options.from.backups()?.into_iter();
    let found = match options.backup {
        Some(name) => all.find(|backup| backup.name == name),
        None => all.next(),
    };
    found.ok_or_else(|| {
        let why = match options.backup {
            Some(name) => Said::with(Key::LedgerNoBackupNamed, "name", name),
            None => Said::plain(Key::LedgerNoBackup),
        };
        Error::refused(ErrorKind::Invalid, why).at(options.from.place())
    })
}

fn prove_file(database: &Path, backup: &BackupView) -> Result<()> {
    let manifest = &backup.manifest;
    let found = hash_of(database)
        .map_err(|e| Error::io("could not read the backup's database", database, e))?;
    if found != (manifest.size_bytes, manifest.sha256.clone()) {
        let why = Key::LedgerOtherDatabase;
        return Err(Error::refused(ErrorKind::Corrupt, why).at(database));
    }
    Ok(())
}

/// Every page, every index, every row count, and the end of the chain.
fn prove_rows(database: &Path, backup: &BackupView) -> Result<()> {
    let sql = |e| Error::sql("could not check the backup's database", database, e);
    let damaged = |why: Said| Error::refused(ErrorKind::Corrupt, why).at(database);
    let connection = Connection::open(database).map_err(sql)?;
    let version = schema::version(&connection, database)?;
    if version != backup.manifest.schema {
        let why = Said::with(Key::LedgerOtherSchema, "found", version);
        return Err(damaged(why.and("known", backup.manifest.schema)));
    }
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(sql)?;
    if verdict != "ok" {
        return Err(damaged(Said::with(
            Key::LedgerBackupDamaged,
            "why",
            verdict,
        )));
    }
    match difference(&backup.manifest, &connection) {
        Ok(()) => Ok(()),
        Err(Difference::Of(why)) => Err(damaged(why)),
        Err(Difference::Sql(e)) => Err(sql(e)),
    }
}

/// Writes the mark into the database that is not yet in its place, and counts its rows.
fn mark(staged: &Path, new: &NewRestore<'_>) -> Result<(Restored, BTreeMap<String, u64>)> {
    let database = open::database(staged);
    let sql = |e| {
        Error::sql(
            "could not mark the gap in the restored ledger",
            &database,
            e,
        )
    };
    let mut connection = open::for_writing(staged, &Options::default())?;
    let transaction = connection.transaction().map_err(sql)?;
    let gap = restores::mark(&transaction, new).map_err(sql)?;
    crate::proof::chain::extend(&transaction).map_err(sql)?;
    let tables = rows_of_tables(&transaction).map_err(sql)?;
    transaction.commit().map_err(sql)?;
    // The log goes into the file, which alone is moved to its place.
    connection
        .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(sql)?;
    connection.close().map_err(|(_, e)| sql(e))?;
    Ok((gap, tables))
}
