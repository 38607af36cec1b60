//! A real file system that fills up, and one that can't be written, in a mount namespace of
//! their own. Both need root; elsewhere the tests say so and end.

use std::fs;
use std::path::Path;
use std::process::Command;

use passage::*;

use super::small_disk::{FOLDER, on_small_disk};
use super::{at, findings, open, options, passed, photo, truck};
use crate::*;

#[test]
fn a_full_disk_loses_nothing_and_writing_goes_on_when_space_returns() {
    on_small_disk("full_disk::child_that_fills_its_disk", "4m");
}

#[test]
fn a_disk_full_of_unacknowledged_passages_keeps_them_all_and_goes_on_once_they_are_acknowledged() {
    on_small_disk(
        "full_disk::child_whose_disk_is_full_of_what_nobody_acknowledged",
        "4m",
    );
}

#[test]
fn a_read_only_disk_is_named_and_can_still_be_read() {
    on_small_disk("full_disk::child_on_a_read_only_disk", "4m");
}

#[test]
#[ignore = "runs on the small disk of a test above"]
fn child_that_fills_its_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let ballast = folder.join("ballast");
    fs::write(&ballast, vec![1; 1_700_000]).unwrap();
    let mut writer = open(folder, &["mqtt"]);
    // Odd sizes, so that the disk is full at another step each time round.
    for size in [20_011, 9_001, 3_003, 1_001] {
        let jpeg = vec![5; size];
        let head = [
            photo(PhotoKind::HeadOriginal, &jpeg),
            photo(PhotoKind::Head, &jpeg),
        ];
        let mut committed = writer.reader().unwrap().counts().unwrap().passages;
        let (refused, error) = loop {
            let truck = truck(0);
            match writer.decide(&truck, &head) {
                Ok(_) => committed += 1,
                Err(error) => break (truck, error),
            }
        };
        assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}: {error:?}");
        assert!(error.to_string().contains("free space"), "{error}");
        assert_eq!(
            writer.reader().unwrap().counts().unwrap().passages,
            committed
        );
        let found = findings(folder);
        assert!(
            found.iter().all(|f| f.code == FindingCode::OrphanFile),
            "{found:?}"
        );

        let room = fs::metadata(&ballast).unwrap().len() - 400_000;
        fs::File::options()
            .write(true)
            .open(&ballast)
            .unwrap()
            .set_len(room)
            .unwrap();
        writer.decide(&refused, &head).expect("space has returned");
        assert_eq!(
            findings(folder),
            [],
            "the second call took up what the first left"
        );
    }
    drop(writer);
    open(folder, &["mqtt"]);
    assert_eq!(findings(folder), []);
}

#[test]
#[ignore = "runs on the small disk of a test above"]
fn child_whose_disk_is_full_of_what_nobody_acknowledged() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let ballast = folder.join("ballast");
    fs::write(&ballast, vec![1; 500_000]).unwrap();
    let mut writer = open(folder, &["mqtt"]);
    let jpeg = vec![5; 50_000];
    let head = [photo(PhotoKind::Head, &jpeg)];
    let (waiting, kept) = loop {
        let truck = truck(0);
        match writer.decide(&truck, &head) {
            Ok(id) => writer.finish(id, &passed(1000), &[]).unwrap_or_default(),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
                break (truck, writer.reader().unwrap().counts().unwrap());
            }
        }
    };
    let late = at(900_000_000);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.removable(late, None, 1000).unwrap(), []);
    let all = reader.since(PassageId(0), 1000).unwrap();
    let everything: Vec<_> = all.iter().map(|passage| passage.id).collect();
    let removed = writer.remove_photos(&everything, RemovalReason::Space, late);
    assert!(removed.map_or(true, |removed| removed == Removed::default()));
    assert_eq!(reader.counts().unwrap(), kept, "not one is given up");

    // The platform is back, and somebody has made a little room for its answers.
    fs::File::options()
        .write(true)
        .open(&ballast)
        .unwrap()
        .set_len(0)
        .unwrap();
    for passage in all.iter().filter(|passage| passage.finished.is_none()) {
        writer.finish(passage.id, &passed(1000), &[]).unwrap();
    }
    let claim = Claim {
        sink: "mqtt",
        now: late,
        live_window: std::time::Duration::from_secs(60),
        limit: 1000,
        backlog_limit: 1000,
    };
    for item in writer.claim_due(&claim).unwrap() {
        writer.ack(item.id, late, "ok").unwrap();
    }
    let due = reader.removable(late, None, 10).unwrap();
    let due: Vec<_> = due.iter().map(|passage| passage.passage).collect();
    let removed = writer
        .remove_photos(&due, RemovalReason::Space, late)
        .unwrap();
    assert_eq!(removed.size_bytes, 500_000);
    writer.decide(&waiting, &head).expect("there is room again");
    assert_eq!(findings(folder), []);
}

#[test]
#[ignore = "runs on the small disk of a test above"]
fn child_on_a_read_only_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let mut writer = open(folder, &["mqtt"]);
    let head = [photo(PhotoKind::Head, b"a head")];
    let id = writer.decide(&truck(0), &head).unwrap();
    drop(writer);
    let remounted = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(folder)
        .status()
        .unwrap();
    assert!(remounted.success());

    let error = Writer::open(folder, options(&[])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    assert!(
        error.to_string().contains("mount the disk writable"),
        "{error}"
    );
    let reader = Reader::open(folder).unwrap();
    assert!(reader.passage(id).unwrap().is_some());
    assert_eq!(findings(folder), []);
}
