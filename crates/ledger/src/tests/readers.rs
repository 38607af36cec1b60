//! Who may open a ledger, and who waits for whom.

use std::time::Duration;

use super::{head, open, options, truck};
use crate::*;

#[test]
fn a_reader_in_the_midst_of_a_long_read_never_blocks_the_writer() {
    let data = tempfile::tempdir().unwrap();
    // The writer would fail at once instead of waiting.
    let impatient = Options {
        busy_timeout: Duration::ZERO,
        ..options(&["mqtt"])
    };
    let mut writer = Writer::open(data.path(), impatient).unwrap();
    writer.decide(&truck(0), &head()).unwrap();
    let reader = writer.reader().unwrap();
    let count = |reader: &Reader| reader.counts().unwrap().passages;
    reader.connection().execute_batch("BEGIN").unwrap();
    let seen = |reader: &Reader| -> i64 {
        let sql = "SELECT count(*) FROM passages";
        reader
            .connection()
            .query_row(sql, [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(seen(&reader), 1);
    for n in 1..=100 {
        writer.decide(&truck(n), &head()).unwrap();
    }
    assert_eq!(seen(&reader), 1, "it still reads the state it began with");
    reader.connection().execute_batch("COMMIT").unwrap();
    assert_eq!(count(&reader), 101);
}

#[test]
fn a_second_writer_is_refused_and_told_who_has_the_folder() {
    let data = tempfile::tempdir().unwrap();
    let first = open(data.path(), &[]);
    let error = Writer::open(data.path(), options(&[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert!(
        error.to_string().contains(&std::process::id().to_string()),
        "{error}"
    );
    drop(first);
    open(data.path(), &[]);
}

#[test]
fn a_reader_of_an_empty_folder_says_that_there_is_no_ledger() {
    let data = tempfile::tempdir().unwrap();
    let error = Reader::open(data.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Missing);
    assert!(
        !data.path().join("ledger.sqlite3").exists(),
        "looking makes nothing"
    );
}

#[test]
fn a_writer_can_be_moved_to_its_thread() {
    fn is_send<T: Send>() {}
    is_send::<Writer>();
    is_send::<Reader>();
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let data = tempfile::tempdir().unwrap();
    let error = Writer::open(&data.path().join("nowhere"), options(&[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Missing);
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("ledger.sqlite3");
    let text = "this is a diary ".repeat(300);
    std::fs::write(&file, &text).unwrap();
    let error = Writer::open(data.path(), options(&[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
