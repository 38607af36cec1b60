//! The folders that video is kept in, each perhaps a disk of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::gap::GapReason;
use crate::index::VideoIndex;

/// A file in each folder for video. Where a disk was pulled, the folder that it was mounted on is there, and empty: what
/// would be written into it would fill another disk.
const MARK: &str = ".menjin-video";

/// A folder for video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VideoDisk {
    pub(crate) root: PathBuf,
    mark: String,
}

/// The folders for video, in the order in which they are filled.
#[derive(Debug, Clone)]
pub struct VideoDisks {
    pub(crate) disks: Vec<VideoDisk>,
    reserve_bytes: u64,
}

/// What a folder for video has.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct VideoRoom {
    /// Which folder.
    pub folder: PathBuf,
    /// What may still be written there, without the reserve; `None` when it is not there.
    pub free_bytes: Option<u64>,
}

impl VideoDisks {
    /// Takes the folders, and marks those that are new. `reserve_bytes` stay free on each: evidence of passages goes
    /// before video.
    ///
    /// # Errors
    /// When the index can't be written. A folder that can't be written is no error: it is away.
    pub fn open(index: &VideoIndex, folders: &[PathBuf], reserve_bytes: u64) -> Result<Self> {
        let mut disks = Vec::new();
        for root in folders {
            let fresh = fresh_mark();
            let mark = index.mark_of(root, &fresh)?;
            let disk = VideoDisk {
                root: root.clone(),
                mark,
            };
            // Without any video it is new, or was made where its disk was not mounted yet.
            let is_new = disk.mark == fresh || index.is_unused(root)?;
            if is_new
                && !disk.is_there()
                && let Err(error) = disk.make()
            {
                tracing::error!(folder = %root.display(), %error, "a folder for video can't be made");
            }
            disks.push(disk);
        }
        Ok(Self {
            disks,
            reserve_bytes,
        })
    }

    /// The folders as they are known, for whoever only reads; one that was never recorded to is away.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn known(index: &VideoIndex, folders: &[PathBuf], reserve_bytes: u64) -> Result<Self> {
        let known = |root: &PathBuf| {
            let mark = index.known_mark(root)?.unwrap_or_default();
            Ok(VideoDisk {
                root: root.clone(),
                mark,
            })
        };
        Ok(Self {
            disks: folders.iter().map(known).collect::<Result<_>>()?,
            reserve_bytes,
        })
    }

    /// Where the next file goes; else why nowhere.
    pub(crate) fn pick(&self) -> Result<&Path, GapReason> {
        self.pick_for(0)
    }

    /// The first folder with so much room beside the reserve; else why there is none.
    pub(crate) fn pick_for(&self, bytes: u64) -> Result<&Path, GapReason> {
        let mut why = GapReason::DiskAway;
        for disk in &self.disks {
            match disk.free_bytes() {
                Some(free) if free > self.reserve_bytes.saturating_add(bytes) => {
                    return Ok(&disk.root);
                }
                Some(_) => why = GapReason::DiskFull,
                None => {}
            }
        }
        Err(why)
    }

    /// Whether more may be written below this folder; else why not.
    pub(crate) fn takes(&self, root: &Path) -> Result<(), GapReason> {
        let disk = self.disks.iter().find(|disk| disk.root == root);
        match disk.and_then(VideoDisk::free_bytes) {
            Some(free) if free > self.reserve_bytes => Ok(()),
            Some(_) => Err(GapReason::DiskFull),
            None => Err(GapReason::DiskAway),
        }
    }

    /// Which of the folders are there.
    pub(crate) fn there(&self) -> impl Iterator<Item = &Path> {
        let there = self.disks.iter().filter(|disk| disk.is_there());
        there.map(|disk| disk.root.as_path())
    }

    /// What each folder has.
    #[must_use]
    pub fn rooms(&self) -> Vec<VideoRoom> {
        let room = |disk: &VideoDisk| VideoRoom {
            folder: disk.root.clone(),
            free_bytes: disk
                .free_bytes()
                .map(|free| free.saturating_sub(self.reserve_bytes)),
        };
        self.disks.iter().map(room).collect()
    }
}

impl VideoDisk {
    fn make(&self) -> Result<()> {
        fs::create_dir_all(&self.root).map_err(Error::io("making", &self.root))?;
        let mark = self.root.join(MARK);
        match fs::read_to_string(&mark) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // The index is new, and the folder is not: what lies in it is found again.
            read => drop(read.map_err(Error::io("reading", &mark))?),
        }
        fs::write(&mark, &self.mark).map_err(Error::io("writing", &mark))?;
        crate::video_file::sync_folder(&self.root)
    }

    pub(crate) fn is_there(&self) -> bool {
        fs::read_to_string(self.root.join(MARK)).is_ok_and(|mark| mark == self.mark)
    }

    fn free_bytes(&self) -> Option<u64> {
        if !self.is_there() {
            return None;
        }
        free_bytes(&self.root)
    }
}

/// What may still be written on the disk of a folder.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

fn fresh_mark() -> String {
    format!("{} {:016x}", Timestamp::now(), rand::random::<u64>())
}
