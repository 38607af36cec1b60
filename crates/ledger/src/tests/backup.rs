//! Backups of a ledger in use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use passage::*;

use super::{at, body, findings, head, open, passed, photo, truck};
use crate::*;

static GO_ON: AtomicBool = AtomicBool::new(false);

pub(super) fn plan(ms: i64) -> BackupOptions<'static> {
    BackupOptions {
        at: at(ms),
        keep: 3,
        prepare: true,
        stop: &GO_ON,
    }
}

pub(super) fn back_up(data: &Path, to: &Path, ms: i64) -> BackedUp {
    Reader::open(data).unwrap().back_up(to, &plan(ms)).unwrap()
}

/// Lives as long as the tests do: they need few.
pub(super) fn folder(of: &Path) -> &'static BackupFolder {
    Box::leak(Box::new(BackupFolder(of.to_owned())))
}

pub(super) fn newest<'a>(from: &Path, to: &'a Path, ms: i64) -> RestoreOptions<'a> {
    RestoreOptions {
        from: folder(from),
        backup: None,
        to,
        at: at(ms),
        accept_missing: false,
    }
}

/// Decides and finishes so many passages, one a minute from `from` on.
pub(super) fn drive(writer: &mut Writer, from: i64, count: i64) {
    for n in from..from + count {
        let id = writer.decide(&truck(n * 60_000), &head()).unwrap();
        let end = passed(n * 60_000 + 30_000);
        writer.finish(id, &end, &body()).unwrap();
    }
}

/// A folder for a ledger and one for its backups.
pub(super) struct Folders {
    pub(super) data: tempfile::TempDir,
    pub(super) backups: tempfile::TempDir,
    pub(super) clean: tempfile::TempDir,
}

impl Folders {
    pub(super) fn new() -> Self {
        let make = || tempfile::tempdir().unwrap();
        Self {
            data: make(),
            backups: make(),
            clean: make(),
        }
    }

    pub(super) fn database(&self, name: &str) -> PathBuf {
        let databases = self.backups.path().join("databases");
        databases.join(name).join("ledger.sqlite3")
    }
}

pub(super) fn photo_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("photos")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_backup_restores_to_a_ledger_with_the_same_counts_and_a_whole_chain() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &["mqtt"]);
    drive(&mut writer, 0, 4);
    let backup = back_up(here.data.path(), here.backups.path(), 1_000_000);
    assert_eq!(backup.manifest.photos.count, 12);
    assert_eq!(backup.manifest.damaged, []);
    assert_eq!(backup.manifest.tables["passages"], 4);

    let restored = restore(&newest(here.backups.path(), here.clean.path(), 2_000_000)).unwrap();
    assert_eq!((restored.files, restored.missing_count), (12, 0));
    for (table, counted) in &restored.tables {
        let marks = u64::from(["links", "restores"].contains(&table.as_str()));
        assert_eq!(counted.restored, counted.backup + marks, "{table}");
    }
    assert!(!here.clean.path().join(".restoring").exists());
    drop(open(here.clean.path(), &["mqtt"]));
    assert_eq!(findings(here.clean.path()), []);
    let reader = Reader::open(here.clean.path()).unwrap();
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert_eq!(verdict.breaks, []);
    assert_eq!(
        verdict.links,
        backup.manifest.links + 1,
        "the mark of the gap"
    );
    assert_eq!(verdict.restores, [restored.gap]);
    let both = [here.data.path(), here.clean.path()].map(|folder| {
        let all = Reader::open(folder).unwrap().since(PassageId(0), 10);
        all.unwrap()
    });
    assert_eq!(both[0], both[1]);
}

#[test]
fn a_second_backup_copies_only_what_is_new_and_old_databases_go() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    for n in 0..5 {
        drive(&mut writer, n, 1);
        let backup = back_up(here.data.path(), here.backups.path(), n * 1000);
        assert_eq!(backup.copied.count, 3, "{n}");
        assert_eq!(backup.manifest.photos.count, 3 * (n as u64 + 1));
    }
    let again = back_up(here.data.path(), here.backups.path(), 4000);
    assert_eq!(again.copied.count, 0);
    let kept = backups(here.backups.path()).unwrap();
    let names: Vec<_> = kept.iter().map(|b| b.name.as_str()).collect();
    let day = "20260301T08000";
    assert_eq!(
        names,
        [
            format!("{day}4Z-001"),
            format!("{day}4Z"),
            format!("{day}3Z")
        ]
    );
    assert_eq!(photo_files(here.backups.path()).len(), 15);
}

#[test]
fn a_writer_goes_on_while_a_backup_is_made() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &["mqtt"]);
    drive(&mut writer, 0, 20);
    let (data, to) = (here.data.path().to_owned(), here.backups.path().to_owned());
    let backing_up = std::thread::spawn(move || {
        (0..5)
            .map(|n| back_up(&data, &to, n * 1000))
            .collect::<Vec<_>>()
    });
    let mut slowest = Duration::ZERO;
    let mut written = 20;
    while !backing_up.is_finished() {
        let started = std::time::Instant::now();
        drive(&mut writer, written, 1);
        slowest = slowest.max(started.elapsed());
        written += 1;
    }
    let made = backing_up.join().unwrap();
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    assert!(written > 22, "the writer came to write {written}");
    for backup in &made {
        assert_eq!(backup.manifest.damaged, [], "{}", backup.name);
    }
    let to = here.clean.path();
    let restored = restore(&newest(here.backups.path(), to, 9_000_000)).unwrap();
    assert_eq!(restored.files, made[4].manifest.photos.count);
    assert!(findings(to).is_empty());
}

const FOLDERS: &str = "LEDGER_TEST_BACKUP";

