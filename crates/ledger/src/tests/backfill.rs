//! Passages of before a sink was configured.

use passage::*;

use super::{at, head, open, passed, truck};
use crate::*;

const SINK: &str = "province";

fn order(from_ms: i64) -> Backfill<'static> {
    Backfill {
        sink: SINK,
        from: at(from_ms),
        who: "李工",
        why: "平台后接",
        at: at(90_000),
    }
}

/// A ledger of five passages, one a second, of before the sink; the last one is open.
fn before_the_sink() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    for second in 0..5 {
        let id = writer.decide(&truck(1000 * second), &head()).unwrap();
        if second < 4 {
            let end = passed(1000 * second + 500);
            writer.finish(id, &end, &[]).unwrap();
        }
    }
    data
}

fn unqueued(data: &tempfile::TempDir) -> Option<(u64, jiff::Timestamp, jiff::Timestamp)> {
    let found = Reader::open(data.path()).unwrap().unqueued(SINK).unwrap();
    found.map(|found| (found.passages, found.first, found.last))
}

#[test]
fn passages_of_before_a_sink_are_told_and_queued_once_from_when_a_person_says() {
    let data = before_the_sink();
    let mut writer = open(data.path(), &[SINK]);
    assert_eq!(unqueued(&data), Some((4, at(0), at(3000))));

    let start = PassageId(0);
    let first = writer.backfill(&order(1000), start, 2).unwrap();
    assert_eq!((first.queued, first.next), (2, Some(PassageId(3))));
    assert_eq!(
        unqueued(&data),
        Some((1, at(3000), at(3000))),
        "an order that was cut off is told until it is repeated"
    );
    let rest = writer.backfill(&order(1000), PassageId(3), 2).unwrap();
    assert_eq!((rest.queued, rest.next), (1, None));
    assert_eq!(unqueued(&data), None, "the first one stays on purpose");

    let again = writer.backfill(&order(1000), start, 9).unwrap();
    assert_eq!((again.queued, again.next), (0, None));
    let earlier = writer.backfill(&order(0), start, 9).unwrap();
    assert_eq!(earlier.queued, 1, "a person may think again");

    writer.finish(PassageId(5), &passed(6000), &[]).unwrap();
    let totals = writer.reader().unwrap().counters(SINK).unwrap();
    assert_eq!(totals.generated, 5, "what was open has its row by itself");
    let verdict = writer.reader().unwrap().verify(&VerifyOptions::default());
    assert!(verdict.unwrap().breaks.is_empty());
}

#[test]
fn earlier_passages_are_backlog_and_go_at_its_pace() {
    let data = before_the_sink();
    let mut writer = open(data.path(), &[SINK]);
    writer.backfill(&order(0), PassageId(0), 9).unwrap();
    let claim = Claim {
        sink: SINK,
        now: at(3_600_000),
        live_window: std::time::Duration::from_secs(300),
        limit: 10,
        backlog_limit: 3,
    };
    let claimed = writer.claim_due(&claim).unwrap();
    assert_eq!(claimed.len(), 3);
    assert!(claimed.iter().all(|row| !row.live));
    assert_eq!(claimed[0].generated_at, at(0), "its day's rate counts it");
}

#[test]
fn what_a_person_ordered_is_told_from_what_came_by_itself() {
    let data = before_the_sink();
    let mut writer = open(data.path(), &[SINK]);
    let waiting = |before: i64| {
        let reader = Reader::open(data.path()).unwrap();
        let found = reader.long_waiting(SINK, at(before)).unwrap();
        (found.live, found.ordered, found.ordered_at)
    };
    assert_eq!(waiting(200_000), (0, 0, None));
    writer.backfill(&order(0), PassageId(0), 9).unwrap();
    let ordered_at = Some(at(90_000));
    assert_eq!(waiting(200_000), (0, 4, ordered_at));
    let id = writer.decide(&truck(100_000), &head()).unwrap();
    writer.finish(id, &passed(101_000), &[]).unwrap();
    assert_eq!(waiting(200_000), (1, 4, ordered_at));
    assert_eq!(waiting(100_000), (0, 4, ordered_at), "not so long yet");
}

#[test]
fn who_and_why_are_needed_and_a_sink_that_is_there() {
    let data = before_the_sink();
    let mut writer = open(data.path(), &["mqtt"]);
    let start = PassageId(0);
    let unknown = writer.backfill(&order(0), start, 9).unwrap_err();
    assert!(unknown.to_string().contains(SINK), "{unknown}");
    let nobody = Backfill {
        sink: "mqtt",
        who: " ",
        ..order(0)
    };
    let nobody = writer.backfill(&nobody, start, 9).unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Invalid);
}

#[test]
fn who_sent_earlier_passages_and_why_is_evidence() {
    let data = before_the_sink();
    let mut writer = open(data.path(), &[SINK]);
    writer.backfill(&order(0), PassageId(0), 9).unwrap();
    let change = "DROP TRIGGER backfills_stay; UPDATE backfills SET who = '王工'";
    writer.connection().execute_batch(change).unwrap();
    let verdict = writer.reader().unwrap().verify(&VerifyOptions::default());
    let breaks = verdict.unwrap().breaks;
    let told = format!("{breaks:?}");
    assert!(told.contains("backfills"), "{told}");
}
