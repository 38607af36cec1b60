//! SQLite and the evidence files beside it.
//!
//! A data folder holds `ledger.sqlite3` and `photos/YYYY/MM/DD/<key>-<kind>.jpg`. One [`Writer`]
//! commits passages and their deliveries; any number of [`Reader`]s look on. A photo is safe on
//! disk before the row that names it commits, and rows are only ever appended; the procedure and
//! its cut points are in `docs/design/ledger.md`.
//!
//! It knows nothing of the network: what [`Writer::claim_due`] hands out, others deliver.

mod backup;
mod chain;
mod check;
mod codes;
mod correct;
mod correction;
mod deliver;
mod disk;
mod downlinks;
mod error;
mod evidence;
mod facts;
mod growth;
mod held;
mod id;
mod model;
mod open;
mod options;
mod orphans;
mod outbox;
mod platforms;
mod query;
mod rates;
mod reader;
mod refused;
mod registers;
mod removals;
mod restore;
mod restores;
mod retention;
mod revise;
mod rows;
mod scale;
mod schema;
mod search;
mod space;
mod tally;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]
mod tests;
pub mod trial;
mod view;
mod visits;
mod weighing;
mod writer;

pub use backup::{BackedUp, BackupOptions, BackupView, Damaged, Held, Manifest, backups};
pub use chain::{Anchor, Break, BreakKind, Verdict, VerifyOptions};
pub use check::{CheckOptions, Finding, FindingCode};
pub use codes::UnknownCode;
pub use correction::{
    Cargo, CargoSource, CargoUnit, Change, CorrectedItem, Correction, CorrectionView, PaperPassage,
    PaperView,
};
pub use downlinks::{DownlinkView, NewDownlink};
pub use error::{Error, ErrorKind, Result};
pub use growth::Growth;
pub use id::{OutboxId, PassageId, PassageKey, RecordId, RecordKey};
pub use model::{Decision, Direction, Finished, NewPassage, NewPhoto, Outcome, PhotoKind, Reading};
pub use options::{Claim, MAX_DELAY, Options, Sink, Takes};
pub use platforms::{Sending, Sent};
pub use rates::Delivered;
pub use reader::Reader;
pub use refused::RefusedView;
pub use registers::{FileView, NewFile, NewRevision, RecordState, RecordView, Register};
pub use removals::{RemovalReason, RemovedView};
pub use restore::{Counted, Restore, RestoreOptions, restore};
pub use restores::Restored;
pub use retention::{HeldBack, Removable, Removals, Removed, SPACE_NOTICE};
pub use scale::{
    MatchOrder, ScaleFigures, ScaleRule, ScaleRules, ScaleSettled, ScaleWeighing, ScaleWork,
};
pub use search::{Cursor, Filter, Page, PlatePart, SHORT_PART_RANGE, UploadState};
pub use space::Space;
pub use tally::{Lost, Tally};
pub use view::{
    Counts, DeliveryState, DeliveryView, FinishedView, OutboxItem, OutboxKind, PassageView,
    PhotoView, SinkCounters, Subject,
};
pub use visits::Visit;
pub use weighing::{Weighed, Weighing};
pub use writer::Writer;
