//! One passage with everything that a terminal line, an upload or a page needs to know of it.

use frame::ClockSource;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Cargo, CorrectedItem, CorrectionView, DeliveryView, Direction, Grounds, HoldId, Outcome,
    PaperView, PassageId, PassageKey, PhotoKind, PhotoView, Reading, RecordView, RemovedView,
    Verdict, coded,
};

coded! {
    /// What a passage asks of the guard.
    pub enum GuardTask {
        /// No plate could be read.
        Unread = "unread",
        /// A plate was read and not accepted.
        Doubtful = "doubtful",
        /// A truck that the vehicle register does not have.
        Unregistered = "unregistered",
    }
}

/// One passage in its present state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PassageView {
    /// Place in this ledger.
    pub id: PassageId,
    /// Name everywhere.
    pub key: PassageKey,
    /// Lane name.
    pub lane: String,
    /// Entrance number.
    pub entrance: String,
    /// Barrier number.
    pub barrier: String,
    /// Way of travel.
    pub direction: Direction,
    /// When the vehicle came into the lane.
    pub entered_at: Timestamp,
    /// When the decision fell.
    pub decided_at: Timestamp,
    /// Which clock gave the times.
    pub clock: ClockSource,
    /// False when that clock was not synchronised.
    pub clock_trusted: bool,
    /// Camera that took the frame which was read.
    pub camera: String,
    /// The reading that holds now: the final one if there is one, else the first, with what people
    /// corrected. Probabilities and `recognised` stay those of the machine.
    pub reading: Reading,
    /// The reading at the decision, when a final one or a correction took its place.
    pub first_reading: Option<Reading>,
    /// What was decided while the vehicle stood at the barrier.
    pub decision: Verdict,
    /// Machine code of its reason.
    pub reason: String,
    /// What the decision rests on beside the rule.
    pub grounds: Grounds,
    /// The gate was held open by a person while the vehicle was there: by which hold.
    pub hold: Option<HoldId>,
    /// What people set anew, oldest first. It holds in `reading`, `direction` and `cargo`.
    pub corrections: Vec<CorrectionView>,
    /// What was carried, if anybody knows.
    pub cargo: Option<Cargo>,
    /// How it came here, when it was typed in from paper; no camera saw it then.
    pub paper: Option<PaperView>,
    /// What the vehicle register held for plate and colour at that time, or first held after it.
    pub vehicle: Option<RecordView>,
    /// How it ended; `None` while the vehicle stands there.
    pub finished: Option<FinishedView>,
    /// Its photos, in the order in which they were kept, without those that were removed.
    pub photos: Vec<PhotoView>,
    /// Photos that retention removed.
    pub removed_photos: Vec<RemovedView>,
    /// Its deliveries, oldest first.
    pub deliveries: Vec<DeliveryView>,
}

impl PassageView {
    /// The photo of one kind, as last rendered.
    #[must_use]
    pub fn photo(&self, kind: PhotoKind) -> Option<&PhotoView> {
        self.photos
            .iter()
            .filter(|photo| photo.kind == kind)
            .max_by_key(|photo| photo.revision)
    }

    /// Plate and colour, when a machine accepted them or a person gave them; what was read and not
    /// accepted is a task for the guard and no fact.
    #[must_use]
    pub fn plate(&self) -> Option<(&str, plate::Color)> {
        let by_person = self.paper.is_some()
            || self
                .corrections
                .iter()
                .any(|c| c.item == CorrectedItem::Plate);
        let known = (self.reading.recognised || by_person) && !self.reading.plate.is_empty();
        known.then_some((self.reading.plate.as_str(), self.reading.color))
    }

    /// What its plate asks of the guard; nothing once it is known. Whether the truck is registered is a
    /// question to the register of today, not to the passage.
    #[must_use]
    pub fn task(&self) -> Option<GuardTask> {
        match (self.plate(), self.reading.plate.is_empty()) {
            (Some(_), _) => None,
            (None, true) => Some(GuardTask::Unread),
            (None, false) => Some(GuardTask::Doubtful),
        }
    }

    /// How many times it was corrected; a correction of several items is one.
    #[must_use]
    pub fn times_corrected(&self) -> u32 {
        let revisions = self.corrections.iter().map(|c| c.revision);
        revisions.max().unwrap_or(0)
    }

    /// What holds of an item, as a [`crate::Change`] names what it replaces.
    #[must_use]
    pub fn holds(&self, item: CorrectedItem) -> Option<String> {
        let last = self.corrections.iter().rev().find(|c| c.item == item);
        match (item, last) {
            (_, Some(last)) => Some(last.after.clone()),
            (CorrectedItem::Plate, None) => {
                Some(self.reading.plate.clone()).filter(|plate| !plate.is_empty())
            }
            (CorrectedItem::Color, None) => Some(self.reading.color.to_string()),
            (CorrectedItem::Direction, None) => Some(self.direction.to_string()),
            (CorrectedItem::Cargo, None) => None,
        }
    }
}

/// How a passage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FinishedView {
    /// What became of the vehicle.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}
