//! What the index is asked.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::VideoIndex;
use super::rows::{VIDEO, VIDEOS, VideoRow, coded, count, gap, video};
use crate::error::Result;
use crate::gap::{Gap, GapReason};

/// No file is longer: one is cut after a minute at the next key picture, and no camera waits for ten minutes with that.
const LONGEST_FILE_MS: i64 = 600_000;

/// The video of a span of time.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct VideoSpan {
    /// The files that have some of it, in the order of recording.
    pub videos: Vec<VideoRow>,
    /// What is missing, or to be known about it.
    pub gaps: Vec<Gap>,
}

/// What a camera's video amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct VideoTotal {
    /// Files.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// How long they last.
    pub duration_ms: u64,
    /// When the oldest begins.
    pub oldest: Option<Timestamp>,
}

impl VideoIndex {
    /// The cameras that there is video of, by name.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn cameras(&self) -> Result<Vec<String>> {
        self.ask("reading", |index| {
            let mut names = index.prepare_cached("SELECT name FROM cameras ORDER BY name")?;
            names.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// A camera's video that has some of the time from `from` to `until`; a day's line, when that is a day.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn span(&self, camera: &str, from: Timestamp, until: Timestamp) -> Result<VideoSpan> {
        let (from_ms, until_ms) = (from.as_millisecond(), until.as_millisecond());
        self.ask("reading", |index| {
            let videos = format!(
                "SELECT {VIDEO} FROM {VIDEOS} WHERE v.camera_id = (SELECT id FROM cameras WHERE name = ?) \
                 AND v.start_ms >= ? AND v.start_ms < ? AND v.start_ms + v.duration_ms > ? ORDER BY v.id"
            );
            let earliest = from_ms.saturating_sub(LONGEST_FILE_MS);
            let videos = index
                .prepare_cached(&videos)?
                .query_map(params![camera, earliest, until_ms, from_ms], video)?
                .collect::<rusqlite::Result<_>>()?;
            let gaps = "SELECT from_ms, until_ms, reason FROM gaps \
                 WHERE camera_id = (SELECT id FROM cameras WHERE name = ?) \
                 AND from_ms < ? AND (until_ms IS NULL OR until_ms > ? OR from_ms >= ?) ORDER BY id";
            let gaps = index
                .prepare_cached(gaps)?
                .query_map(params![camera, until_ms, from_ms, from_ms], gap)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(VideoSpan { videos, gaps })
        })
    }

    /// The file that shows a moment, or the next one after it.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn seek(&self, camera: &str, at: Timestamp) -> Result<Option<VideoRow>> {
        let at = at.as_millisecond();
        let sql = format!(
            "SELECT {VIDEO} FROM {VIDEOS} WHERE v.camera_id = (SELECT id FROM cameras WHERE name = ?) \
             AND v.start_ms >= ? AND v.start_ms + v.duration_ms > ? AND v.gone_ms IS NULL \
             ORDER BY v.start_ms LIMIT 1"
        );
        self.ask("reading", |index| {
            let earliest = at.saturating_sub(LONGEST_FILE_MS);
            let mut statement = index.prepare_cached(&sql)?;
            statement
                .query_row(params![camera, earliest, at], video)
                .optional()
        })
    }

