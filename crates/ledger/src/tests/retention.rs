//! Photos go only when nobody waits for them, and never without a word.

use std::path::PathBuf;
use std::time::Duration;

use passage::*;

use super::{at, body, findings, head, open, passed, photo, truck};
use crate::*;

const DAY: Duration = Duration::from_secs(86_400);

fn claim(now_ms: i64) -> Claim<'static> {
    Claim {
        sink: "r",
        now: at(now_ms),
        live_window: DAY,
        limit: 100,
        backlog_limit: 100,
    }
}

/// Six passages: 1 and 2 are acknowledged, 3 is refused, 4 was never sent, 5 is acknowledged and its
/// plate unknown, 6 stands in the lane.
fn kept(data: &tempfile::TempDir) -> Writer {
    let mut writer = open(data.path(), &["r"]);
    for n in 0..6 {
        let mut new = truck(n * 60_000);
        if n == 4 {
            new.reading = Reading::unread();
        }
        let id = writer.decide(&new, &head()).unwrap();
        if n < 5 {
            writer
                .finish(id, &passed(n * 60_000 + 30_000), &body())
                .unwrap();
        }
    }
    for item in writer.claim_due(&claim(240_000)).unwrap() {
        let Subject::Passage(passage) = &item.subject else {
            unreachable!("only passages are queued")
        };
        match passage.id.0 {
            1 | 2 | 5 => writer.ack(item.id, at(300_000), "ok").unwrap(),
            3 => writer.refuse(item.id, at(300_000), "no").unwrap(),
            _ => writer
                .retry_later(item.id, at(300_000), "away", at(310_000))
                .unwrap(),
        }
    }
    writer
}

fn ids(found: &[Removable]) -> Vec<i64> {
    found.iter().map(|r| r.passage.0).collect()
}

fn files_of(reader: &Reader, id: i64) -> Vec<PathBuf> {
    let passage = reader.passage(PassageId(id)).unwrap().unwrap();
    passage
        .photos
        .iter()
        .map(|p| reader.photo_file(p))
        .collect()
}

#[test]
fn photos_that_somebody_waits_for_are_never_removed() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = kept(&data);
    let reader = writer.reader().unwrap();
    let late = at(900_000_000);
    assert_eq!(ids(&reader.removable(late, None, 10).unwrap()), [1, 2]);
    assert_eq!(ids(&reader.removable(at(60_000), None, 10).unwrap()), [1]);
    let held = reader.held(late).unwrap();
    assert_eq!(
        (held.waiting, held.refused, held.unknown_plate, held.open),
        (2, 1, 1, 1)
    );
    // Not even when they are asked for by name: something may have come in between.
    let all: Vec<_> = (1..=6).map(PassageId).collect();
    let removed = writer
        .remove_photos(&all, RemovalReason::Age, late)
        .unwrap();
    assert_eq!((removed.passages, removed.photos), (2, 6));
    assert_eq!(reader.counts().unwrap().photos, 17 - 6);
    for id in [3, 4, 5, 6] {
        assert!(
            files_of(&reader, id).iter().all(|file| file.exists()),
            "{id}"
        );
    }
}

#[test]
fn a_person_who_settles_it_frees_the_photos() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = kept(&data);
    let named = Correction {
        changes: vec![Change {
            item: CorrectedItem::Plate,
            replaces: None,
            value: "苏B54321".to_owned(),
        }],
        who: "门卫".to_owned(),
        why: "看照片".to_owned(),
        at: at(400_000),
    };
    writer.correct(PassageId(5), &named, &[]).unwrap();
    let reader = writer.reader().unwrap();
    let found = reader.removable(at(900_000_000), None, 10).unwrap();
    assert_eq!(ids(&found), [1, 2, 5]);
}

#[test]
fn a_removal_is_a_row_in_the_chain_and_no_loss() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = kept(&data);
    let reader = writer.reader().unwrap();
    let files = files_of(&reader, 1);
    let links = reader.verify(&VerifyOptions::default()).unwrap().links;
    writer
        .remove_photos(&[PassageId(1)], RemovalReason::Age, at(500_000))
        .unwrap();
    assert!(files.iter().all(|file| !file.exists()));
    assert_eq!(findings(data.path()), []);
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert_eq!((verdict.breaks.len(), verdict.links), (0, links + 1));
    let view = reader.passage(PassageId(1)).unwrap().unwrap();
    assert!(view.photos.is_empty());
    assert_eq!(
        view.removed_photos,
        [RemovedView {
            photos: 3,
            why: RemovalReason::Age,
            at: at(500_000)
        }]
    );
    let all = reader.removals().unwrap();
    assert_eq!((all.passages, all.photos, all.until), (1, 3, Some(at(0))));

    // Who removes a file by hand is still found out.
    std::fs::remove_file(&files_of(&reader, 2)[0]).unwrap();
    assert_eq!(findings(data.path())[0].code, FindingCode::PhotoMissing);
}

