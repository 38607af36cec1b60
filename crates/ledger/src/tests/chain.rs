//! Whoever changes the ledger past the program is found out.

use jiff::civil::date;
use passage::*;
use rusqlite::Connection;

use super::{at, head, open, passed, truck};
use crate::*;

/// A ledger of five passages, and the anchor of the first three.
fn kept() -> (tempfile::TempDir, Anchor) {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["mqtt"]);
    let mut anchor = None;
    for n in 0..5 {
        let id = writer.decide(&truck(n * 60_000), &head()).unwrap();
        writer
            .finish(id, &passed(n * 60_000 + 30_000), &[])
            .unwrap();
        if n == 2 {
            anchor = writer.anchor(date(2026, 3, 1), at(200_000)).unwrap();
        }
    }
    (data, anchor.unwrap())
}

fn verdict(data: &tempfile::TempDir, anchors: &[Anchor]) -> Verification {
    let options = VerifyOptions {
        anchors: anchors.to_vec(),
        ..VerifyOptions::default()
    };
    let reader = Reader::open(data.path()).unwrap();
    reader.verify(&options).unwrap()
}

/// Does what somebody with an SQLite shell could, who first takes the guards away.
fn tamper(data: &tempfile::TempDir, sql: &str) {
    let database = Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    let mut triggers = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    let names: Vec<String> = triggers
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(triggers);
    for name in names {
        database
            .execute_batch(&format!("DROP TRIGGER {name}"))
            .unwrap();
    }
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database.execute_batch(sql).unwrap();
}

fn kinds(verdict: &Verification) -> Vec<(BreakKind, &str)> {
    let breaks = verdict.breaks.iter();
    breaks.map(|b| (b.kind, b.source.as_str())).collect()
}

#[test]
fn an_untouched_ledger_holds_and_an_anchor_from_elsewhere_proves_it() {
    let (data, anchor) = kept();
    let alone = verdict(&data, &[]);
    assert_eq!((alone.breaks.len(), alone.proved_until), (0, None));
    assert_eq!(
        alone.links,
        5 * 5,
        "passage, reading, two photos and outcome"
    );
    let proved = verdict(&data, &[anchor]);
    assert_eq!(proved.proved_until, Some(date(2026, 3, 1)));
}

#[test]
fn a_changed_row_is_named_with_its_passage_whatever_was_changed() {
    let changes = [
        (
            "passages",
            "UPDATE passages SET lane = 'south' WHERE id = 2",
        ),
        (
            "readings",
            "UPDATE readings SET plate = '苏A12346' WHERE passage_id = 2",
        ),
        (
            "readings",
            "UPDATE readings SET confidence = 0.9701 WHERE passage_id = 2",
        ),
        (
            "photos",
            "UPDATE photos SET sha256 = printf('%064d', 0) WHERE id = 3",
        ),
        (
            "passage_outcomes",
            "UPDATE passage_outcomes SET at_ms = at_ms + 1 WHERE passage_id = 2",
        ),
    ];
    for (table, sql) in changes {
        let (data, _) = kept();
        tamper(&data, sql);
        let verdict = verdict(&data, &[]);
        assert_eq!(kinds(&verdict), [(BreakKind::RowChanged, table)], "{sql}");
        assert_eq!(verdict.breaks[0].passage, Some(PassageId(2)), "{sql}");
    }
}

#[test]
fn removed_and_inserted_rows_are_named() {
    let (data, _) = kept();
    tamper(&data, "DELETE FROM passage_outcomes WHERE passage_id = 4");
    let gone = verdict(&data, &[]);
    assert_eq!(kinds(&gone), [(BreakKind::RowRemoved, "passage_outcomes")]);
    assert_eq!(gone.breaks[0].passage, Some(PassageId(4)));

    let (data, _) = kept();
    let copy = "INSERT INTO lost_passages (lane, at_ms, reason) VALUES ('north-in', 1, 'x')";
    tamper(&data, copy);
    let inserted = verdict(&data, &[]);
    assert_eq!(
        kinds(&inserted),
        [(BreakKind::RowInserted, "lost_passages")]
    );
}

#[test]
fn who_takes_a_row_and_its_links_away_leaves_a_gap() {
    let (data, _) = kept();
    tamper(
        &data,
        "DELETE FROM passage_outcomes WHERE passage_id = 1;
         DELETE FROM links WHERE source = 'passage_outcomes' AND key = '[1]'",
    );
    let verdict = verdict(&data, &[]);
    let found = kinds(&verdict);
    assert_eq!(found[0], (BreakKind::LinkRemoved, "links"));
    assert!(
        verdict.breaks[0]
            .detail
            .to_string()
            .contains("links 5 to 5"),
        "{found:?}"
    );
}

#[test]
fn who_cuts_the_end_off_or_makes_the_chain_anew_is_betrayed_by_an_anchor_from_elsewhere() {
    let (data, anchor) = kept();
    tamper(
        &data,
        "DELETE FROM links WHERE seq > 10; DELETE FROM anchors; DELETE FROM photos WHERE id > 4;
         DELETE FROM passage_outcomes WHERE passage_id > 2; DELETE FROM readings WHERE passage_id > 2;
         DELETE FROM passages WHERE id > 2",
    );
    assert!(
        verdict(&data, &[]).breaks.is_empty(),
        "nothing left here betrays it"
    );
    let cut = verdict(&data, std::slice::from_ref(&anchor));
    assert_eq!(kinds(&cut), [(BreakKind::LinkRemoved, "links")]);

    // A forger with our program: the same passages with another plate, linked from the start.
    let forged = tempfile::tempdir().unwrap();
    let mut writer = open(forged.path(), &["mqtt"]);
    for n in 0..5 {
        let mut passage = truck(n * 60_000);
        passage.reading.plate = "苏A99999".to_owned();
        let id = writer.decide(&passage, &head()).unwrap();
        writer
            .finish(id, &passed(n * 60_000 + 30_000), &[])
            .unwrap();
    }
    assert!(verdict(&forged, &[]).breaks.is_empty());
    let betrayed = verdict(&forged, &[anchor]);
    assert_eq!(kinds(&betrayed), [(BreakKind::AnchorDiffers, "links")]);
    assert_eq!(betrayed.proved_until, None);
}

#[test]
fn a_day_is_anchored_once_and_an_empty_ledger_never() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    assert_eq!(writer.anchor(date(2026, 3, 1), at(0)).unwrap(), None);
    writer.decide(&truck(0), &head()).unwrap();
    let first = writer.anchor(date(2026, 3, 1), at(1)).unwrap().unwrap();
    writer.decide(&truck(60_000), &head()).unwrap();
    assert_eq!(writer.anchor(date(2026, 3, 1), at(2)).unwrap(), None);
    let second = writer.anchor(date(2026, 3, 2), at(3)).unwrap().unwrap();
    let kept = writer.reader().unwrap().anchors().unwrap();
    assert_eq!(kept, [first, second]);
    assert!(kept[0].links < kept[1].links);
}

#[test]
fn what_failed_to_commit_is_not_linked() {
    let (data, _) = kept();
    let mut writer = open(data.path(), &["mqtt"]);
    let unknown = PassageId(99);
    writer.finish(unknown, &passed(0), &[]).unwrap_err();
    writer.decide(&truck(900_000), &head()).unwrap();
    drop(writer);
    assert!(verdict(&data, &[]).breaks.is_empty());
}
