//! What stands on the sheet of a shift. It is kept as JSON under these names.

use alarm::CauseKind;
use jiff::Timestamp;
use passage::{CorrectedItem, Direction, GuardTask, LiftWay, RemarkKind, Verdict, VisitMarkKind};
use serde::{Deserialize, Serialize};

/// The sheet of a shift, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShiftSheet {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// Passages by lane, direction and verdict.
    pub counts: Vec<ShiftCount>,
    /// Vehicles that were seen and are no passage.
    pub lost: usize,
    /// What people set right.
    pub corrections: Vec<ShiftCorrection>,
    /// Arms that people raised.
    pub lifts: Vec<ShiftLift>,
    /// Gates that were held open.
    pub holds: Vec<ShiftHold>,
    /// Notes and tags of vehicles. Sheets of the first months have none.
    #[serde(default)]
    pub notes: Vec<ShiftNote>,
    /// What people said of visits: joined, split, left unseen.
    #[serde(default)]
    pub visits: Vec<ShiftVisit>,
    /// What waits for a guard.
    pub tasks: Vec<ShiftTask>,
    /// Raised in the shift, or still open from before; without outages.
    pub alarms: Vec<ShiftAlarm>,
    /// What did not work.
    pub outages: Vec<ShiftAlarm>,
    /// What waits at each platform and broker.
    pub uploads: Vec<ShiftUploads>,
    /// There is more of something than a sheet holds.
    pub is_cut: bool,
}

/// Passages of one lane, direction and verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftCount {
    pub lane: String,
    pub direction: Direction,
    pub verdict: Verdict,
    pub passages: u64,
    /// Of these, without a plate that a machine accepted or a person gave.
    pub unread: u64,
    /// Of these, corrected in any item.
    pub corrected: u64,
    /// Of these, from paper.
    pub paper: u64,
}

/// One item that a person set right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftCorrection {
    pub passage: i64,
    /// The plate that holds now.
    pub plate: String,
    pub item: CorrectedItem,
    pub before: Option<String>,
    pub after: String,
    pub who: String,
    pub why: String,
    pub at: Timestamp,
}

/// An arm that a person raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftLift {
    pub lift: i64,
    pub lane: String,
    pub way: LiftWay,
    pub who: String,
    pub why: String,
    pub at: Timestamp,
    /// The passage that followed.
    pub passage: Option<i64>,
}

/// A gate that was held open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftHold {
    pub hold: i64,
    pub lane: String,
    pub who: String,
    pub why: String,
    pub from: Timestamp,
    /// When it was over, or will be.
    pub until: Timestamp,
    /// Who ended it before its time.
    pub ended_by: Option<String>,
}

/// What a person wrote down of a vehicle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftNote {
    pub plate: String,
    pub kind: RemarkKind,
    pub words: String,
    pub who: String,
    pub at: Timestamp,
    /// Who took it back.
    pub withdrawn_by: Option<String>,
}

/// What a person said of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftVisit {
    pub kind: VisitMarkKind,
    pub entry: i64,
    pub exit: Option<i64>,
    /// By when it had left unseen.
    pub left_at: Option<Timestamp>,
    pub who: String,
    pub why: String,
    pub at: Timestamp,
    /// Who took it back.
    pub withdrawn_by: Option<String>,
}

/// Something that waits for a guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftTask {
    pub kind: GuardTask,
    pub passage: i64,
    /// Empty when none could be read.
    pub plate: String,
    pub lane: String,
    pub at: Timestamp,
}

/// An alarm, or an outage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftAlarm {
    pub alarm: i64,
    pub kind: CauseKind,
    /// What happened, in Chinese and in English: whoever reads the sheet later has chosen one.
    pub what: ShiftWords,
    pub lane: Option<String>,
    pub raised_at: Timestamp,
    /// When it was over.
    pub cleared_at: Option<Timestamp>,
    /// Who has seen it; nobody yet without one.
    pub seen_by: Option<String>,
    /// What they said.
    pub seen_why: Option<String>,
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftWords {
    pub zh: String,
    pub en: String,
}

/// What waits at a platform or broker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ShiftUploads {
    pub sink: String,
    pub waiting: u64,
    pub refused: u64,
    pub oldest_waiting: Option<Timestamp>,
}
