//! The sheet of a shift as pages show it: the same fields under the same names as it is kept.

use jiff::Timestamp;
use ledger::HandoverView;
use passage::{CorrectedItem, Direction, GuardTask, LiftWay, RemarkKind, Verdict, VisitMarkKind};
use reports::ShiftSheet;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::codes::{
    DirectionCode, ItemCode, LiftWayCode, RemarkCode, TaskCode, VerdictCode, VisitMarkCode,
};
use crate::texts::Texts;

/// A sheet that was handed over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoverSeen {
    #[serde(flatten)]
    head: HandoverHead,
    sheet: SheetOfShift,
}

/// A sheet in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoverHead {
    id: i64,
    from: Timestamp,
    until: Timestamp,
    /// What whoever handed over had to say.
    remarks: String,
    /// Who handed over.
    who: String,
    /// Who was to take over.
    taker: String,
    at: Timestamp,
    /// When the taker confirmed it with the own password; null while that was not done.
    taken_at: Option<Timestamp>,
}

/// What a shift did and leaves open.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SheetOfShift {
    from: Timestamp,
    until: Timestamp,
    counts: Vec<CountOfShift>,
    /// Vehicles that were seen and are no passage.
    lost: usize,
    corrections: Vec<CorrectionOfShift>,
    lifts: Vec<LiftOfShift>,
    holds: Vec<HoldOfShift>,
    /// Notes and tags of vehicles.
    notes: Vec<NoteOfShift>,
    /// What people said of visits.
    visits: Vec<VisitOfShift>,
    tasks: Vec<TaskOfShift>,
    /// Raised in the shift, or still open from before; without outages.
    alarms: Vec<AlarmOfShift>,
    /// What did not work.
    outages: Vec<AlarmOfShift>,
    uploads: Vec<UploadsOfShift>,
    /// There is more of something than a sheet holds.
    is_cut: bool,
}

/// Passages of one lane, direction and verdict.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CountOfShift {
    lane: String,
    #[schema(value_type = DirectionCode)]
    direction: Direction,
    #[schema(value_type = VerdictCode)]
    verdict: Verdict,
    passages: u64,
    unread: u64,
    corrected: u64,
    paper: u64,
}

/// One item that a person set right.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CorrectionOfShift {
    passage: i64,
    plate: String,
    #[schema(value_type = ItemCode)]
    item: CorrectedItem,
    before: Option<String>,
    after: String,
    who: String,
    why: String,
    at: Timestamp,
}

/// An arm that a person raised.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LiftOfShift {
    lift: i64,
    lane: String,
    #[schema(value_type = LiftWayCode)]
    way: LiftWay,
    who: String,
    why: String,
    at: Timestamp,
    /// The passage that followed.
    passage: Option<i64>,
}

/// A gate that was held open.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct HoldOfShift {
    hold: i64,
    lane: String,
    who: String,
    why: String,
    from: Timestamp,
    /// When it was over, or will be.
    until: Timestamp,
    ended_by: Option<String>,
}

/// What a person wrote down of a vehicle.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct NoteOfShift {
    plate: String,
    #[schema(value_type = RemarkCode)]
    kind: RemarkKind,
    words: String,
    who: String,
    at: Timestamp,
    /// Who took it back; null where nobody did.
    withdrawn_by: Option<String>,
}

/// What a person said of a visit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct VisitOfShift {
    #[schema(value_type = VisitMarkCode)]
    kind: VisitMarkKind,
    /// The passage that came in.
    entry: i64,
    /// The passage that went out; null where it left unseen.
    exit: Option<i64>,
    /// By when it had left unseen; null where its exit was seen.
    left_at: Option<Timestamp>,
    who: String,
    why: String,
    at: Timestamp,
    /// Who took it back; null where nobody did.
    withdrawn_by: Option<String>,
}

/// Something that waits for a guard.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TaskOfShift {
    #[schema(value_type = TaskCode)]
    kind: GuardTask,
    passage: i64,
    /// Empty when none could be read.
    plate: String,
    lane: String,
    at: Timestamp,
}

/// An alarm, or something that did not work.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct AlarmOfShift {
    alarm: i64,
    what: Texts,
    lane: Option<String>,
    raised_at: Timestamp,
    cleared_at: Option<Timestamp>,
    /// Null while nobody has seen it.
    seen_by: Option<String>,
    seen_why: Option<String>,
}

/// What waits at a platform or broker.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct UploadsOfShift {
    sink: String,
    waiting: u64,
    refused: u64,
    oldest_waiting: Option<Timestamp>,
}

impl SheetOfShift {
    pub(super) fn of(sheet: &ShiftSheet) -> serde_json::Result<Self> {
        serde_json::from_value(serde_json::to_value(sheet)?)
    }
}

impl HandoverHead {
    pub(super) fn of(view: &HandoverView) -> Self {
        Self {
            id: view.id,
            from: view.from,
            until: view.until,
            remarks: view.remarks.clone(),
            who: view.who.clone(),
            taker: view.taker.clone(),
            at: view.at,
            taken_at: view.taken_at,
        }
    }
}

impl HandoverSeen {
    pub(super) fn of(view: &HandoverView) -> serde_json::Result<Self> {
        Ok(Self {
            head: HandoverHead::of(view),
            sheet: serde_json::from_str(&view.content)?,
        })
    }
}
