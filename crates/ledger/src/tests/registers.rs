//! Registers: versions, conflicts, files, and what of them is delivered.

use std::time::Duration;

use passage::*;
use serde_json::{Map, Value, json};

use super::{at, findings, head, open, options, truck};
use crate::*;

const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
const PLATFORM: &str = "regulator:test";

fn values(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

pub(super) fn vehicle(plate: &str, ms: i64) -> NewRevision {
    NewRevision {
        key: RecordKey::random(),
        register: Register::Vehicle,
        base: 0,
        identity: format!("{plate}|yellow"),
        values: values(json!({"plateNo": plate, "emissionStandard": "5", "vin": null})),
        state: RecordState::Draft,
        at: at(ms),
        who: "李工".to_owned(),
        why: "登记".to_owned(),
        files: Vec::new(),
    }
}

pub(super) fn next(before: &RecordView, state: RecordState, ms: i64) -> NewRevision {
    NewRevision {
        key: before.key,
        register: before.register,
        base: before.revision,
        identity: before.identity.clone(),
        values: before.values.clone(),
        state,
        at: at(ms),
        who: "王主任".to_owned(),
        why: "核对行驶证".to_owned(),
        files: Vec::new(),
    }
}

pub(super) fn written(writer: &mut Writer, new: NewRevision) -> RecordView {
    writer.write_records(&[new]).unwrap().remove(0)
}

/// Opens with one platform that takes vehicles, and one sink that takes passages only.
fn open_with_platform(folder: &std::path::Path) -> Writer {
    let mut options = options(&["mqtt", PLATFORM]);
    options.sinks[1].takes.registers = vec![Register::Vehicle];
    Writer::open(folder, options).unwrap()
}

fn claim(writer: &mut Writer, sink: &str) -> Vec<OutboxItem> {
    writer
        .claim_due(&Claim {
            sink,
            now: at(1000),
            live_window: Duration::from_secs(300),
            limit: 10,
            backlog_limit: 10,
        })
        .unwrap()
}

#[test]
fn every_change_is_a_revision_and_what_was_there_stays() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let first = written(&mut writer, vehicle("苏A12345", 0));
    let mut change = next(&first, RecordState::Approved, 10);
    change
        .values
        .insert("emissionStandard".to_owned(), json!("6"));
    let second = written(&mut writer, change);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.record(first.key).unwrap(), Some(second.clone()));
    assert_eq!(
        reader.record_history(first.key).unwrap(),
        [first, second.clone()]
    );
    assert_eq!((second.revision, second.who.as_str()), (2, "王主任"));
    assert_eq!(second.values["vin"], Value::Null, "unknown stays unknown");
    for table in ["records", "record_revisions"] {
        for change in ["DELETE FROM", "UPDATE"] {
            let sql = match change {
                "UPDATE" => format!("UPDATE {table} SET id = id + 1"),
                _ => format!("DELETE FROM {table}"),
            };
            assert!(writer.connection().execute(&sql, []).is_err(), "{sql}");
        }
    }
}

#[test]
fn who_changes_what_another_has_changed_is_told_by_whom() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let first = written(&mut writer, vehicle("苏A12345", 0));
    written(&mut writer, next(&first, RecordState::Checked, 10));
    let error = writer
        .write_records(&[next(&first, RecordState::Approved, 20)])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(
        error.to_string().contains("revision 2 by 王主任"),
        "{error}"
    );
    let mut unknown = next(&first, RecordState::Approved, 20);
    unknown.key = RecordKey::random();
    assert_eq!(
        writer.write_records(&[unknown]).unwrap_err().kind(),
        ErrorKind::Conflict
    );
}

#[test]
fn a_name_is_given_once_until_its_record_is_retired() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let first = written(&mut writer, vehicle("苏A12345", 0));
    let error = writer.write_records(&[vehicle("苏A12345", 5)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(
        error.to_string().contains(&first.key.to_string()),
        "{error}"
    );
    written(&mut writer, next(&first, RecordState::Retired, 10));
    let again = written(&mut writer, vehicle("苏A12345", 20));
    let called = |name: &str| {
        let reader = writer.reader().unwrap();
        reader.record_called(Register::Vehicle, name).unwrap()
    };
    assert_eq!(called("苏A12345|yellow"), Some(again));
    assert_eq!(called("苏A12345|blue"), None);
}

#[test]
fn many_records_are_written_together_or_not_at_all() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let rows = [vehicle("苏A1", 0), vehicle("苏A2", 0), vehicle("苏A1", 0)];
    assert_eq!(
        writer.write_records(&rows).unwrap_err().kind(),
        ErrorKind::Conflict
    );
    let page = |writer: &Writer, after, limit| {
        let reader = writer.reader().unwrap();
        let page = reader.records(Register::Vehicle, RecordId(after), limit);
        page.unwrap()
            .into_iter()
            .map(|r| r.identity)
            .collect::<Vec<_>>()
    };
    assert_eq!(page(&writer, 0, 10), [""; 0]);
    writer.write_records(&rows[..2]).unwrap();
    assert_eq!(page(&writer, 0, 1), ["苏A1|yellow"]);
    assert_eq!(page(&writer, 1, 10), ["苏A2|yellow"]);
}

