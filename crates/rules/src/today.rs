//! How often a vehicle has come in today, for visitors who may come so many times a day.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Reader;

/// Counts entries of the site's day. It has a reader of its own, so that a question at the barrier
/// waits for nobody.
#[derive(Debug)]
pub struct Today {
    reader: Mutex<Reader>,
    zone: TimeZone,
}

impl Today {
    /// Counts with `reader`, by days of `zone`.
    #[must_use]
    pub fn new(reader: Reader, zone: TimeZone) -> Self {
        Self {
            reader: Mutex::new(reader),
            zone,
        }
    }

    /// Entries of this vehicle on the site's day of `now`; none where the ledger can't be read.
    #[must_use]
    pub fn entries(&self, plate: &str, color: plate::Color, now: Timestamp) -> Option<u32> {
        let day = now.to_zoned(self.zone.clone()).start_of_day().ok()?;
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = reader.entries_since(plate, color, day.timestamp());
        counted
            .inspect_err(|error| tracing::error!(%error, "entries of today can't be counted"))
            .ok()
    }
}
