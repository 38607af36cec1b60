//! Backups in a real object store, and what it may do to them.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use ledger::{ErrorKind, Options, VerifyOptions, Writer};
use offsite::{BackupKey, S3Store};
use secret::Secret;

use support::{Gate, plan, server};

#[test]
fn a_lost_ledger_comes_back_row_by_row_and_photo_by_photo() {
    let gate = Gate::new("comes-back");
    gate.drive(0, 40);
    let first = gate.back_up(1).unwrap();
    assert_eq!(first.manifest.tables["passages"], 40);
    assert_eq!(first.copied.count, 80);
    gate.drive(40, 2);
    let second = gate.back_up(2).unwrap();
    assert_eq!(second.copied.count, 4, "photos go once");
    assert_eq!(second.manifest.photos.count, 84);
    let (rows, photos) = (gate.rows(), gate.photos());
    assert_eq!(photos.len(), 84);

    // What the store holds tells it nothing.
    for clear in [
        "SQLite format 3",
        "photo 7 of",
        "A12345",
        "manifest",
        "passages",
    ] {
        let seen = server().order("comes-back", &format!("holds={}", hex(clear)));
        assert_eq!(seen.holding, 0, "{clear}");
    }

    let gate = gate.lost();
    let done = gate.restore(3, false).unwrap();
    assert_eq!(done.backup.name, second.name);
    assert_eq!(done.files, 84);
    assert_eq!(gate.photos(), photos);
    let again = gate.rows();
    for (table, count) in rows {
        // The mark of the gap, and its link.
        let more = u64::from(matches!(table.as_str(), "restores" | "links"));
        assert_eq!(again[&table], count + more, "{table}");
    }
    let verified = gate.reader().verify(&VerifyOptions::default()).unwrap();
    assert_eq!(verified.breaks, []);
    // The daemon opens it, and the next backup goes to the same place.
    gate.drive(50, 1);
    gate.back_up(4).unwrap();
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn another_key_reads_nothing_and_changes_nothing() {
    let mut gate = Gate::new("other-key");
    gate.drive(0, 2);
    gate.back_up(1).unwrap();
    let before = server().order("other-key", "").names;
    let right = std::mem::replace(&mut gate.settings.encryption_key, BackupKey::generate());
    for error in [
        gate.back_up(2).unwrap_err(),
        gate.store().backups().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains("another key"), "{error}");
    }
    let gate = gate.lost();
    assert!(gate.restore(3, true).is_err());
    assert_eq!(server().order("other-key", "").names, before);

    let mut gate = gate;
    gate.settings.encryption_key = right;
    assert_eq!(gate.restore(3, false).unwrap().files, 4);
}

#[test]
fn a_store_that_dies_in_the_middle_leaves_no_half_backup_and_nothing_is_sent_twice() {
    let gate = Gate::new("dies");
    gate.drive(0, 30);
    server().order("dies", "puts=25");
    let error = gate.back_up(1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("can't be reached"), "{error}");
    assert!(!error.to_string().contains("X-Amz"), "{error}");
    assert!(gate.no_copy_is_left());
    server().order("dies", "");
    assert_eq!(gate.store().backups().unwrap(), []);

    let done = gate.back_up(2).unwrap();
    assert_eq!(done.manifest.photos.count, 60);
    let sent = server().order("dies", "");
    // Marker and 24 others were there; those that were on their way when it broke off may be too.
    assert!(sent.puts <= sent.names.len() as u64 - 25, "{}", sent.puts);
    let gate = gate.lost();
    assert_eq!(gate.restore(3, false).unwrap().files, 60);
}

#[test]
fn a_restore_that_is_cut_off_is_no_ledger_and_goes_on_where_it_was() {
    let gate = Gate::new("restore-cut");
    gate.drive(0, 10);
    gate.back_up(1).unwrap();
    let gate = gate.lost();
    server().order("restore-cut", "gets=8");
    let error = gate.restore(2, false).unwrap_err();
    assert!(error.to_string().contains("can't be reached"), "{error}");
    assert!(Writer::open(gate.data(), Options::default()).is_err());
    server().order("restore-cut", "");
    assert_eq!(gate.restore(3, false).unwrap().files, 20);
}

