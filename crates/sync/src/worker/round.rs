//! One round: a few rows claimed, handed over and settled.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use jiff::Timestamp;
use passage::{OutboxId, OutboxItem};

use super::{Answer, Delivery, Sink, Worker};
use crate::failure::{Failure, FailureKind, chain};
use crate::outbox::Settlement;

/// Pause before a ledger that is busy or full is asked again.
const LEDGER_PAUSE: Duration = Duration::from_millis(500);

impl<S: Sink> Worker<S> {
    /// Delivers what is due now, a few rows. False when there was nothing.
    pub(super) async fn round(&mut self) -> bool {
        // One row of backlog at a time: a live row never waits behind more than that.
        let backlog_limit = usize::from(self.bucket.has_one(Instant::now()));
        let rows = match self.outbox.claim(&self.pace, backlog_limit).await {
            Ok(rows) => rows,
            Err(error) => {
                self.note_ledger("the outbox could not be read", &error);
                return false;
            }
        };
        let worked = !rows.is_empty();
        let mut rows = rows.into_iter();
        while let Some(row) = rows.next() {
            if self.is_stopping() {
                let stopped = Failure::new(FailureKind::Stopped, "service stopped before sending");
                self.put_back(std::iter::once(row).chain(rows), &stopped)
                    .await;
                return worked;
            }
            if !row.live {
                self.bucket.take_one(Instant::now());
            }
            if let Err(failure) = self.hand_over(row).await {
                self.put_back(rows, &failure).await;
                return worked;
            }
            self.beat_if_due().await;
            if self.resting_until.is_some() {
                let words = "waits for the sink to come back";
                self.put_back(rows, &Failure::new(FailureKind::Unreachable, words))
                    .await;
                return worked;
            }
        }
        worked
    }

    /// Delivers and settles one row; an error means that those after it should wait.
    async fn hand_over(&mut self, row: OutboxItem) -> Result<(), Failure> {
        let id = row.id;
        let span = tracing::debug_span!("delivery", sink = %self.name, row = %id, serial = row.subject.key());
        let generated_at = row.generated_at;
        let answer = match self.with_photos(row).await {
            Ok(delivery) => self.deliver(&delivery).await,
            Err(failure) => Answer::Failed(failure),
        };
        let at = Timestamp::now();
        match answer {
            Answer::Acknowledged(answer) => {
                let took = Duration::try_from(at.duration_since(generated_at));
                self.status
                    .send_modify(|s| s.upload_seconds.add(took.unwrap_or_default()));
                span.in_scope(|| tracing::debug!(answer, "acknowledged"));
                self.bad_answers.remove(&id);
                self.settle(id, Settlement::Acknowledged { at, answer })
                    .await;
                self.succeeded();
                Ok(())
            }
            Answer::Refused(words) => {
                span.in_scope(|| tracing::warn!(words, "refused: a person must look"));
                self.bad_answers.remove(&id);
                self.settle(id, Settlement::Refused { at, words }).await;
                self.succeeded();
                Ok(())
            }
            Answer::Failed(failure) => {
                let next_at = self.next_try(id, &failure, at);
                let error = failure.to_string();
                self.settle(id, Settlement::Later { at, error, next_at })
                    .await;
                if failure.kind() == FailureKind::Stopped {
                    return Err(failure);
                }
                self.failed(&failure);
                Err(failure)
            }
        }
    }

    /// When this row goes again. Usually as soon as the sink's rest is over, so that order holds;
    /// a row that is answered badly again and again steps aside for longer each time.
    fn next_try(&mut self, id: OutboxId, failure: &Failure, at: Timestamp) -> Timestamp {
        if failure.kind().is_sink_wide() {
            return at;
        }
        let bad = self.bad_answers.entry(id).or_default();
        *bad = bad.saturating_add(1);
        if *bad < self.pace.step_aside_after {
            return at;
        }
        let pause = self.pace.backoff().pause(*bad, rand::random());
        at.checked_add(pause).unwrap_or(at)
    }

    async fn with_photos(&mut self, item: OutboxItem) -> Result<Delivery, Failure> {
        let mut photos = Vec::new();
        for &kind in self.sink.wants(&item) {
            let Some(photo) = item.passage().and_then(|p| p.photo(kind)) else {
                continue;
            };
            let jpeg = self.outbox.photo(photo).await.map_err(|error| {
                let words = format!("photo {}: {}", photo.path, chain(&error));
                Failure::new(FailureKind::Evidence, words)
            })?;
            photos.push((kind, jpeg));
        }
        Ok(Delivery { item, photos })
    }

    async fn deliver(&mut self, delivery: &Delivery) -> Answer {
        let mut stop = self.stop.clone();
        let patience = self.pace.stop_patience;
        let stopped = async {
            let _ = stop.wait_for(|stop| *stop).await;
            tokio::time::sleep(patience).await;
        };
        // One row that leads to a mistake of ours must not end the worker for all others.
        let delivered = AssertUnwindSafe(self.sink.deliver(delivery)).catch_unwind();
        tokio::select! {
            answer = delivered => answer.unwrap_or_else(|_| {
                let words = "this row led to a mistake of this program; the log has its place";
                Answer::Failed(Failure::new(FailureKind::Unfit, words))
            }),
            () = stopped => Answer::Failed(Failure::new(
                FailureKind::Stopped,
                "the service stopped while the answer was awaited",
            )),
        }
    }

    async fn put_back(&mut self, rows: impl Iterator<Item = OutboxItem>, failure: &Failure) {
        for row in rows {
            let at = Timestamp::now();
            let later = Settlement::Later {
                at,
                error: failure.to_string(),
                next_at: at,
            };
            self.settle(row.id, later).await;
        }
    }

    /// Tells the ledger, again and again while it can't write. If the service ends meanwhile, the
    /// row is sent once more after the next start, and its serial number makes that harmless.
    async fn settle(&mut self, id: OutboxId, settlement: Settlement) {
        loop {
            match self.outbox.settle(id, settlement.clone()).await {
                Ok(()) => return,
                Err(error) if error.kind().is_transient() => {
                    self.note_ledger("an answer could not be recorded yet", &error);
                    if self.is_stopping() {
                        return;
                    }
                    tokio::time::sleep(LEDGER_PAUSE).await;
                }
                Err(error) => {
                    self.note_ledger("an answer could not be recorded", &error);
                    return;
                }
            }
        }
    }

    fn note_ledger(&self, what: &str, error: &ledger::Error) {
        let failure = Failure::new(FailureKind::Evidence, format!("{what}: {}", chain(error)));
        tracing::error!(sink = %self.name, %failure, "ledger");
        self.status
            .send_modify(|s| s.note(Timestamp::now(), &failure));
    }
}
