//! Gates held open: raised again when they come down, after a restart, and never moved by an end.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use controller::{HoldParts, keep_holds};
use gate::{
    Action, Actuation, Alarm, Arms, Barrier, BarrierQueue, Input, InputLevels, InputsView, Lift,
    QueueLimits,
};
use jiff::{SignedDuration, Timestamp};
use ledger::{Handle, Options, Writer};
use passage::{HoldStep, NewHold};
use status::{LaneCounters, Status};
use tokio::sync::watch;

/// Counts its orders, and fails while it is told to.
#[derive(Default)]
struct Arm {
    raised: AtomicUsize,
    fails: AtomicUsize,
}

impl Barrier for Arm {
    fn raise<'a>(&'a self, _lift: &'a Lift) -> Action<'a> {
        self.raised.fetch_add(1, Ordering::SeqCst);
        let fails = self.fails.load(Ordering::SeqCst) > 0;
        Box::pin(async move {
            match fails {
                true => Err(Alarm {
                    kind: gate::AlarmKind::TimedOut,
                    detail: "nobody answers".to_owned(),
                    tries: 1,
                }),
                false => Ok(Actuation::Raised),
            }
        })
    }
}

struct Gate {
    arm: Arc<Arm>,
    ledger: Handle,
    status: Arc<Status>,
    arms: Arms,
    inputs: watch::Sender<InputsView>,
    _queue: BarrierQueue,
    _data: tempfile::TempDir,
}

impl Gate {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let writer = Writer::open(data.path(), Options::default()).unwrap();
        let (ledger, _thread) = Handle::start(writer).unwrap();
        let arm = Arc::<Arm>::default();
        let queue = BarrierQueue::open(
            Arc::clone(&arm) as Arc<dyn Barrier>,
            QueueLimits::default(),
            |_| {},
        );
        let arms = Arms::default();
        arms.add("north-in", &queue);
        let status = Arc::<Status>::default();
        let lane = LaneCounters::new("north-in");
        let (inputs, view) = watch::channel(InputsView::default());
        lane.set_inputs(view);
        status.add_lane(lane);
        Self {
            arm,
            ledger,
            status,
            arms,
            inputs,
            _queue: queue,
            _data: data,
        }
    }

    fn keep(&self) -> tokio::task::JoinHandle<()> {
        keep_holds(HoldParts {
            ledger: self.ledger.clone(),
            status: Arc::clone(&self.status),
            arms: self.arms.clone(),
        })
    }

    async fn hold(&self, seconds: i64) {
        let hold = NewHold {
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            who: "Li".to_owned(),
            why: "convoy".to_owned(),
            from: Timestamp::now(),
            until: Timestamp::now() + SignedDuration::from_secs(seconds),
        };
        let kept = self.ledger.write(move |writer| writer.keep_hold(&hold));
        kept.await.unwrap();
    }

    fn arm_is(&self, up: Option<bool>) {
        let levels = up.map(|up| InputLevels::of(&[(Input::ArmUp, up), (Input::ArmDown, !up)]));
        self.inputs.send_replace(InputsView {
            inputs: levels.unwrap_or_default(),
            answers: Some(up.is_some()),
            detail: String::new(),
        });
    }

    fn raised(&self) -> usize {
        self.arm.raised.load(Ordering::SeqCst)
    }

    fn is_held(&self) -> bool {
        self.status.lane("north-in").unwrap().hold().is_some()
    }

    async fn until(&self, mut is_so: impl FnMut() -> bool, what: &str) {
        for _ in 0..1200 {
            if is_so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_arm_that_comes_down_is_raised_again_until_the_hold_is_ended_and_then_left_alone() {
    let gate = Gate::new();
    gate.arm_is(Some(true));
    let task = gate.keep();
    gate.hold(600).await;
    gate.until(|| gate.is_held(), "the hold shows").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(gate.raised(), 0, "it is up");
    gate.arm_is(Some(false));
    gate.until(|| gate.raised() == 1, "raised again").await;
    gate.arm_is(Some(true));
    tokio::time::sleep(Duration::from_secs(3)).await;
    gate.arm_is(Some(false));
    gate.until(|| gate.raised() == 2, "and again").await;
    gate.arm_is(None);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(gate.raised(), 2, "where nothing tells, nothing is assumed");
    let end = |writer: &mut Writer| writer.end_hold("north-in", ("Wang", "done"), Timestamp::now());
    let ended: ledger::Result<_> = gate.ledger.write(end).await;
    assert!(ended.unwrap().is_some());
    gate.until(|| !gate.is_held(), "it is over").await;
    gate.arm_is(Some(false));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(gate.raised(), 2, "an end moves nothing");
    let read = gate
        .ledger
        .read(|reader| reader.holds(Timestamp::UNIX_EPOCH, 9));
    let steps = read.await.unwrap().remove(0).steps;
    let steps: Vec<_> = steps.iter().map(|step| step.step).collect();
    assert_eq!(steps, [HoldStep::Obeyed, HoldStep::Obeyed, HoldStep::Ended]);
    task.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_survives_a_restart_and_ends_with_its_time() {
    let gate = Gate::new();
    gate.hold(12).await;
    let task = gate.keep();
    gate.until(
        || gate.raised() == 1,
        "where the arm is nobody knows by now",
    )
    .await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(gate.raised(), 1, "once: the barrier confirmed");
    gate.until(|| !gate.is_held(), "its time is over").await;
    gate.arm_is(Some(false));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(gate.raised(), 1);
    task.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_barrier_that_does_not_confirm_is_told_again_with_pauses() {
    let gate = Gate::new();
    gate.arm.fails.store(1, Ordering::SeqCst);
    gate.hold(600).await;
    let task = gate.keep();
    gate.until(|| gate.raised() == 1, "told").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(gate.raised(), 1, "not at once");
    gate.arm.fails.store(0, Ordering::SeqCst);
    gate.until(|| gate.raised() == 2, "told again").await;
    let read = gate
        .ledger
        .read(|reader| reader.holds(Timestamp::UNIX_EPOCH, 9));
    let hold = read.await.unwrap().remove(0);
    assert_eq!(hold.steps[0].step, HoldStep::Failed);
    assert_eq!(hold.steps[0].why, "timed_out");
    task.abort();
}
