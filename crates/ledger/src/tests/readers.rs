//! Who may open a ledger, and who waits for whom.

use std::time::Duration;

use passage::{Change, CorrectedItem, Correction};

use super::{at, head, open, options, passed, truck};
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

#[test]
fn what_happened_to_passages_is_told_in_its_order_and_from_any_place_on() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.last_place().unwrap(), 0);
    let first = writer.decide(&truck(0), &head()).unwrap();
    let second = writer.decide(&truck(10_000), &head()).unwrap();
    let seen = reader.last_place().unwrap();
    writer.finish(first, &passed(20_000), &[]).unwrap();
    let change = |item, replaces: &str, value: &str| Change {
        item,
        replaces: Some(replaces.to_owned()),
        value: value.to_owned(),
    };
    let correction = Correction {
        changes: vec![
            change(CorrectedItem::Plate, "苏A12345", "苏A12346"),
            change(CorrectedItem::Color, "yellow", "blue"),
        ],
        who: "x".to_owned(),
        why: "y".to_owned(),
        at: at(30_000),
    };
    writer.correct(second, &correction, &[]).unwrap();
    let told = |place| {
        let all = reader.happened(place, 100).unwrap();
        let mut told: Vec<_> = all.iter().map(|h| (h.passage, h.what)).collect();
        assert!(all.windows(2).all(|pair| pair[0].place < pair[1].place));
        // A correction of two items is two.
        told.dedup();
        told
    };
    use Happening::{Corrected, Decided, Finished};
    let all = [
        (first, Decided),
        (second, Decided),
        (first, Finished),
        (second, Corrected),
    ];
    assert_eq!(told(0), all);
    assert_eq!(told(seen), all[2..]);
    assert_eq!(told(reader.last_place().unwrap()), []);
}
