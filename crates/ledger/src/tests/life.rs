//! The life of a passage: decided, finished, looked at.

use passage::*;

use super::{at, body, head, open, passed, photo, truck};
use crate::*;

#[test]
fn a_passage_comes_out_as_it_went_in() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt", "regulator:test"]);
    let mut new = truck(0);
    new.reading.trailer_plate = Some("苏A1234挂".to_owned());
    new.reading.chars = vec![plate::CharRead {
        symbol: '苏',
        p: 0.97,
        alternatives: vec![plate::Alternative {
            symbol: '鄂',
            p: 0.02,
        }],
    }];
    let id = writer.decide(&new, &head()).unwrap();
    let reader = writer.reader().unwrap();
    let passage = reader.passage(id).unwrap().unwrap();
    assert_eq!(passage.key, new.key);
    assert_eq!(passage.reading, new.reading);
    assert_eq!(passage.first_reading, None);
    assert_eq!(
        (passage.entered_at, passage.decided_at),
        (new.entered_at, new.decided_at)
    );
    assert_eq!((passage.clock, passage.clock_trusted), (new.clock, true));
    assert_eq!(passage.finished, None);
    assert_eq!(passage.deliveries.len(), 2);
    let original = passage.photo(PhotoKind::HeadOriginal).unwrap();
    assert_eq!(
        original.path,
        format!("photos/2026/03/01/{}-head-original.jpg", new.key)
    );
    assert_eq!(
        reader.photo_bytes(original).unwrap(),
        b"the frame that was read"
    );
    let json = serde_json::to_value(&passage).unwrap();
    assert_eq!(json["reading"]["color"], "yellow");
    assert_eq!(json["decided_at"], "2026-03-01T08:00:00Z");
}

#[test]
fn a_decision_is_kept_whole_with_what_it_rests_on() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let new = NewPassage {
        decision: Verdict::Deny,
        reason: Reason::OnDenyList.as_str().to_owned(),
        grounds: Grounds {
            detail: "排放超标".to_owned(),
            look_alikes: vec![LookAlike {
                plate: "苏A12346".into(),
                color: Some(plate::Color::Yellow),
                list: ListKind::Deny,
            }],
            lists: vec![ListAge {
                name: "platform:yunnan".to_owned(),
                as_of: Some(at(-90_000_000)),
                stale: true,
            }],
            ..Grounds::default()
        },
        ..truck(0)
    };
    let id = writer.decide(&new, &head()).unwrap();
    let plain = writer.decide(&truck(60_000), &head()).unwrap();
    let reader = writer.reader().unwrap();
    let passage = reader.passage(id).unwrap().unwrap();
    assert_eq!(passage.grounds, new.grounds);
    assert!(reader.passage(plain).unwrap().unwrap().grounds.is_empty());
    let json = serde_json::to_value(&passage).unwrap();
    assert_eq!(json["decision"], "deny");
    assert_eq!(json["grounds"]["lists"][0]["stale"], true);
}

#[test]
fn a_passage_without_a_plate_is_still_a_passage() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let unread = NewPassage {
        reading: Reading::unread(),
        ..truck(0)
    };
    let id = writer.decide(&unread, &head()).unwrap();
    let passage = writer.reader().unwrap().passage(id).unwrap().unwrap();
    assert_eq!(passage.reading, Reading::unread());
}

#[test]
fn a_probability_that_is_no_number_does_not_cost_the_passage() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut odd = truck(0);
    odd.reading.confidence = f32::NAN;
    odd.reading.chars = vec![plate::CharRead {
        symbol: '苏',
        p: f32::INFINITY,
        alternatives: Vec::new(),
    }];
    let id = writer.decide(&odd, &head()).unwrap();
    let reading = writer
        .reader()
        .unwrap()
        .passage(id)
        .unwrap()
        .unwrap()
        .reading;
    assert_eq!((reading.confidence, reading.chars[0].p), (0.0, 0.0));
}

#[test]
fn deciding_twice_with_one_key_commits_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    let truck = truck(0);
    let first = writer.decide(&truck, &head()).unwrap();
    assert_eq!(writer.decide(&truck, &head()).unwrap(), first);
    let counts = writer.reader().unwrap().counts().unwrap();
    assert_eq!(
        counts,
        Counts {
            passages: 1,
            open: 1,
            lost: 0,
            photos: 2
        }
    );
}

