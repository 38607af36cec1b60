//! Weighings that a weighbridge's own software made: as a table, or as JSON over HTTP.
//!
//! Whoever sends them speaks Chinese or English, and nobody knows which: mistakes are told in both.

mod fields;
mod intake;
mod json;
mod section;
mod table;

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::Weighing;
use plate::{Color, PlateNumber, PlateProblem};
use records::{moment, range_end};

pub use intake::{Intake, take_weighings};
pub use json::from_json;
pub use table::from_table;

/// What is wrong with a weighing, or with the head of a table of them.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts tell")]
pub enum WeighingError {
    #[error("-")]
    NoHead,
    #[error(
        "{head}: 请在表头写明单位，如 毛重(kg) 或 毛重(t) / write the unit, such as gross(kg) or gross(t)"
    )]
    NoUnit { head: String },
    #[error("? {0}")]
    NoColumn(&'static str),
    #[error("车牌号码 / plate \"{0}\"")]
    Plate(PlateNumber),
    #[error(
        "车牌号码 / plate \"{plate}\": 没有字母 O、I，是否应为 {meant}？ / the letters O and I do not occur; did you mean {meant}?"
    )]
    PlatePerhaps {
        plate: PlateNumber,
        meant: PlateNumber,
    },
    #[error("{cell}: 2026-03-01 08:30:00")]
    CellTime { cell: String },
    #[error("称重时间 / time: 2026-03-01 08:30:00")]
    NoTime,
    #[error("{what}: 0 … 200000 kg")]
    Mass { what: String },
    #[error("毛重 - 皮重 ≠ 净重 / gross {gross_kg} - tare {tare_kg} ≠ net")]
    Masses { gross_kg: i64, tare_kg: i64 },
    #[error("{name}Kg, {name}T: 只写一个 / only one of them")]
    TwoUnits { name: &'static str },
    #[error(
        "缺少净重，或毛重和皮重 / net, or gross and tare, with the unit: netKg, grossKg, tareT …"
    )]
    NoNet,
    #[error("第 {line} 行第 {column} 列不是 JSON / not JSON at line {line}, column {column}")]
    NotJson { line: usize, column: usize },
    #[error(
        "磅单应为 JSON 对象或对象的数组 / a weighing is a JSON object, or a list of them (line {line}, column {column})"
    )]
    NotAnObject { line: usize, column: usize },
    #[error("{field}: 未知字段，可用的有 / unknown; the fields are {known}")]
    UnknownField { field: String, known: String },
    #[error("{field}: 出现两次 / stands twice")]
    FieldTwice { field: String },
    #[error("{field}: 缺少 / is missing")]
    Missing { field: &'static str },
    #[error("{field}: 应为文本，加引号 / must be text, in quotes")]
    NotText { field: &'static str },
    #[error("{field}: 应为数字 / must be a number")]
    NotANumber { field: &'static str },
    #[error("1 … {most} 条 / records")]
    Count { most: usize },
    #[error("ticket: 1 … 60 个字符 / characters")]
    Ticket,
    #[error("cargo: 60 个字符以内 / at most 60 characters")]
    Cargo,
    #[error("weighedAt {text:?}: 2026-03-01 08:30:00")]
    Time { text: String },
    #[error("weighedAt: 2026-03-01 08:30:00")]
    LongTime,
    #[error("weighedAt {text}: 不在最近 31 天内 / not within the last 31 days")]
    NotRecent { text: String },
}

impl WeighingError {
    /// Where a body is no JSON, or none that holds weighings, without the library's words.
    fn not_a_weighing(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.is_data() {
            Self::NotAnObject { line, column }
        } else {
            Self::NotJson { line, column }
        }
    }
}

/// A mistake in one of several weighings.
#[derive(Debug, thiserror::Error)]
pub enum Misplaced {
    /// Of the whole, or of the only one.
    #[error("{0}")]
    All(WeighingError),
    /// In this row of a table, counted from 1.
    #[error("{0}: {1}")]
    Row(u32, WeighingError),
    /// In this record of a list, counted from 1.
    #[error("第 {0} 条 / record {0}: {1}")]
    Record(usize, WeighingError),
}

/// Every mistake in a table of weighings; none of it was taken.
#[derive(Debug)]
pub struct TableMistakes(pub Vec<Misplaced>);

impl fmt::Display for TableMistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for TableMistakes {}

/// What holds of every weighing, wherever it comes from.
fn sound(new: Weighing) -> Result<Weighing, WeighingError> {
    if let Err(PlateProblem::Length(_)) = new.plate.validate(Color::Unknown) {
        return Err(WeighingError::Plate(new.plate));
    }
    if let (Some(gross_kg), Some(tare_kg)) = (new.gross_kg, new.tare_kg)
        && (gross_kg < tare_kg
            || new
                .net_kg
                .is_some_and(|net| (gross_kg - tare_kg - net).abs() > 1))
    {
        return Err(WeighingError::Masses { gross_kg, tare_kg });
    }
    Ok(new)
}

/// When a vehicle was weighed, on the clock of `zone`; a day alone is no time.
fn time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let at = moment(text, zone).ok()?;
    // Where it ends is where it begins: no day.
    (range_end(text, zone, at) == Ok(at)).then_some(at)
}

/// A mass that a vehicle can have: none on a road weighs more than 200 t.
fn whole_kg(kg: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "within 200,000")]
    (0.0..=200_000.0).contains(&kg).then(|| kg.round() as i64)
}
