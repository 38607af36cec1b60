//! What people say of visits: which exit belongs to which entry, and who left unseen.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{PassageId, coded};

/// The number of a mark in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VisitMarkId(pub i64);

impl fmt::Display for VisitMarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

coded! {
    /// What a person says of a visit.
    pub enum VisitMarkKind {
        /// This exit belongs to this entry.
        Joined = "joined",
        /// They are not one visit.
        Split = "split",
        /// It left, and nobody saw it.
        Left = "left",
    }
}

/// What a person says of a visit, by the numbers of its passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum VisitMark {
    /// This exit belongs to this entry, whatever was read of both.
    Joined {
        /// The entry.
        entry: PassageId,
        /// The exit.
        exit: PassageId,
    },
    /// This exit does not belong to this entry.
    Split {
        /// The entry.
        entry: PassageId,
        /// The exit.
        exit: PassageId,
    },
    /// The vehicle that came in had left by then, unseen.
    Left {
        /// The entry.
        entry: PassageId,
        /// Not later than this.
        left_at: Timestamp,
    },
}

impl VisitMark {
    /// What is said.
    #[must_use]
    pub const fn kind(&self) -> VisitMarkKind {
        match self {
            Self::Joined { .. } => VisitMarkKind::Joined,
            Self::Split { .. } => VisitMarkKind::Split,
            Self::Left { .. } => VisitMarkKind::Left,
        }
    }

    /// The entry.
    #[must_use]
    pub const fn entry(&self) -> PassageId {
        match self {
            Self::Joined { entry, .. } | Self::Split { entry, .. } | Self::Left { entry, .. } => {
                *entry
            }
        }
    }

    /// The exit, where one was seen.
    #[must_use]
    pub const fn exit(&self) -> Option<PassageId> {
        match self {
            Self::Joined { exit, .. } | Self::Split { exit, .. } => Some(*exit),
            Self::Left { .. } => None,
        }
    }

    /// When it had left unseen.
    #[must_use]
    pub const fn left_at(&self) -> Option<Timestamp> {
        match self {
            Self::Left { left_at, .. } => Some(*left_at),
            Self::Joined { .. } | Self::Split { .. } => None,
        }
    }
}

/// Who took something back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// A mark as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VisitMarkView {
    /// Its number.
    pub id: VisitMarkId,
    /// What was said.
    #[serde(flatten)]
    pub mark: VisitMark,
    /// Who said so.
    pub who: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// Who took it back, where somebody did.
    pub withdrawn: Option<Withdrawal>,
}
