//! Register records as people and sinks read them. Every change is a new revision; what was there
//! before stays.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{RecordId, RecordKey, Register, coded};

coded! {
    /// How far a revision has come.
    pub enum RecordState {
        /// Typed in or imported; nobody has looked.
        Draft = "draft",
        /// The validators found nothing wrong.
        Checked = "checked",
        /// A person has verified it; it holds from then on and is uploaded.
        Approved = "approved",
        /// A person has rejected it; what was approved before holds on.
        Rejected = "rejected",
        /// No longer in use; uploaded as such.
        Retired = "retired",
    }
}

impl RecordState {
    /// True for a revision that changes what holds, and is therefore uploaded.
    #[must_use]
    pub const fn takes_effect(self) -> bool {
        matches!(self, Self::Approved | Self::Retired)
    }
}

/// One revision of a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordView {
    /// Place in this ledger.
    pub id: RecordId,
    /// Name everywhere, the same for all revisions.
    pub key: RecordKey,
    /// Its register.
    pub register: Register,
    /// 1, 2, 3, … for each record.
    pub revision: u32,
    /// What people call it.
    pub identity: String,
    /// Canonical item name → value; a file's value is its SHA-256.
    pub values: Map<String, Value>,
    /// How far this revision has come.
    pub state: RecordState,
    /// When it was made.
    pub changed_at: Timestamp,
    /// By whom.
    pub who: String,
    /// Why.
    pub why: String,
    /// The files that its values name.
    pub files: Vec<FileView>,
}

impl RecordView {
    /// The text of an item, when it is known and a text.
    #[must_use]
    pub fn text(&self, item: &str) -> Option<&str> {
        self.values.get(item).and_then(Value::as_str)
    }

    /// The file of an item.
    #[must_use]
    pub fn file(&self, item: &str) -> Option<&FileView> {
        self.files.iter().find(|file| file.item == item)
    }
}

/// A file kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// The item that it is.
    pub item: String,
    /// Lower-case hexadecimal SHA-256; also its name.
    pub sha256: String,
    /// Place under the data folder, with forward slashes.
    pub path: String,
    /// Such as `image/jpeg`.
    pub media_type: String,
    /// Size of the file.
    pub size_bytes: u64,
}
