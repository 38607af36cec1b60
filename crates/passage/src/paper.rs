//! Passages from the paper ledger that is kept while the power is away.

use jiff::Timestamp;
use plate::{Color, PlateNumber};
use serde::{Deserialize, Serialize};

use crate::{Cargo, Direction, PassageKey};

/// What the paper ledger says of a passage, and who types it in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperEntry {
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
    pub plate: PlateNumber,
    /// Plate colour.
    pub color: Color,
    /// What it carried.
    pub cargo: Option<Cargo>,
    /// Who types it in.
    pub who: String,
    /// Why it is on paper.
    pub why: String,
}

/// A passage from the paper ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperPassage {
    /// Made once with [`PassageKey::random`]; the same key again commits nothing twice.
    pub key: PassageKey,
    /// What the paper says.
    pub entry: PaperEntry,
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
