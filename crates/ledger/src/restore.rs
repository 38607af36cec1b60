//! Brings a backup onto a clean computer. Nothing there is a ledger before all of it was proved.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;

use crate::backup::{
    BackupView, Damaged, Difference, Source, backup_folder, backups, difference, each_named,
    hash_of, pour_file, rows_of_tables,
};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{FILES, PHOTOS};
use crate::open;
use crate::options::Options;
use crate::restores::{self, NewRestore, Restored};
use crate::schema;

/// Marks a data folder whose restore has not ended, and holds the database until it has.
pub(crate) const RESTORING: &str = ".restoring";
/// Missing photos that are named; all are counted.
const MOST_NAMED: usize = 1000;

/// What is restored, and where to.
#[derive(Debug)]
pub struct RestoreOptions<'a> {
    /// The folder of backups.
    pub from: &'a Path,
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
        let text = format!(
            "this computer's clock says {}, and the backup was made at {}: set the clock, then restore",
            options.at, manifest.made_at
        );
        return Err(Error::new(ErrorKind::Invalid, text));
    }
    let source = open::database(&backup_folder(options.from, &backup.name));
    prove_file(&source, &backup)?;
    let target = Target::take(options.to)?;
    room(options, &backup)?;

    let staged = target.stage(&source)?;
    let database = open::database(&staged);
    prove_rows(&database, &backup)?;
    let copied = target.evidence(&database, options)?;
    if copied.missing_count > 0 && !options.accept_missing {
        let named: Vec<_> = copied
            .missing
            .iter()
            .take(5)
            .map(|m| m.path.clone())
            .collect();
        let text = format!(
            "{} photos or files of this backup are missing or damaged ({}…); restore another one, \
             or accept that they are lost (--accept-missing)",
            copied.missing_count,
            named.join(", ")
        );
        return Err(Error::new(ErrorKind::Corrupt, text).at(options.from));
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
    let mut all = backups(options.from)?.into_iter();
    let found = match options.backup {
        Some(name) => all.find(|backup| backup.name == name),
        None => all.next(),
    };
    found.ok_or_else(|| {
        let text = match options.backup {
            Some(name) => format!("there is no whole backup {name} here"),
            None => "there is no whole backup here".to_owned(),
        };
        Error::new(ErrorKind::Invalid, text).at(options.from)
    })
}

fn prove_file(database: &Path, backup: &BackupView) -> Result<()> {
    let manifest = &backup.manifest;
    if manifest.schema > schema::VERSION {
        let text = format!(
            "the backup has schema {}, this program knows {}",
            manifest.schema,
            schema::VERSION
        );
        return Err(Error::new(ErrorKind::NewerSchema, text).at(database));
    }
    let found = hash_of(database)
        .map_err(|e| Error::io("could not read the backup's database", database, e))?;
    if found != (manifest.size_bytes, manifest.sha256.clone()) {
        let text = "the backup's database is not the one that its manifest describes: restore \
                    another backup";
        return Err(Error::new(ErrorKind::Corrupt, text).at(database));
    }
    Ok(())
}

/// Every page, every index, every row count, and the end of the chain.
fn prove_rows(database: &Path, backup: &BackupView) -> Result<()> {
    let sql = |e| Error::sql("could not check the backup's database", database, e);
    let damaged = |text: String| Error::new(ErrorKind::Corrupt, text).at(database);
    let connection = Connection::open(database).map_err(sql)?;
    let version = schema::version(&connection, database)?;
    if version != backup.manifest.schema {
        return Err(damaged(format!(
            "the database has schema {version}, the manifest says {}",
            backup.manifest.schema
        )));
    }
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(sql)?;
    if verdict != "ok" {
        return Err(damaged(format!(
            "the backup's database is damaged: {verdict}"
        )));
    }
    match difference(&backup.manifest, &connection) {
        Ok(()) => Ok(()),
        Err(Difference::Said(text)) => Err(damaged(text)),
        Err(Difference::Sql(e)) => Err(sql(e)),
    }
}

fn room(options: &RestoreOptions<'_>, backup: &BackupView) -> Result<()> {
    let manifest = &backup.manifest;
    let needed = manifest.size_bytes + manifest.photos.size_bytes + manifest.files.size_bytes;
    let free = crate::space::Space::of(options.to)?.free_bytes + already(options.to)?;
    if needed > free {
        let text = format!(
            "the restored ledger needs {} MB and only {} MB are free",
            needed / 1_000_000,
            free / 1_000_000
        );
        return Err(Error::new(ErrorKind::DiskFull, text).at(options.to));
    }
    Ok(())
}

