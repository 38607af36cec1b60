//! What is added to the index.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::VideoIndex;
use super::rows::{NewVideo, clock_code, stored};
use crate::error::Result;
use crate::gap::{Gap, GapReason};

/// Less than a picture's time is no gap; the camera's clock and ours differ by more.
const SHORTEST_GAP_MS: i64 = 50;

impl VideoIndex {
    /// The mark of a folder for video; `fresh` becomes it when the folder is new.
    ///
    /// # Errors
    /// When the index can't be written.
    pub(crate) fn mark_of(&self, folder: &Path, fresh: &str) -> Result<String> {
        let path = folder.display().to_string();
        self.ask("writing", |index| {
            let new =
                "INSERT INTO folders (path, mark) VALUES (?, ?) ON CONFLICT (path) DO NOTHING";
            index.execute(new, [&path, fresh])?;
            let mark = "SELECT mark FROM folders WHERE path = ?";
            index.query_row(mark, [&path], |row| row.get(0))
        })
    }

    /// Adds a file that is whole and on the disk. A repair may bring one that was there before.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn add(
        &self,
        camera: &str,
        video: &NewVideo,
        clock_offset_ms: Option<i64>,
        repaired: bool,
    ) -> Result<()> {
        self.ask("writing", |index| {
            let writing = index.transaction()?;
            let camera = camera_id(&writing, camera)?;
            let folder: i64 = writing
                .prepare_cached("SELECT id FROM folders WHERE path = ?")?
                .query_row([video.root.display().to_string()], |row| row.get(0))?;
            writing
                .prepare_cached(
                    "INSERT INTO videos (camera_id, folder_id, path, start_ms, duration_ms, clock, \
                     clock_offset_ms, bytes, pictures, coding, width, height, sha256, repaired) \
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
                     ON CONFLICT (folder_id, path) DO UPDATE SET duration_ms = excluded.duration_ms, \
                     bytes = excluded.bytes, pictures = excluded.pictures, sha256 = excluded.sha256, \
                     repaired = excluded.repaired, gone_ms = NULL",
                )?
                .execute(params![
                    camera,
                    folder,
                    video.path.display().to_string(),
                    video.start.as_millisecond(),
                    stored(video.duration_ms),
                    clock_code(video.clock),
                    clock_offset_ms,
                    stored(video.bytes),
                    stored(video.pictures),
                    video.coding,
                    video.width,
                    video.height,
                    video.sha256,
                    repaired,
                ])?;
            writing.commit()
        })
    }

    /// There is no video of a camera from then on.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn open_gap(&self, camera: &str, reason: GapReason, from: Timestamp) -> Result<()> {
        let gap = Gap {
            from,
            until: None,
            reason,
        };
        self.note(camera, &gap)
    }

    /// There is video again. Without a gap that is open this does nothing; one that took no time is none.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn close_gap(&self, camera: &str, until: Timestamp) -> Result<()> {
        let of = "until_ms IS NULL AND camera_id = (SELECT id FROM cameras WHERE name = ?2)";
        let none = format!("DELETE FROM gaps WHERE {of} AND abs(?1 - from_ms) < {SHORTEST_GAP_MS}");
        let closed = format!("UPDATE gaps SET until_ms = max(from_ms, ?1) WHERE {of}");
        let values = params![until.as_millisecond(), camera];
        self.ask("writing", |index| {
            let writing = index.transaction()?;
            writing.execute(&none, values)?;
            writing.execute(&closed, values)?;
            writing.commit()
        })
    }

    /// Keeps a gap.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn note(&self, camera: &str, gap: &Gap) -> Result<()> {
        self.ask("writing", |index| {
            let writing = index.transaction()?;
            let camera = camera_id(&writing, camera)?;
            let until = gap.until.map(Timestamp::as_millisecond);
            let row = params![camera, gap.from.as_millisecond(), until, gap.reason.code()];
            let sql = "INSERT INTO gaps (camera_id, from_ms, until_ms, reason) VALUES (?, ?, ?, ?)";
            writing.execute(sql, row)?;
            writing.commit()
        })
    }

    /// Files are no longer there, since then.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn gone(&self, videos: &[i64], since: Timestamp) -> Result<()> {
        let since = since.as_millisecond();
        self.to_each(videos, |to, id| {
            to.prepare_cached("UPDATE videos SET gone_ms = ? WHERE id = ?")?
                .execute([since, id])
        })
    }

    /// The chain has the hashes of these files.
    ///
    /// # Errors
    /// When the index can't be written.
    pub(crate) fn sealed(&self, videos: &[i64]) -> Result<()> {
        self.to_each(videos, |to, id| {
            to.prepare_cached("UPDATE videos SET sealed = 1 WHERE id = ?")?
                .execute([id])
        })
    }

    /// Files were removed because their time was over; the ledger's chain keeps that they were.
    ///
    /// # Errors
    /// When the index can't be written.
    pub(crate) fn forget(&self, videos: &[i64]) -> Result<()> {
        self.to_each(videos, |to, id| {
            to.prepare_cached("DELETE FROM videos WHERE id = ?")?
                .execute([id])
        })
    }

    /// Does the same to each of these files, to all of them or to none.
    fn to_each(
        &self,
        videos: &[i64],
        write: impl Fn(&Connection, i64) -> rusqlite::Result<usize>,
    ) -> Result<()> {
        self.ask("writing", |index| {
            let writing = index.transaction()?;
            for id in videos {
                write(&writing, *id)?;
            }
            writing.commit()
        })
    }

    /// A file that was thought gone is there.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn back(&self, video: i64) -> Result<()> {
        let sql = "UPDATE videos SET gone_ms = NULL WHERE id = ?";
        self.ask("writing", |index| index.execute(sql, [video]))?;
        Ok(())
    }
}

fn camera_id(index: &Connection, name: &str) -> rusqlite::Result<i64> {
    let known = "SELECT id FROM cameras WHERE name = ?";
    let id = index
        .prepare_cached(known)?
        .query_row([name], |row| row.get(0))
        .optional()?;
    if let Some(id) = id {
        return Ok(id);
    }
    index.execute("INSERT INTO cameras (name) VALUES (?)", [name])?;
    Ok(index.last_insert_rowid())
}
