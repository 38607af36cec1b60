//! Weighings that a weighbridge's own software made: as a table, or as JSON over HTTP. Mistakes are told in
//! the site's language.

mod fields;
mod intake;
mod json;
mod section;
mod table;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::Weighing;
use plate::{Color, PlateNumber, PlateProblem};
use records::{moment, range_end};
use words::{Key, Language, Said};

pub use intake::{Intake, take_weighings};
pub use json::from_json;
pub use table::from_table;

/// So much of what was sent is said back, in characters.
const QUOTED: usize = 40;

/// What is wrong with a weighing, or with the head of a table of them.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.said())]
#[expect(missing_docs, reason = "the texts tell")]
pub enum WeighingError {
    NoHead,
    NoUnit {
        head: String,
    },
    NoColumn(Key),
    Plate(PlateNumber),
    PlatePerhaps {
        plate: PlateNumber,
        meant: PlateNumber,
    },
    CellTime {
        cell: String,
    },
    NoTime,
    Mass {
        what: String,
    },
    Masses {
        gross_kg: i64,
        tare_kg: i64,
    },
    TwoUnits {
        name: &'static str,
    },
    NoNet,
    NotJson {
        line: usize,
        column: usize,
    },
    NotAnObject {
        line: usize,
        column: usize,
    },
    UnknownField {
        field: String,
        known: String,
    },
    FieldTwice {
        field: String,
    },
    Missing {
        field: &'static str,
    },
    NotText {
        field: &'static str,
    },
    NotANumber {
        field: &'static str,
    },
    Count {
        most: usize,
    },
    Ticket,
    Cargo,
    Time {
        text: String,
    },
    LongTime,
    NotRecent {
        text: String,
    },
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

impl WeighingError {
    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::NoHead => Key::WeighingNoHead.into(),
            Self::NoUnit { head } => Said::with(Key::WeighingNoUnit, "head", quoted(head)),
            Self::NoColumn(column) => {
                Said::plain(Key::WeighingNoColumn).and_said("column", *column)
            }
            Self::Plate(plate) => Said::with(Key::WeighingPlate, "plate", quoted(plate.as_str())),
            Self::PlatePerhaps { plate, meant } => {
                Said::with(Key::WeighingPlatePerhaps, "plate", plate).and("meant", meant)
            }
            Self::CellTime { cell } => Said::with(Key::WeighingCellTime, "cell", quoted(cell)),
            Self::NoTime => Key::WeighingNoTime.into(),
            Self::Mass { what } => Said::with(Key::WeighingMass, "what", what),
            Self::Masses { gross_kg, tare_kg } => {
                Said::with(Key::WeighingMasses, "gross_kg", gross_kg).and("tare_kg", tare_kg)
            }
            Self::TwoUnits { name } => Said::with(Key::WeighingTwoUnits, "name", name),
            Self::NoNet => Key::WeighingNoNet.into(),
            Self::NotJson { line, column } => {
                Said::with(Key::WeighingNotJson, "line", line).and("column", column)
            }
            Self::NotAnObject { line, column } => {
                Said::with(Key::WeighingNotAnObject, "line", line).and("column", column)
            }
            Self::UnknownField { field, known } => {
                Said::with(Key::WeighingUnknownField, "field", quoted(field)).and("known", known)
            }
            Self::FieldTwice { field } => Said::with(Key::WeighingFieldTwice, "field", field),
            Self::Missing { field } => Said::with(Key::WeighingMissing, "field", field),
            Self::NotText { field } => Said::with(Key::WeighingNotText, "field", field),
            Self::NotANumber { field } => Said::with(Key::WeighingNotANumber, "field", field),
            Self::Count { most } => Said::with(Key::WeighingCount, "most", most),
            Self::Ticket => Key::WeighingTicket.into(),
            Self::Cargo => Key::WeighingCargo.into(),
            Self::Time { text } => Said::with(Key::WeighingTime, "text", text),
            Self::LongTime => Key::WeighingLongTime.into(),
            Self::NotRecent { text } => Said::with(Key::WeighingNotRecent, "text", text),
        }
    }

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
#[error("{}", self.said())]
pub enum Misplaced {
    /// Of the whole, or of the only one.
    All(WeighingError),
    /// In this row of a table, counted from 1.
    Row(u32, WeighingError),
    /// In this record of a list, counted from 1.
    Record(usize, WeighingError),
}

impl Misplaced {
    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        let (place, error) = match self {
            Self::All(error) => return error.said(),
            // Only the number, as ever: scripts of sites look for it at the beginning of a line.
            Self::Row(row, error) => (Said::other(row.to_string()), error),
            Self::Record(number, error) => {
                (Said::with(Key::WeighingRecord, "number", number), error)
            }
        };
        Said::plain(Key::SaidAbout)
            .and_said("what", place)
            .and_said("why", error.said())
    }
}

/// Every mistake in a table of weighings; none of it was taken.
#[derive(Debug)]
pub struct TableMistakes(pub Vec<Misplaced>);

impl TableMistakes {
    /// For a person, a line for each.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let lines: Vec<_> = self.0.iter().map(|m| m.said().text(language)).collect();
        lines.join("\n")
    }
}

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
