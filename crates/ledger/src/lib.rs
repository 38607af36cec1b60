//! SQLite and the evidence files beside it.
//!
//! A data folder holds `ledger.sqlite3` and `photos/YYYY/MM/DD/<key>-<kind>.jpg`. One [`Writer`]
//! commits passages and their deliveries; any number of [`Reader`]s look on. A photo is safe on
//! disk before the row that names it commits, and rows are only ever appended; the procedure and
//! its cut points are in `docs/design/ledger.md`.
//!
//! It knows nothing of the network: what [`Writer::claim_due`] hands out, others deliver.

mod check;
mod codes;
mod deliver;
mod disk;
mod error;
mod evidence;
mod id;
mod model;
mod open;
mod options;
mod orphans;
mod outbox;
mod query;
mod reader;
mod registers;
mod rows;
mod schema;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]
mod tests;
mod view;
mod writer;

pub use check::{CheckOptions, Finding, FindingCode};
pub use codes::UnknownCode;
pub use error::{Error, ErrorKind, Result};
pub use id::{OutboxId, PassageId, PassageKey, RecordId, RecordKey};
pub use model::{Decision, Direction, Finished, NewPassage, NewPhoto, Outcome, PhotoKind, Reading};
pub use options::{Claim, MAX_DELAY, Options, Sink, Takes};
pub use reader::Reader;
pub use registers::{FileView, NewFile, NewRevision, RecordState, RecordView, Register};
pub use view::{
    Counts, DeliveryState, DeliveryView, FinishedView, OutboxItem, OutboxKind, PassageView,
    PhotoView, SinkCounters, Subject,
};
pub use writer::Writer;
