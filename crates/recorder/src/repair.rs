//! At the start: what was being written when the power went is cut to its last whole fragment and closed; files and index
//! are made to agree.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};

use crate::clip::CLIPS;
use crate::container::{Walked, walk};
use crate::disks::VideoDisks;
use crate::error::{Error, Result};
use crate::gap::{Gap, GapReason};
use crate::index::{NewVideo, VideoIndex};
use crate::video_file::{PART, rename, start_in, sync_folder};

/// What was mended.
#[derive(Debug, Default, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Repaired {
    /// Files that stood open and were closed.
    pub closed: Vec<PathBuf>,
    /// Files that stood open and held no whole fragment; they were removed.
    pub empty: Vec<PathBuf>,
    /// Files that were not in the index; now they are.
    pub found: Vec<PathBuf>,
    /// Files of the index that are not there.
    pub gone: Vec<PathBuf>,
    /// Files that are none of ours, or broken; they were left as they are.
    pub strange: Vec<PathBuf>,
}

/// How far back files and index are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepairScope {
    /// The last day of each camera and the one before: what a loss of power can have reached.
    Recent,
    /// All there is.
    All,
}

/// Mends what can be mended, in the folders that are there. To be called while nothing is recorded.
///
/// # Errors
/// When folders can't be read, or the index can't be written.
pub fn repair(
    index: &VideoIndex,
    disks: &VideoDisks,
    scope: RepairScope,
    now: Timestamp,
) -> Result<Repaired> {
    let mut repaired = Repaired::default();
    for root in disks.there() {
        for camera in names(root)?.into_iter().filter(|name| name != CLIPS) {
            let folder = root.join(&camera);
            let days = days(&folder)?;
            let since = match (scope, days.last()) {
                (RepairScope::Recent, Some(last)) => last.saturating_sub(1.day()),
                _ => Date::MIN,
            };
            for day in days.into_iter().filter(|day| *day >= since) {
                let below = Path::new(&camera).join(day.to_string());
                Day {
                    index,
                    root,
                    camera: &camera,
                    below: &below,
                }
                .mend(&mut repaired)?;
            }
        }
        lost(index, root, scope, now, &mut repaired)?;
    }
    Ok(repaired)
}

struct Day<'a> {
    index: &'a VideoIndex,
    root: &'a Path,
    camera: &'a str,
    below: &'a Path,
}

impl Day<'_> {
    fn mend(&self, repaired: &mut Repaired) -> Result<()> {
        let folder = self.root.join(self.below);
        for name in names(&folder)? {
            let path = folder.join(&name);
            let ours = start_in(&name);
            match (
                ours,
                path.extension().and_then(|extension| extension.to_str()),
            ) {
                (Some(start), Some(PART)) => self.close(&path, start, repaired)?,
                (Some(start), Some("mp4")) => self.adopt(&path, start, repaired)?,
                _ => repaired.strange.push(path),
            }
        }
        Ok(())
    }

    /// Closes a file that stood open.
    fn close(&self, part: &Path, start: Timestamp, repaired: &mut Repaired) -> Result<()> {
        let failed = |step| Error::io(step, part);
        let file = OpenOptions::new().read(true).write(true).open(part);
        let mut file = file.map_err(failed("opening"))?;
        let walked = walk(&mut file).map_err(failed("reading"))?;
        if walked.fragments.is_empty() {
            fs::remove_file(part).map_err(failed("removing"))?;
            sync_folder(part.parent().unwrap_or(part))?;
            repaired.empty.push(part.to_owned());
            return Ok(());
        }
        file.set_len(walked.whole_bytes)
            .map_err(failed("cutting"))?;
        file.sync_all().map_err(failed("syncing"))?;
        let whole = part.with_extension("");
        rename(part, &whole)?;
        self.add(&whole, start, &walked)?;
        repaired.closed.push(whole);
        Ok(())
    }

    /// Takes a file into the index that is not in it.
    fn adopt(&self, path: &Path, start: Timestamp, repaired: &mut Repaired) -> Result<()> {
        let below = path.strip_prefix(self.root).unwrap_or(path);
        if let Some(row) = self.index.at_path(self.root, below)? {
            return row.gone.map_or(Ok(()), |_| self.index.back(row.id));
        }
        let walked = File::open(path).and_then(|mut file| walk(&mut file));
        let walked = walked.map_err(Error::io("reading", path))?;
        // What was whole before the power went is the newest of its camera. An older one, somebody has put there.
        let last = self.index.last(self.camera)?;
        let is_newest = last.is_none_or(|last| start > last.start);
        if walked.is_whole() && is_newest {
            self.add(path, start, &walked)?;
            repaired.found.push(path.to_owned());
        } else {
            repaired.strange.push(path.to_owned());
        }
        Ok(())
    }

    fn add(&self, path: &Path, start: Timestamp, walked: &Walked) -> Result<()> {
        let (Some(first), Some(coding)) = (walked.fragments.first(), &walked.coding) else {
            return Ok(());
        };
        let video = NewVideo {
            root: self.root.to_owned(),
            path: path.strip_prefix(self.root).unwrap_or(path).to_owned(),
            start,
            clock: first.clock,
            duration_ms: walked.duration_ms(),
            bytes: walked.whole_bytes,
            pictures: walked.pictures(),
            coding: coding.rfc6381.clone(),
            width: coding.width,
            height: coding.height,
            sha256: video_hash(path)?,
        };
        self.index.add(self.camera, &video, None, true)
    }
}

