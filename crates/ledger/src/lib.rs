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
mod error;
mod id;
mod model;
mod options;
mod reader;
mod view;
mod writer;

pub use check::{CheckOptions, Finding, FindingCode};
pub use codes::UnknownCode;
pub use error::{Error, ErrorKind, Result};
pub use id::{OutboxId, PassageId, PassageKey};
pub use model::{Decision, Direction, Finished, NewPassage, NewPhoto, Outcome, PhotoKind, Reading};
pub use options::{Claim, MAX_DELAY, Options, Sink};
pub use reader::Reader;
pub use view::{
    Counts, DeliveryState, DeliveryView, FinishedView, OutboxItem, OutboxKind, PassageView,
    PhotoView, SinkCounters,
};
pub use writer::Writer;
