//! Hours of video that was recorded, and what of it was let go. What their texts say, whoever records knows.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::error::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// An hour of a camera's video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoHour {
    /// The camera.
    pub camera: String,
    /// When the hour begins.
    pub hour: Timestamp,
    /// A line for each file that began in it: name, milliseconds, bytes, SHA-256.
    pub files: String,
    /// A line for each gap: from, until, reason.
    pub gaps: String,
}

impl Writer {
    /// Keeps an hour of video in the chain.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn keep_video_hour(&mut self, hour: &VideoHour, now: Timestamp) -> Result<()> {
        let step = format!("could not keep an hour of video of {}", hour.camera);
        self.transacted(&step, &[], |to| {
            to.prepare_cached(
                "INSERT INTO video_hours (camera, hour_ms, files, gaps, kept_at_ms) VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![
                hour.camera,
                hour.hour.as_millisecond(),
                hour.files,
                hour.gaps,
                now.as_millisecond()
            ])
            .map(drop)
        })
    }

    /// Keeps in the chain that video of a camera from before a time is let go, `age` or `quota`; before it goes.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn keep_video_removal(
        &mut self,
        camera: &str,
        before: Timestamp,
        why: &str,
        now: Timestamp,
    ) -> Result<()> {
        let step = format!("could not keep a removal of video of {camera}");
        self.transacted(&step, &[], |to| {
            to.prepare_cached(
                "INSERT INTO video_removals (camera, before_ms, why, at_ms) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![
                camera,
                before.as_millisecond(),
                why,
                now.as_millisecond()
            ])
            .map(drop)
        })
    }
}

impl Reader {
    /// The cameras that hours of video were kept of, by name.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn video_cameras(&self) -> Result<Vec<String>> {
        self.read(|on| {
            let mut names =
                on.prepare("SELECT DISTINCT camera FROM video_hours ORDER BY camera")?;
            names.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Hours of a camera's video that begin in a span, in their order.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn video_hours(
        &self,
        camera: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<VideoHour>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT hour_ms, files, gaps FROM video_hours
                 WHERE camera = ? AND hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms, id",
            )?
            .query_map(
                params![camera, from.as_millisecond(), until.as_millisecond()],
                |row| {
                    Ok(VideoHour {
                        camera: camera.to_owned(),
                        hour: crate::rows::time(row, 0)?,
                        files: row.get(1)?,
                        gaps: row.get(2)?,
                    })
                },
            )?
            .collect()
        })
    }

    /// The time before which a camera's video may be gone, because it was let go.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn video_removed_before(&self, camera: &str) -> Result<Option<Timestamp>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT before_ms FROM video_removals WHERE camera = ? ORDER BY before_ms DESC LIMIT 1",
            )?
            .query_row([camera], |row| crate::rows::time(row, 0))
            .optional()
        })
    }
}
