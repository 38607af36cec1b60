//! Orders to one barrier, carried out one after the other while nobody waits for them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use passage::Verdict;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::arms::BarrierHand;
use crate::{Actuation, Alarm, AlarmKind, Barrier, InputsView, InputsWatch, Lift};

/// How much may wait, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Orders that may wait, at least 1.
    pub waiting: usize,
    /// An order that waited longer is dropped: another vehicle may stand there by now.
    pub expires: Duration,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self {
            waiting: 4,
            expires: Duration::from_secs(5),
        }
    }
}

/// What came of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderReport {
    /// The order.
    pub lift: Lift,
    /// What the guard had decided, or the policy.
    pub verdict: Verdict,
    /// What the barrier did, or the alarm for the guard. Where inputs tell whether the arm rose, they were
    /// waited for.
    pub result: Result<Actuation, Alarm>,
    /// From the order to what the driver said of it.
    pub took: Duration,
}

pub(crate) struct Order {
    pub(crate) lift: Lift,
    pub(crate) verdict: Verdict,
    pub(crate) given: Instant,
    /// For somebody who waits for what comes of it.
    pub(crate) answer: Option<oneshot::Sender<Result<Actuation, Alarm>>>,
}

type Reporter = Arc<dyn Fn(OrderReport) + Send + Sync>;

/// Takes decisions for one barrier. Never blocks; every order ends in exactly one [`OrderReport`].
pub struct BarrierQueue {
    orders: mpsc::Sender<Order>,
    report: Reporter,
    worker: JoinHandle<()>,
}

/// When a barrier was last ordered to rise. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct LastRaise(Arc<Mutex<Option<Instant>>>);

impl LastRaise {
    /// How long ago; `None` when it never was.
    #[must_use]
    pub fn ago(&self) -> Option<Duration> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.map(|at| at.elapsed())
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

impl BarrierQueue {
    /// Opens a queue for `barrier` within a Tokio runtime. `report` is called for every order, from
    /// the queue's tasks or from [`BarrierQueue::act`], and must return at once.
    pub fn open(
        barrier: Arc<dyn Barrier>,
        limits: QueueLimits,
        report: impl Fn(OrderReport) + Send + Sync + 'static,
    ) -> Self {
        Self::open_watched(barrier, None, LastRaise::default(), limits, report)
    }

    /// The same for a barrier whose `inputs` tell whether its arm rose: an order to raise is reported once
    /// they did, or once the arm had time enough. `last` is told of orders to raise as they go out.
    pub fn open_watched(
        barrier: Arc<dyn Barrier>,
        inputs: Option<InputsWatch>,
        last: LastRaise,
        limits: QueueLimits,
        report: impl Fn(OrderReport) + Send + Sync + 'static,
    ) -> Self {
        let report: Reporter = Arc::new(report);
        let (orders, queue) = mpsc::channel(limits.waiting.max(1));
        let worker = Worker {
            barrier,
            inputs,
            last,
            expires: limits.expires,
            report: Arc::clone(&report),
        };
        let worker = tokio::spawn(worker.run(queue));
        Self {
            orders,
            report,
            worker,
        }
    }

    /// Hands a decision to the barrier: [`Verdict::Allow`] raises it, anything else keeps it as it
    /// is. Returns at once.
    pub fn act(&self, verdict: Verdict, lift: Lift) {
        let given = Instant::now();
        let order = Order {
            lift,
            verdict,
            given,
            answer: None,
        };
        let (order, alarm) = match self.orders.try_send(order) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(order)) => {
                let alarm = Alarm::new(AlarmKind::Busy, "too many orders wait", 0);
                (order, alarm)
            }
            Err(mpsc::error::TrySendError::Closed(order)) => {
                let alarm = Alarm::new(AlarmKind::Failed, "the barrier's driver has ended", 0);
                (order, alarm)
            }
        };
        let took = order.given.elapsed();
        finish(&self.report, order, Err(alarm), took);
    }

    /// A way to this queue for others than its lane.
    pub(crate) fn hand(&self) -> BarrierHand {
        BarrierHand::new(&self.orders)
    }

    /// Takes no more orders and waits for those given, which ends soon: each has its limit.
    pub async fn close(self) {
        drop(self.orders);
        if let Err(error) = self.worker.await {
            tracing::error!(%error, "the barrier's driver failed");
        }
    }
}

