//! Clips: a span that is kept apart from the recording, in a folder of its own, and stays when the recording goes.
//!
//! They lie on the disks of video, below `@clips`, which no camera can be called: a clip of 70 s is as large as the photos
//! of a hundred passages, and must never fill the ledger's disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::container::walk;
use crate::disks::VideoDisks;
use crate::error::{Error, Result};
use crate::export::{ExportedVideo, export};
use crate::gap::{Gap, GapReason, uncovered};
use crate::index::{VideoIndex, VideoRow, VideoSpan};
use crate::video_file::sync_folder;

/// Below a folder for video.
pub const CLIPS: &str = "@clips";
/// What is being cut; nothing in here is a clip.
const WORK: &str = ".part";
/// More than a picture lasts, less than anybody would miss.
const HOLE_MS: i64 = 1000;

/// A span that is to be kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipSpan {
    /// The camera.
    pub camera: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What its file is to be called, without an ending. No other clip may be called so.
    pub name: String,
}

/// What was cut.
#[derive(Debug, Clone, PartialEq)]
pub struct CutClip {
    /// Its files; none where nothing was recorded.
    pub files: Vec<CutFile>,
    /// What is missing of its time; the reason is `None` where none is known.
    pub missing: Vec<Missing>,
}

/// A time without video, and why.
type Missing = (Timestamp, Timestamp, Option<GapReason>);

/// A file of a clip.
#[derive(Debug, Clone, PartialEq)]
pub struct CutFile {
    /// Below the folder for video.
    pub path: PathBuf,
    /// What is in it; `file` is where it lies.
    pub video: ExportedVideo,
    /// How its pictures are coded, by RFC 6381.
    pub coding: String,
}

impl ClipSpan {
    /// Cuts what the recording has of the span, synced and under its name. What a cut that was broken off has left is
    /// replaced. One at a time: the folder to work in is shared.
    ///
    /// # Errors
    /// When no disk has room for it within `most_bytes`, or it can't be written. A file of the recording that can't be
    /// read is none: that is missing.
    pub fn cut(
        &self,
        index: &VideoIndex,
        disks: &VideoDisks,
        zone: &TimeZone,
        most_bytes: u64,
    ) -> Result<CutClip> {
        let VideoSpan { videos, mut gaps } = index.span(&self.camera, self.from, self.until)?;
        let (mut videos, gone): (Vec<_>, Vec<_>) = videos.into_iter().partition(is_readable);
        gaps.extend(gone.iter().map(gone_gap));
        videos.sort_by_key(|video| video.start);
        loop {
            let cut = self.cut_of(&videos, &gaps, disks, zone, most_bytes);
            // A disk may refuse a file only when all of it is read.
            let refused = match &cut {
                Err(Error::Io { path, .. }) => videos.iter().position(|video| video.file == *path),
                _ => None,
            };
            let Some(refused) = refused else { return cut };
            gaps.push(gone_gap(&videos.remove(refused)));
        }
    }

    fn cut_of(
        &self,
        videos: &[VideoRow],
        gaps: &[Gap],
        disks: &VideoDisks,
        zone: &TimeZone,
        most_bytes: u64,
    ) -> Result<CutClip> {
        let missing = self.missing(videos, gaps);
        if videos.is_empty() {
            return Ok(CutClip {
                files: Vec::new(),
                missing,
            });
        }
        let bytes = self.bytes(videos);
        if bytes > most_bytes {
            return Err(Error::NoRoom(GapReason::DiskFull));
        }
        let root = disks.pick_for(bytes).map_err(Error::NoRoom)?;
        let work = root.join(CLIPS).join(WORK);
        clear(&work)?;
        fs::create_dir_all(&work).map_err(Error::io("making", &work))?;
        let to = work.join(&self.name).with_added_extension("mp4");
        let made = export(videos, self.from, self.until, &to)?;
        let day = self.from.to_zoned(zone.clone()).date().to_string();
        let below = Path::new(CLIPS).join(day);
        let mut files = Vec::new();
        for video in made {
            let coding = coding_of(videos, &video);
            files.push(placed(root, &below, video, coding)?);
        }
        Ok(CutClip { files, missing })
    }

    /// The times of the span that no file has.
    fn missing(&self, videos: &[VideoRow], gaps: &[Gap]) -> Vec<Missing> {
        let times = videos.iter().map(|video| (video.start, video.end()));
        uncovered(times, self.from, self.until)
            .into_iter()
            .filter(|(from, until)| is_hole(*from, *until))
            .flat_map(|(from, until)| reasons(gaps, from, until))
            .collect()
    }

