//! What a site keeps is nobody else's.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::support::{Site, clip, text};

const MINUTE: Duration = Duration::from_secs(60);

/// Everything in a folder, with the rights that others and the group have to it.
fn rights(folder: &Path, all: &mut Vec<(PathBuf, u32, u32)>) {
    let mode = |path: &Path| {
        let meta = std::fs::symlink_metadata(path).expect("there");
        meta.permissions().mode()
    };
    let note = |path: PathBuf| (path.clone(), mode(&path) & 0o7, mode(&path) & 0o70);
    all.push(note(folder.to_owned()));
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rights(&path, all);
        } else {
            all.push(note(path));
        }
    }
}

fn gate() -> Site {
    let file = clip("short-720p.mp4");
    let camera = format!("{{ file = \"{}\", pace = \"as_fast\" }}", file.display());
    Site::new()
        .lane("north-in", "in", "front", &camera)
        .add("[reports]\nfolder = \"reports\"\n")
}

#[test]
fn what_is_made_by_hand_is_closed_to_everybody_else() {
    let site = gate();
    let daemon = site.start_under("022", &["--until-done"]);
    assert_eq!(daemon.ended(2 * MINUTE).1, Some(0));
    let backup = site.folder.path().join("backup");
    let script = "umask 022; exec \"$0\" backup --config \"$1\" --to \"$2\"";
    let out = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_menjin"), &site.config()])
        .arg(&backup)
        .output()
        .expect("runs");
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let mut all = Vec::new();
    rights(&site.data(), &mut all);
    rights(&backup, &mut all);
    let photos = all
        .iter()
        .filter(|(path, ..)| path.extension().is_some_and(|e| e == "jpg"));
    assert!(photos.count() >= 4, "{all:?}");
    for (path, others, group) in all {
        assert_eq!((others, group), (0, 0), "{}", path.display());
    }
}

#[test]
fn a_group_that_somebody_let_in_stays_in() {
    let site = gate();
    std::fs::create_dir(site.data()).expect("made");
    let let_in = std::fs::Permissions::from_mode(0o750);
    std::fs::set_permissions(site.data(), let_in).expect("set");
    let daemon = site.start_under("022", &["--until-done"]);
    assert_eq!(daemon.ended(2 * MINUTE).1, Some(0));
    let mut all = Vec::new();
    rights(&site.data(), &mut all);
    let photos = all
        .iter()
        .filter(|(path, ..)| path.extension().is_some_and(|e| e == "jpg"));
    assert!(photos.clone().count() >= 4, "{all:?}");
    for (path, others, group) in photos {
        assert_eq!((*others, *group), (0, 0o40), "{}", path.display());
    }
}
