//! A mistake of ours with one row holds up no other.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Gate, brisk, until};
use ledger::SinkCounters;
use passage::{OutboxItem, PhotoKind};
use sync::{Answer, Beat, Delivery, Failure, FailureKind, Sink, spawn};

/// Falls over one plate.
struct Stumbling;

impl Sink for Stumbling {
    fn name(&self) -> &str {
        "regulator"
    }

    fn wants(&self, _item: &OutboxItem) -> &'static [PhotoKind] {
        &[]
    }

    async fn deliver(&mut self, row: &Delivery) -> Answer {
        let plate = row.item.passage().map(|p| p.reading.plate.to_string());
        assert_ne!(plate.as_deref(), Some("云A00001D"), "a mistake");
        Answer::Acknowledged("yes".to_owned())
    }

    async fn heartbeat(&mut self, _counters: &SinkCounters) -> Result<Beat, Failure> {
        Ok(Beat::NotKnown)
    }

    async fn close(&mut self) {}
}

#[tokio::test]
async fn a_row_that_makes_a_sink_panic_steps_aside_for_the_others() {
    let gate = Gate::new("regulator");
    for n in 1..=3 {
        let plate = format!("云A0000{n}D");
        gate.passage("lane-1", &plate, Duration::ZERO).await;
    }
    let worker = spawn(Stumbling, gate.ledger.clone(), brisk());
    let status = until(worker.status(), |s| s.acknowledged == 2).await;
    let error = status.last_error.unwrap();
    assert_eq!(error.kind, FailureKind::Unfit);
    assert!(
        error.words.contains("mistake of this program"),
        "{}",
        error.words
    );
    worker.stop().await;
    assert_eq!(gate.counters("regulator").await.waiting, 1);
}
