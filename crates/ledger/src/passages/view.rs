//! What comes out of the ledger: everything a terminal line, an upload or a page needs to know
//! about one passage.

use frame::ClockSource;
use jiff::Timestamp;
use serde::Serialize;

use crate::codes::coded;
use crate::id::{OutboxId, PassageId, PassageKey};
use crate::keep::removals::RemovedView;
use crate::passages::correction::{Cargo, CorrectedItem, CorrectionView, PaperView};
use crate::passages::model::{Decision, Direction, Outcome, PhotoKind, Reading};
use crate::registers::RecordView;

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
    /// The gate's decision.
    pub decision: Decision,
    /// Machine code of its reason.
    pub reason: String,
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

/// A photo kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhotoView {
    /// What it shows.
    pub kind: PhotoKind,
    /// Place under the data folder, with forward slashes.
    pub path: String,
    /// Lower-case hexadecimal SHA-256 of the file.
    pub sha256: String,
    /// Size of the file.
    pub size_bytes: u64,
    /// Camera that took it.
    pub camera: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// 0 as first rendered; else the number of the correction after which it was rendered again.
    pub revision: u32,
}

coded! {
    /// What a row of the outbox says.
    pub enum OutboxKind {
        /// The passage, as far as it is known when it is sent.
        Passage = "passage",
        /// How it ended, for a sink that has been sent the passage before.
        PassageFinished = "passage_finished",
        /// What a person corrected in a passage that was queued before.
        PassageCorrected = "passage_corrected",
        /// A register record that was approved or retired.
        Record = "record",
    }
}

coded! {
    /// Where a row of the outbox is.
    pub enum DeliveryState {
        /// Waits for its time or for another try.
        New = "new",
        /// Claimed; its answer is awaited.
        Sending = "sending",
        /// The sink has it.
        Acknowledged = "acknowledged",
        /// The sink refused the data; a person must look.
        Refused = "refused",
    }
}

/// One delivery of a passage to one sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryView {
    /// Row of the outbox.
    pub id: OutboxId,
    /// Sink name.
    pub sink: String,
    /// What is sent.
    pub kind: OutboxKind,
    /// Number of the correction; 0 for the passage itself and its end.
    pub revision: u32,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was claimed.
    pub attempts: u32,
    /// Last error or the sink's last words.
    pub answer: Option<String>,
    /// When it was acknowledged or refused.
    pub settled_at: Option<Timestamp>,
}

/// A claimed row of the outbox with everything a payload is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutboxItem {
    /// Row of the outbox; answer with it.
    pub id: OutboxId,
    /// Sink name.
    pub sink: String,
    /// What to send.
    pub kind: OutboxKind,
    /// Revision of the record, or number of the correction; 0 for a passage and its end.
    pub revision: u32,
    /// How often it has been claimed, this time included.
    pub attempts: u32,
    /// When the row was made; rates count on this day.
    pub generated_at: Timestamp,
    /// False for backlog: generated longer ago than the live window.
    pub live: bool,
    /// What it is about.
    pub subject: Subject,
}

impl OutboxItem {
    /// The passage that it is about.
    #[must_use]
    pub fn passage(&self) -> Option<&PassageView> {
        match &self.subject {
            Subject::Passage(passage) => Some(passage),
            Subject::Record(_) => None,
        }
    }

    /// The record that it is about.
    #[must_use]
    pub fn record(&self) -> Option<&RecordView> {
        match &self.subject {
            Subject::Record(record) => Some(record),
            Subject::Passage(_) => None,
        }
    }
}

/// What a row of the outbox is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A passage as it is now.
    Passage(Box<PassageView>),
    /// A record in the revision that was queued.
    Record(Box<RecordView>),
}

impl Subject {
    /// The random key that names the passage or the record everywhere, as 32 digits.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Passage(passage) => passage.key.to_string(),
            Self::Record(record) => record.key.to_string(),
        }
    }
}

/// Delivery figures of one sink.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SinkCounters {
    /// Sink name.
    pub sink: String,
    /// Rows ever made.
    pub generated: u64,
    /// Rows the sink has.
    pub acknowledged: u64,
    /// Rows new or being sent.
    pub waiting: u64,
    /// Rows the sink refused.
    pub refused: u64,
    /// When the oldest waiting row was made.
    pub oldest_waiting: Option<Timestamp>,
}

/// Figures of the whole ledger, cheap enough to read at every scrape.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Passages ever committed.
    pub passages: u64,
    /// Passages decided and not finished.
    pub open: u64,
    /// Passages counted as lost before their decision.
    pub lost: u64,
    /// Photos ever committed, without those that were removed.
    pub photos: u64,
}
