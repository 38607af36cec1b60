//! What is in a ledger and how far it is uploaded, whether a daemon runs or not.

use ledger::{Counts, Reader, SinkCounters};

/// Figures of a ledger.
#[derive(Debug, Clone)]
pub struct LedgerFigures {
    /// What it holds.
    pub counts: Counts,
    /// How far each sink is.
    pub sinks: Vec<SinkCounters>,
}

impl LedgerFigures {
    /// Counts what the reader sees.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn of(reader: &Reader) -> ledger::Result<Self> {
        Ok(Self {
            counts: reader.counts()?,
            sinks: reader.sinks()?,
        })
    }

    /// Whether there are passages, all of them finished, and every sink has all of its rows.
    #[must_use]
    pub fn all_acknowledged(&self) -> bool {
        let has_all = |s: &SinkCounters| s.generated > 0 && s.acknowledged == s.generated;
        self.counts.passages > 0 && self.counts.open == 0 && self.sinks.iter().all(has_all)
    }
}
