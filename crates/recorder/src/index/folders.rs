//! What the index knows of the folders for video.

use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension as _;

use super::VideoIndex;
use crate::error::Result;

impl VideoIndex {
    /// The mark of a folder for video, if it was ever recorded to.
    ///
    /// # Errors
    /// When the index can't be read.
    pub(crate) fn known_mark(&self, folder: &Path) -> Result<Option<String>> {
        let path = folder.display().to_string();
        self.ask("reading", |index| {
            let sql = "SELECT mark FROM folders WHERE path = ?";
            index.query_row(sql, [path], |row| row.get(0)).optional()
        })
    }

    /// The folders for video that were ever recorded to.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn folders(&self) -> Result<Vec<PathBuf>> {
        self.ask("reading", |index| {
            let mut paths = index.prepare_cached("SELECT path FROM folders ORDER BY id")?;
            paths
                .query_map([], |row| row.get::<_, String>(0).map(PathBuf::from))?
                .collect()
        })
    }

    /// Whether no video is in a folder.
    ///
    /// # Errors
    /// When the index can't be read.
    pub(crate) fn is_unused(&self, folder: &Path) -> Result<bool> {
        let path = folder.display().to_string();
        self.ask("reading", |index| {
            let sql = "SELECT NOT EXISTS (SELECT 1 FROM videos \
                 WHERE folder_id = (SELECT id FROM folders WHERE path = ?))";
            index.query_row(sql, [path], |row| row.get(0))
        })
    }
}
