//! The few things the evidence procedure asks of a file system, so that tests can fail each one.

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Places between file system and database where a power cut is worth a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CutPoint {
    /// The photos are safe; the transaction has not begun.
    BeforeTransaction,
    /// Every row is written and nothing is committed.
    BeforeCommit,
    /// The commit is done and the caller does not know it.
    AfterCommit,
}

/// The steps of the evidence procedure. Each may fail, and then the whole procedure fails.
pub(crate) trait Disk: Debug + Send {
    /// Makes one folder; an existing one is fine.
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    /// Writes a file that may have been there before.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<File>;
    /// Forces a written file to the medium.
    fn sync_file(&self, file: &File, path: &Path) -> io::Result<()>;
    /// Gives a file its final name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Forces the names in a folder to the medium.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Called at each [`CutPoint`].
    fn pass(&self, _point: CutPoint) -> io::Result<()> {
        Ok(())
    }
}

/// The file system itself.
#[derive(Debug)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        match fs::create_dir(path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        Ok(file)
    }

    fn sync_file(&self, file: &File, _path: &Path) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }
}
