//! The sources of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// One source file of a crate's `src`.
pub(crate) struct Source {
    /// The folder of its crate: `ledger`.
    pub(crate) of: String,
    /// Where it is, below `crates`: `ledger/src/lib.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every source file below `src` of every crate, in the order of their paths.
pub(crate) fn all() -> Vec<Source> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("crates stand beside each other");
    let mut files = Vec::new();
    for of in fs::read_dir(crates).expect("the folder of crates") {
        collect(&of.expect("a crate").path().join("src"), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let path = file.strip_prefix(crates).expect("a file of a crate");
            Source {
                of: path.iter().next().expect("a crate").display().to_string(),
                path: path.display().to_string(),
                text: fs::read_to_string(&file).expect("a source file"),
            }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The names that stand behind `prefix`, as in `Key::Name`.
pub(crate) fn named<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(prefix).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}
