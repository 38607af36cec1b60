//! Restores from backups, and what holds after them.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::civil::date;
use passage::*;
use rusqlite::Connection;

use super::backup::{Folders, back_up, drive, newest, photo_files};
use super::{at, findings, head, open, options, truck};
use crate::*;

#[test]
fn a_backup_that_is_not_what_it_says_is_refused_and_nothing_is_restored() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 2);
    let name = back_up(here.data.path(), here.backups.path(), 0).name;
    let database = here.database(&name);
    let manifest = database.with_file_name("manifest.json");
    let (good, said) = (
        fs::read(&database).unwrap(),
        fs::read_to_string(&manifest).unwrap(),
    );
    let refused = |what: &str| {
        let error = restore(&newest(here.backups.path(), here.clean.path(), 1000)).unwrap_err();
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert!(!here.clean.path().join("ledger.sqlite3").exists());
        fs::write(&database, &good).unwrap();
        fs::write(&manifest, &said).unwrap();
    };
    let mut bytes = good.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&database, bytes).unwrap();
    refused("not the one that its manifest describes");
    fs::write(
        &manifest,
        said.replace("\"passages\": 2", "\"passages\": 3"),
    )
    .unwrap();
    refused("table passages has 2 rows, the manifest says 3");
    fs::write(&manifest, said.replace("\"schema\": ", "\"schema\": 9")).unwrap();
    refused("this program knows");
    fs::write(&manifest, said.replace("\"format\": 1", "\"format\": 2")).unwrap();
    refused("there is no whole backup");
    fs::write(&manifest, &said[..said.len() / 2]).unwrap();
    refused("there is no whole backup");
    let early = restore(&newest(here.backups.path(), here.clean.path(), -1)).unwrap_err();
    assert!(early.to_string().contains("set the clock"), "{early}");
}

#[test]
fn a_backup_with_a_path_out_of_its_folder_is_refused() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 1);
    let name = back_up(here.data.path(), here.backups.path(), 0).name;
    let database = here.database(&name);
    let rows = Connection::open(&database).unwrap();
    rows.execute_batch(
        "DROP TRIGGER photos_stay; UPDATE photos SET path = 'photos/../../evil' WHERE id = 1;
         CREATE TRIGGER photos_stay BEFORE UPDATE ON photos
             BEGIN SELECT raise(ABORT, 'photos are never edited'); END;",
    )
    .unwrap();
    drop(rows);
    let bytes = fs::read(&database).unwrap();
    let manifest = database.with_file_name("manifest.json");
    let mut said: Manifest = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    said.sha256 = crate::evidence::sha256(&bytes);
    said.size_bytes = bytes.len() as u64;
    fs::write(&manifest, serde_json::to_vec(&said).unwrap()).unwrap();
    let refused = restore(&newest(here.backups.path(), here.clean.path(), 1)).unwrap_err();
    assert!(
        refused.to_string().contains("not the path of a photo"),
        "{refused}"
    );
}

#[test]
fn a_folder_that_holds_a_ledger_is_never_restored_over() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 1);
    back_up(here.data.path(), here.backups.path(), 0);
    let mut other = open(here.clean.path(), &[]);
    drive(&mut other, 0, 2);
    let busy = restore(&newest(here.backups.path(), here.clean.path(), 1)).unwrap_err();
    assert_eq!(busy.kind(), ErrorKind::Locked);
    drop(other);
    let refused = restore(&newest(here.backups.path(), here.clean.path(), 1)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert!(
        refused.to_string().contains("never writes over one"),
        "{refused}"
    );
    assert_eq!(
        open(here.clean.path(), &[])
            .reader()
            .unwrap()
            .counts()
            .unwrap()
            .passages,
        2
    );
}

