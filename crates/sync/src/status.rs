//! What a sink's worker says about itself.

use jiff::Timestamp;
use serde::Serialize;

use crate::failure::{Failure, FailureKind};
use crate::histogram::Histogram;

/// The state of one sink, for metrics and for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SinkStatus {
    /// Sink name.
    pub sink: String,
    /// Rows ever made for it.
    pub generated: u64,
    /// Rows it has.
    pub acknowledged: u64,
    /// Rows that wait.
    pub waiting: u64,
    /// Rows it refused, which a person must look at.
    pub refused: u64,
    /// When the oldest waiting row was made.
    pub oldest_waiting: Option<Timestamp>,
    /// Whether the last thing we tried was answered well. False before the first try.
    pub online: bool,
    /// Since when nothing was answered well.
    pub offline_since: Option<Timestamp>,
    /// When it is tried again.
    pub next_try_at: Option<Timestamp>,
    /// Rows that stepped aside after repeated bad answers, and are still tried now and then.
    pub stuck: usize,
    /// Last acknowledgement, refusal or heartbeat.
    pub last_success_at: Option<Timestamp>,
    /// Last heartbeat that was answered well.
    pub last_heartbeat_at: Option<Timestamp>,
    /// When everything that the sink has for us was last read.
    pub last_fetch_at: Option<Timestamp>,
    /// The last failure, kept after it is over.
    pub last_error: Option<LastError>,
    /// From when rows were made until they were acknowledged, of those since the start.
    #[serde(skip)]
    pub upload_seconds: Histogram,
}

/// A failure and when it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct LastError {
    pub at: Timestamp,
    pub kind: FailureKind,
    pub words: String,
}

impl SinkStatus {
    pub(crate) fn succeeded(&mut self, at: Timestamp) {
        self.online = true;
        self.offline_since = None;
        self.next_try_at = None;
        self.last_success_at = Some(at);
    }

    pub(crate) fn failed(&mut self, at: Timestamp, failure: &Failure) {
        if failure.kind().is_sink_wide() {
            self.online = false;
            self.offline_since.get_or_insert(at);
        }
        self.note(at, failure);
    }

    pub(crate) fn note(&mut self, at: Timestamp, failure: &Failure) {
        self.last_error = Some(LastError {
            at,
            kind: failure.kind(),
            words: failure.to_string(),
        });
    }
}
