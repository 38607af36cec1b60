//! The writer on its thread, and who is told of its commits.

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use super::{head, open, truck};
use passage::*;

use crate::*;

/// Far longer than a wake needs; that it is not reached is what is tested.
const LONG: Duration = Duration::from_secs(30);
/// So long nothing must come.
const SHORT: Duration = Duration::from_millis(50);

fn handle() -> (tempfile::TempDir, Handle) {
    let folder = tempfile::tempdir().unwrap();
    let writer = open(folder.path(), &["mqtt"]);
    let (handle, _) = Handle::start(writer).unwrap();
    (folder, handle)
}

async fn decide(handle: &Handle) -> PassageId {
    let decided = handle.write(|writer| writer.decide(&truck(0), &head()));
    decided.await.unwrap()
}

#[tokio::test]
async fn a_subscriber_is_woken_by_a_commit_without_a_tick() {
    let (_folder, handle) = handle();
    let mut news = handle.committed(&[Topic::Passages]);
    let waiting = tokio::spawn(async move { timeout(LONG, news.changed()).await });
    tokio::task::yield_now().await;
    decide(&handle).await;
    waiting.await.unwrap().expect("no wake").unwrap();
}

#[tokio::test]
async fn a_commit_between_two_looks_is_not_lost() {
    let (_folder, handle) = handle();
    let mut news = handle.committed(&[Topic::Passages]);
    decide(&handle).await;
    decide(&handle).await;
    timeout(LONG, news.changed()).await.expect("lost").unwrap();
    let nothing_more = timeout(SHORT, news.changed()).await;
    assert!(nothing_more.is_err(), "two commits in one look are one");

    // A wait that is given up half-way has eaten nothing.
    {
        let mut given_up = pin!(news.changed());
        assert!(timeout(SHORT, &mut given_up).await.is_err());
        decide(&handle).await;
    }
    timeout(LONG, news.changed()).await.expect("lost").unwrap();
}

#[tokio::test]
async fn a_subscriber_is_told_only_of_its_topics() {
    let (_folder, handle) = handle();
    let mut outbox = handle.committed(&[Topic::Outbox]);
    let mut others = handle.committed(&[Topic::Registers, Topic::Downlinks, Topic::Weighings]);
    let id = decide(&handle).await;
    timeout(LONG, outbox.changed())
        .await
        .expect("lost")
        .unwrap();

    let claim = |limit| Claim {
        sink: "mqtt",
        now: super::at(3_600_000),
        live_window: Duration::from_secs(7200),
        limit,
        backlog_limit: 0,
    };
    let row = handle.write(move |writer| writer.claim_due(&claim(9)));
    let row = row.await.unwrap()[0].id;
    let acked = handle.write(move |writer| writer.ack(row, super::at(3_600_000), "ok"));
    acked.await.unwrap();
    let quiet = timeout(SHORT, outbox.changed()).await;
    assert!(quiet.is_err(), "a worker is not woken by its own answers");

    let seen = handle.read(move |reader| reader.passage(id)).await.unwrap();
    assert_eq!(
        seen.unwrap().deliveries[0].state,
        DeliveryState::Acknowledged
    );
    assert!(timeout(SHORT, others.changed()).await.is_err());
}

#[tokio::test]
async fn what_changes_nothing_wakes_nobody() {
    let (_folder, handle) = handle();
    let mut weighings = handle.committed(&[Topic::Weighings]);
    let again = handle.write(|writer| {
        let window = Duration::from_secs(900);
        writer.add_weighings(&[], "scale", window, "scale", super::at(0))
    });
    again.await.unwrap();
    assert!(timeout(SHORT, weighings.changed()).await.is_err());
}

#[tokio::test]
async fn when_the_ledger_closes_its_subscribers_hear_the_last_commit_and_then_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (handle, thread) = Handle::start(open(folder.path(), &[])).unwrap();
    let mut news = handle.committed(&[Topic::Passages]);
    decide(&handle).await;
    drop(handle);
    thread.join().unwrap();
    timeout(LONG, news.changed()).await.expect("waits").unwrap();
    let end = timeout(LONG, news.changed()).await.expect("waits");
    assert_eq!(end.unwrap_err().kind(), ErrorKind::Closed);
}