#[test]
#[ignore = "the killed process of the test below"]
fn child_that_backs_up_until_killed() {
    let Ok(folders) = std::env::var(FOLDERS) else {
        return;
    };
    let (data, to) = folders.split_once(':').unwrap();
    for n in 0.. {
        back_up(Path::new(data), Path::new(to), n);
    }
}

#[test]
fn a_backup_killed_at_any_moment_is_never_taken_for_a_whole_one() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &["mqtt"]);
    let jpeg = vec![3_u8; 200_000];
    let folders = format!(
        "{}:{}",
        here.data.path().display(),
        here.backups.path().display()
    );
    let mut interrupted = 0;
    for round in 0..20_i64 {
        for n in 0..4 {
            let heads = [photo(PhotoKind::Head, &jpeg)];
            writer.decide(&truck(round * 1000 + n), &heads).unwrap();
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::backup::child_that_backs_up_until_killed"])
            .args(["--ignored", "--nocapture"])
            .env(FOLDERS, &folders)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(15 + (round as u64 * 37) % 90));
        child.kill().unwrap();
        child.wait().unwrap();
        let part = here.backups.path().join(".part");
        let begun = fs::read_dir(part).map_or(0, Iterator::count);
        interrupted += usize::from(begun > 0);
        let Ok(whole) = backups(here.backups.path()) else {
            continue;
        };
        for backup in &whole {
            let to = tempfile::tempdir().unwrap();
            let mut options = newest(here.backups.path(), to.path(), 90_000_000);
            options.backup = Some(&backup.name);
            let restored = restore(&options).unwrap();
            assert_eq!(restored.files, backup.manifest.photos.count);
        }
    }
    assert!(
        interrupted > 3,
        "only {interrupted} kills came in the midst"
    );
    let last = back_up(here.data.path(), here.backups.path(), 80_000_000);
    assert_eq!(
        (last.manifest.photos.count, last.manifest.damaged.len()),
        (80, 0)
    );
}

#[test]
fn what_an_interrupted_backup_left_half_written_is_proved_before_it_counts() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 1);
    back_up(here.data.path(), here.backups.path(), 0);
    drive(&mut writer, 1, 1);
    // The name came to the medium and the content did not, as when the power goes.
    let reader = writer.reader().unwrap();
    let passage = reader.passage(PassageId(2)).unwrap().unwrap();
    let path = &passage.photos[0].path;
    let torn = here.backups.path().join(path);
    let size = usize::try_from(passage.photos[0].size_bytes).unwrap();
    fs::write(&torn, vec![0; size]).unwrap();
    let backup = back_up(here.data.path(), here.backups.path(), 1000);
    assert_eq!(backup.copied.count, 3);
    let bytes = fs::read(here.data.path().join(path)).unwrap();
    assert_eq!(fs::read(&torn).unwrap(), bytes);
}

#[test]
fn what_is_damaged_or_missing_is_left_out_and_named() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 2);
    let files = photo_files(here.data.path());
    fs::write(&files[0], b"?").unwrap();
    fs::remove_file(&files[1]).unwrap();
    let backup = back_up(here.data.path(), here.backups.path(), 0);
    let manifest = &backup.manifest;
    assert_eq!((manifest.photos.count, manifest.damaged_count), (4, 2));
    let mut why: Vec<_> = manifest.damaged.iter().map(|d| d.why.as_str()).collect();
    why.sort_unstable();
    assert!(why[0].starts_with("1 bytes with hash"), "{why:?}");
    assert_eq!(why[1], "the file is not there");

    let mut options = newest(here.backups.path(), here.clean.path(), 1000);
    let refused = restore(&options).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Corrupt);
    assert!(
        refused.to_string().contains("2 photos or files"),
        "{refused}"
    );
    assert!(!here.clean.path().join("ledger.sqlite3").exists());
    options.accept_missing = true;
    let restored = restore(&options).unwrap();
    assert_eq!((restored.files, restored.missing_count), (4, 2));
    assert_eq!(restored.gap.missing_photos, 2);
    assert_eq!(
        findings(here.clean.path()).len(),
        2,
        "the ledger does not hide it"
    );
}

#[test]
fn nothing_is_backed_up_where_the_disk_is_not_mounted_or_into_itself() {
    let here = Folders::new();
    drop(open(here.data.path(), &[]));
    let reader = Reader::open(here.data.path()).unwrap();
    let mut unattended = plan(0);
    unattended.prepare = false;
    let refused = reader
        .back_up(here.backups.path(), &unattended)
        .unwrap_err();
    assert!(
        refused.to_string().contains("may not be mounted"),
        "{refused}"
    );
    assert_eq!(fs::read_dir(here.backups.path()).unwrap().count(), 0);

    fs::write(here.backups.path().join("holiday.jpg"), b"").unwrap();
    let strange = reader.back_up(here.backups.path(), &plan(0)).unwrap_err();
    assert!(strange.to_string().contains("something else"), "{strange}");
    let inside = here.data.path().join("backup");
    let inside = reader.back_up(&inside, &plan(0)).unwrap_err();
    assert!(inside.to_string().contains("in each other"), "{inside}");
}

#[test]
fn a_stopped_backup_is_none_and_the_next_one_goes_on() {
    let here = Folders::new();
    let mut writer = open(here.data.path(), &[]);
    drive(&mut writer, 0, 1);
    let stop = AtomicBool::new(true);
    let mut options = plan(0);
    options.stop = &stop;
    let reader = writer.reader().unwrap();
    let stopped = reader.back_up(here.backups.path(), &options).unwrap_err();
    assert!(stopped.to_string().contains("stopped before its end"));
    assert_eq!(backups(here.backups.path()).unwrap(), []);
    back_up(here.data.path(), here.backups.path(), 0);
    assert_eq!(backups(here.backups.path()).unwrap().len(), 1);
}
