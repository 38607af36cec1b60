//! Deliveries: when they are due, and what becomes of them.

use std::time::Duration;

use passage::*;

use super::{at, head, open, passed, truck};
use crate::*;

const SINK: &str = "mqtt";

fn claim_at(writer: &mut Writer, ms: i64) -> Vec<OutboxItem> {
    claim(writer, ms, 10, 10)
}

fn claim(writer: &mut Writer, ms: i64, limit: usize, backlog_limit: usize) -> Vec<OutboxItem> {
    let live_window = Duration::from_secs(300);
    let claim = Claim {
        sink: SINK,
        now: at(ms),
        live_window,
        limit,
        backlog_limit,
    };
    writer.claim_due(&claim).unwrap()
}

fn ids(items: &[OutboxItem]) -> Vec<i64> {
    items.iter().map(|item| item.id.0).collect()
}

#[test]
fn a_passage_is_due_when_it_finishes_and_carries_its_end() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    assert_eq!(claim_at(&mut writer, 5000), []);
    writer.finish(id, &passed(6000), &[]).unwrap();
    let items = claim_at(&mut writer, 6000);
    assert_eq!(items.len(), 1);
    assert_eq!(
        (items[0].kind, items[0].attempts, items[0].live),
        (OutboxKind::Passage, 1, true)
    );
    assert!(items[0].passage().unwrap().finished.is_some());
    assert_eq!(claim_at(&mut writer, 7000), [], "it is being sent");
    writer.ack(items[0].id, at(7000), "ok").unwrap();
    assert_eq!(claim_at(&mut writer, 99_000), []);
}

#[test]
fn a_vehicle_that_stays_is_sent_after_the_wait_and_its_end_follows() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    let first = claim_at(&mut writer, 60_000);
    assert_eq!(ids(&first), [1]);
    assert!(first[0].passage().unwrap().finished.is_none());
    writer.finish(id, &passed(61_000), &[]).unwrap();
    assert_eq!(
        claim_at(&mut writer, 61_000),
        [],
        "the end waits for the passage's answer"
    );
    writer
        .retry_later(first[0].id, at(62_000), "no route", at(63_000))
        .unwrap();
    assert_eq!(ids(&claim_at(&mut writer, 63_000)), [1]);
    writer.ack(first[0].id, at(64_000), "ok").unwrap();
    let end = claim_at(&mut writer, 64_000);
    assert_eq!(end[0].kind, OutboxKind::PassageFinished);
    assert_eq!(end[0].generated_at, at(61_000));
}

#[test]
fn what_was_being_sent_is_sent_again_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    writer.decide(&truck(0), &head()).unwrap();
    assert_eq!(ids(&claim_at(&mut writer, 60_000)), [1]);
    drop(writer);
    let mut writer = open(data.path(), &[SINK]);
    let again = claim_at(&mut writer, 60_000);
    assert_eq!((again[0].id.0, again[0].attempts), (1, 2));
}

#[test]
fn live_rows_overtake_the_backlog_and_the_backlog_is_capped() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    let hour = 3_600_000;
    for ms in [0, 1, 2, hour, hour + 1] {
        let id = writer.decide(&truck(ms), &head()).unwrap();
        writer.finish(id, &passed(ms), &[]).unwrap();
    }
    let items = claim(&mut writer, hour + 2, 10, 2);
    assert_eq!(ids(&items), [4, 5, 1, 2]);
    assert_eq!(
        items.iter().map(|i| i.live).collect::<Vec<_>>(),
        [true, true, false, false]
    );
    assert_eq!(ids(&claim(&mut writer, hour + 2, 0, 9)), [0_i64; 0]);
    assert_eq!(ids(&claim(&mut writer, hour + 2, 9, 0)), [0_i64; 0]);
    assert_eq!(ids(&claim(&mut writer, hour + 2, 9, 9)), [3]);
}

#[test]
fn a_clock_set_back_does_not_hold_deliveries_up() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    let day = 86_400_000;
    writer.decide(&truck(day), &head()).unwrap();
    assert_eq!(
        ids(&claim_at(&mut writer, 0)),
        [1],
        "due in a day can only be a wrong clock"
    );
    writer
        .retry_later(OutboxId(1), at(day), "no route", at(30 * day))
        .unwrap();
    assert_eq!(
        ids(&claim_at(&mut writer, day + 3_600_000)),
        [1],
        "no wait is longer than an hour"
    );
}

