//! One worker per sink: claims, delivers, settles, rests, and says how it goes.

mod chores;
mod round;

use std::collections::HashMap;
use std::future::Future;
use std::time::Instant;

use jiff::Timestamp;
use ledger::{Committed, Handle, SinkCounters};
use passage::{OutboxId, OutboxItem, PhotoKind};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::bucket::Bucket;
use crate::failure::Failure;
use crate::outbox::Outbox;
use crate::settings::Pace;
use crate::status::SinkStatus;

/// A row on its way, with the photos that the sink wants.
#[derive(Debug)]
pub struct Delivery {
    /// The row.
    pub item: OutboxItem,
    /// JPEGs, proved against their recorded hashes.
    pub photos: Vec<(PhotoKind, Vec<u8>)>,
}

/// What a sink says to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It has it, in its own words.
    Acknowledged(String),
    /// It will never take this data, in its own words.
    Refused(String),
    /// Try again.
    Failed(Failure),
}

/// What came of a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// The sink answered it well.
    Answered,
    /// This sink knows no heartbeat.
    NotKnown,
}

/// Somewhere rows go.
pub trait Sink: Send + 'static {
    /// Its name in the ledger.
    fn name(&self) -> &str;

    /// The photos it wants to be handed with `item`.
    fn wants(&self, item: &OutboxItem) -> &'static [PhotoKind];

    /// Hands over one row. It must end by itself within the sink's own time limits; dropping it
    /// half-way must leave the sink usable.
    fn deliver(&mut self, row: &Delivery) -> impl Future<Output = Answer> + Send;

    /// Says that we are here and how much is waiting.
    fn heartbeat(
        &mut self,
        counters: &SinkCounters,
    ) -> impl Future<Output = Result<Beat, Failure>> + Send;

    /// When the sink next wants to look for what it has for us; `None` when it never has anything.
    fn next_fetch(&self) -> Option<Instant> {
        None
    }

    /// Looks for what the sink has for us, and keeps it.
    fn fetch(
        &mut self,
        _counters: &SinkCounters,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// Waits until the sink wants to fetch sooner than it had said. Dropping it half-way loses nothing.
    fn urgent(&mut self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    /// Says goodbye, if the sink knows such a thing.
    fn close(&mut self) -> impl Future<Output = ()> + Send;
}

/// A running worker. Dropping the handle stops it as [`WorkerHandle::stop`] does, unawaited.
#[derive(Debug)]
pub struct WorkerHandle {
    status: watch::Receiver<SinkStatus>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl WorkerHandle {
    /// How it goes, now and at each change.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SinkStatus> {
        self.status.clone()
    }

    /// Lets the request under way end, for [`Pace::stop_patience`] at most, and leaves all other
    /// rows in the outbox.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "a sink's worker had ended badly");
        }
    }
}

/// Starts the worker of one sink, which delivers from `ledger` what is queued for it.
pub fn spawn<S: Sink>(sink: S, ledger: Handle, pace: Pace) -> WorkerHandle {
    let name = sink.name().to_owned();
    let first = SinkStatus {
        sink: name.clone(),
        ..SinkStatus::default()
    };
    let (status, status_seen) = watch::channel(first);
    let (stop, stop_seen) = watch::channel(false);
    let outbox = Outbox::of(ledger, &name);
    let worker = Worker {
        name,
        sink,
        news: outbox.news(),
        outbox,
        bucket: Bucket::new(pace.backlog_per_second, Instant::now()),
        pace,
        status,
        stop: stop_seen,
        failures: 0,
        resting_until: None,
        next_beat: Instant::now(),
        counted_at: None,
        bad_answers: HashMap::new(),
    };
    WorkerHandle {
        status: status_seen,
        stop,
        task: tokio::spawn(worker.run()),
    }
}

struct Worker<S> {
    name: String,
    sink: S,
    outbox: Outbox,
    news: Committed,
    pace: Pace,
    bucket: Bucket,
    status: watch::Sender<SinkStatus>,
    stop: watch::Receiver<bool>,
    /// Failures in a row.
    failures: u32,
    resting_until: Option<Instant>,
    next_beat: Instant,
    counted_at: Option<Instant>,
    /// Rows that the sink itself answered badly, and how often since we started.
    bad_answers: HashMap<OutboxId, u32>,
}

