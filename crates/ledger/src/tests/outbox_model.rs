//! The outbox against a model of it: random lives of passages, answers, restarts, clock steps.

mod model;

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use passage::*;
use proptest::prelude::*;

use self::model::Model;
use super::{at, head, options, passed, truck};
use crate::evidence::disk::{Disk, RealDisk};
use crate::*;

const SINK: &str = "mqtt";
const WAIT_MS: i64 = 60_000;
const LIVE_MS: i64 = 300_000;
const HOUR_MS: i64 = 3_600_000;

#[derive(Debug, Clone)]
enum Op {
    Decide,
    Finish(usize),
    Claim { limit: usize, backlog_limit: usize },
    Answer(usize, Answer),
    Requeue(usize),
    Restart,
    Clock(i64),
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Ack,
    Refuse,
    Retry(i64),
}

fn op() -> impl Strategy<Value = Op> {
    let answer = prop_oneof![
        3 => Just(Answer::Ack),
        1 => Just(Answer::Refuse),
        3 => (0..2 * HOUR_MS).prop_map(Answer::Retry),
    ];
    let step = prop_oneof![
        6 => 0..2 * WAIT_MS,
        1 => -30 * 24 * HOUR_MS..0,
        1 => 0..30 * 24 * HOUR_MS,
    ];
    prop_oneof![
        4 => Just(Op::Decide),
        3 => any::<usize>().prop_map(Op::Finish),
        4 => (0..6_usize, 0..4_usize)
            .prop_map(|(limit, backlog_limit)| Op::Claim { limit, backlog_limit }),
        5 => (any::<usize>(), answer).prop_map(|(n, answer)| Op::Answer(n, answer)),
        1 => any::<usize>().prop_map(Op::Requeue),
        1 => Just(Op::Restart),
        4 => step.prop_map(Op::Clock),
    ]
}

/// The real disk without its waits: this test is about rows.
#[derive(Debug)]
struct HastyDisk;

impl Disk for HastyDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        RealDisk.create_dir(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        RealDisk.write(path, bytes)
    }
    fn sync_file(&self, _file: &File, _path: &Path) -> io::Result<()> {
        Ok(())
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }
    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

fn open_hastily(folder: &Path) -> Writer {
    let writer = Writer::open_on(folder, options(&[SINK]), Box::new(HastyDisk)).unwrap();
    writer
        .connection()
        .pragma_update(None, "synchronous", "OFF")
        .unwrap();
    writer
}

fn claim(writer: &mut Writer, now: i64, limit: usize, backlog_limit: usize) -> Vec<OutboxItem> {
    let live_window = Duration::from_millis(LIVE_MS.unsigned_abs());
    let claim = Claim {
        sink: SINK,
        now: at(now),
        live_window,
        limit,
        backlog_limit,
    };
    writer.claim_due(&claim).unwrap()
}

fn id_of(index: usize) -> OutboxId {
    OutboxId(i64::try_from(index).unwrap() + 1)
}

