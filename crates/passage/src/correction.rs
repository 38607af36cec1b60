//! What a person sets anew in a passage.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::coded;

coded! {
    /// An item of a passage that a person may set.
    pub enum CorrectedItem {
        /// Plate number.
        Plate = "plate",
        /// Plate colour.
        Color = "color",
        /// Way of travel.
        Direction = "direction",
        /// What was carried: a [`crate::Cargo`] as JSON.
        Cargo = "cargo",
    }
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
