//! SQLite and the evidence files beside it.
//!
//! A data folder holds `ledger.sqlite3` and `photos/YYYY/MM/DD/<key>-<kind>.jpg`. One [`Writer`]
//! commits passages and their deliveries; any number of [`Reader`]s look on. A photo is safe on
//! disk before the row that names it commits, and rows are only ever appended; the procedure and
//! its cut points are in `docs/design/ledger.md`.
//!
//! It knows nothing of the network: what [`Writer::claim_due`] hands out, others deliver.

mod alarms;
mod clips;
mod committed;
mod downlinks;
mod error;
mod evidence;
mod handle;
mod handovers;
mod held;
mod holds;
mod inspections;
mod keep;
mod lifts;
mod open;
mod options;
mod outbox;
mod passages;
mod proof;
mod reader;
mod registers;
mod remarks;
mod rows;
mod rules;
mod schema;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]
mod tests;
#[cfg(feature = "trial")]
pub mod trial;
mod video;
mod weighings;
mod writer;

pub use alarms::{AlarmFilter, AlarmNews};
pub use clips::{ClipFilter, KeptClips};
pub use committed::{Committed, Topic};
pub use downlinks::{DownlinkView, NewDownlink};
pub use error::{Error, ErrorKind, Result};
pub use handle::Handle;
pub use handovers::{HandoverView, NewHandover};
pub use holds::LONGEST_HOLD_MINUTES;
pub use inspections::compare::{DayDelivered, Silence};
pub use inspections::freeze::{FrozenDay, FrozenLedger, FrozenPart, FrozenRecord, Population};
pub use inspections::read::{DrawView, InspectionView, MarkView};
pub use inspections::write::{DrawnKind, InspectionMark, NewDraw, NewMark};
pub use keep::backup::{
    BackedUp, BackupFolder, BackupOptions, BackupView, Damaged, Held, Inventory, Manifest,
    NamedFile, Snapshot, backups,
};
pub use keep::growth::Growth;
pub use keep::put_back::{PutBack, put_back};
pub use keep::restore::{BackupSource, Counted, Found, Restore, RestoreOptions, Wanted, restore};
pub use keep::restores::Restored;
pub use keep::retention::{HeldBack, Removable, Removals, Removed, SPACE_NOTICE};
pub use keep::space::Space;
pub use options::{Claim, MAX_DELAY, Options, OutboxSink, Takes};
pub use outbox::backfill::{Backfill, BackfillStep, Unqueued};
pub use outbox::counters::{LongWaiting, SinkCounters};
pub use outbox::platforms::{Sending, Sent};
pub use outbox::rates::Delivered;
pub use outbox::refused::RefusedView;
pub use passages::happened::{Happened, Happening};
pub use passages::read::Counts;
pub use passages::search::{Cursor, Filter, Page, PlatePart, SHORT_PART_RANGE, UploadState};
pub use passages::tally::{Lost, Tally};
pub use passages::visits::Visit;
pub use proof::anchors::Anchor;
pub use proof::check::{CheckFinding, CheckOptions, FindingCode};
pub use proof::open::{ChainLink, EvidenceRow, StoredValue, content_of, link_hash};
pub use proof::verify::{Break, BreakKind, Verification, VerifyOptions};
pub use reader::Reader;
pub use registers::changes::VehicleChange;
pub use registers::{NewFile, NewRevision};
pub use remarks::MOST_TAGS;
pub use rules::reviews::NewReview;
pub use video::VideoHour;
pub use weighings::scale::{
    MatchOrder, ScaleFigures, ScaleRule, ScaleRules, ScaleSettled, ScaleWeighing, ScaleWork,
};
pub use weighings::weighing::WeighingCounts;
pub use writer::Writer;
