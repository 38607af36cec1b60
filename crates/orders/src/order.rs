//! What can be ordered, and what comes of it.

use std::collections::BTreeMap;

use alarm::{AlarmId, CauseKind};
use inspection::InspectionAct;
use jiff::Timestamp;
use ledger::{BackfillStep, ErrorKind, NewRevision, Removed, WeighingCounts};
use passage::{
    Change, HoldId, LiftId, OutboxId, PaperEntry, PassageId, RecordKey, RecordState, Register,
    RemarkId, VisitMark, VisitMarkId, Weighing,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use words::{Key, Language, Said};

use crate::Attachment;

use crate::handover::HandoverSaid;
use crate::remark::RemarkSaid;
use crate::rules::{ReviewChange, RuleChange};

/// What shall be changed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Append revisions of register records, all or none.
    Records {
        /// The revisions, each of another record.
        revisions: Vec<RecordChange>,
    },
    /// Correct a passage and render its key photo anew.
    Correct {
        /// Which one.
        passage: PassageId,
        /// What holds from now on.
        changes: Vec<Change>,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Enter a passage from paper.
    Paper {
        /// What the paper says.
        entry: Box<PaperEntry>,
        /// Also when the ledger has a passage like it.
        #[serde(default)]
        again: bool,
    },
    /// Keep weighings and find their passages.
    Weighings {
        /// All of one source.
        weighings: Vec<Weighing>,
        /// Name of the weighbridge.
        source: String,
        /// Longest time between a weighing and its passage, seconds.
        window_s: u64,
        /// Who hands them over.
        who: String,
    },
    /// Send refused rows again, all or none.
    Resend {
        /// Rows that were refused.
        rows: Vec<OutboxId>,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Queue passages of before a sink was configured, as backlog.
    Backfill {
        /// Names of sinks.
        sinks: Vec<String>,
        /// Passages decided from then on; what is older stays here on purpose.
        from: Timestamp,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Raise the arm of a lane.
    Lift {
        /// Name of the lane.
        lane: String,
        /// Who does.
        who: String,
        /// Why.
        why: String,
    },
    /// Hold the gate of a lane open.
    Hold {
        /// Name of the lane.
        lane: String,
        /// For so long.
        minutes: u32,
        /// Who does.
        who: String,
        /// Why.
        why: String,
    },
    /// End the hold of a lane. Nothing moves the arm.
    EndHold {
        /// Name of the lane.
        lane: String,
        /// Who does.
        who: String,
        /// Why.
        why: String,
    },
    /// Keep the video of a passage apart from the recording.
    KeepClip {
        /// Which passage.
        passage: PassageId,
        /// Who wants it.
        who: String,
    },
    /// Tell where arms are; changes nothing.
    Arms,
    /// A person has seen an alarm.
    SeeAlarm {
        /// Which one.
        alarm: AlarmId,
        /// Who.
        who: String,
        /// Why it was so, or what is done.
        why: String,
    },
    /// Raise an alarm for practice.
    Drill {
        /// Of which kind.
        kind: CauseKind,
        /// Who practises.
        who: String,
    },
    /// Put a strategy or a visitor in force, change or end it, or reject what a platform sent.
    Rule(Box<RuleChange>),
    /// Confirm or contest an entry of a platform's list of vehicles over the limit.
    Review(ReviewChange),
    /// Freeze or draw for an inspection, or say something of what was drawn.
    Inspect {
        /// What.
        act: InspectionAct,
    },
    /// Give a vehicle a note or a tag.
    Remark(RemarkSaid),
    /// Take a note or a tag back.
    WithdrawRemark {
        /// Which one.
        remark: RemarkId,
        /// Who does.
        who: String,
        /// Why.
        why: String,
    },
    /// Say of visits which exit belongs to which entry, or who left unseen; all of it or nothing.
    MarkVisits {
        /// What.
        marks: Vec<VisitMark>,
        /// Who says so.
        who: String,
        /// Why.
        why: String,
    },
    /// Take back what was said of a visit.
    WithdrawVisitMark {
        /// Which mark.
        mark: VisitMarkId,
        /// Who does.
        who: String,
        /// Why.
        why: String,
    },
    /// Hand the shift over that ends now.
    HandOver(HandoverSaid),
    /// Confirm a sheet; whoever sends this has made sure who does.
    TakeOver {
        /// Number of the sheet.
        handover: i64,
        /// Who takes over.
        who: String,
    },
    /// Do a round of retention.
    Retain,
}

/// A [`NewRevision`] on its way to the ledger.
#[derive(Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
#[serde(deny_unknown_fields)]
pub struct RecordChange {
    pub key: RecordKey,
    pub register: Register,
    pub base: u32,
    pub identity: String,
    pub values: Map<String, Value>,
    pub state: RecordState,
    pub who: String,
    pub why: String,
    #[serde(default)]
    pub files: Vec<Attachment>,
}

impl RecordChange {
    /// As the ledger takes it; the file that is no base64 when one is not.
    pub(crate) fn revision(self, at: Timestamp) -> Result<NewRevision, String> {
        let files = self.files.into_iter().map(Attachment::decoded);
        let files: Result<Vec<_>, String> = files.collect();
        Ok(NewRevision {
            key: self.key,
            register: self.register,
            base: self.base,
            identity: self.identity,
            values: self.values,
            state: self.state,
            at,
            who: self.who,
            why: self.why,
            files: files?,
        })
    }
}

/// What was done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// So many revisions were written.
    Records(usize),
    /// Number of the correction, and whether a photo was rendered with it.
    #[allow(missing_docs)]
    Corrected { revision: u32, photo: bool },
    /// Number of the passage.
    Entered(PassageId),
    /// The passage that is there already; nothing was entered.
    Known(PassageId),
    /// One step of queueing earlier passages.
    #[serde(skip)]
    Step(BackfillStep),
    /// So many passages were queued.
    Queued(u64),
    /// What became of the weighings.
    Weighed(WeighingCounts),
    /// So many rows go again.
    Resent(usize),
    /// The rule was kept.
    Ruled(RecordKey),
    /// Number of the answer that was kept.
    Reviewed(i64),
    /// What retention removed.
    Removed(Removed),
    /// The alarm that somebody has seen.
    Seen(AlarmId),
    /// The alarm that is a drill.
    Drilled(AlarmId),
    /// The lift of an arm.
    Lifted(LiftId),
    /// Number of the inspection.
    Inspected(i64),
    /// The video of a passage will be kept apart.
    ClipAsked(PassageId),
    /// It was asked for already, or is kept anyway.
    ClipKnown(PassageId),
    /// A gate is held open.
    Held(HoldId),
    /// A gate is held open no more.
    HoldEnded(HoldId),
    /// No hold was in force.
    NotHeld,
    /// Where arms are by what inputs say, by lane: codes of [`gate::ArmState`].
    Arms(BTreeMap<String, String>),
    /// A note or tag was kept.
    Remarked(RemarkId),
    /// A note or tag was taken back.
    RemarkWithdrawn(RemarkId),
    /// What was said of visits was kept.
    Marked(Vec<VisitMarkId>),
    /// What was said of a visit was taken back.
    MarkWithdrawn(VisitMarkId),
    /// The sheet that was handed over, or confirmed.
    HandedOver(i64),
}

impl Done {
    /// For a person, where there is something to tell beside that it was done.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Corrected { revision, photo } => {
                let key = if *photo {
                    Key::ConsoleCorrectedWithPhoto
                } else {
                    Key::ConsoleCorrected
                };
                language.fill(key, &[("revision", revision)])
            }
            Self::Entered(id) => language.fill(Key::ConsoleEntered, &[("number", id)]),
            Self::Resent(count) => language.fill(Key::ConsoleResent, &[("count", count)]),
            Self::Weighed(weighed) => language.fill(
                Key::ConsoleWeighed,
                &[
                    ("kept", &weighed.kept),
                    ("known", &weighed.known),
                    ("matched", &weighed.matched),
                    ("unmatched", &weighed.unmatched),
                ],
            ),
            Self::Records(count) => language.fill(Key::ConsoleWritten, &[("count", count)]),
            Self::Queued(count) => language.fill(Key::ConsoleQueued, &[("count", count)]),
            Self::Seen(id) => language.fill(Key::AlarmsSeenDone, &[("id", id)]),
            Self::Lifted(id) => language.fill(Key::LiftDone, &[("id", id)]),
            Self::ClipAsked(id) => language.fill(Key::VideoClipAsked, &[("number", id)]),
            Self::ClipKnown(id) => language.fill(Key::VideoClipKnown, &[("number", id)]),
            Self::Held(id) => language.fill(Key::HoldDone, &[("id", id)]),
            Self::HoldEnded(id) => language.fill(Key::HoldEnded, &[("id", id)]),
            Self::Drilled(id) => language.fill(Key::AlarmsDrillDone, &[("id", id)]),
            Self::Ruled(key) => {
                language.fill(Key::ConsoleRuled, &[("key", &crate::rules::short(*key))])
            }
            Self::Reviewed(_) => language.text(Key::ConsoleReviewKept).to_owned(),
            Self::Inspected(_) => language.text(Key::InspectKept).to_owned(),
            Self::Remarked(id) => language.fill(Key::RemarkKept, &[("id", id)]),
            Self::RemarkWithdrawn(id) => language.fill(Key::RemarkWithdrawn, &[("id", id)]),
            Self::Removed(_)
            | Self::Known(_)
            | Self::Step(_)
            | Self::NotHeld
            | Self::Arms(_)
            | Self::Marked(_)
            | Self::MarkWithdrawn(_)
            | Self::HandedOver(_) => language.text(Key::ConsoleDone).to_owned(),
        }
    }
}

/// Why nothing was done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Refused {
    /// What kind of no it is.
    pub kind: RefusedKind,
    /// For a person.
    #[serde(with = "words::texts")]
    pub said: Said,
}

/// What kind of no it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// The order makes no sense; send another one.
    Invalid,
    /// Something else holds by now; look and order again.
    Conflict,
    /// Try again later: disk full, ledger busy.
    Later,
    /// It failed.
    Failed,
}

impl From<ledger::Error> for Refused {
    fn from(error: ledger::Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::Invalid => RefusedKind::Invalid,
            ErrorKind::Conflict => RefusedKind::Conflict,
            kind if kind.is_transient() => RefusedKind::Later,
            _ => RefusedKind::Failed,
        };
        Self {
            kind,
            said: error.explained(),
        }
    }
}

impl Refused {
    /// The order makes no sense.
    #[must_use]
    pub fn invalid(why: impl Into<Said>) -> Self {
        Self {
            kind: RefusedKind::Invalid,
            said: why.into(),
        }
    }

    /// It failed.
    #[must_use]
    pub fn failed(why: impl Into<Said>) -> Self {
        Self {
            kind: RefusedKind::Failed,
            said: why.into(),
        }
    }
}
