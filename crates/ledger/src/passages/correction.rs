//! What a person adds to a passage: corrections, cargo, and passages from paper.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::coded;
use crate::id::PassageKey;
use crate::passages::model::Direction;

coded! {
    /// An item of a passage that a person may set.
    pub enum CorrectedItem {
        /// Plate number.
        Plate = "plate",
        /// Plate colour.
        Color = "color",
        /// Way of travel.
        Direction = "direction",
        /// What was carried: a [`Cargo`] as JSON.
        Cargo = "cargo",
    }
}

coded! {
    /// Unit of an amount of cargo.
    pub enum CargoUnit {
        /// Tonnes.
        Tonne = "t",
        /// Litres.
        Litre = "L",
    }
}

coded! {
    /// Where cargo is known from.
    pub enum CargoSource {
        /// A person typed it in.
        Typed = "typed",
        /// A weighbridge's record.
        Weighbridge = "weighbridge",
    }
}

/// What a vehicle carried. What is not known is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cargo {
    /// What it is.
    pub name: Option<String>,
    /// How much, in `unit`.
    pub amount: Option<f64>,
    /// Unit of `amount`.
    pub unit: CargoUnit,
    /// Where it is known from.
    pub source: CargoSource,
    /// Mass with the vehicle, tonnes.
    pub gross_t: Option<f64>,
    /// Mass of the vehicle alone, tonnes.
    pub tare_t: Option<f64>,
    /// Mass of the cargo, tonnes.
    pub net_t: Option<f64>,
    /// The weighbridge's ticket.
    pub ticket: Option<String>,
    /// When it was weighed.
    pub weighed_at: Option<Timestamp>,
}

/// One item set anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which item.
    pub item: CorrectedItem,
    /// What the person saw there, as stored; `None` for nothing. When something else holds by now,
    /// the correction is refused.
    pub replaces: Option<String>,
    /// What holds from now on, as stored.
    pub value: String,
}

/// A correction of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// What is set.
    pub changes: Vec<Change>,
    /// Who says so.
    pub who: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// One item of a correction as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// Number of the correction; its items share it.
    pub revision: u32,
    /// Which item.
    pub item: CorrectedItem,
    /// What held before.
    pub before: Option<String>,
    /// What held from then on.
    pub after: String,
    /// True for a plate given by a person where none had been accepted.
    pub manual: bool,
    /// Who said so.
    pub who: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// A passage from the paper ledger that is kept while the power is away.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperPassage {
    /// Made once with [`PassageKey::random`]; the same key again commits nothing twice.
    pub key: PassageKey,
    /// Lane name; empty when the paper does not tell.
    pub lane: String,
    /// Entrance number.
    pub entrance: String,
    /// Barrier number.
    pub barrier: String,
    /// Way of travel.
    pub direction: Direction,
    /// When it passed, by the paper.
    pub passed_at: Timestamp,
    /// Plate number.
    pub plate: plate::PlateNumber,
    /// Plate colour.
    pub color: plate::Color,
    /// What it carried.
    pub cargo: Option<Cargo>,
    /// Who types it in.
    pub who: String,
    /// Why it is on paper.
    pub why: String,
    /// When it is typed in.
    pub entered_at: Timestamp,
}

/// How a passage from paper came here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperView {
    /// Who typed it in.
    pub who: String,
    /// Why it was on paper.
    pub why: String,
    /// When it was typed in.
    pub entered_at: Timestamp,
}