impl std::fmt::Debug for BarrierQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BarrierQueue({} orders free)", self.orders.capacity())
    }
}

/// What carries out orders.
struct Worker {
    barrier: Arc<dyn Barrier>,
    inputs: Option<InputsWatch>,
    last: LastRaise,
    expires: Duration,
    report: Reporter,
}

impl Worker {
    async fn run(self, mut queue: mpsc::Receiver<Order>) {
        self.barrier.begin().await;
        let (ending, ended) = watch::channel(());
        // Whether an arm rises is waited for beside the next order.
        let mut rising = JoinSet::new();
        while let Some(order) = queue.recv().await {
            let result = if order.given.elapsed() > self.expires {
                let detail = "the order waited too long";
                Err(Alarm::new(AlarmKind::Expired, detail, 0))
            } else {
                self.carry_out(&order).await
            };
            let took = order.given.elapsed();
            let sent = matches!(result, Ok(Actuation::Raised));
            let Some(inputs) = self.inputs.as_ref().filter(|_| sent) else {
                finish(&self.report, order, result, took);
                continue;
            };
            let (view, within) = (inputs.view(), inputs.rises_within());
            let (report, ended) = (Arc::clone(&self.report), ended.clone());
            rising.spawn(async move {
                let result = risen(view, within, ended).await;
                finish(&report, order, result, took);
            });
            while rising.try_join_next().is_some() {}
        }
        drop(ending);
        rising.join_all().await;
        self.barrier.settle().await;
    }

    async fn carry_out(&self, order: &Order) -> Result<Actuation, Alarm> {
        let barrier = Arc::clone(&self.barrier);
        // A driver keeps its own time; this holds one that does not.
        let limit = barrier.patience() + Duration::from_millis(500);
        let (lift, verdict) = (order.lift.clone(), order.verdict);
        if verdict == Verdict::Allow {
            self.last.now();
        }
        // A task of its own, so that a driver that panics costs this order and not all later ones.
        let mut driver = tokio::spawn(async move {
            match verdict {
                Verdict::Allow => barrier.raise(&lift).await,
                Verdict::Deny | Verdict::Ask => barrier.keep_down(&lift).await,
            }
        });
        match tokio::time::timeout(limit, &mut driver).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Alarm::new(AlarmKind::Failed, "the driver broke down", 1)),
            Err(_) => {
                driver.abort();
                let detail = "the driver did not end in time";
                Err(Alarm::new(AlarmKind::TimedOut, detail, 1))
            }
        }
    }
}

/// Whether the arm rose after an order that the controller took. While its inputs do not tell, that stays
/// open: nothing is assumed either way.
async fn risen(
    mut view: watch::Receiver<InputsView>,
    within: Duration,
    mut ended: watch::Receiver<()>,
) -> Result<Actuation, Alarm> {
    let up = view.wait_for(|view| view.inputs.has_risen() == Some(true));
    let up = tokio::select! {
        up = tokio::time::timeout(within, up) => matches!(up, Ok(Ok(_))),
        _ = ended.changed() => return Ok(Actuation::Raised),
    };
    if up {
        return Ok(Actuation::SeenUp);
    }
    let seen = view.borrow().inputs;
    match seen.has_risen() {
        None => Ok(Actuation::Raised),
        Some(_) => {
            let arm = seen.arm().code();
            let detail = format!("the arm is {arm}, {within:?} after the order");
            Err(Alarm::new(AlarmKind::DidNotMove, detail, 1))
        }
    }
}

fn finish(report: &Reporter, order: Order, result: Result<Actuation, Alarm>, took: Duration) {
    if let Err(alarm) = &result {
        tracing::error!(
            barrier = order.lift.barrier,
            passage = order.lift.passage,
            kind = ?alarm.kind,
            problem = alarm.detail,
            tries = alarm.tries,
            "the barrier did not do as it was told"
        );
    }
    if let Some(answer) = order.answer {
        // Who waited may have gone away.
        let _ = answer.send(result.clone());
    }
    report(OrderReport {
        lift: order.lift,
        verdict: order.verdict,
        result,
        took,
    });
}
