//! A player that is none of ours.

use std::path::Path;
use std::process::Command;

/// How many pictures ffprobe decodes of a file, which must not complain about any.
pub(crate) fn played(file: &Path) -> u64 {
    let output = Command::new("ffprobe")
        .args(["-v", "warning", "-count_frames", "-select_streams", "v:0"])
        .args(["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"])
        .arg(file)
        .output()
        .expect("ffprobe is installed");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(complaints.is_empty(), "{}: {complaints}", file.display());
    let counted = String::from_utf8_lossy(&output.stdout);
    counted
        .trim()
        .trim_end_matches(',')
        .parse()
        .expect("a count")
}
