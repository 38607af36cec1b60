//! What people know of a vehicle: notes and tags.

use std::fmt;

use jiff::Timestamp;
use plate::Color;
use serde::{Deserialize, Serialize};

use crate::{Withdrawal, coded};

/// The number of a remark in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemarkId(pub i64);

impl fmt::Display for RemarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

coded! {
    /// What kind of remark it is.
    pub enum RemarkKind {
        /// A text.
        Note = "note",
        /// A short word that is shown beside the plate.
        Tag = "tag",
    }
}

/// A remark to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRemark {
    /// Of which plate.
    pub plate: String,
    /// Only of this colour; of any without it.
    pub color: Option<Color>,
    /// What kind.
    pub kind: RemarkKind,
    /// What it says.
    pub words: String,
    /// Who says so.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

/// A remark as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemarkView {
    /// Its number.
    pub id: RemarkId,
    /// The remark.
    #[serde(flatten)]
    pub remark: NewRemark,
    /// Who took it back, where somebody did.
    pub withdrawn: Option<Withdrawal>,
}

impl RemarkView {
    /// Whether it is said of a vehicle of this colour, and nobody took it back.
    #[must_use]
    pub fn holds_for(&self, color: Color) -> bool {
        self.withdrawn.is_none() && self.remark.color.is_none_or(|of| of == color)
    }
}
