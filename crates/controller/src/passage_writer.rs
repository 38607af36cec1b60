//! One lane's passage writer: makes the photos and hands passages to the ledger, so that the lane itself
//! never waits for a disk.
//!
//! When the ledger cannot take a passage (disk full, read-only, busy) the passage writer holds it and tries
//! again until it can; the lane's queue then fills and, at last, the lane waits. Nothing that was
//! decided is thrown away while the daemon runs.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use frame::Frame;
use lane::{Moment, VehicleDecided, VehicleFinished, VehicleId};
use ledger::Handle;
use passage::{KeyPhoto, NewPassage, PassageId, Reading};

use crate::evidence::{EncodedPhoto, Scene};
use status::{LaneCounters, count};

/// Passages that may wait for the disk. Each holds two frames of 6 MB at 1080p.
const QUEUE: usize = 8;
const RETRY: Duration = Duration::from_secs(2);

/// Something for the passage writer to do.
pub(crate) enum Job {
    Decided(Box<DecidedPassage>),
    Finished(Box<VehicleFinished>),
    Lost { at: Moment, reason: &'static str },
}

/// A decided passage with what the lane knew at that moment.
pub(crate) struct DecidedPassage {
    pub(crate) decided: VehicleDecided,
    pub(crate) row: NewPassage,
    /// The newest frame, for a passage of which the lane kept none.
    pub(crate) newest: Frame,
    /// What the second camera saw.
    pub(crate) body: Option<Frame>,
    /// When the decision was given.
    pub(crate) at: Instant,
}

/// A row that waits for its end.
struct Open {
    id: PassageId,
    reading: Reading,
    body: Option<Frame>,
    clock_trusted: bool,
}

/// The lane's end of its passage writer.
pub(crate) struct PassageWriter {
    jobs: SyncSender<Job>,
    thread: JoinHandle<()>,
}

/// What a passage writer works with.
pub(crate) struct Tools {
    pub(crate) scene: Scene,
    pub(crate) ledger: Handle,
    pub(crate) counters: Arc<LaneCounters>,
    /// Set when the daemon stops: then a disk that fails is tried only once more.
    pub(crate) stopping: Arc<AtomicBool>,
    /// Rows from before a restart, with the vehicles that stand for them.
    pub(crate) resumed: Vec<(VehicleId, PassageId, Reading)>,
}

impl PassageWriter {
    pub(crate) fn start(tools: Tools) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let name = format!("passages-{}", tools.scene.lane);
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(move || work(tools, &queue))?;
        Ok(Self { jobs, thread })
    }

    /// Hands over a job; waits only when many passages wait for the disk already.
    pub(crate) fn give(&self, job: Job) {
        if self.jobs.send(job).is_err() {
            tracing::error!("a lane's passage writer has ended; a passage is lost");
        }
    }

    /// Lets it finish what it has.
    pub(crate) fn finish(self) {
        drop(self.jobs);
        if self.thread.join().is_err() {
            tracing::error!("a lane's passage writer failed");
        }
    }
}

fn work(tools: Tools, queue: &Receiver<Job>) {
    let mut open: HashMap<VehicleId, Open> = tools
        .resumed
        .iter()
        .map(|(vehicle, id, reading)| {
            let row = Open {
                id: *id,
                reading: reading.clone(),
                body: None,
                clock_trusted: false,
            };
            (*vehicle, row)
        })
        .collect();
    for job in queue {
        match job {
            Job::Decided(decision) => {
                let vehicle = decision.decided.vehicle;
                if let Some(row) = tools.decide(*decision) {
                    open.insert(vehicle, row);
                }
            }
            Job::Finished(finished) => match open.remove(&finished.vehicle) {
                Some(row) => tools.finish(&finished, row),
                None => tracing::warn!(lane = tools.scene.lane, "the end of an unknown passage"),
            },
            Job::Lost { at, reason } => tools.lost(at, reason),
        }
    }
}

