//! Does the ledger agree with the files beside it?

use std::time::Duration;

use serde::Serialize;

use crate::codes::coded;
use crate::id::PassageId;

coded! {
    /// What is wrong.
    pub enum FindingCode {
        /// A row points at a photo that is not there.
        PhotoMissing = "photo_missing",
        /// A photo's size or hash is not what its row says.
        PhotoChanged = "photo_changed",
        /// No row points at this file.
        OrphanFile = "orphan_file",
        /// A passage has no photo of the head.
        NoHeadPhoto = "no_head_photo",
        /// The list of open passages disagrees with the outcomes.
        OpenList = "open_list",
        /// Delivery figures disagree with the rows of the outbox.
        OutboxTotals = "outbox_totals",
        /// A row points at a row that is not there.
        BrokenReference = "broken_reference",
        /// SQLite finds its file damaged.
        DatabaseDamaged = "database_damaged",
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub code: FindingCode,
    /// The file, under the data folder with forward slashes, when it is about one.
    pub path: Option<String>,
    /// The passage, when it is about one.
    pub passage: Option<PassageId>,
    /// In words, with the figures that differ.
    pub detail: String,
}

/// How deep to look.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Read every photo and prove its hash; otherwise only its size is compared.
    pub hashes: bool,
    /// Files younger than this are not called orphans: their row may be on its way.
    pub orphan_age: Duration,
    /// Stop after so many findings.
    pub limit: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            hashes: true,
            orphan_age: Duration::from_secs(900),
            limit: 1000,
        }
    }
}
