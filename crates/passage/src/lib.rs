//! The trade's own words: what a passage is, for everybody who speaks of one.
//!
//! A vehicle comes, is read ([`Reading`]), judged ([`Decision`]) and goes ([`Finished`]); two photos
//! are kept of it ([`KeyPhoto`]); people add what cameras can't know ([`Correction`], [`Cargo`],
//! [`PaperPassage`]); sinks are told ([`OutboxItem`]). [`PassageView`] is all of it in its present
//! state. Enumerations are stored, sent and shown under one name each ([`coded!`]), and the items of
//! the standard stand in one list ([`ITEMS`]).
//!
//! It holds data and no rule of its own: no SQLite, no network, no pixels, and no words for people;
//! those are in `words`.

mod cargo;
mod clip;
mod code;
mod codes;
mod correction;
mod decision;
mod delivery;
mod hold;
mod id;
mod item;
mod lift;
mod new;
mod paper;
mod photo;
mod place;
mod reading;
mod record;
mod register;
mod remark;
mod rule;
mod view;
mod visit;

pub use cargo::{Cargo, CargoSource, CargoUnit, Weighing};
pub use clip::{
    CLIP_AFTER, CLIP_BEFORE, ClipFile, ClipHole, ClipId, ClipKind, ClipOf, ClipState, ClipView,
    NewClip, WantedClip,
};
pub use code::{Direction, KeyPhoto, Outcome, PhotoKind};
pub use codes::UnknownCode;
pub use correction::{Change, CorrectedItem, Correction, CorrectionView};
pub use decision::{
    Decision, Grounds, Lacks, ListAge, ListKind, LookAlike, Otherwise, Reason, RuleSource,
    VehicleFacts, Verdict,
};
pub use delivery::{DeliveryState, DeliveryView, OutboxItem, OutboxKind, Subject};
pub use hold::{HoldId, HoldStep, HoldStepView, HoldView, NewHold};
pub use id::{OutboxId, PassageId, PassageKey, RecordId, RecordKey};
pub use item::{ITEMS, Item, ItemKind, item};
pub use lift::{LiftId, LiftStep, LiftStepView, LiftView, LiftWay, NewLift};
pub use new::{Finished, NewPassage, NewPhoto};
pub use paper::{PaperEntry, PaperPassage, PaperView};
pub use photo::{PhotoView, RemovalReason, RemovedView};
pub use place::LanePlace;
pub use reading::Reading;
pub use record::{FileView, RecordState, RecordView};
pub use register::{Register, UnknownRegister};
pub use remark::{NewRemark, RemarkId, RemarkKind, RemarkView};
pub use rule::{NewRule, ReviewAnswer, ReviewView, RuleKind, RuleState, RuleView};
pub use view::{FinishedView, GuardTask, PassageView};
pub use visit::{VisitMark, VisitMarkId, VisitMarkKind, VisitMarkView, Withdrawal};