fn apply(op: Op, slot: &mut Option<Writer>, model: &mut Model, folder: &Path) {
    if matches!(op, Op::Restart) {
        // The old one goes first: it has the folder.
        drop(slot.take());
        *slot = Some(open_hastily(folder));
    }
    let writer = slot.as_mut().unwrap();
    match op {
        Op::Decide => {
            let id = writer.decide(&truck(model.now), &head()).unwrap();
            model.finished.push(false);
            model.end_delivered.push(false);
            assert_eq!(id.0, i64::try_from(model.finished.len()).unwrap());
            model.push(id.0, OutboxKind::Passage, Some(model.now + WAIT_MS));
        }
        Op::Finish(n) if !model.finished.is_empty() => {
            let index = n % model.finished.len();
            let id = i64::try_from(index).unwrap() + 1;
            if !std::mem::replace(&mut model.finished[index], true) {
                writer
                    .finish(PassageId(id), &passed(model.now), &[])
                    .unwrap();
                model.finish(id);
            }
        }
        Op::Claim {
            limit,
            backlog_limit,
        } => {
            let expected = model.claim(limit, backlog_limit);
            let items = claim(writer, model.now, limit, backlog_limit);
            let ids: Vec<OutboxId> = items.iter().map(|item| item.id).collect();
            assert_eq!(ids, expected.iter().map(|i| id_of(*i)).collect::<Vec<_>>());
            for (item, row) in items.iter().zip(expected.iter().map(|i| &model.rows[*i])) {
                let said = (item.passage().unwrap().id.0, item.kind, item.attempts);
                assert_eq!(said, (row.passage, row.kind, row.attempts));
                let passage = usize::try_from(row.passage).unwrap() - 1;
                assert_eq!(
                    item.passage().unwrap().finished.is_some(),
                    model.finished[passage]
                );
                model.end_delivered[passage] |= model.finished[passage];
            }
        }
        Op::Answer(n, answer) => {
            let Some(index) = model.nth(DeliveryState::Sending, n) else {
                return;
            };
            let (id, now, row) = (id_of(index), model.now, &mut model.rows[index]);
            match answer {
                Answer::Ack => {
                    writer.ack(id, at(now), "ok").unwrap();
                    row.state = DeliveryState::Acknowledged;
                }
                Answer::Refuse => {
                    writer.refuse(id, at(now), "no").unwrap();
                    row.state = DeliveryState::Refused;
                }
                Answer::Retry(delay) => {
                    writer
                        .retry_later(id, at(now), "no route", at(now + delay))
                        .unwrap();
                    row.state = DeliveryState::New;
                    row.due = Some(now + delay.min(HOUR_MS));
                }
            }
        }
        Op::Requeue(n) => {
            let Some(index) = model.nth(DeliveryState::Refused, n) else {
                return;
            };
            writer
                .resend(&[id_of(index)], at(model.now), "李工", "改好了")
                .unwrap();
            model.rows[index].state = DeliveryState::New;
            model.rows[index].due = None;
        }
        Op::Restart => {
            for row in model
                .rows
                .iter_mut()
                .filter(|r| r.state == DeliveryState::Sending)
            {
                row.state = DeliveryState::New;
                row.due = None;
            }
        }
        Op::Clock(step) => model.now += step,
        Op::Finish(_) => {}
    }
}

fn compare(writer: &Option<Writer>, model: &Model) {
    let said = writer
        .as_ref()
        .unwrap()
        .reader()
        .unwrap()
        .counters(SINK)
        .unwrap();
    let waiting = model.count(DeliveryState::New) + model.count(DeliveryState::Sending);
    assert_eq!(said.generated, model.rows.len() as u64);
    assert_eq!(said.acknowledged, model.count(DeliveryState::Acknowledged));
    assert_eq!(said.refused, model.count(DeliveryState::Refused));
    assert_eq!(said.waiting, waiting);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_outbox_does_what_its_model_does_and_delivers_everything_in_the_end(
        ops in prop::collection::vec(op(), 1..80)
    ) {
        let data = tempfile::tempdir().unwrap();
        let mut writer = Some(open_hastily(data.path()));
        let mut model = Model::default();
        for op in ops {
            apply(op, &mut writer, &mut model, data.path());
            compare(&writer, &model);
        }
        // The network is back and people have looked: everything arrives, ends included.
        apply(Op::Restart, &mut writer, &mut model, data.path());
        while model.nth(DeliveryState::Refused, 0).is_some() {
            apply(Op::Requeue(0), &mut writer, &mut model, data.path());
        }
        for n in 0..model.finished.len() {
            apply(Op::Finish(n), &mut writer, &mut model, data.path());
        }
        while model.count(DeliveryState::Acknowledged) < model.rows.len() as u64 {
            let before = model.count(DeliveryState::Acknowledged);
            let everything = Op::Claim { limit: 999, backlog_limit: 999 };
            apply(everything, &mut writer, &mut model, data.path());
            while model.nth(DeliveryState::Sending, 0).is_some() {
                apply(Op::Answer(0, Answer::Ack), &mut writer, &mut model, data.path());
            }
            if model.count(DeliveryState::Acknowledged) == before {
                apply(Op::Clock(HOUR_MS), &mut writer, &mut model, data.path());
            }
        }
        compare(&writer, &model);
        prop_assert!(model.end_delivered.iter().all(|delivered| *delivered));
    }
}
