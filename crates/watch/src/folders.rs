//! Which files are read: what was named, and what lies in folders.

use std::path::{Path, PathBuf};

use camera::{FileKind, kind_of};
use words::{Key, Said};

/// Folders of days and cameras lie a few deep; deeper is no folder of photos.
const DEEPEST: usize = 12;

/// What a path on the command line stands for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FilesToRead {
    /// Files to read, those of folders sorted by name.
    pub files: Vec<PathBuf>,
    /// Files of a folder that are neither pictures nor videos, such as `Thumbs.db`.
    pub strangers: usize,
}

/// The files that `path` stands for: itself, or what a folder and its folders hold.
///
/// # Errors
/// When there is nothing to read.
pub fn files_to_read(path: &Path) -> Result<FilesToRead, Said> {
    let text = path.to_string_lossy();
    if text == "-" || text.contains("://") {
        return Err(Key::RecordingUnsaved.into());
    }
    if !path.is_dir() {
        return Ok(FilesToRead {
            files: vec![path.to_owned()],
            strangers: 0,
        });
    }
    let mut found = FilesToRead::default();
    search(path, DEEPEST, &mut found).map_err(|e| Said::of_io(&e))?;
    if found.files.is_empty() {
        return Err(Said::with(Key::RecordingNoneHere, "count", found.strangers));
    }
    Ok(found)
}

fn search(folder: &Path, deeper: usize, found: &mut FilesToRead) -> std::io::Result<()> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder)?.collect();
    let mut entries = entries?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // A link to a folder may lead back here.
        if entry.file_type()?.is_dir() {
            if deeper > 0 {
                search(&path, deeper - 1, found)?;
            }
        } else if path.is_file() {
            if is_wanted(&path) {
                found.files.push(path);
            } else {
                found.strangers += 1;
            }
        }
    }
    Ok(())
}

/// A file that is a picture or a video by its content, or was meant to be one by its name: a photo
/// of which nothing but zeros arrived has to be named, not skipped.
fn is_wanted(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // macOS and editors leave hidden twins of photos, which nobody put there.
    if name.starts_with('.') || name.starts_with("~$") {
        return false;
    }
    match kind_of(path) {
        Ok(FileKind::Unknown) => has_ending(path, &PICTURES) || is_named_video(path),
        Ok(_) | Err(_) => true,
    }
}

const PICTURES: [&str; 5] = ["jpg", "jpeg", "png", "bmp", "webp"];
const VIDEOS: [&str; 19] = [
    "mp4", "m4v", "mkv", "webm", "avi", "mov", "ts", "mts", "m2ts", "mpg", "mpeg", "flv", "dav",
    "avc", "h264", "h265", "264", "265", "hevc",
];

/// Whether a name says that this is a video.
pub(crate) fn is_named_video(path: &Path) -> bool {
    has_ending(path, &VIDEOS)
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|e| e.to_str());
    ending.is_some_and(|e| endings.contains(&e.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_folders_are_read_and_what_desktops_leave_is_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let day = folder.path().join("2026-11-27/001");
        std::fs::create_dir_all(&day).expect("made");
        let put = |path: PathBuf, bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            path
        };
        let photo = put(day.join("a.bin"), b"\xFF\xD8\xFF\xE0");
        let zeros = put(folder.path().join("zeros.JPG"), &[0; 64]);
        put(folder.path().join("Thumbs.db"), &[0xD0, 0xCF, 0x11, 0xE0]);
        put(folder.path().join("._zeros.jpg"), &[0, 5, 22, 7]);
        let found = files_to_read(folder.path()).expect("photos");
        assert_eq!(found.files, [photo, zeros]);
        assert_eq!(found.strangers, 2);
    }

    #[test]
    fn a_folder_without_photos_and_an_address_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let none = files_to_read(folder.path()).expect_err("empty");
        assert!(none.to_string().contains("no pictures or videos"), "{none}");
        for odd in ["-", "rtsp://10.0.0.8/1"] {
            assert!(files_to_read(Path::new(odd)).is_err(), "{odd}");
        }
    }
}
