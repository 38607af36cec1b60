//! What the registers hold: items with their names, codes and limits, the validators with their
//! reasons, and tables (`.xlsx`, CSV) to exchange them.
//!
//! A record here is a JSON object of canonical item names. What is unknown is absent or null and
//! counts as missing; nothing fills a gap. It knows no ledger and no platform's field names, and
//! does no I/O beyond the readers and writers it is handed.

pub mod code;
mod finding;
mod import;
mod item;
mod moment;
mod parse;
mod plates;
mod rules;
mod section;
mod table;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]
mod tests;
mod typed;
mod validate;

pub use finding::{Finding, Severity};
pub use import::{Imported, RowFinding, import};
pub use item::{Need, RegisterItem, ValueKind, item, items};
pub use moment::{NotATime, days, moment, moment_end, range_end, range_start, said_moment};
pub use parse::parse;
pub use plates::plate_doubts;
pub use rules::{Rules, identity};
pub use table::{
    Book, Cell, LARGEST_FILE_BYTES, TableError, TableFormat, TableReader, TableWriter, cells,
    csv_file, csv_line, is_zip64, xlsx_file, zip_file,
};
pub use typed::{narrow, number, typed};
pub use validate::{completeness, validate};

/// One record: canonical item name → value.
pub type Values = serde_json::Map<String, serde_json::Value>;