#[test]
fn the_end_is_appended_and_the_first_reading_stays() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let new = truck(0);
    let id = writer.decide(&new, &head()).unwrap();
    let better = Reading {
        plate: "苏A12346".to_owned(),
        ..new.reading.clone()
    };
    let end = Finished {
        reading: Some(better.clone()),
        ..passed(9000)
    };
    writer.finish(id, &end, &body()).unwrap();
    writer.finish(id, &end, &body()).unwrap();
    let reader = writer.reader().unwrap();
    let passage = reader.passage(id).unwrap().unwrap();
    assert_eq!(passage.reading, better);
    assert_eq!(passage.first_reading, Some(new.reading));
    assert_eq!(
        passage.finished,
        Some(FinishedView {
            outcome: Outcome::Passed,
            at: at(9000)
        })
    );
    assert_eq!(passage.photos.len(), 3);
    assert_eq!(reader.open_passages().unwrap(), []);
}

#[test]
fn a_passage_ends_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    writer.finish(id, &passed(9000), &[]).unwrap();
    let other = Finished {
        outcome: Outcome::BackedOut,
        ..passed(9000)
    };
    let error = writer.finish(id, &other, &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("passed"), "{error}");
    let unknown = writer.finish(PassageId(99), &passed(1), &[]).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Conflict);
}

#[test]
fn photos_that_are_no_evidence_are_refused_before_anything_is_written() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let kind = |writer: &mut Writer, photos: &[NewPhoto<'_>]| {
        writer.decide(&truck(0), photos).unwrap_err().kind()
    };
    assert_eq!(kind(&mut writer, &[]), ErrorKind::Invalid);
    assert_eq!(kind(&mut writer, &body()), ErrorKind::Invalid);
    let empty = [photo(PhotoKind::Head, b"")];
    assert_eq!(kind(&mut writer, &empty), ErrorKind::Invalid);
    let twice = [photo(PhotoKind::Head, b"a"), photo(PhotoKind::Head, b"b")];
    assert_eq!(kind(&mut writer, &twice), ErrorKind::Invalid);
    let id = writer.decide(&truck(0), &head()).unwrap();
    let again = writer.finish(id, &passed(1), &head()).unwrap_err();
    assert_eq!(
        again.kind(),
        ErrorKind::Conflict,
        "a photo is never replaced"
    );
}

#[test]
fn open_passages_are_found_again_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let gone = writer.decide(&truck(0), &head()).unwrap();
    let standing = writer.decide(&truck(1000), &head()).unwrap();
    writer.finish(gone, &passed(2000), &[]).unwrap();
    drop(writer);
    let writer = open(data.path(), &[]);
    let open: Vec<_> = writer.reader().unwrap().open_passages().unwrap();
    assert_eq!(open.iter().map(|p| p.id).collect::<Vec<_>>(), [standing]);
}

#[test]
fn lost_passages_are_counted() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer
        .record_lost("north-in", at(0), "stopped before the decision")
        .unwrap();
    assert_eq!(writer.reader().unwrap().counts().unwrap().lost, 1);
}

#[test]
fn passages_are_found_by_time_and_by_what_is_new() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    for n in 0..5 {
        writer.decide(&truck(n * 1000), &head()).unwrap();
    }
    let reader = writer.reader().unwrap();
    let ids = |found: Vec<PassageView>| found.iter().map(|p| p.id.0).collect::<Vec<_>>();
    assert_eq!(ids(reader.recent(2).unwrap()), [5, 4]);
    assert_eq!(ids(reader.since(PassageId(3), 9).unwrap()), [4, 5]);
    assert_eq!(
        ids(reader.passages_between(at(1000), at(3000), 9).unwrap()),
        [2, 3]
    );
    assert_eq!(
        ids(reader.passages_between(at(0), at(9000), 2).unwrap()),
        [1, 2]
    );
}

#[test]
fn photo_folders_follow_the_site_s_day() {
    let data = tempfile::tempdir().unwrap();
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let options = Options {
        zone,
        ..super::options(&[])
    };
    let mut writer = Writer::open(data.path(), options).unwrap();
    // 08:00 UTC and 10 hours: 02:00 of the next day in Shanghai.
    let id = writer.decide(&truck(36_000_000), &head()).unwrap();
    let passage = writer.reader().unwrap().passage(id).unwrap().unwrap();
    assert!(passage.photos[0].path.starts_with("photos/2026/03/02/"));
}

#[test]
fn the_database_itself_refuses_to_edit_evidence() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    writer.finish(id, &passed(1), &[]).unwrap();
    writer.record_lost("north-in", at(0), "test").unwrap();
    drop(writer);
    let database = rusqlite::Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    for table in [
        "passages",
        "readings",
        "passage_outcomes",
        "photos",
        "lost_passages",
    ] {
        let column = if table == "lost_passages" {
            "id"
        } else {
            "rowid"
        };
        let column = if table == "readings" {
            "passage_id"
        } else {
            column
        };
        for sql in [
            format!("UPDATE {table} SET {column} = 7"),
            format!("DELETE FROM {table}"),
        ] {
            let error = database.execute(&sql, []).unwrap_err();
            assert!(error.to_string().contains("never"), "{sql}: {error}");
        }
    }
}
