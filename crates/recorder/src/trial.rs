//! Fills an index as months of recording would, for measurements.

use std::path::Path;

use jiff::{Timestamp, ToSpan as _};
use rusqlite::params;

use crate::error::Result;
use crate::index::VideoIndex;

impl VideoIndex {
    /// Adds a file a minute for so many `days` before `until` of each of the `cameras`, in folder `root`.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn fill(&self, root: &Path, cameras: &[&str], days: u32, until: Timestamp) -> Result<u64> {
        self.mark_of(root, "trial")?;
        let from = until
            .saturating_sub((i64::from(days) * 24).hours())
            .unwrap_or(until);
        let minutes = days * 1440;
        self.ask("filling", |index| {
            let filling = index.transaction()?;
            for camera in cameras {
                filling.execute("INSERT INTO cameras (name) VALUES (?)", [camera])?;
            }
            let one = "INSERT INTO videos (camera_id, folder_id, path, start_ms, duration_ms, clock, bytes, \
                 pictures, coding, width, height, sha256, repaired) \
                 SELECT id, 1, name || '/' || ?1, ?2, 60000, 'camera_ntp', 30000000, 1500, 'avc1.64001f', \
                 1920, 1080, randomblob(32), 0 FROM cameras";
            for minute in 0..minutes {
                let start = from + i64::from(minute).minutes();
                let zoned = start.to_zoned(jiff::tz::TimeZone::UTC);
                let name = crate::video_file::file_name(start, 0);
                let path = format!("{}/{name}", zoned.date());
                filling.prepare_cached(one)?.execute(params![path, start.as_millisecond()])?;
            }
            filling.commit()
        })?;
        Ok(u64::from(minutes) * cameras.len() as u64)
    }
}