#[test]
fn a_restore_that_was_cut_off_is_no_ledger_and_can_be_run_again() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 2);
    back_up(here.data.path(), here.backups.path(), 0);
    let hidden = photo_files(here.backups.path()).pop().unwrap();
    let aside = here.backups.path().join("aside");
    fs::rename(&hidden, &aside).unwrap();
    restore(&newest(here.backups.path(), here.clean.path(), 1)).unwrap_err();
    let early = Writer::open(here.clean.path(), options(&[])).unwrap_err();
    assert!(early.to_string().contains("was cut off"), "{early}");

    fs::rename(&aside, &hidden).unwrap();
    let restored = restore(&newest(here.backups.path(), here.clean.path(), 1)).unwrap();
    assert_eq!(restored.files, 6);
    drop(open(here.clean.path(), &[]));
    assert_eq!(findings(here.clean.path()), []);
}

const FOLDERS: &str = "LEDGER_TEST_RESTORE";

#[test]
#[ignore = "the killed process of the test below"]
fn child_that_restores_until_killed() {
    let Ok(folders) = std::env::var(FOLDERS) else {
        return;
    };
    let (from, to) = folders.split_once(':').unwrap();
    restore(&newest(from.as_ref(), to.as_ref(), 1_000_000)).unwrap();
}

#[test]
fn a_restore_killed_at_any_moment_leaves_no_ledger_or_a_whole_one() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 60);
    back_up(here.data.path(), here.backups.path(), 0);
    let (mut cut_off, mut whole) = (0, 0);
    for round in 0..12 {
        let to = tempfile::tempdir().unwrap();
        let folders = format!("{}:{}", here.backups.path().display(), to.path().display());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "tests::restore::child_that_restores_until_killed",
            ])
            .args(["--ignored", "--nocapture"])
            .env(FOLDERS, &folders)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(10 + round * 17));
        child.kill().unwrap();
        child.wait().unwrap();
        if to.path().join("ledger.sqlite3").exists() {
            whole += 1;
        } else {
            if to.path().join(".restoring").exists() {
                cut_off += 1;
                let early = Writer::open(to.path(), options(&[])).unwrap_err();
                assert!(early.to_string().contains("was cut off"), "{early}");
            }
            restore(&newest(here.backups.path(), to.path(), 1_000_000)).unwrap();
        }
        let reader = open(to.path(), &[]).reader().unwrap();
        assert_eq!(findings(to.path()), []);
        assert_eq!(reader.counts().unwrap().passages, 60);
        assert_eq!(reader.restores().unwrap().len(), 1);
        assert!(!to.path().join(".restoring").exists());
    }
    assert!(
        cut_off > 0,
        "{cut_off} kills came in the midst, {whole} too late"
    );
}

#[test]
fn after_a_restore_numbers_go_on_above_all_that_may_have_been_given() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &["mqtt"]);
    drive(&mut writer, 0, 3);
    back_up(here.data.path(), here.backups.path(), 200_000);
    drive(&mut writer, 3, 5);
    drop(writer);

    let to = here.clean.path();
    let gap = restore(&newest(here.backups.path(), to, 86_400_000))
        .unwrap()
        .gap;
    assert_eq!(
        (gap.last_passage, gap.first_free),
        (PassageId(3), PassageId(20_000_001))
    );
    let mut writer = open(to, &["mqtt"]);
    // Even by a clock that was set back to before the backup.
    let id = writer.decide(&truck(0), &head()).unwrap();
    assert_eq!(id, gap.first_free);
    let reader = writer.reader().unwrap();
    assert_eq!(
        reader.serial_time(PassageId(3), at(120_000)).unwrap(),
        at(120_000)
    );
    assert_eq!(reader.serial_time(id, at(0)).unwrap(), at(86_400_000));
    let in_the_gap = reader.serial_time(id, at(1_200_000)).unwrap();
    assert_eq!(
        in_the_gap,
        at(86_400_000 + 1_000_000),
        "moved by the gap's length"
    );
    assert_eq!(
        reader.serial_time(id, at(86_500_000)).unwrap(),
        at(86_500_000)
    );

    // A second restore, of a backup of the restored ledger, skips again.
    back_up(to, here.backups.path(), 90_000_000);
    let third = tempfile::tempdir().unwrap();
    let gap = restore(&newest(here.backups.path(), third.path(), 95_000_000))
        .unwrap()
        .gap;
    assert_eq!(gap.first_free, PassageId(40_000_001));
}

