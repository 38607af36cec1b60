//! Decisions reach the barrier without making anybody wait.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gate::{
    Action, Actuation, AlarmKind, Barrier, BarrierQueue, DryRun, Lift, OrderReport, QueueLimits,
};
use passage::Verdict;

/// A barrier that takes `takes` to rise and counts how often it was told.
struct Slow {
    takes: Duration,
    raised: AtomicU32,
}

impl Slow {
    fn new(takes_ms: u64) -> Arc<Self> {
        Arc::new(Self {
            takes: Duration::from_millis(takes_ms),
            raised: AtomicU32::new(0),
        })
    }
}

impl Barrier for Slow {
    fn raise<'a>(&'a self, _: &'a Lift) -> Action<'a> {
        Box::pin(async {
            self.raised.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(self.takes).await;
            Ok(Actuation::Raised)
        })
    }

    fn patience(&self) -> Duration {
        Duration::from_millis(600)
    }
}

fn lift(passage: u32) -> Lift {
    Lift {
        passage: passage.to_string(),
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "东门1号".into(),
        plate: "冀A12345".into(),
    }
}

fn open(
    barrier: Arc<dyn Barrier>,
    limits: QueueLimits,
) -> (BarrierQueue, Arc<Mutex<Vec<OrderReport>>>) {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&reports);
    let queue = BarrierQueue::open(barrier, limits, move |report| {
        kept.lock().expect("no panic").push(report);
    });
    (queue, reports)
}

fn kinds(reports: &Mutex<Vec<OrderReport>>) -> Vec<(String, Result<Actuation, AlarmKind>)> {
    let mut kinds: Vec<_> = reports
        .lock()
        .expect("no panic")
        .iter()
        .map(|r| (r.lift.passage.clone(), r.result.clone().map_err(|a| a.kind)))
        .collect();
    kinds.sort_by(|a, b| a.0.cmp(&b.0));
    kinds
}

#[tokio::test]
async fn only_an_allowed_vehicle_raises_the_barrier() {
    let barrier = Slow::new(10);
    let (queue, reports) = open(barrier.clone(), QueueLimits::default());
    queue.act(Verdict::Deny, lift(1));
    queue.act(Verdict::Ask, lift(2));
    queue.act(Verdict::Allow, lift(3));
    queue.close().await;
    assert_eq!(barrier.raised.load(Ordering::SeqCst), 1);
    let kept = Ok(Actuation::KeptDown);
    assert_eq!(
        kinds(&reports),
        [
            ("1".into(), kept),
            ("2".into(), kept),
            ("3".into(), Ok(Actuation::Raised))
        ]
    );
}

#[tokio::test]
async fn a_slow_barrier_makes_nobody_wait_and_every_order_is_reported() {
    let (queue, reports) = open(
        Slow::new(300),
        QueueLimits {
            waiting: 2,
            expires: Duration::from_secs(60),
        },
    );
    let start = Instant::now();
    for passage in 1..=4 {
        queue.act(Verdict::Allow, lift(passage));
    }
    assert!(start.elapsed() < Duration::from_millis(200));
    queue.close().await;
    let busy = Err(AlarmKind::Busy);
    let raised = Ok(Actuation::Raised);
    assert_eq!(
        kinds(&reports),
        [
            ("1".into(), raised),
            ("2".into(), raised),
            ("3".into(), busy),
            ("4".into(), busy)
        ]
    );
}

#[tokio::test]
async fn an_order_that_waited_too_long_is_dropped_not_carried_out() {
    let barrier = Slow::new(400);
    let limits = QueueLimits {
        waiting: 4,
        expires: Duration::from_millis(600),
    };
    let (queue, reports) = open(barrier.clone(), limits);
    for passage in 1..=3 {
        queue.act(Verdict::Allow, lift(passage));
    }
    queue.close().await;
    assert_eq!(kinds(&reports)[2], ("3".into(), Err(AlarmKind::Expired)));
    assert_eq!(barrier.raised.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_driver_that_never_ends_becomes_an_alarm() {
    let (queue, reports) = open(Slow::new(3_600_000), QueueLimits::default());
    queue.act(Verdict::Allow, lift(1));
    queue.close().await;
    assert_eq!(kinds(&reports), [("1".into(), Err(AlarmKind::TimedOut))]);
}

/// A driver with a bug.
struct Broken;

impl Barrier for Broken {
    fn raise<'a>(&'a self, _: &'a Lift) -> Action<'a> {
        Box::pin(async { panic!("a bug in a driver") })
    }
}

#[tokio::test]
async fn a_driver_that_panics_ends_in_alarms_not_in_silence() {
    let (queue, reports) = open(Arc::new(Broken), QueueLimits::default());
    queue.act(Verdict::Allow, lift(1));
    queue.act(Verdict::Allow, lift(2));
    queue.close().await;
    let failed = Err(AlarmKind::Failed);
    assert_eq!(
        kinds(&reports),
        [("1".into(), failed), ("2".into(), failed)]
    );
}

#[tokio::test]
async fn a_dry_run_moves_nothing_and_says_so() {
    let (queue, reports) = open(Arc::new(DryRun), QueueLimits::default());
    queue.act(Verdict::Allow, lift(1));
    queue.close().await;
    assert_eq!(kinds(&reports), [("1".into(), Ok(Actuation::DryRun))]);
}
