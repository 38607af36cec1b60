//! What is delivered to a sink, and how far it has come.

use jiff::Timestamp;
use serde::Serialize;

use crate::{OutboxId, PassageView, RecordView, coded};

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