/// What a restore that was cut off has brought already.
fn already(to: &Path) -> Result<u64> {
    let mut bytes = 0;
    let mut folders = vec![to.join(PHOTOS), to.join(FILES)];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.map_err(|e| Error::io("could not look into a folder", &folder, e))?,
        };
        for entry in entries.flatten() {
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => folders.push(entry.path()),
                Ok(meta) => bytes += meta.len(),
                Err(_) => {}
            }
        }
    }
    Ok(bytes)
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
    crate::chain::extend(&transaction).map_err(sql)?;
    let tables = rows_of_tables(&transaction).map_err(sql)?;
    transaction.commit().map_err(sql)?;
    // The log goes into the file, which alone is moved to its place.
    connection
        .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(sql)?;
    connection.close().map_err(|(_, e)| sql(e))?;
    Ok((gap, tables))
}

/// The data folder that is restored into.
struct Target {
    folder: PathBuf,
    /// Held until the restore ends, so that no daemon begins a ledger of its own here.
    _lock: File,
}

#[derive(Default)]
struct Copied {
    whole: u64,
    missing: Vec<Damaged>,
    missing_count: u64,
}

impl Target {
    /// Takes the folder, which holds nothing, or what an interrupted restore left.
    fn take(folder: &Path) -> Result<Self> {
        let failed = |e| Error::io("could not use the data folder", folder, e);
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = open::lock(folder)?;
        let restoring = folder.join(RESTORING);
        let holds =
            |name: &Path| fs::read_dir(name).is_ok_and(|mut entries| entries.next().is_some());
        let is_ledger = open::database(folder).exists();
        if is_ledger || (!restoring.exists() && (holds(&folder.join(PHOTOS)))) {
            let text = if is_ledger {
                "this folder holds a ledger, and a restore never writes over one: restore into \
                 another folder (--data), or move this one away and keep it"
            } else {
                "this folder holds photos of a ledger; move it away and keep it, then restore"
            };
            return Err(Error::new(ErrorKind::Conflict, text).at(folder));
        }
        match fs::create_dir(&restoring) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(e)),
            _ => sync_dir(folder).map_err(failed)?,
        }
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    /// Copies the database to where it can be worked on.
    fn stage(&self, source: &Path) -> Result<PathBuf> {
        let staged = self.folder.join(RESTORING);
        let database = open::database(&staged);
        for left in ["-wal", "-shm", "-journal"] {
            let mut name = database.clone().into_os_string();
            name.push(left);
            match fs::remove_file(&name) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(
                        "could not clear an interrupted restore",
                        &database,
                        e,
                    ));
                }
                _ => {}
            }
        }
        fs::copy(source, &database)
            .map_err(|e| Error::io("could not copy the backup's database", &database, e))?;
        Ok(staged)
    }

    /// Copies every photo and file that the database names, proving each on the way.
    fn evidence(&self, database: &Path, options: &RestoreOptions<'_>) -> Result<Copied> {
        let connection = open::for_migrating(database)?;
        let mut copied = Copied::default();
        let mut folder = None;
        each_named(&connection, database, &mut |source| {
            let to = self.folder.join(&source.path);
            if folder.as_deref() != to.parent()
                && let Some(parent) = to.parent()
            {
                fs::create_dir_all(parent)
                    .map_err(|e| Error::io("could not make a folder for photos", parent, e))?;
                folder = Some(parent.to_owned());
            }
            match self.one(&options.from.join(&source.path), &to, &source)? {
                None => copied.whole += 1,
                Some(why) => {
                    copied.missing_count += 1;
                    if copied.missing.len() < MOST_NAMED {
                        let path = source.path;
                        copied.missing.push(Damaged { path, why });
                    }
                }
            }
            Ok(())
        })?;
        Ok(copied)
    }

    /// Brings one photo to its place, whole; otherwise what is wrong with the backup's.
    fn one(&self, from: &Path, to: &Path, source: &Source) -> Result<Option<String>> {
        let expected = (source.size_bytes, source.sha256.clone());
        if to.exists() && hash_of(to).is_ok_and(|found| found == expected) {
            return Ok(None);
        }
        let part = self.folder.join(RESTORING).join("photo");
        match pour_file(from, &part)? {
            Err(why) => Ok(Some(why)),
            Ok(found) if found == expected => {
                fs::rename(&part, to).map_err(|e| Error::io("could not restore a photo", to, e))?;
                Ok(None)
            }
            Ok((size, sha256)) => Ok(Some(format!(
                "{size} bytes with hash {sha256}, its row says {} bytes with {}",
                source.size_bytes, source.sha256
            ))),
        }
    }

    /// Makes the folder a ledger: everything is on the medium, then the database gets its name.
    fn publish(self) -> Result<()> {
        let to = open::database(&self.folder);
        let staged = self.folder.join(RESTORING);
        let failed = |e| Error::io("could not finish the restore", &to, e);
        let folder = File::open(&self.folder).map_err(failed)?;
        rustix::fs::syncfs(&folder).map_err(|e| failed(e.into()))?;
        fs::rename(open::database(&staged), &to)
            .and_then(|()| sync_dir(&self.folder))
            .and_then(|()| fs::remove_dir_all(&staged))
            .and_then(|()| sync_dir(&self.folder))
            .map_err(failed)
    }
}

fn sync_dir(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