#[test]
fn a_place_with_something_else_in_it_is_left_alone() {
    let gate = Gate::new("somebody");
    gate.drive(0, 1);
    server().order("somebody", "add=holiday.jpg");
    let error = gate.back_up(1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(
        error.to_string().contains("something else is here"),
        "{error}"
    );
    let names = server().order("somebody", "").names;
    assert_eq!(names, ["somebody/holiday.jpg"]);
}

#[test]
fn each_ledger_has_a_place_of_its_own() {
    let gate = Gate::new("two-ledgers");
    gate.drive(0, 1);
    gate.back_up(1).unwrap();
    let other = gate.lost();
    other.drive(5, 1);
    let error = other.back_up(2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("another ledger"), "{error}");
    assert_eq!(other.store().backups().unwrap().len(), 1);
}

#[test]
fn photos_that_the_store_changed_or_took_for_each_other_are_named_and_never_believed() {
    for (place, fault) in [
        ("changed-photo", "change=files/"),
        ("swapped", "swap=files/"),
    ] {
        let gate = Gate::new(place);
        gate.drive(0, 3);
        gate.back_up(1).unwrap();
        server().order(place, fault);
        let gate = gate.lost();
        let error = gate.restore(2, false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        let done = gate.restore(3, true).unwrap();
        let bad = if place == "swapped" { 2 } else { 1 };
        assert_eq!((done.missing_count, done.files), (bad, 6 - bad));
        // Of two that stand for each other one may be longer than what belongs there, and no more than one.
        let told = |why: &str| done.missing.iter().filter(|p| p.why.contains(why)).count();
        let (changed, longer) = (told("was changed"), told("longer than it was"));
        assert!(changed >= 1 && changed + longer == bad as usize, "{done:?}");
    }
}

#[test]
fn a_changed_database_or_manifest_is_refused_and_another_backup_is_still_good() {
    let gate = Gate::new("changed-block");
    gate.drive(0, 3);
    gate.back_up(1).unwrap();
    server().order("changed-block", "change=blocks/");
    let gate = gate.lost();
    let error = gate.restore(2, true).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(
        error.to_string().contains("not what was put there"),
        "{error}"
    );
    assert!(!gate.data().join("ledger.sqlite3").exists());

    let gate = Gate::new("changed-manifest");
    gate.drive(0, 3);
    gate.back_up(1).unwrap();
    gate.drive(3, 1);
    gate.back_up(2).unwrap();
    server().order("changed-manifest", "change=manifests/");
    let left = gate.store().backups().unwrap();
    assert_eq!(left.len(), 1, "the older one was changed");
    let gate = gate.lost();
    assert_eq!(gate.restore(3, false).unwrap().files, 8);
}

#[test]
fn old_backups_go_with_the_blocks_that_only_they_had_and_photos_stay() {
    let gate = Gate::new("prunes");
    for n in 0..5 {
        gate.drive(n * 10, 1);
        let pruned = gate.back_up(n).unwrap().pruned;
        assert_eq!(pruned, usize::from(n >= 3));
    }
    assert_eq!(gate.store().backups().unwrap().len(), 3);
    let names = server().order("prunes", "").names;
    let count = |folder: &str| names.iter().filter(|n| n.contains(folder)).count();
    assert_eq!((count("/manifests/"), count("/files/")), (3, 10));
    assert!(count("/blocks/") <= 3, "{names:?}");
    let gate = gate.lost();
    assert_eq!(gate.restore(9, false).unwrap().files, 10);
}

#[test]
fn what_is_wrong_is_told_so_that_a_person_can_mend_it() {
    let mut gate = Gate::new("told");
    gate.drive(0, 1);
    let right = gate.settings.clone();
    let said = |gate: &Gate| gate.back_up(1).unwrap_err().to_string();

    server().order("told", "clock=3630");
    let error = said(&gate);
    assert!(error.contains("60 minutes apart: set the clock"), "{error}");
    server().order("told", "");
    gate.settings.secret_key = Secret::new("wrong");
    let error = said(&gate);
    assert!(
        error.contains("refuses us (SignatureDoesNotMatch)"),
        "{error}"
    );
    assert!(!error.contains("wrong"), "{error}");
    gate.settings = right.clone();
    gate.settings.bucket = "nobody-made-it".to_owned();
    let error = said(&gate);
    assert!(error.contains("no bucket nobody-made-it"), "{error}");
    gate.settings = right.clone();
    gate.settings.url = "http://127.0.0.1:9".parse().unwrap();
    let begun = Instant::now();
    let asked = S3Store::open(&gate.settings).unwrap().asked_once();
    let error = asked.backups().unwrap_err().to_string();
    assert!(error.contains("can't be reached"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    gate.settings = right;
    gate.back_up(1).unwrap();
}

#[test]
fn a_damaged_photo_is_named_and_the_rest_is_saved() {
    let gate = Gate::new("damaged-here");
    gate.drive(0, 2);
    let photo = gate.photo_files().remove(0);
    fs::write(&photo, "scratched").unwrap();
    let done = gate.back_up(1).unwrap();
    assert_eq!((done.manifest.damaged_count, done.copied.count), (1, 3));
}

#[test]
fn a_backup_ends_soon_after_it_is_told_to_and_only_one_runs() {
    let gate = Gate::new("stopped");
    gate.drive(0, 1);
    let stop = AtomicBool::new(true);
    let mut options = plan(1);
    options.stop = &stop;
    let error = gate.store().back_up(gate.data(), &options).unwrap_err();
    assert!(error.to_string().contains("stopped"), "{error}");
    assert!(gate.no_copy_is_left());

    let lock = fs::File::open(gate.data().join(".offsite/lock")).unwrap();
    lock.try_lock().unwrap();
    let error = gate.back_up(2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    drop(lock);
    gate.back_up(2).unwrap();
}

#[test]
fn a_folder_in_the_bucket_is_needed_as_a_name_for_each_gate() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    fs::write(&key, BackupKey::generate().expose()).unwrap();
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let read = |prefix: &str| {
        let text = format!(
            "url = \"https://store\"\nbucket = \"b\"\nprefix = \"{prefix}\"\naccess_key = \"a\"\n\
             secret_key_file = \"key\"\nencryption_key_file = \"key\"\n"
        );
        let document = settings::Document::parse(&text).unwrap();
        document.read(folder.path(), offsite::S3Settings::read)
    };
    assert!(read("plant/gate-a").unwrap().is_some());
    for odd in ["/gate", "gate/", "a//b", "../a", ""] {
        let problems = read(odd).unwrap_err();
        assert_eq!(problems.len(), 1, "{odd}");
        assert_eq!(problems[0].key, "prefix", "{odd}");
    }
}
