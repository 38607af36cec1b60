//! The outbox as the worker of one sink sees it.

use jiff::Timestamp;
use ledger::{Claim, Committed, Handle, SinkCounters, Topic};
use passage::{OutboxId, OutboxItem, PhotoView};

use crate::settings::Pace;

/// What became of a claimed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settlement {
    Acknowledged {
        at: Timestamp,
        answer: String,
    },
    Refused {
        at: Timestamp,
        words: String,
    },
    Later {
        at: Timestamp,
        error: String,
        next_at: Timestamp,
    },
}

/// One sink's rows, reached without waiting for the ledger's thread.
#[derive(Debug)]
pub(crate) struct Outbox {
    ledger: Handle,
    sink: String,
}

impl Outbox {
    pub(crate) fn of(ledger: Handle, sink: &str) -> Self {
        let sink = sink.to_owned();
        Self { ledger, sink }
    }

    /// Tells when something was queued, for whatever sink.
    pub(crate) fn news(&self) -> Committed {
        self.ledger.committed(&[Topic::Outbox])
    }

    /// Takes due rows, live ones first, each kind in the order of commit.
    pub(crate) async fn claim(
        &self,
        pace: &Pace,
        backlog_limit: usize,
    ) -> ledger::Result<Vec<OutboxItem>> {
        let sink = self.sink.clone();
        let (live_window, limit) = (pace.live_window, pace.batch);
        let rows = self.ledger.write(move |writer| {
            writer.claim_due(&Claim {
                sink: &sink,
                now: Timestamp::now(),
                live_window,
                limit,
                backlog_limit,
            })
        });
        rows.await
    }

    /// Says what became of a claimed row.
    pub(crate) async fn settle(&self, id: OutboxId, settlement: Settlement) -> ledger::Result<()> {
        let settled = self.ledger.write(move |writer| match settlement {
            Settlement::Acknowledged { at, answer } => writer.ack(id, at, &answer),
            Settlement::Refused { at, words } => writer.refuse(id, at, &words),
            Settlement::Later { at, error, next_at } => writer.retry_later(id, at, &error, next_at),
        });
        settled.await
    }

    /// Delivery figures.
    pub(crate) async fn counters(&self) -> ledger::Result<SinkCounters> {
        let sink = self.sink.clone();
        self.ledger.read(move |reader| reader.counters(&sink)).await
    }

    /// The bytes of one photo, proved against its recorded hash.
    pub(crate) async fn photo(&self, photo: &PhotoView) -> ledger::Result<Vec<u8>> {
        let photo = photo.clone();
        self.ledger
            .read(move |reader| reader.photo_bytes(&photo))
            .await
    }
}
