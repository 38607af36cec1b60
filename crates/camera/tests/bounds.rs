//! Files that promise more than they hold, have no end, or are none: they fill neither memory nor time.

#[path = "support/clips.rs"]
mod clips;
#[path = "support/memory.rs"]
mod memory;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use camera::{Error, FileFrames, FileOptions, kind_of, read_picture};
use memory::most_memory;

const MIB: usize = 1 << 20;

/// The clip of 45 pictures, with a table that says 85 million of one byte each.
fn of_85_million_pictures(path: &Path) {
    let mut bytes = std::fs::read(clips::h264_720p()).expect("made");
    let many = 85_000_000_u32.to_be_bytes();
    let mut put = |table: &[u8], field: usize, value: [u8; 4]| {
        let mut names = bytes.windows(4);
        let at = names.position(|name| name == table).expect("a table") + 4 * field;
        bytes[at..at + 4].copy_from_slice(&value);
    };
    put(b"stsz", 2, 1_u32.to_be_bytes());
    put(b"stsz", 3, many);
    put(b"stsc", 4, many);
    std::fs::write(path, bytes).expect("written");
}

/// A bare stream of one picture that does not end for a gigabyte.
fn of_one_endless_picture(path: &Path) {
    let clip = clips::stream("h264-720p");
    let whole = std::fs::read(clip).expect("made");
    let mut file = File::create(path).expect("made");
    file.write_all(&whole[..whole.len() / 2]).expect("written");
    file.set_len(1 << 30).expect("a hole");
}

#[test]
fn a_recording_that_promises_or_goes_on_without_end_fills_no_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("promised.mp4");
    of_85_million_pictures(&path);
    let before = most_memory();
    let refused = FileFrames::open(&path, &FileOptions::default()).expect_err("a bomb");
    assert!(refused.to_string().contains("promises"), "{refused}");
    let grown = (most_memory() - before) / MIB;
    assert!(grown < 32, "{grown} MiB more than before");

    let path = folder.path().join("endless.h264");
    of_one_endless_picture(&path);
    let before = most_memory();
    let mut frames = FileFrames::open(&path, &FileOptions::default()).expect("begins well");
    let whole = frames.by_ref().filter(Result::is_ok).count();
    assert!(whole > 10, "{whole} of those that came before");
    assert!(frames.decode_errors() > 0);
    let grown = (most_memory() - before) / MIB;
    assert!(grown < 600, "{grown} MiB more than before");
}

#[test]
fn devices_and_pipes_are_not_opened_and_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe.jpg");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("coreutils").success());
    for odd in [pipe, PathBuf::from("/dev/zero")] {
        let refused = [
            kind_of(&odd).map(drop),
            read_picture(&odd).map(drop),
            FileFrames::open(&odd, &FileOptions::default()).map(drop),
        ];
        for result in refused {
            let error = result.expect_err("no file");
            assert!(matches!(error, Error::NotAFile { .. }), "{error}");
        }
    }
}
