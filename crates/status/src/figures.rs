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

    /// One line for the ledger and one for each sink.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let counts = &self.counts;
        let ledger = format!(
            "passages {}  open {}  lost {}  photos {}",
            counts.passages, counts.open, counts.lost, counts.photos
        );
        let sinks = self.sinks.iter().map(|sink| {
            format!(
                "{}: generated {}  acknowledged {}  waiting {}  refused {}",
                sink.sink, sink.generated, sink.acknowledged, sink.waiting, sink.refused
            )
        });
        std::iter::once(ledger).chain(sinks).collect()
    }

    /// Whether there are passages, all of them finished, and every sink has all of its rows.
    #[must_use]
    pub fn all_acknowledged(&self) -> bool {
        let has_all = |s: &SinkCounters| s.generated > 0 && s.acknowledged == s.generated;
        self.counts.passages > 0 && self.counts.open == 0 && self.sinks.iter().all(has_all)
    }
}
