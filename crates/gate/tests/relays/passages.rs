//! A thousand random passages at a board that fails now and then.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gate::{Actuation, AlarmKind, BarrierQueue, OrderReport, QueueLimits};
use passage::Verdict;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::board::{Board, Fault};
use super::{lift, relay, until};

const FAULTS: [Fault; 12] = [
    Fault::Mute,
    Fault::Deaf,
    Fault::Half,
    Fault::Noise,
    Fault::OtherUnit,
    Fault::OtherCoil,
    Fault::Cut,
    Fault::Exception(2),
    Fault::Exception(4),
    Fault::Exception(6),
    Fault::Exception(10),
    Fault::Exception(11),
];

/// One in so many writes goes wrong.
const FAILS: u32 = 8;

async fn passages(board: &Board, port: &str, count: u32, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let relay = relay(&format!(
        "driver = \"modbus\"\nport = \"{port}\"\nunit = 1\nnumber = 0\npulse = \"3ms\"\ntimeout = \"40ms\"\ntotal = \"400ms\""
    ));
    let reports: Arc<Mutex<Vec<OrderReport>>> = Arc::default();
    let kept = Arc::clone(&reports);
    let queue = BarrierQueue::open(
        relay.open().expect("right"),
        QueueLimits {
            expires: Duration::from_secs(60),
            ..QueueLimits::default()
        },
        move |report| kept.lock().expect("no panic").push(report),
    );
    let (mut opened, mut alarms) = (0, 0);
    for passage in 0..count {
        let verdict = *[Verdict::Allow, Verdict::Allow, Verdict::Deny, Verdict::Ask]
            .choose(&mut rng)
            .expect("one of four");
        let faults = (0..2).filter_map(|_| {
            let fails = rng.random_ratio(1, FAILS);
            fails.then(|| *FAULTS.choose(&mut rng).expect("one"))
        });
        let faults: Vec<_> = faults.collect();
        let told = format!("passage {passage} of seed {seed}: {verdict:?}, {faults:?}");
        board.state().faults = faults;
        let before = board.state().closings[0];
        queue.act(verdict, lift(&passage.to_string()));
        until(|| !reports.lock().expect("no panic").is_empty(), &told).await;
        let report = reports.lock().expect("no panic").remove(0);
        let result = report.result.map_err(|alarm| alarm.kind);
        // However its opening fares, it ends open.
        until(|| !board.state().coils[0], &told).await;
        let closings = board.state().closings[0] - before;
        match (verdict, result) {
            (Verdict::Deny | Verdict::Ask, Ok(Actuation::KeptDown)) => {
                assert_eq!(closings, 0, "{told}");
            }
            (Verdict::Allow, Ok(Actuation::Raised)) => {
                assert_eq!(closings, 1, "{told}");
                opened += 1;
            }
            (Verdict::Allow, Err(AlarmKind::Refused | AlarmKind::Unreachable)) => {
                assert_eq!(closings, 0, "{told}: surely not");
                alarms += 1;
            }
            (Verdict::Allow, Err(_)) => {
                assert!(closings <= 1, "{told}: perhaps, and never twice");
                alarms += 1;
            }
            other => assert_eq!(closings, u32::MAX, "{told}: {other:?}"),
        }
    }
    queue.close().await;
    let state = board.state();
    assert_eq!(state.overtaken, 0, "one request at a time");
    assert!(
        opened > count / 3 && alarms > 0,
        "{opened} opened, {alarms} alarms"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_random_passages_open_once_for_each_that_may_pass_and_never_for_others() {
    let (network, cable) = (Board::default(), Board::default());
    let (tcp, near) = (format!("tcp://{}", network.on_tcp()), cable.on_serial());
    let near = near.display().to_string();
    tokio::join!(
        passages(&network, &tcp, 1000, 20261129),
        passages(&cable, &near, 1000, 918)
    );
}
