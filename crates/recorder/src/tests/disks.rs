//! Disks that are full, or are not there.

use std::fs;

use super::Gate;
use crate::VideoDisks;

#[test]
fn a_disk_that_is_pulled_is_not_written_past_and_the_next_one_is_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let roots = [folder.path().join("one"), folder.path().join("two")];
    let mut gate = Gate::with(folder, &roots, "2026-11-30T02:00:00Z");
    gate.start();
    gate.film(70);
    // The mount goes; the folder that it was mounted on is there, and empty.
    fs::rename(&roots[0], gate.folder.path().join("pulled")).expect("moved");
    fs::create_dir(&roots[0]).expect("made");
    gate.film(70);
    gate.stop();
    assert_eq!(fs::read_dir(&roots[0]).expect("there").count(), 0);
    let videos = gate.videos();
    assert!(videos[0].file.starts_with(&roots[0]), "{videos:?}");
    assert!(
        videos
            .iter()
            .skip(1)
            .all(|video| video.file.starts_with(&roots[1])),
        "{videos:?}"
    );
    let reasons: Vec<_> = gate.gaps().into_iter().map(|(reason, ..)| reason).collect();
    assert_eq!(reasons, ["disk_away"]);
    let (_, from, until) = gate.gaps().remove(0);
    assert!(from < until && until != "open", "{from} {until}");
}

#[test]
fn without_any_disk_nothing_is_kept_that_is_a_gap_and_it_goes_on_by_itself() {
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    gate.start();
    let away = gate.folder.path().join("away");
    fs::rename(gate.root(), &away).expect("moved");
    gate.film(20);
    assert_eq!(gate.gaps()[0].0, "disk_away");
    assert_eq!(gate.gaps()[0].2, "open");
    assert!(!gate.root().exists(), "nothing is made where a disk was");
    fs::rename(&away, gate.root()).expect("moved back");
    gate.film(20);
    gate.stop();
    assert_eq!(gate.videos().len(), 1);
    assert_eq!(gate.gaps()[0].2, gate.videos()[0].start.to_string());
    gate.assert_whole();
}

#[test]
fn a_full_disk_stops_video_and_every_file_that_was_begun_stays_whole() {
    let Some(small) = SmallDisk::mount(4096) else {
        // Nobody but root may mount.
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let roots = [small.0.join("video")];
    let mut gate = Gate::with(folder, &roots, "2026-11-30T02:00:00Z");
    gate.start();
    gate.film(15);
    // Every kilobyte in turn is the last one.
    for left_bytes in (0..12_000).step_by(500) {
        small.fill(left_bytes);
        gate.film(20);
        small.free();
        // It is tried again when its pause is over.
        gate.rested();
        gate.film(15);
    }
    gate.stop();
    let gaps = gate.gaps();
    let full = gaps
        .iter()
        .filter(|(reason, ..)| *reason == "disk_full")
        .count();
    assert!(full >= 10, "{gaps:?}");
    assert!(gaps.iter().all(|(.., until)| until != "open"), "{gaps:?}");
    gate.assert_whole();
}

/// A file system of its own in memory.
struct SmallDisk(
    std::path::PathBuf,
    #[expect(dead_code, reason = "removed when dropped")] tempfile::TempDir,
);

impl SmallDisk {
    fn mount(kilobytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().join("disk");
        fs::create_dir(&at).expect("made");
        let size = format!("size={kilobytes}k,nr_inodes=4096");
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&at)
            .status();
        mount
            .is_ok_and(|status| status.success())
            .then_some(Self(at, folder))
    }

    /// Leaves so much of it, in whole pages.
    fn fill(&self, left_bytes: u64) {
        let found = rustix::fs::statvfs(&self.0).expect("there");
        let free = found.f_bavail * found.f_frsize;
        let taken = vec![1; usize::try_from(free.saturating_sub(left_bytes)).expect("small")];
        fs::write(self.0.join("taken"), taken).expect("fits");
    }

    fn free(&self) {
        fs::remove_file(self.0.join("taken")).expect("there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Nobody else is in it.
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_was_mounted_only_after_the_first_start_is_taken_and_one_that_replaces_another_is_not()
 {
    let mut gate = Gate::at("2026-11-30T02:00:00Z");
    let opened = |gate: &Gate| VideoDisks::open(&gate.index, &[gate.root()], 0).expect("opens");
    fs::remove_dir_all(gate.root()).expect("unmarked");
    fs::create_dir(gate.root()).expect("made");
    assert!(gate.disks.pick().is_err());
    assert!(opened(&gate).pick().is_ok());
    gate.film(5);
    gate.stop();
    fs::remove_dir_all(gate.root()).expect("replaced");
    fs::create_dir(gate.root()).expect("made");
    assert_eq!(opened(&gate).pick(), Err(crate::GapReason::DiskAway));
}
