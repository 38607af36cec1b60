//! Ledgers of every version this program has ever written still open.

use passage::*;
use rusqlite::Connection;

use super::{at, head, open, options, passed, truck};
use crate::schema::VERSION;
use crate::*;

/// One kept ledger for each version before the present one.
pub(super) const DUMPS: [&str; VERSION - 1] = [
    include_str!("dumps/v1.sql"),
    include_str!("dumps/v2.sql"),
    include_str!("dumps/v3.sql"),
    include_str!("dumps/v4.sql"),
    include_str!("dumps/v5.sql"),
    include_str!("dumps/v6.sql"),
    include_str!("dumps/v7.sql"),
    include_str!("dumps/v8.sql"),
    include_str!("dumps/v9.sql"),
    include_str!("dumps/v10.sql"),
    include_str!("dumps/v11.sql"),
    include_str!("dumps/v12.sql"),
    include_str!("dumps/v13.sql"),
    include_str!("dumps/v14.sql"),
    include_str!("dumps/v15.sql"),
    include_str!("dumps/v16.sql"),
    include_str!("dumps/v17.sql"),
];

pub(super) fn restored(dump: &str) -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let database = Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    database.execute_batch(dump).unwrap();
    data
}

fn schema_of(data: &tempfile::TempDir) -> Vec<(String, String)> {
    let database = Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let sql: String = row.get(1)?;
        Ok((
            row.get(0)?,
            sql.split_whitespace().collect::<Vec<_>>().join(" "),
        ))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_kept_ledger_comes_up_to_the_schema_of_a_new_one() {
    let fresh = tempfile::tempdir().unwrap();
    open(fresh.path(), &[]);
    for dump in DUMPS {
        let data = restored(dump);
        open(data.path(), &[]);
        let strip = |rows: Vec<(String, String)>| {
            rows.into_iter()
                .map(|(n, s)| (n, s.replace('"', "")))
                .collect::<Vec<_>>()
        };
        assert_eq!(strip(schema_of(&data)), strip(schema_of(&fresh)));
    }
}

#[test]
fn every_kept_ledger_keeps_what_it_holds_and_goes_on() {
    for dump in DUMPS {
        let data = restored(dump);
        let mut writer = open(data.path(), &["mqtt"]);
        let reader = writer.reader().unwrap();
        assert_eq!(
            reader.counts().unwrap(),
            Counts {
                passages: 2,
                open: 1,
                lost: 1,
                photos: 2
            }
        );
        let verdict = reader.verify(&VerifyOptions::default()).unwrap();
        assert!(
            verdict.breaks.is_empty() && verdict.links >= 8,
            "{verdict:?}"
        );
        let first = reader.passage(PassageId(1)).unwrap().unwrap();
        assert_eq!(first.reading.plate, "苏A12345");
        assert_eq!(first.reading.chars[0].alternatives[0].symbol, '鄂');
        let second = reader.passage(PassageId(2)).unwrap().unwrap();
        assert_eq!(second.first_reading, Some(Reading::unread()));
        assert_eq!(second.deliveries[0].state, DeliveryState::New);
        writer.finish(PassageId(1), &passed(700_000), &[]).unwrap();
        assert_eq!(
            writer.decide(&truck(800_000), &head()).unwrap(),
            PassageId(3)
        );
    }
}

#[test]
fn a_newer_ledger_is_refused_in_clear_words_and_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer.decide(&truck(0), &head()).unwrap();
    drop(writer);
    let database = Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let errors = [
        Writer::open(data.path(), options(&[])).unwrap_err(),
        Reader::open(data.path()).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::NewerSchema);
        assert!(error.to_string().contains("schema 99"), "{error}");
        assert!(error.to_string().contains("install the newer"), "{error}");
    }
}

#[test]
fn an_older_ledger_is_not_read_before_the_daemon_has_migrated_it() {
    let data = restored(DUMPS[0]);
    let error = Reader::open(data.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OlderSchema);
}

#[test]
fn a_database_of_something_else_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let database = Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    database
        .execute_batch("CREATE TABLE recipes (name TEXT)")
        .unwrap();
    drop(database);
    let error = Writer::open(data.path(), options(&[])).unwrap_err();
    assert!(error.to_string().contains("not a ledger"), "{error}");
}

#[test]
fn the_view_for_people_shows_times_in_words() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    let id = writer.decide(&truck(123), &head()).unwrap();
    writer.finish(id, &passed(456), &[]).unwrap();
    let (decided, finished, deliveries): (String, String, String) = writer
        .reader()
        .unwrap()
        .connection()
        .query_row(
            "SELECT decided_at_utc, finished_at_utc, deliveries FROM passage_state",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert_eq!(decided, at(123).to_string());
    assert_eq!(finished, at(456).to_string());
    assert_eq!(deliveries, "mqtt passage new");
}
