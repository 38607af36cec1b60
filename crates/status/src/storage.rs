//! Whether the daemon could write where it has to.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use housekeeping::Standing;
use words::{Key, Language, Said};

/// Whether a ledger could be written in `data`, tried out: a file is made there and removed. A folder
/// that is not there yet is not made, for whoever asks may be another user than the service; it is
/// tried in the folder that is there whether it could be.
#[must_use]
pub fn storage_standing(data: &Path, language: Language) -> Standing {
    let mut standing = Standing::default();
    if let Err((path, error)) = tried(data) {
        let values: [(&str, &dyn std::fmt::Display); 2] = [
            ("path", &path.display()),
            ("words", &Said::of_io(&error).text(language)),
        ];
        let text = language.fill(Key::DiskUnwritable, &values);
        standing.wrong.push(text);
    }
    standing
}

fn tried(data: &Path) -> Result<(), (PathBuf, io::Error)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let there = data.ancestors().find(|folder| folder.exists());
    let there = there.filter(|folder| !folder.as_os_str().is_empty());
    let there = there.unwrap_or(Path::new("."));
    probe(there).map_err(at(there))?;
    for folder in ["photos", "files"] {
        let folder = data.join(folder);
        if folder.exists() {
            probe(&folder).map_err(at(&folder))?;
        }
    }
    let database = data.join("ledger.sqlite3");
    match OpenOptions::new().write(true).open(&database) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err((database, error)),
        _ => Ok(()),
    }
}

/// Makes a file as evidence is made, and removes it.
fn probe(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".menjin-check-{}", std::process::id()));
    let made = File::create_new(&path).and_then(|mut file| {
        file.write_all(b"tried")?;
        file.sync_all()
    });
    let removed = match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    };
    made.and(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(data: &Path) -> Vec<String> {
        storage_standing(data, Language::Zh).wrong
    }

    #[test]
    fn a_folder_that_can_be_written_has_no_finding_and_nothing_stays_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let later = folder.path().join("not/there/yet");
        assert_eq!(wrong(folder.path()), [""; 0]);
        assert_eq!(wrong(&later), [""; 0]);
        let left = fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 0, "neither a file nor the folder was made");
    }

    #[test]
    fn a_folder_that_cannot_be_made_or_written_is_named_with_the_cause() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "no folder").expect("written");
        let found = wrong(&file.join("data"));
        assert!(found[0].contains(&file.display().to_string()), "{found:?}");
        // Nobody makes a file there, not even root.
        let found = wrong(Path::new("/proc/menjin"));
        assert!(found[0].contains("/proc"), "{found:?}");
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("ledger.sqlite3")).expect("made");
        let found = wrong(&data);
        assert!(found[0].contains("ledger.sqlite3"), "{found:?}");
    }
}
