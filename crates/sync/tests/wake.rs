//! A worker learns of new rows from the ledger itself, not by looking again and again.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Gate, shipped, until, yunnan};
use simulator::{Dialect, Options, serve};
use sync::{Pace, Platform, spawn};

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_is_delivered_at_once_by_a_worker_that_would_not_look_for_an_hour() {
    let platform = serve(Options::of(Dialect::Yunnan)).await.unwrap();
    let gate = Gate::new("regulator");
    let pace = Pace {
        poll: Duration::from_secs(3600),
        heartbeat: Duration::from_secs(3600),
        ..common::brisk()
    };
    let settings = yunnan(&platform.base_url());
    let sink = Platform::new(settings, shipped("yunnan"), gate.ledger.clone()).unwrap();
    let worker = spawn(sink, gate.ledger.clone(), pace);
    for n in 1..=3 {
        gate.passage("lane-1", &format!("云A0000{n}D"), Duration::ZERO)
            .await;
        until(worker.status(), |s| s.acknowledged == n).await;
    }

    // What comes while it is busy with another is not overlooked either.
    for n in 4..=9 {
        gate.passage("lane-1", &format!("云A0000{n}D"), Duration::ZERO)
            .await;
    }
    until(worker.status(), |s| s.acknowledged == 9).await;
    worker.stop().await;
}
