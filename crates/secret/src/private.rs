//! Files that are nobody else's.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::umask;

/// From now on, what this process makes is closed to everybody else: plates and photos are not for
/// all who use this computer.
///
/// A mask that shuts out others already, such as a unit's `UMask=0027`, is somebody's decision and
/// stays; so does the group's right to a `folder` that others have none to.
pub fn shut_out_others(folder: &Path) {
    // The only way to know it is to set it.
    let before = umask(Mode::RWXG | Mode::RWXO);
    let found = std::fs::metadata(folder).map(|meta| meta.permissions().mode());
    let now = mask(before, found.ok().map(Mode::from_raw_mode));
    umask(now);
}

fn mask(before: Mode, folder: Option<Mode>) -> Mode {
    let others = Mode::RWXO;
    if before.contains(others) {
        return before;
    }
    let groups = |mode: Mode| mode.contains(Mode::RGRP | Mode::XGRP) && !mode.intersects(others);
    if folder.is_some_and(groups) {
        return before | others;
    }
    before | others | Mode::RWXG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_shut_out_and_what_somebody_decided_for_the_group_stays() {
        let octal = |text: &str| Mode::from_raw_mode(u32::from_str_radix(text, 8).expect("octal"));
        for (before, folder, after) in [
            ("022", None, "077"),
            ("002", None, "077"),
            ("000", None, "077"),
            ("027", None, "027"),
            ("007", Some("755"), "007"),
            ("077", Some("750"), "077"),
            ("022", Some("755"), "077"),
            ("022", Some("750"), "027"),
            ("002", Some("2770"), "007"),
            ("022", Some("700"), "077"),
        ] {
            let found = mask(octal(before), folder.map(octal));
            assert_eq!(found, octal(after), "{before} {folder:?}");
        }
    }
}
