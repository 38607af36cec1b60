//! What people take away: transmission rates and completeness as text or workbook, passages and
//! registers as tables, what platforms refused, and the proof that the ledger is whole.
//!
//! It reads the ledger and writes to what it is handed; zone and language come with each call. It
//! knows no command line, no configuration file and no clock.

mod alarms;
mod backups;
mod bundle;
pub mod delivery;
mod downlinks;
mod error;
mod figures;
mod file;
mod holds;
mod lifts;
mod passages;
mod periodic;
mod proof;
mod query;
mod refused;
mod registers;
mod remarks;
mod rules;
mod shift;
mod tasks;
mod workbook;

pub use self::rules::{over_limit_lines, replay_lines, rule_lines, sent_lines};
pub use alarms::alarm_lines;
pub use backups::{backed_up, backup_line, restored};
pub use bundle::{photos_zip, truth_zip};
pub use downlinks::downlink_lines;
pub use error::{Error, ErrorKind};
pub use figures::{DayFigures, HourFlow};
pub use file::whole_file;
pub use holds::hold_lines;
pub use lifts::lift_lines;
pub use passages::{nothing_found, passage_line, passages, visit_line};
pub use periodic::write_missing;
pub use proof::{Proof, elsewhere};
pub use query::PassageQuery;
pub use refused::{refused_json, refused_lines};
pub use registers::register;
pub use remarks::remark_lines;
pub use shift::{
    ShiftAlarm, ShiftCorrection, ShiftCount, ShiftHold, ShiftLift, ShiftNote, ShiftSheet,
    ShiftTask, ShiftUploads, ShiftVisit, ShiftWords, shift_begin,
};
pub use tasks::{OpenTask, OpenTasks};
pub use workbook::workbook;

/// The same as a cell.
fn clock(at: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> records::Cell {
    let at = at.to_zoned(zone.clone()).datetime();
    let whole = at.with().subsec_nanosecond(0).build();
    records::Cell::Time(whole.unwrap_or(at))
}
