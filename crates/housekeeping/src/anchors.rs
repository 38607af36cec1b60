//! The file of anchors, best on another computer: a line for each day of the chain.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ledger::Anchor;
use words::{Key, Said};

/// A file of anchors longer than this is none: a line a day for a century is shorter.
const MOST_BYTES: u64 = 10 << 20;

/// Why a file of anchors could not be read or brought up to date.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.said())]
pub enum AnchorsError {
    /// The file can't be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is longer than any file of anchors.
    TooLarge(PathBuf),
    /// A line is not an anchor.
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
}

impl AnchorsError {
    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::File { path, source } => Said::about(path.display(), Said::of_io(source)),
            Self::TooLarge(path) => Said::about(path.display(), Key::AnchorsTooLarge),
            Self::Line { path, line, source } => {
                let why = Said::with(Key::AnchorsLine, "line", line).and("why", source);
                Said::about(path.display(), why)
            }
        }
    }
}

/// The anchors of a file, one a line, as [`add_anchors`] writes them.
///
/// # Errors
/// When the file can't be read, is too large, or a line of it is not an anchor.
pub fn read_anchors(path: &Path) -> Result<Vec<Anchor>, AnchorsError> {
    let failed = |source| file_error(path, source);
    if std::fs::metadata(path).map_err(failed)?.len() > MOST_BYTES {
        return Err(AnchorsError::TooLarge(path.to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty());
    lines
        .map(|(n, line)| {
            serde_json::from_str(line).map_err(|source| AnchorsError::Line {
                path: path.to_owned(),
                line: n + 1,
                source,
            })
        })
        .collect()
}

/// Adds the anchors that the file has not got, durable on return. A share that was away gets what
/// it missed.
///
/// # Errors
/// When the file holds something else than anchors, or can't be written.
pub fn add_anchors(path: &Path, anchors: &[Anchor]) -> Result<(), AnchorsError> {
    let there = if path.exists() {
        read_anchors(path)?
    } else {
        Vec::new()
    };
    let missing: Vec<_> = anchors.iter().filter(|a| !there.contains(a)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let failed = |source| file_error(path, source);
    let mut options = OpenOptions::new();
    let mut out = options
        .create(true)
        .append(true)
        .open(path)
        .map_err(failed)?;
    write(&mut out, &missing).map_err(failed)
}

fn write(out: &mut File, anchors: &[&Anchor]) -> std::io::Result<()> {
    for anchor in anchors {
        writeln!(out, "{}", serde_json::to_string(anchor)?)?;
    }
    out.sync_all()
}

fn file_error(path: &Path, source: std::io::Error) -> AnchorsError {
    AnchorsError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_each_anchor_once_and_what_it_missed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("anchors.jsonl");
        let anchor = |day: &str, links| Anchor {
            day: day.parse().expect("a day"),
            links,
            head: "ab".repeat(32),
            branch: None,
        };
        let all = [anchor("2026-03-01", 5), anchor("2026-03-02", 9)];
        add_anchors(&file, &all[..1]).expect("writes");
        add_anchors(&file, &all).expect("writes");
        add_anchors(&file, &all).expect("writes");
        assert_eq!(read_anchors(&file).expect("reads"), all);

        std::fs::write(&file, "not an anchor\n").expect("writes");
        let words = add_anchors(&file, &all).expect_err("refuses").to_string();
        assert!(
            words.contains("line 1") && words.contains("anchors.jsonl"),
            "{words}"
        );
    }
}
