//! What is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One passage as it arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrival {
    /// Counts from 1 in the order of arrival.
    pub number: u64,
    /// When it was kept.
    pub received_at: Timestamp,
    /// The sender's serial number: one passage each.
    pub serial: String,
    /// What a person looks for first, whatever the fields are called.
    #[serde(default)]
    pub summary: Summary,
    /// What was sent, without the photos.
    pub items: Value,
    /// Items of table C.3 that were absent, null or empty.
    pub missing: Vec<String>,
    /// The photos that were sent and are JPEGs.
    pub photos: Vec<KeptPhoto>,
    /// How the passage ended, when that was sent later.
    #[serde(default)]
    pub end: Option<Value>,
    /// Corrections, oldest first: what stood in `items` before each.
    #[serde(default)]
    pub earlier: Vec<Value>,
    /// Its cargo, when that was sent later.
    #[serde(default)]
    pub goods: Option<Value>,
    /// SHA-256 of the whole request, to tell a repeat from another row under the same serial.
    pub payload_sha256: String,
}

/// What a person looks for first in a passage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Summary {
    pub plate: Option<String>,
    pub color: Option<String>,
    pub entrance: Option<String>,
    pub gate: Option<String>,
    pub in_out: Option<String>,
    pub time: Option<String>,
}

/// A row of a register as it arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Record {
    pub received_at: Timestamp,
    pub register: String,
    pub items: Value,
}

/// One photo of an arrival.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct KeptPhoto {
    pub key: String,
    pub bytes: usize,
    pub width_px: u16,
    pub height_px: u16,
    pub sha256: String,
}

/// What was counted since the simulator was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct IntakeCounts {
    /// Different serial numbers kept, those found in the folder included.
    pub passages: u64,
    /// The same row again: answered as already there.
    pub repeats: u64,
    /// Another row under a serial number that is taken: answered as already there, not kept.
    pub conflicts: u64,
    /// Refused for their data.
    pub refused: u64,
    /// Passages whose end was sent later.
    pub ends: u64,
    /// Corrections taken.
    pub corrections: u64,
    /// Photos that followed their record.
    pub photos_after: u64,
    /// Rows of registers.
    pub records: u64,
    /// Strategies confirmed, repeats included.
    pub confirmations: u64,
    /// Requests whose signature did not hold.
    pub bad_signatures: u64,
    pub heartbeats: u64,
    pub logins: u64,
    pub failed_logins: u64,
    /// Requests with a token that is unknown or too old.
    pub bad_tokens: u64,
    /// Requests that were deliberately not answered as usual.
    pub faults: u64,
    /// Items of table C.3 that were there, over all kept passages.
    pub items_present: u64,
    /// 23 for each kept passage.
    pub items_expected: u64,
}

/// What became of a passage that was handed in.
pub(crate) enum Recorded {
    New,
    Repeat,
    Conflict,
}

pub(crate) struct NewArrival {
    pub(crate) serial: String,
    pub(crate) summary: Summary,
    pub(crate) items: Value,
    pub(crate) missing: Vec<String>,
    pub(crate) photos: Vec<(KeptPhoto, Vec<u8>)>,
    pub(crate) payload_sha256: String,
}
