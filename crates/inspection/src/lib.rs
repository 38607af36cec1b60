//! What an inspector needs: the ledger frozen, a sample drawn by a seed, a sheet for each record, days compared
//! with what platforms acknowledged, and a pack that proves itself elsewhere.
//!
//! The draw is a published algorithm over the code of the freeze and the seed ([`pick`]), so that anybody can
//! repeat it; `docs/inspector.zh.md` has it in words. Freeze, draw and marks are rows of the chain: [`frozen`]
//! and [`drawn`] make what is kept, whoever may write keeps it.
//!
//! It only reads what it is handed and writes to what it is handed; zone and language come with each call. It
//! knows no configuration file and no clock.

mod act;
mod asked;
mod command;
mod days;
mod draw;
mod error;
mod freeze;
mod pack;
mod sheet;
mod verify;

pub use act::InspectionAct;
pub use asked::InspectKind;
pub use command::{InspectSite, command};
pub use days::{ComparedDay, DayGap, compare};
pub use draw::{DrawCounts, Drawn, DrawnPassage, DrawnRecord, MOST_SEED_CHARS, drawn, pick};
pub use error::{Error, ErrorKind};
pub use freeze::{Freeze, MOST_DAYS, RecordsFrozen, frozen};
pub use pack::{Packed, write_pack};
pub use sheet::{PhotoProof, Sheet, SheetItem, sheet};
pub use verify::{PackVerdict, verify_pack};

/// Upper bound of the time between a passage and its acknowledgement that is not called late: that after which
/// rows that wait raise an alarm.
pub const LATE_MS: i64 = 5 * 60 * 1000;
