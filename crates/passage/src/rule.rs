//! Rules that people put in force: control strategies and visitors, as they are kept.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{FileView, RecordKey, coded};

coded! {
    /// What a rule is.
    pub enum RuleKind {
        /// 管控策略: whom a control strategy binds.
        Strategy = "strategy",
        /// 访客: a vehicle that somebody expects.
        Visitor = "visitor",
    }
}

coded! {
    /// How it stands with a rule.
    pub enum RuleState {
        /// A person has confirmed it.
        InForce = "in_force",
        /// A person has ended it.
        Ended = "ended",
        /// A person has refused what a platform sent; it never was in force.
        Rejected = "rejected",
    }
}

/// A revision of a rule that is to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRule {
    /// Name of the rule, for ever; [`RecordKey::random`] for a new one.
    pub key: RecordKey,
    /// What it is.
    pub kind: RuleKind,
    /// The revision that this one was made from, 0 for a new rule. When another has been appended
    /// meanwhile, this one is refused.
    pub base: u32,
    /// How it stands from now on.
    pub state: RuleState,
    /// The rule itself; an empty object for what was rejected.
    pub content: Value,
    /// The platform's words that it was made of, by their number in the ledger.
    pub downlink: Option<i64>,
    /// Who decided so.
    pub who: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// A rule in one revision.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct RuleView {
    pub key: RecordKey,
    pub kind: RuleKind,
    /// Counted from 1.
    pub revision: u32,
    pub state: RuleState,
    pub content: Value,
    /// The platform's words that it was made of.
    pub downlink: Option<i64>,
    pub who: String,
    pub why: String,
    pub at: Timestamp,
}

coded! {
    /// What a person says of an entry that a platform sent down.
    pub enum ReviewAnswer {
        /// It is so.
        Confirmed = "confirmed",
        /// It is not so.
        Contested = "contested",
    }
}

/// What a person said of an entry that a platform sent down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct ReviewView {
    pub id: i64,
    pub downlink: i64,
    pub answer: ReviewAnswer,
    pub who: String,
    pub why: String,
    /// Path of the evidence, below the data folder.
    pub evidence: Option<String>,
    /// The same as a file, for whoever sends it.
    #[serde(skip)]
    pub file: Option<FileView>,
    pub at: Timestamp,
    /// When the platform took it, and its words.
    pub told: Option<(Timestamp, String)>,
}
