//! A small file system in a mount namespace of its own. It needs root; elsewhere tests say so and end.

use std::io::Write as _;
use std::process::Command;

use super::is_root;

/// Names the folder to a child.
pub(super) const FOLDER: &str = "LEDGER_TEST_FOLDER";

/// Runs the ignored test `child` with a fresh tmpfs of `size` on its folder.
pub(super) fn on_small_disk(child: &str, size: &str) {
    if !is_root() {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {child} needs root to mount a tmpfs"
        );
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size={size} tmpfs \"${FOLDER}\" && exec \"$@\"");
    let name = format!("tests::{child}");
    let ran = Command::new("unshare")
        .args(["--mount", "sh", "-c", &script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--ignored", "--nocapture"])
        .env(FOLDER, data.path())
        .output()
        .unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&said));
}