#[test]
fn anchors_of_what_a_restore_left_behind_are_a_gap_and_no_forgery() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 2);
    let kept = writer
        .anchor(date(2026, 3, 1), at(200_000))
        .unwrap()
        .unwrap();
    back_up(here.data.path(), here.backups.path(), 300_000);
    drive(&mut writer, 2, 2);
    let lost = writer
        .anchor(date(2026, 3, 2), at(400_000))
        .unwrap()
        .unwrap();
    drop(writer);
    let to = here.clean.path();
    restore(&newest(here.backups.path(), to, 500_000)).unwrap();
    let mut writer = open(to, &[]);
    drive(&mut writer, 10, 4);
    let after = writer
        .anchor(date(2026, 3, 2), at(900_000))
        .unwrap()
        .unwrap();
    assert!(after.branch.is_some() && after.links > lost.links);
    let verdict = |anchors: &[&Anchor]| {
        let options = VerifyOptions {
            anchors: anchors.iter().map(|a| (*a).clone()).collect(),
            ..VerifyOptions::default()
        };
        Reader::open(to).unwrap().verify(&options).unwrap()
    };
    let all = verdict(&[&kept, &lost, &after]);
    assert_eq!(all.breaks, []);
    assert_eq!(all.lost_anchors, [lost]);
    assert_eq!(all.proved_until, Some(date(2026, 3, 2)));
    // An anchor of this branch is still held against it.
    let forged = Anchor {
        head: "0".repeat(64),
        ..after
    };
    assert_eq!(verdict(&[&forged]).breaks[0].kind, BreakKind::AnchorDiffers);
}

#[test]
fn deliveries_that_may_have_been_sent_in_the_gap_say_so() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &["r"]);
    drive(&mut writer, 0, 1);
    back_up(here.data.path(), here.backups.path(), 200_000);
    drop(writer);
    let to = here.clean.path();
    let gap = restore(&newest(here.backups.path(), to, 300_000))
        .unwrap()
        .gap;
    let mut writer = open(to, &["r"]);
    drive(&mut writer, 10, 1);
    let reader = writer.reader().unwrap();
    let row = |id| reader.passage(id).unwrap().unwrap().deliveries[0].id;
    let (before, after) = (row(PassageId(1)), row(gap.first_free));
    let mut sending = |row| {
        let sending = Sending {
            row,
            sha256: "ab".repeat(32),
            items_present: 1,
            items_expected: 1,
        };
        writer.note_sending(&sending, at(400_000)).unwrap().gap
    };
    assert_eq!(sending(before), Some(gap));
    assert_eq!(sending(after), None);
}

#[test]
fn every_kept_ledger_can_be_restored_from_a_backup_of_its_time() {
    let here = Folders::new();
    drop(open(here.data.path(), &[]));
    let name = back_up(here.data.path(), here.backups.path(), 0).name;
    let database = here.database(&name);
    for (version, dump) in (1_usize..).zip(super::migrations::DUMPS) {
        fs::remove_file(&database).unwrap();
        let rows = Connection::open(&database).unwrap();
        rows.execute_batch(dump).unwrap();
        let tables = crate::keep::backup::rows_of_tables(&rows).unwrap();
        drop(rows);
        let manifest = database.with_file_name("manifest.json");
        let mut said: Manifest = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
        let bytes = fs::read(&database).unwrap();
        said.schema = version;
        said.tables = tables;
        (said.sha256, said.size_bytes) = (crate::evidence::sha256(&bytes), bytes.len() as u64);
        if version >= 6 {
            let rows = Connection::open(&database).unwrap();
            (said.links, said.head) = crate::proof::chain::head(&rows).unwrap();
        }
        fs::write(&manifest, serde_json::to_vec(&said).unwrap()).unwrap();
        let to = tempfile::tempdir().unwrap();
        let mut options = newest(here.backups.path(), to.path(), 10_000_000_000);
        options.accept_missing = true;
        let restored = restore(&options).unwrap();
        assert_eq!(restored.missing_count, 2, "dumps have no photos");
        let reader = Reader::open(to.path()).unwrap();
        let verdict = reader.verify(&VerifyOptions::default()).unwrap();
        assert_eq!(verdict.breaks, [], "version {version}");
    }
}