/// Files of the index that are not below `root`, where they should be.
fn lost(
    index: &VideoIndex,
    root: &Path,
    scope: RepairScope,
    now: Timestamp,
    repaired: &mut Repaired,
) -> Result<()> {
    for camera in index.cameras()? {
        let last = index.last(&camera)?;
        let from = match (scope, last) {
            (RepairScope::Recent, Some(last)) => last.start.saturating_sub(48.hours()),
            _ => Ok(Timestamp::MIN),
        };
        let span = index.span(&camera, from.unwrap_or(Timestamp::MIN), Timestamp::MAX)?;
        let is_lost = |row: &&crate::VideoRow| {
            row.gone.is_none() && row.file.starts_with(root) && !row.file.exists()
        };
        let lost: Vec<_> = span.videos.iter().filter(is_lost).collect();
        let ids: Vec<i64> = lost.iter().map(|row| row.id).collect();
        index.gone(&ids, now)?;
        for row in lost {
            let gap = Gap {
                from: row.start,
                until: Some(row.end()),
                reason: GapReason::FileGone,
            };
            index.note(&camera, &gap)?;
            repaired.gone.push(row.file.clone());
        }
    }
    Ok(())
}

/// The files of a camera below a folder for video, each with its day and name; without those that are being written.
///
/// # Errors
/// When folders can't be read.
pub fn video_files(root: &Path, camera: &str) -> Result<Vec<PathBuf>> {
    let folder = root.join(camera);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for day in days(&folder)? {
        let day = PathBuf::from(day.to_string());
        let names = names(&folder.join(&day))?.into_iter();
        let whole = names.filter(|name| !name.ends_with(PART));
        files.extend(whole.map(|name| day.join(name)));
    }
    Ok(files)
}

/// SHA-256 of a file.
///
/// # Errors
/// When it can't be read.
pub fn video_hash(path: &Path) -> Result<[u8; 32]> {
    let hashed = File::open(path).and_then(|mut file| {
        let mut sha256 = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(sha256.finalize().into()),
                read => sha256.update(&buffer[..read]),
            }
        }
    });
    hashed.map_err(Error::io("reading", path))
}

/// Days of a camera, the oldest first.
fn days(folder: &Path) -> Result<Vec<Date>> {
    let names = names(folder)?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// What is in a folder, sorted; hidden files are not ours, and what has no readable name is nobody's.
fn names(folder: &Path) -> Result<Vec<String>> {
    let listed = || -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name().into_string();
            names.extend(name.ok().filter(|name| !name.starts_with('.')));
        }
        names.sort();
        Ok(names)
    };
    match listed() {
        // A file beside the cameras' folders.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Vec::new()),
        listed => listed.map_err(Error::io("reading", folder)),
    }
}