    /// About what it will take: that of its files, by their part of the time.
    fn bytes(&self, videos: &[VideoRow]) -> u64 {
        let wanted = videos.iter().map(|video| {
            let from = video.start.max(self.from).as_millisecond();
            let until = video.end().min(self.until).as_millisecond();
            // A clip begins with a key picture, some seconds before.
            let shown_ms = u64::try_from(until - from).unwrap_or(0) + 10_000;
            let lasts_ms = video.duration_ms.max(1);
            video.bytes.saturating_mul(shown_ms.min(lasts_ms)) / lasts_ms
        });
        wanted.sum()
    }
}

/// Removes the files of a clip whose time is over, and its day's folder with the last of them.
///
/// # Errors
/// When one can't be removed.
pub fn remove_clip(folders: &[PathBuf], path: &str) -> Result<()> {
    for root in folders {
        let file = root.join(path);
        match fs::remove_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed.map_err(Error::io("removing", &file))?,
        }
        if let Some(day) = file.parent() {
            // Fails while anything is in it.
            let _ = fs::remove_dir(day);
        }
    }
    Ok(())
}

/// The files of clips in the folders for video, each with its place below its folder.
///
/// # Errors
/// When folders can't be read.
pub fn clip_files(folders: &[PathBuf]) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut files = Vec::new();
    for root in folders {
        for day in named(&root.join(CLIPS))? {
            let below = Path::new(CLIPS).join(&day);
            let names = named(&root.join(&below))?.into_iter();
            files.extend(names.map(|name| (root.clone(), below.join(name))));
        }
    }
    Ok(files)
}

fn named(folder: &Path) -> Result<Vec<String>> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("reading", folder)(error)),
    };
    let mut names = Vec::new();
    for entry in listed {
        let name = entry.map_err(Error::io("reading", folder))?.file_name();
        names.extend(
            name.into_string()
                .ok()
                .filter(|name| !name.starts_with('.')),
        );
    }
    names.sort();
    Ok(names)
}

fn is_hole(from: Timestamp, until: Timestamp) -> bool {
    until.as_millisecond() - from.as_millisecond() > HOLE_MS
}

/// A time without video, by the reasons for it.
fn reasons(gaps: &[Gap], from: Timestamp, until: Timestamp) -> Vec<Missing> {
    let mut gaps: Vec<_> = gaps.iter().filter(|gap| gap.reason.is_hole()).collect();
    gaps.sort_by_key(|gap| gap.from);
    let mut pieces: Vec<Missing> = Vec::new();
    let mut at = from;
    for gap in gaps {
        let begins = gap.from.max(at);
        let ends = gap.until.unwrap_or(Timestamp::MAX).min(until);
        if !is_hole(begins, ends) {
            continue;
        }
        if is_hole(at, begins) {
            pieces.push((at, begins, None));
        }
        match pieces.last_mut() {
            Some((_, end, why)) if *end == begins && *why == Some(gap.reason) => *end = ends,
            _ => pieces.push((begins, ends, Some(gap.reason))),
        }
        at = ends;
    }
    if is_hole(at, until) {
        pieces.push((at, until, None));
    }
    pieces
}

fn is_readable(video: &VideoRow) -> bool {
    let walked = File::open(&video.file).and_then(|mut file| walk(&mut file));
    video.gone.is_none() && walked.is_ok_and(|walked| !walked.fragments.is_empty())
}

fn gone_gap(video: &VideoRow) -> Gap {
    Gap {
        from: video.start,
        until: Some(video.end()),
        reason: GapReason::FileGone,
    }
}

fn coding_of(videos: &[VideoRow], made: &ExportedVideo) -> String {
    let mut from = videos
        .iter()
        .filter(|video| made.sources.contains(&video.file));
    from.next()
        .map_or_else(String::new, |video| video.coding.clone())
}

/// Gives a file that was cut its name, in place of one that a cut before it has left there.
fn placed(root: &Path, below: &Path, made: ExportedVideo, coding: String) -> Result<CutFile> {
    let folder = root.join(below);
    fs::create_dir_all(&folder).map_err(Error::io("making", &folder))?;
    sync_folder(&root.join(CLIPS))?;
    sync_folder(root)?;
    let name = made.file.file_name().unwrap_or_default();
    let path = below.join(name);
    let file = root.join(&path);
    fs::rename(&made.file, &file).map_err(Error::io("renaming", &made.file))?;
    sync_folder(&folder)?;
    Ok(CutFile {
        path,
        video: ExportedVideo { file, ..made },
        coding,
    })
}

fn clear(work: &Path) -> Result<()> {
    match fs::remove_dir_all(work) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(Error::io("removing", work)),
    }
}
