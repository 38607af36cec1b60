//! What the index knows of a file.

use std::path::PathBuf;

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::{Serialize, Serializer};

use crate::gap::{Gap, GapReason};

const CLOCKS: [(&str, ClockSource); 3] = [
    ("camera_ntp", ClockSource::CameraNtp),
    ("arrival", ClockSource::Arrival),
    ("file", ClockSource::File),
];

/// A file that was closed just now.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVideo {
    /// The folder for video that it is in.
    pub root: PathBuf,
    /// Its place below that.
    pub path: PathBuf,
    /// When its first picture was taken.
    pub start: Timestamp,
    /// By which clock.
    pub clock: ClockSource,
    /// How long it lasts, by the stamps of its pictures, whatever clocks did meanwhile.
    pub duration_ms: u64,
    /// Its size.
    pub bytes: u64,
    /// How many pictures it has.
    pub pictures: u64,
    /// How they are coded, by RFC 6381.
    pub coding: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// A file as the index has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VideoRow {
    /// Its number, in the order of recording.
    pub id: i64,
    /// Its camera.
    pub camera: String,
    /// Where it is.
    pub file: PathBuf,
    /// When its first picture was taken.
    pub start: Timestamp,
    /// How long it lasts, in milliseconds.
    pub duration_ms: u64,
    /// By which clock.
    pub clock: ClockSource,
    /// By how much that differed from this computer's, where it was the camera's, in milliseconds.
    pub clock_offset_ms: Option<i64>,
    /// Its size.
    pub bytes: u64,
    /// How many pictures it has.
    pub pictures: u64,
    /// How they are coded, by RFC 6381.
    pub coding: String,
    /// Its SHA-256.
    #[serde(serialize_with = "as_hex")]
    pub sha256: [u8; 32],
    /// Whether a repair closed it, after a loss of power.
    pub repaired: bool,
    /// Since when it is gone.
    pub gone: Option<Timestamp>,
    /// Whether the ledger's chain has its hash.
    pub sealed: bool,
}

impl VideoRow {
    /// When its last picture ends.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        let lasts = i64::try_from(self.duration_ms).unwrap_or(i64::MAX);
        let end = self.start.checked_add(SignedDuration::from_millis(lasts));
        end.unwrap_or(Timestamp::MAX)
    }
}

/// The columns that [`video`] reads.
pub(super) const VIDEO: &str = "v.id, c.name, f.path, v.path, v.start_ms, v.duration_ms, v.clock, \
     v.clock_offset_ms, v.bytes, v.pictures, v.coding, v.sha256, v.repaired, v.gone_ms, v.sealed";

/// What they are read from.
pub(super) const VIDEOS: &str = "videos v JOIN cameras c ON c.id = v.camera_id \
     JOIN folders f ON f.id = v.folder_id";

pub(super) fn video(row: &Row<'_>) -> rusqlite::Result<VideoRow> {
    let folder: String = row.get(2)?;
    let path: String = row.get(3)?;
    Ok(VideoRow {
        id: row.get(0)?,
        camera: row.get(1)?,
        file: PathBuf::from(folder).join(path),
        start: time(row, 4)?,
        duration_ms: count(row, 5)?,
        clock: coded(row, 6, |code| {
            let known = CLOCKS.iter().find(|(word, _)| *word == code);
            known.map(|(_, clock)| *clock)
        })?,
        clock_offset_ms: row.get(7)?,
        bytes: count(row, 8)?,
        pictures: count(row, 9)?,
        coding: row.get(10)?,
        sha256: row.get(11)?,
        repaired: row.get(12)?,
        sealed: row.get(14)?,
        gone: row
            .get::<_, Option<i64>>(13)?
            .map(|_| time(row, 13))
            .transpose()?,
    })
}

pub(super) fn gap(row: &Row<'_>) -> rusqlite::Result<Gap> {
    Ok(Gap {
        from: time(row, 0)?,
        until: row
            .get::<_, Option<i64>>(1)?
            .map(|_| time(row, 1))
            .transpose()?,
        reason: coded(row, 2, GapReason::of_code)?,
    })
}

pub(super) fn clock_code(clock: ClockSource) -> &'static str {
    let known = CLOCKS.iter().find(|(_, known)| *known == clock);
    known.map_or("arrival", |(code, _)| code)
}

/// A count. None is below zero.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let count: i64 = row.get(column)?;
    u64::try_from(count)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(e)))
}

/// A count as it is stored.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(e)))
}

pub(super) fn coded<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let code: String = row.get(column)?;
    read(&code).ok_or_else(|| {
        let unknown = format!("{code} is not known");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, unknown.into())
    })
}

fn as_hex<S: Serializer>(hash: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&hex::encode(hash))
}
