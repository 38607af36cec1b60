//! What is done in an inspection and kept.

use jiff::civil::Date;
use ledger::NewMark;
use serde::{Deserialize, Serialize};

use crate::DrawCounts;

/// What is done in an inspection and kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum InspectionAct {
    /// Freeze a span of days.
    Freeze {
        /// Its first day.
        from: Date,
        /// Its last day.
        until: Date,
        /// Entrances; all of them when there is none.
        entrances: Vec<String>,
        /// Who freezes.
        who: String,
    },
    /// Draw of what was frozen.
    Draw {
        /// The number of the freeze.
        inspection: i64,
        /// What the inspector typed.
        seed: String,
        /// How many of what.
        counts: DrawCounts,
        /// Who draws.
        who: String,
    },
    /// Say something of what was drawn.
    Mark(NewMark),
}
