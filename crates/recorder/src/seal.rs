//! What the ledger's chain keeps of video: each hour of a camera with the hash of each file, and what was let go.

use std::fmt::Write as _;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::error::Result;
use crate::index::{VideoIndex, VideoRow};

/// After the hour: the last file that began in it is closed by then, where key pictures come at all.
const SETTLED: SignedDuration = SignedDuration::from_mins(5);
const HOUR_MS: i64 = 3_600_000;

/// Whoever keeps it in the chain. Called from threads that may wait.
pub trait VideoLedger: Send + Sync {
    /// Keeps an hour.
    ///
    /// # Errors
    /// Why not (English, for the log).
    fn keep_hour(&self, hour: &SealedHour) -> Result<(), String>;

    /// Keeps that all of a camera from before a time may be gone, because of its `age` or a `quota`; before it goes.
    ///
    /// # Errors
    /// Why not (English, for the log).
    fn keep_removal(&self, camera: &str, before: Timestamp, why: &str) -> Result<(), String>;
}

/// An hour of a camera, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedHour {
    /// The camera.
    pub camera: String,
    /// When the hour begins.
    pub hour: Timestamp,
    /// A line for each file that began in it.
    pub files: String,
    /// A line for each gap in it.
    pub gaps: String,
}

/// A file as the chain keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// Day and name: `2026-11-30/20261130T035900.123Z.mp4`.
    pub path: PathBuf,
    /// How long it lasts, in milliseconds.
    pub duration_ms: u64,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

impl SealedFile {
    /// The files that an hour's text names; a line that is none is an error, with what stands there.
    ///
    /// # Errors
    /// The line that is none.
    pub fn read(files: &str) -> Result<Vec<Self>, String> {
        let lines = files.lines();
        lines
            .map(|line| Self::of_line(line).ok_or_else(|| line.to_owned()))
            .collect()
    }

    fn of_line(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut sha256 = [0; 32];
        let file = Self {
            path: words.next()?.into(),
            duration_ms: words.next()?.parse().ok()?,
            bytes: words.next()?.parse().ok()?,
            sha256: {
                hex::decode_to_slice(words.next()?, &mut sha256).ok()?;
                sha256
            },
        };
        words.next().is_none().then_some(file)
    }
}

/// Hands each hour that is over to whoever keeps it; hours that could not be kept come again.
///
/// # Errors
/// When the index can't be read or written.
pub(crate) fn seal(index: &VideoIndex, to: &dyn VideoLedger, now: Timestamp) -> Result<()> {
    for camera in index.cameras()? {
        while let Some(hour) = index.first_unsealed(&camera)?.map(hour_of) {
            let end = hour + SignedDuration::from_millis(HOUR_MS);
            // A clock that was ahead has left files in hours to come: they are kept when those are over.
            if end + SETTLED > now {
                break;
            }
            let videos = index.unsealed(&camera, hour, end)?;
            let sealed = sealed(index, &camera, hour, end, &videos)?;
            if let Err(error) = to.keep_hour(&sealed) {
                tracing::error!(camera, %hour, error, "an hour of video could not be kept in the chain");
                break;
            }
            let ids: Vec<i64> = videos.iter().map(|video| video.id).collect();
            index.sealed(&ids)?;
        }
    }
    Ok(())
}

fn sealed(
    index: &VideoIndex,
    camera: &str,
    hour: Timestamp,
    end: Timestamp,
    videos: &[VideoRow],
) -> Result<SealedHour> {
    let mut files = String::new();
    for video in videos {
        let (day, name) = (video.file.parent(), video.file.file_name());
        let day = day.and_then(|day| day.file_name()).unwrap_or_default();
        let path = PathBuf::from(day).join(name.unwrap_or_default());
        let hash = hex::encode(video.sha256);
        let (path, ms, bytes) = (path.display(), video.duration_ms, video.bytes);
        let _ = writeln!(files, "{path} {ms} {bytes} {hash}");
    }
    let mut gaps = String::new();
    for gap in index.span(camera, hour, end)?.gaps {
        let until = gap.until.map_or("-".to_owned(), |until| until.to_string());
        let _ = writeln!(gaps, "{} {until} {}", gap.from, gap.reason.code());
    }
    Ok(SealedHour {
        camera: camera.to_owned(),
        hour,
        files,
        gaps,
    })
}

/// When the hour began that a time is in.
pub(crate) fn hour_of(start: Timestamp) -> Timestamp {
    let ms = start.as_millisecond();
    Timestamp::from_millisecond(ms - ms.rem_euclid(HOUR_MS)).unwrap_or(start)
}