#[test]
fn a_refused_row_is_parked_until_a_person_sends_it_again() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    writer.decide(&truck(0), &head()).unwrap();
    let item = claim_at(&mut writer, 60_000).remove(0);
    writer
        .refuse(item.id, at(61_000), "号牌颜色不能为空")
        .unwrap();
    assert_eq!(claim_at(&mut writer, 999_000), []);
    let reader = writer.reader().unwrap();
    let delivery = reader
        .passage(PassageId(1))
        .unwrap()
        .unwrap()
        .deliveries
        .remove(0);
    assert_eq!(delivery.state, DeliveryState::Refused);
    assert_eq!(delivery.answer.as_deref(), Some("号牌颜色不能为空"));
    assert_eq!(reader.counters(SINK).unwrap().refused, 1);
    assert_eq!(reader.refused(10).unwrap()[0].resent, None);
    let nobody = writer.resend(&[item.id], at(70_000), " ", "改好了");
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Invalid);
    let with_another = [item.id, OutboxId(7)];
    let both = writer.resend(&with_another, at(70_000), "李工", "改好了");
    assert_eq!(both.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(reader.counters(SINK).unwrap().refused, 1, "all or none");
    writer
        .resend(&[item.id], at(70_000), "李工", "改好了")
        .unwrap();
    assert_eq!(reader.counters(SINK).unwrap().refused, 0);
    assert_eq!(ids(&claim_at(&mut writer, 70_000)), [1]);
    writer.refuse(item.id, at(80_000), "还是不行").unwrap();
    let again = reader.refused(10).unwrap().remove(0);
    assert_eq!(again.words, "还是不行");
    assert_eq!(again.resent, Some((at(70_000), "李工: 改好了".to_owned())));
}

#[test]
fn who_sent_a_refused_row_again_and_why_cannot_be_changed_unnoticed() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    writer.decide(&truck(0), &head()).unwrap();
    let item = claim_at(&mut writer, 60_000).remove(0);
    writer.refuse(item.id, at(61_000), "颜色不对").unwrap();
    let both = [item.id, OutboxId(7)];
    assert!(writer.resend(&both, at(70_000), "李工", "改好了").is_err());
    writer
        .resend(&[item.id], at(70_000), "李工", "改好了")
        .unwrap();
    let database = rusqlite::Connection::open(data.path().join("ledger.sqlite3")).unwrap();
    let kept: Vec<(i64, String, String, String)> = database
        .prepare("SELECT passage_id, refusal, who, why FROM resends")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .unwrap()
        .map(std::result::Result::unwrap)
        .collect();
    let [refusal, who, why] = ["颜色不对", "李工", "改好了"].map(str::to_owned);
    assert_eq!(kept, [(1, refusal, who, why)], "what failed left nothing");
    let broken = || {
        let verdict = writer.reader().unwrap().verify(&VerifyOptions::default());
        let breaks = verdict.unwrap().breaks;
        breaks.iter().map(|b| format!("{b:?}")).collect::<Vec<_>>()
    };
    assert_eq!(broken(), [""; 0]);
    database
        .execute_batch("DROP TRIGGER resends_stay; UPDATE resends SET who = '王工'")
        .unwrap();
    let breaks = broken();
    assert_eq!(breaks.len(), 1, "{breaks:?}");
    assert!(breaks[0].contains("resends"), "{breaks:?}");
}

#[test]
fn an_answer_that_nobody_awaits_is_a_conflict() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    writer.decide(&truck(0), &head()).unwrap();
    let kind = |answer: Result<()>| answer.unwrap_err().kind();
    assert_eq!(
        kind(writer.ack(OutboxId(1), at(0), "ok")),
        ErrorKind::Conflict
    );
    assert_eq!(
        kind(writer.refuse(OutboxId(7), at(0), "no")),
        ErrorKind::Conflict
    );
    assert_eq!(
        kind(writer.resend(&[OutboxId(1)], at(0), "李工", "改好了")),
        ErrorKind::Conflict
    );
}

#[test]
fn the_same_error_again_is_counted_and_not_written_again() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    writer.decide(&truck(0), &head()).unwrap();
    let long = "x".repeat(1_000_000);
    for (n, words) in ["no route", "no route", "no route", &long]
        .iter()
        .enumerate()
    {
        let now = 60_000 + i64::try_from(n).unwrap();
        let item = claim_at(&mut writer, now).remove(0);
        writer
            .retry_later(item.id, at(now), words, at(now))
            .unwrap();
    }
    let reader = writer.reader().unwrap();
    let told: Vec<i64> = reader
        .connection()
        .prepare("SELECT length(words) FROM outbox_answers ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(told, [8, 2000]);
    let delivery = reader
        .passage(PassageId(1))
        .unwrap()
        .unwrap()
        .deliveries
        .remove(0);
    assert_eq!(delivery.attempts, 4);
}

#[test]
fn a_sink_that_came_later_gets_the_passages_that_finish_from_then_on() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    drop(writer);
    let mut writer = open(data.path(), &[SINK]);
    writer.finish(id, &passed(9000), &[]).unwrap();
    assert_eq!(ids(&claim_at(&mut writer, 9000)), [1]);
}

#[test]
fn figures_of_a_sink_add_up() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK, "regulator:test"]);
    for ms in 0..4 {
        writer.decide(&truck(ms), &head()).unwrap();
    }
    let items = claim(&mut writer, 70_000, 3, 3);
    writer.ack(items[0].id, at(70_001), "ok").unwrap();
    writer.refuse(items[1].id, at(70_001), "no").unwrap();
    let reader = writer.reader().unwrap();
    let expected = SinkCounters {
        sink: SINK.to_owned(),
        generated: 4,
        acknowledged: 1,
        waiting: 2,
        refused: 1,
        oldest_waiting: Some(at(2)),
    };
    assert_eq!(reader.counters(SINK).unwrap(), expected);
    assert_eq!(reader.counters("regulator:test").unwrap().waiting, 4);
    assert_eq!(reader.counters("unknown").unwrap().generated, 0);
}