#[test]
fn a_removal_cut_off_between_row_and_file_is_finished_by_the_next_run() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = kept(&data);
    let reader = writer.reader().unwrap();
    let files = files_of(&reader, 1);
    // A folder in the place of a photo can't be removed as a file: the row is there, the file stays.
    let aside = data.path().join("aside");
    std::fs::rename(&files[1], &aside).unwrap();
    std::fs::create_dir(&files[1]).unwrap();
    writer
        .remove_photos(&[PassageId(1)], RemovalReason::Age, at(500_000))
        .unwrap_err();
    assert!(
        reader
            .passage(PassageId(1))
            .unwrap()
            .unwrap()
            .photos
            .is_empty()
    );
    std::fs::remove_dir(&files[1]).unwrap();
    std::fs::rename(&aside, &files[1]).unwrap();
    drop(writer);
    let mut writer = open(data.path(), &["r"]);
    assert_eq!(findings(data.path()), [], "neither lost nor an orphan");
    assert_eq!(writer.finish_removals().unwrap(), 3);
    assert!(files.iter().all(|file| !file.exists()));
    assert_eq!(writer.finish_removals().unwrap(), 0);
}

#[test]
fn a_passage_corrected_after_its_photos_went_gets_new_ones_and_is_still_delivered() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = kept(&data);
    writer
        .remove_photos(
            &[PassageId(1), PassageId(2)],
            RemovalReason::Age,
            at(500_000),
        )
        .unwrap();
    let correction = Correction {
        changes: vec![Change {
            item: CorrectedItem::Plate,
            replaces: Some("苏A12345".to_owned()),
            value: "苏B54321".to_owned(),
        }],
        who: "门卫".to_owned(),
        why: "看错".to_owned(),
        at: at(600_000),
    };
    let new = [photo(PhotoKind::Head, b"rendered again")];
    writer.correct(PassageId(1), &correction, &new).unwrap();
    let reader = writer.reader().unwrap();
    assert_eq!(files_of(&reader, 1).len(), 1);
    assert!(files_of(&reader, 1)[0].exists());
    assert_eq!(findings(data.path()), []);
}

#[test]
fn what_is_removed_for_age_was_announced_before_whatever_the_clock_does() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let reader = writer.reader().unwrap();
    let month = 30 * DAY;
    let now = at(0);
    assert_eq!(reader.announced_by_age(now, month).unwrap(), None);
    writer.announce_removals(Some(at(5000)), now).unwrap();
    assert_eq!(reader.announced_by_age(now, month).unwrap(), None);
    assert_eq!(reader.newest_notice_by_age().unwrap(), Some(at(5000)));
    let in_a_month = at(30 * 86_400_000);
    assert_eq!(
        reader.announced_by_age(in_a_month, month).unwrap(),
        Some(at(5000))
    );
    // A clock that jumps ahead by years frees only what was announced before the jump.
    let jumped = at(3000 * 86_400_000);
    assert_eq!(
        reader.announced_by_age(jumped, month).unwrap(),
        Some(at(5000))
    );

    assert_eq!(reader.announced_shortage(now).unwrap(), None);
    writer.announce_removals(None, now).unwrap();
    assert_eq!(reader.announced_shortage(at(60_000)).unwrap(), Some(now));
    assert_eq!(reader.announced_shortage(at(8 * 86_400_000)).unwrap(), None);
    assert_eq!(reader.announced_shortage(at(-60_000)).unwrap(), None);
}

#[test]
fn growth_is_that_of_the_last_days_and_a_young_ledger_says_nothing() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let jpeg = vec![1_u8; 50_000];
    for day in 0..4 {
        for n in 0..5 {
            let heads = [photo(PhotoKind::Head, &jpeg)];
            writer
                .decide(&truck(day * 86_400_000 + n * 1000), &heads)
                .unwrap();
        }
    }
    let reader = writer.reader().unwrap();
    assert_eq!(reader.growth(at(80_000_000)).unwrap(), None);
    let growth = reader.growth(at(4 * 86_400_000)).unwrap().unwrap();
    assert!((growth.passages - 5.0).abs() < 0.01, "{growth:?}");
    assert!(
        growth.bytes > 250_000.0 && growth.bytes < 500_000.0,
        "{growth:?}"
    );
    assert_eq!(growth.photo_bytes, 20 * 50_000);
    assert_eq!(reader.growth(at(400 * 86_400_000)).unwrap(), None);
}