#[test]
fn a_change_without_a_name_and_a_reason_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    for blank in [0, 1, 2] {
        let mut new = vehicle("苏A12345", 0);
        let texts = [&mut new.identity, &mut new.who, &mut new.why];
        *texts.into_iter().nth(blank).unwrap() = " ".to_owned();
        assert_eq!(
            writer.write_records(&[new]).unwrap_err().kind(),
            ErrorKind::Invalid
        );
    }
}

#[test]
fn what_is_approved_or_retired_is_delivered_to_whoever_takes_that_register() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open_with_platform(data.path());
    let draft = written(&mut writer, vehicle("苏A12345", 0));
    assert_eq!(claim(&mut writer, PLATFORM), [], "nobody has looked yet");
    let approved = written(&mut writer, next(&draft, RecordState::Approved, 10));
    let retired = written(&mut writer, next(&approved, RecordState::Retired, 20));
    assert_eq!(claim(&mut writer, "mqtt"), []);
    let first = claim(&mut writer, PLATFORM).remove(0);
    assert_eq!((first.kind, first.revision), (OutboxKind::Record, 2));
    assert_eq!(
        first.record(),
        Some(&approved),
        "as it was, though it is retired now"
    );
    assert_eq!(claim(&mut writer, PLATFORM), [], "one after the other");
    writer.ack(first.id, at(1000), "ok").unwrap();
    let second = claim(&mut writer, PLATFORM).remove(0);
    assert_eq!(second.record(), Some(&retired));
    writer.decide(&truck(0), &head()).unwrap();
    assert_eq!(findings(data.path()), []);
}

#[test]
fn a_platform_that_begins_to_take_a_register_gets_what_holds() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[PLATFORM]);
    let held = written(&mut writer, vehicle("苏A1", 0));
    let held = written(&mut writer, next(&held, RecordState::Approved, 1));
    written(&mut writer, next(&held, RecordState::Draft, 2));
    let gone = written(&mut writer, vehicle("苏A2", 0));
    let gone = written(&mut writer, next(&gone, RecordState::Approved, 1));
    written(&mut writer, next(&gone, RecordState::Retired, 2));
    drop(writer);
    for _ in 0..2 {
        let mut writer = open_with_platform(data.path());
        let items = claim(&mut writer, PLATFORM);
        let told: Vec<_> = items.iter().map(|i| i.record().unwrap()).collect();
        assert_eq!(told, [&held], "the same one row after another start");
    }
}

#[test]
fn a_file_is_safe_before_its_record_and_kept_while_its_value_is() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut new = vehicle("苏A12345", 0);
    new.files = vec![NewFile {
        item: "drivingLicensePhoto".to_owned(),
        bytes: JPEG.to_vec(),
    }];
    let first = written(&mut writer, new.clone());
    let file = first.file("drivingLicensePhoto").unwrap();
    assert_eq!(
        first.text("drivingLicensePhoto"),
        Some(file.sha256.as_str())
    );
    assert_eq!(file.media_type, "image/jpeg");
    let reader = writer.reader().unwrap();
    assert_eq!(reader.file_bytes(file).unwrap(), JPEG);
    let second = written(&mut writer, next(&first, RecordState::Checked, 1));
    assert_eq!(second.files, first.files);
    let mut without = next(&second, RecordState::Draft, 2);
    without.values.remove("drivingLicensePhoto");
    assert_eq!(written(&mut writer, without).files, []);

    new.key = RecordKey::random();
    new.identity = "another".to_owned();
    let same = written(&mut writer, new);
    assert_eq!(same.files, first.files, "one content is one file");
    std::fs::write(data.path().join(&file.path), b"something else").unwrap();
    assert_eq!(
        reader.file_bytes(file).unwrap_err().kind(),
        ErrorKind::Corrupt
    );
}

#[test]
fn a_file_that_is_no_picture_is_refused_and_nothing_written() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut new = vehicle("苏A12345", 0);
    new.files = vec![NewFile {
        item: "drivingLicensePhoto".to_owned(),
        bytes: b"MZ\x90".to_vec(),
    }];
    let error = writer.write_records(&[new.clone()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("drivingLicensePhoto"), "{error}");
    let reader = writer.reader().unwrap();
    assert_eq!(reader.record(new.key).unwrap(), None);
}

#[test]
fn what_held_at_a_time_is_what_was_approved_by_then() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let draft = written(&mut writer, vehicle("苏A12345", 0));
    let five = written(&mut writer, next(&draft, RecordState::Approved, 100));
    let mut change = next(&five, RecordState::Approved, 200);
    change
        .values
        .insert("emissionStandard".to_owned(), json!("6"));
    let six = written(&mut writer, change);
    let rejected = written(&mut writer, next(&six, RecordState::Rejected, 300));
    written(&mut writer, next(&rejected, RecordState::Retired, 400));
    let reader = writer.reader().unwrap();
    let held = |ms| {
        let held = reader.record_at(Register::Vehicle, "苏A12345|yellow", at(ms));
        held.unwrap().map(|r| r.revision)
    };
    assert_eq!(held(50), Some(2), "registered after it came");
    assert_eq!(held(199), Some(2));
    assert_eq!(held(200), Some(3));
    assert_eq!(held(399), Some(3), "a rejected change changes nothing");
    assert_eq!(held(400), None);
}