impl<S: Sink> Worker<S> {
    async fn run(mut self) {
        tracing::info!(sink = %self.name, "delivering");
        while !self.is_stopping() {
            self.beat_if_due().await;
            self.fetch_if_due().await;
            let resting = self.resting_until.filter(|until| *until > Instant::now());
            if let Some(until) = resting {
                // New rows don't end a rest: they would only be the next to fail.
                self.wait(until.min(self.next_chore()), false).await;
                continue;
            }
            self.resting_until = None;
            let worked = self.round().await;
            let count_at = self.count(!worked).await;
            if !worked {
                let now = Instant::now();
                let backlog_at = self.bucket.wait(now).map(|wait| now + wait);
                // A commit wakes us. What no commit tells: that a row's time has come, after its
                // wait or a failed try, or that rows have grown out of the live window.
                let look_at = now + self.pace.poll;
                let until = backlog_at
                    .filter(|at| *at > now)
                    .map_or(look_at, |at| at.min(look_at));
                let until = count_at.map_or(until, |at| at.min(until));
                self.wait(until.min(self.next_chore()), true).await;
            }
        }
        self.sink.close().await;
        self.count(true).await;
        tracing::info!(sink = %self.name, "delivery stopped");
    }

    fn is_stopping(&self) -> bool {
        // A dropped handle can't stop us any more in words, so it does by being gone.
        *self.stop.borrow() || self.stop.has_changed().is_err()
    }

    /// Waits until `until`, a stop, or (if `wakeable`) news.
    async fn wait(&mut self, until: Instant, wakeable: bool) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep_until(until.into()) => {}
            _ = stop.wait_for(|stop| *stop) => {}
            Ok(()) = self.news.changed(), if wakeable => {}
            () = self.sink.urgent(), if wakeable => {}
        }
    }

    fn succeeded(&mut self) {
        if !self.status.borrow().online {
            tracing::info!(sink = %self.name, "online");
        }
        self.failures = 0;
        self.resting_until = None;
        self.status.send_modify(|s| s.succeeded(Timestamp::now()));
    }

    fn failed(&mut self, failure: &Failure) {
        self.failures = self.failures.saturating_add(1);
        let pause = self.pace.backoff().pause(self.failures, rand::random());
        let now = Timestamp::now();
        self.resting_until = Some(Instant::now() + pause);
        // The same failure again is no news: it stands in the status until it changes.
        let failures = self.failures;
        if self.is_news(failure) {
            tracing::warn!(sink = %self.name, failures, ?pause, %failure, "not delivered");
        } else {
            tracing::debug!(sink = %self.name, failures, ?pause, %failure, "still not delivered");
        }
        self.status.send_modify(|s| {
            s.failed(now, failure);
            s.next_try_at = now.checked_add(pause).ok();
        });
    }

    fn is_news(&self, failure: &Failure) -> bool {
        let status = self.status.borrow();
        let last = status.last_error.as_ref();
        self.failures == 1 || last.is_none_or(|last| last.words != failure.to_string())
    }

    /// Brings the figures up to date: when idle, and now and then while busy. Gives when to count
    /// again, where they were counted just before: whoever then slept would leave them behind.
    async fn count(&mut self, idle: bool) -> Option<Instant> {
        let fresh = std::time::Duration::from_millis(if idle { 100 } else { 500 });
        let again_at = self.counted_at.map(|at| at + fresh);
        if let Some(at) = again_at.filter(|at| *at > Instant::now() && !self.is_stopping()) {
            return Some(at);
        }
        self.counted_at = Some(Instant::now());
        let Ok(counters) = self.outbox.counters().await else {
            return None;
        };
        let stuck = self
            .bad_answers
            .values()
            .filter(|n| **n >= self.pace.step_aside_after)
            .count();
        self.status.send_if_modified(|s| {
            let before = s.clone();
            s.generated = counters.generated;
            s.acknowledged = counters.acknowledged;
            s.waiting = counters.waiting;
            s.refused = counters.refused;
            s.oldest_waiting = counters.oldest_waiting;
            s.stuck = stuck;
            *s != before
        });
        None
    }
}