impl Tools {
    fn decide(&self, decided: DecidedPassage) -> Option<Open> {
        let DecidedPassage {
            decided,
            row: passage,
            newest,
            body,
            at,
        } = decided;
        let (key, clock_trusted) = (passage.key, passage.clock_trusted);
        let head = decided.head.as_ref();
        let frame = head.map_or(&newest, |h| &h.frame);
        let quad = head.and_then(|h| h.quad);
        let photos = self.photos(KeyPhoto::Head, frame, quad, &passage.reading, clock_trusted);
        let kept = Arc::new((passage, photos));
        let id = self.until_kept("passage", || {
            let kept = Arc::clone(&kept);
            self.ledger.write_blocking(move |writer| {
                let photos: Vec<_> = kept.1.iter().map(EncodedPhoto::as_new).collect();
                writer.decide(&kept.0, &photos)
            })
        })?;
        self.counters.commit_took.add(at.elapsed());
        count(&self.counters.decided);
        if decided.accepted {
            count(&self.counters.accepted);
        }
        let reading = kept.0.reading.clone();
        tracing::info!(
            passage = %key,
            lane = self.scene.lane,
            plate = reading.plate,
            color = %reading.color,
            confidence = reading.confidence,
            verdict = kept.0.decision.as_str(),
            "passage committed"
        );
        Some(Open {
            id,
            reading,
            body: body.or_else(|| Some(frame.clone())),
            clock_trusted,
        })
    }

    fn finish(&self, finished: &VehicleFinished, row: Open) {
        let reading = self.scene.final_reading(&row.reading, finished);
        let shown = reading.as_ref().unwrap_or(&row.reading);
        let wide = finished.body.as_ref();
        let body = if self.scene.has_body_camera {
            row.body.as_ref()
        } else {
            None
        }
        .map(|frame| (frame, None))
        .or_else(|| wide.map(|k| (&k.frame, k.quad)))
        .or_else(|| row.body.as_ref().map(|frame| (frame, None)));
        let photos = body.map_or_else(Vec::new, |(frame, quad)| {
            self.photos(KeyPhoto::Body, frame, quad, shown, row.clock_trusted)
        });
        let end = passage::Finished {
            outcome: finished.outcome,
            at: finished.finished.captured,
            reading,
        };
        let kept = Arc::new((end, photos));
        let done = self.until_kept("end of a passage", || {
            let kept = Arc::clone(&kept);
            let id = row.id;
            self.ledger.write_blocking(move |writer| {
                let photos: Vec<_> = kept.1.iter().map(EncodedPhoto::as_new).collect();
                writer.finish(id, &kept.0, &photos)
            })
        });
        if done.is_some() {
            count(&self.counters.finished);
        }
    }

    fn lost(&self, at: Moment, reason: &'static str) {
        count(&self.counters.lost);
        let lane = self.scene.lane.clone();
        self.until_kept("loss of a passage", || {
            let lane = lane.clone();
            self.ledger
                .write_blocking(move |w| w.record_lost(&lane, at.captured, reason))
        });
    }

    fn photos(
        &self,
        kind: KeyPhoto,
        frame: &Frame,
        quad: Option<frame::Quad>,
        reading: &Reading,
        clock_trusted: bool,
    ) -> Vec<EncodedPhoto> {
        match self.scene.photos(kind, frame, quad, reading, clock_trusted) {
            Ok(photos) => photos.into(),
            Err(error) => {
                tracing::error!(lane = self.scene.lane, %error, "a photo could not be made");
                Vec::new()
            }
        }
    }

    /// Does `write` until the ledger has taken it. `None` when it never will, which is counted.
    fn until_kept<T>(
        &self,
        what: &'static str,
        write: impl Fn() -> ledger::Result<T>,
    ) -> Option<T> {
        loop {
            let (error, hopeless) = match write() {
                Ok(kept) => {
                    self.counters.set_keeping_fails(false);
                    return Some(kept);
                }
                Err(error) => (error.to_string(), !error.kind().is_transient()),
            };
            self.counters.set_keeping_fails(true);
            let lane = &self.scene.lane;
            if hopeless || self.stopping.load(Ordering::Relaxed) {
                count(&self.counters.lost);
                tracing::error!(lane, what, error, "lost: the ledger does not take it");
                return None;
            }
            tracing::error!(lane, what, error, "held until the disk takes it");
            std::thread::sleep(RETRY);
        }
    }
}