    /// Whether what a camera sent up to a time is in the index, as far as it was kept: a file reaches beyond it, a later
    /// one has begun, or nothing is kept since before it.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn is_closed_until(&self, camera: &str, until: Timestamp) -> Result<bool> {
        let until = until.as_millisecond();
        let earliest = until.saturating_sub(LONGEST_FILE_MS);
        self.ask("reading", |index| {
            let id: Option<i64> = index
                .prepare_cached("SELECT id FROM cameras WHERE name = ?")?
                .query_row([camera], |row| row.get(0))
                .optional()?;
            let Some(id) = id else { return Ok(false) };
            let files = "SELECT EXISTS (SELECT 1 FROM videos WHERE camera_id = ? AND start_ms >= ? \
                 AND start_ms + duration_ms >= ?)";
            let is_filed = index
                .prepare_cached(files)?
                .query_row(params![id, earliest, until], |row| row.get::<_, bool>(0))?;
            let gaps = "SELECT DISTINCT reason FROM gaps WHERE camera_id = ?1 \
                 AND (from_ms >= ?2 OR until_ms IS NULL OR until_ms >= ?2)";
            let is_missing = index
                .prepare_cached(gaps)?
                .query_map(params![id, until], |row| coded(row, 0, GapReason::of_code))?
                .collect::<rusqlite::Result<Vec<_>>>()?
                .into_iter()
                .any(GapReason::is_hole);
            Ok(is_filed || is_missing)
        })
    }

    /// The file of this number.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn video(&self, id: i64) -> Result<Option<VideoRow>> {
        let sql = format!("SELECT {VIDEO} FROM {VIDEOS} WHERE v.id = ?");
        self.ask("reading", |index| {
            let mut statement = index.prepare_cached(&sql)?;
            statement.query_row([id], video).optional()
        })
    }

    /// The last file of a camera that was recorded.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn last(&self, camera: &str) -> Result<Option<VideoRow>> {
        let sql = format!(
            "SELECT {VIDEO} FROM {VIDEOS} WHERE v.id = (SELECT max(id) FROM videos \
             WHERE camera_id = (SELECT id FROM cameras WHERE name = ?))"
        );
        self.ask("reading", |index| {
            index.query_row(&sql, [camera], video).optional()
        })
    }

    /// The file at a place below a folder for video.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn at_path(&self, root: &Path, path: &Path) -> Result<Option<VideoRow>> {
        let sql = format!("SELECT {VIDEO} FROM {VIDEOS} WHERE f.path = ? AND v.path = ?");
        let place = [root.display().to_string(), path.display().to_string()];
        self.ask("reading", |index| {
            let mut statement = index.prepare_cached(&sql)?;
            statement.query_row(place, video).optional()
        })
    }

    /// The oldest files of a camera that are there and began before then, at most so many.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn oldest(&self, camera: &str, before: Timestamp, most: usize) -> Result<Vec<VideoRow>> {
        let sql = format!(
            "SELECT {VIDEO} FROM {VIDEOS} WHERE v.camera_id = (SELECT id FROM cameras WHERE name = ?) \
             AND v.start_ms < ? AND v.gone_ms IS NULL ORDER BY v.start_ms LIMIT ?"
        );
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.ask("reading", |index| {
            let mut statement = index.prepare_cached(&sql)?;
            let rows =
                statement.query_map(params![camera, before.as_millisecond(), most], video)?;
            rows.collect()
        })
    }

    /// When the oldest file of a camera began that the chain does not have.
    ///
    /// # Errors
    /// When the index can't be read.
    pub(crate) fn first_unsealed(&self, camera: &str) -> Result<Option<Timestamp>> {
        let sql = "SELECT min(start_ms) FROM videos WHERE sealed = 0 \
             AND camera_id = (SELECT id FROM cameras WHERE name = ?)";
        let first: Option<i64> = self.ask("reading", |index| {
            index.query_row(sql, [camera], |row| row.get(0))
        })?;
        Ok(first.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
    }

    /// The files that began in a span and that the chain does not have.
    ///
    /// # Errors
    /// When the index can't be read.
    pub(crate) fn unsealed(
        &self,
        camera: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<VideoRow>> {
        let sql = format!(
            "SELECT {VIDEO} FROM {VIDEOS} WHERE v.sealed = 0 \
             AND v.camera_id = (SELECT id FROM cameras WHERE name = ?) \
             AND v.start_ms >= ? AND v.start_ms < ? ORDER BY v.id"
        );
        let span = params![camera, from.as_millisecond(), until.as_millisecond()];
        self.ask("reading", |index| {
            index.prepare(&sql)?.query_map(span, video)?.collect()
        })
    }

    /// What a camera's video amounts to that is there and began at or after `from`. Reads a row for each file.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn total(&self, camera: &str, from: Timestamp) -> Result<VideoTotal> {
        let sql = "SELECT count(*), ifnull(sum(bytes), 0), ifnull(sum(duration_ms), 0), min(start_ms) \
             FROM videos WHERE camera_id = (SELECT id FROM cameras WHERE name = ?) \
             AND start_ms >= ? AND gone_ms IS NULL";
        self.ask("reading", |index| {
            index.query_row(sql, params![camera, from.as_millisecond()], |row| {
                let oldest: Option<i64> = row.get(3)?;
                Ok(VideoTotal {
                    files: count(row, 0)?,
                    bytes: count(row, 1)?,
                    duration_ms: count(row, 2)?,
                    oldest: oldest.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
                })
            })
        })
    }
}
