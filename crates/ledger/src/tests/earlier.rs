//! The copy of before a migration, and the way back to it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::migrations::{DUMPS, restored};
use super::small_disk::{FOLDER, on_small_disk};
use super::{at, head, open, options, truck};
use crate::schema::VERSION;
use crate::*;

/// The newest version before the present one.
const BEFORE: usize = VERSION - 1;

fn copies(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("before-migration"));
    let entries = entries.into_iter().flatten().map(|entry| entry.unwrap());
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn version_of(database: &Path) -> usize {
    let database = Connection::open(database).unwrap();
    let version = database.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    usize::try_from(version.unwrap()).unwrap()
}

fn passages_of(database: &Path) -> i64 {
    let database = Connection::open(database).unwrap();
    let count = database.query_row("SELECT count(*) FROM passages", [], |row| row.get(0));
    count.unwrap()
}

fn ledger_of(data: &tempfile::TempDir) -> PathBuf {
    data.path().join("ledger.sqlite3")
}

fn back(data: &tempfile::TempDir, schema: usize) -> Result<Option<PutBack>> {
    put_back(data.path(), schema, at(900_000))
}

#[test]
fn a_ledger_is_copied_before_its_migration_and_at_no_other_start() {
    let data = restored(DUMPS[BEFORE - 1]);
    open(data.path(), &[]);
    let kept = copies(data.path());
    assert_eq!(kept.len(), 1, "{kept:?}");
    let name = kept[0].file_name().unwrap().to_string_lossy();
    assert!(name.starts_with(&format!("schema-{BEFORE}-")), "{name}");
    assert_eq!(version_of(&kept[0]), BEFORE);
    assert_eq!(passages_of(&kept[0]), 2);
    open(data.path(), &[]);
    assert_eq!(copies(data.path()), kept);

    let fresh = tempfile::tempdir().unwrap();
    open(fresh.path(), &[]);
    assert!(copies(fresh.path()).is_empty());
}

#[test]
fn of_many_copies_the_newest_two_stay_and_strangers_are_left_alone() {
    let data = restored(DUMPS[BEFORE - 1]);
    let folder = data.path().join("before-migration");
    fs::create_dir(&folder).unwrap();
    for old in ["schema-3-20240101T000000Z", "schema-12-20250101T000000Z"] {
        fs::write(folder.join(format!("{old}.sqlite3")), "").unwrap();
    }
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    open(data.path(), &[]);
    let names: Vec<_> = copies(data.path())
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("schema-3-")));
    assert!(names.iter().any(|name| name == "notes.txt"));
}

#[test]
fn every_kept_ledger_can_be_put_back_to_what_it_was_and_migrated_again() {
    for (index, dump) in DUMPS.into_iter().enumerate() {
        let data = restored(dump);
        open(data.path(), &[]);
        let done = back(&data, index + 1).unwrap().unwrap();
        assert_eq!(done.schema, index + 1);
        assert_eq!(version_of(&ledger_of(&data)), index + 1);
        assert_eq!(passages_of(&ledger_of(&data)), 2);
        assert_eq!(version_of(&done.away), VERSION);
        assert!(!data.path().join("ledger.sqlite3-wal").exists());
        let writer = open(data.path(), &[]);
        let verdict = writer.reader().unwrap().verify(&VerifyOptions::default());
        assert!(verdict.unwrap().breaks.is_empty());
    }
}

#[test]
fn a_ledger_that_has_grown_since_is_not_put_back() {
    let data = restored(DUMPS[BEFORE - 1]);
    let mut writer = open(data.path(), &[]);
    writer.decide(&truck(800_000), &head()).unwrap();
    drop(writer);
    let error = back(&data, BEFORE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("ledger.sqlite3"), "{error}");
    assert_eq!(version_of(&ledger_of(&data)), VERSION);
    let reader = Reader::open(data.path()).unwrap();
    assert_eq!(reader.counts().unwrap().passages, 3);
}

#[test]
fn a_ledger_that_is_old_enough_stays_and_one_without_a_copy_is_refused() {
    let data = restored(DUMPS[BEFORE - 1]);
    assert_eq!(back(&data, BEFORE).unwrap(), None);
    open(data.path(), &[]);
    assert_eq!(back(&data, VERSION).unwrap(), None);
    let error = back(&data, BEFORE - 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(
        error.to_string().contains(&(BEFORE - 1).to_string()),
        "{error}"
    );
}

#[test]
fn a_ledger_that_a_daemon_holds_is_not_put_back() {
    let data = restored(DUMPS[BEFORE - 1]);
    let _writer = open(data.path(), &[]);
    assert_eq!(back(&data, BEFORE).unwrap_err().kind(), ErrorKind::Locked);
}

#[test]
fn without_room_for_a_copy_nothing_is_migrated() {
    on_small_disk("earlier::child_on_a_disk_without_room", "8m");
}

#[test]
#[ignore = "runs on the small disk of a test above"]
fn child_on_a_disk_without_room() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let database = Connection::open(folder.join("ledger.sqlite3")).unwrap();
    database.execute_batch(DUMPS[BEFORE - 1]).unwrap();
    drop(database);
    let error = Writer::open(folder, options(&[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DiskFull);
    assert_eq!(version_of(&folder.join("ledger.sqlite3")), BEFORE);
}
