//! Register records: what they are, and how they are written. Every change is a new revision; what
//! was there before stays.

pub(crate) mod changes;
pub(crate) mod read;
pub(crate) mod revise;
mod unregistered;
pub(crate) mod write;

use jiff::Timestamp;
use passage::{RecordId, RecordKey, RecordState, RecordView, Register};
use serde_json::{Map, Value};

use crate::{Reader, Result};

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
