//! What `check` finds, and what it doesn't.

use std::fs;

use passage::*;

use super::{findings, head, open, passed, truck};
use crate::*;

#[test]
fn a_sound_ledger_has_no_findings() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    writer.decide(&truck(1), &head()).unwrap();
    writer.finish(id, &passed(2), &[]).unwrap();
    assert_eq!(findings(data.path()), []);
}

#[test]
fn a_photo_that_is_gone_changed_cut_or_strange_is_named() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    for n in 0..3 {
        writer.decide(&truck(n), &head()).unwrap();
    }
    let reader = writer.reader().unwrap();
    let file = |id: i64| {
        let passage = reader.passage(PassageId(id)).unwrap().unwrap();
        reader.photo_file(passage.photo(PhotoKind::Head).unwrap())
    };
    fs::remove_file(file(1)).unwrap();
    fs::write(file(2), b"the same, annotateD").unwrap();
    fs::write(file(3), b"the same").unwrap();
    fs::write(data.path().join("photos/strange.jpg"), b"?").unwrap();
    let found: Vec<_> = findings(data.path())
        .into_iter()
        .map(|f| (f.code, f.passage.map(|p| p.0)))
        .collect();
    assert_eq!(
        found,
        [
            (FindingCode::PhotoMissing, Some(1)),
            (FindingCode::PhotoChanged, Some(2)),
            (FindingCode::PhotoChanged, Some(3)),
            (FindingCode::OrphanFile, None),
        ]
    );
    let passage = reader.passage(PassageId(2)).unwrap().unwrap();
    let error = reader
        .photo_bytes(passage.photo(PhotoKind::Head).unwrap())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
}

#[test]
fn rows_that_contradict_each_other_are_named() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    for n in 0..2 {
        writer.decide(&truck(n), &head()).unwrap();
    }
    drop(writer);
    let database = rusqlite::Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    database
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             DROP TRIGGER photos_remain;
             DROP TRIGGER readings_remain;
             DELETE FROM photos WHERE passage_id = 1;
             DELETE FROM readings WHERE passage_id = 2;
             DELETE FROM open_passages WHERE passage_id = 2;
             INSERT INTO passage_outcomes VALUES (77, 'passed', 0);
             UPDATE outbox_totals SET generated = 9;",
        )
        .unwrap();
    let codes: Vec<_> = findings(data.path()).into_iter().map(|f| f.code).collect();
    for code in [
        FindingCode::NoHeadPhoto,
        FindingCode::BrokenReference,
        FindingCode::OpenList,
        FindingCode::OutboxTotals,
        FindingCode::OrphanFile,
    ] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
}

#[test]
fn a_young_file_without_a_row_is_not_called_an_orphan() {
    let data = tempfile::tempdir().unwrap();
    let writer = open(data.path(), &[]);
    fs::write(data.path().join("photos/on-its-way.jpg"), b"?").unwrap();
    let found = writer
        .reader()
        .unwrap()
        .check(&CheckOptions::default())
        .unwrap();
    assert_eq!(found, []);
}

#[test]
fn a_damaged_database_is_found_by_check_and_by_an_opening_that_looks() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    for n in 0..50 {
        writer.decide(&truck(n), &head()).unwrap();
    }
    drop(writer);
    let file = data.path().join("ledger.sqlite3");
    let mut bytes = fs::read(&file).unwrap();
    for page in 2..bytes.len() / 4096 {
        bytes[page * 4096..page * 4096 + 64].fill(0xA5);
    }
    fs::write(&file, bytes).unwrap();
    let options = Options {
        quick_check: true,
        ..Options::default()
    };
    let error = Writer::open(data.path(), options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    assert!(error.to_string().contains("backup"), "{error}");
}
