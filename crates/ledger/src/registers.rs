//! Register records: what they are, and how they are written. Every change is a new revision; what
//! was there before stays.

pub(crate) mod read;
pub(crate) mod revise;
pub(crate) mod write;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::codes::coded;
use crate::id::{RecordId, RecordKey};
use crate::{Reader, Result};

pub use records::Register;

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

/// A revision to be appended, the first one or a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRevision {
    /// Name of the record, for ever; made with [`RecordKey::random`] for a new one.
    pub key: RecordKey,
    /// Its register.
    pub register: Register,
    /// The revision that this one was made from, 0 for a new record. When another has been
    /// appended meanwhile, this one is refused.
    pub base: u32,
    /// What people call it, such as plate and colour; one of a kind among what is not retired.
    pub identity: String,
    /// Canonical item name → value. Unknown items are absent or null.
    pub values: Map<String, Value>,
    /// How far it has come.
    pub state: RecordState,
    /// When.
    pub at: Timestamp,
    /// Who changes it.
    pub who: String,
    /// Why.
    pub why: String,
    /// Files that come with it. The value of such an item becomes the file's SHA-256; a later
    /// revision keeps the file by keeping that value.
    pub files: Vec<NewFile>,
}

/// A file to keep with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The item that it is.
    pub item: String,
    /// A JPEG, PNG or PDF.
    pub bytes: Vec<u8>,
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

/// Records that are held at a time.
const PAGE: usize = 500;

impl Reader {
    /// Every record of a register in the order in which they were made, each in its newest
    /// revision. A page of them is held at a time.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`]; the error is the last that comes.
    pub fn every_record(&self, register: Register) -> impl Iterator<Item = Result<RecordView>> {
        let mut after = Some(RecordId(0));
        let pages = std::iter::from_fn(move || match self.records(register, after?, PAGE) {
            Ok(page) => {
                after = page.last().map(|record| record.id);
                Some(page.into_iter().map(Ok).collect::<Vec<_>>())
            }
            Err(error) => {
                after = None;
                Some(vec![Err(error)])
            }
        });
        pages.flatten()
    }
}
