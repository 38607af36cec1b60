//! One lane's thread: frames in, decisions out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use camera::{Frames, State, ViewWatch};
use frame::Frame;
use gate::{BarrierQueue, Lift};
use jiff::Timestamp;
use lane::{LaneEvent, LostWhy, Moment, NotCounted, VehicleDecided};
use passage::PassageKey;
use policy::SeenVehicle;
use rules::GateRules;
use status::{LaneCounters, Status, count};
use sync::JustDecided;
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch as latest};
use watch::LaneWatcher;

use crate::body::BodyView;
use crate::evidence::Scene;
use crate::pace::Pacer;
use crate::passage_writer::{DecidedPassage, Job, PassageWriter};

/// How often time passes for a lane without frames.
const TICK: Duration = Duration::from_millis(500);

/// A frame older than this comes late because the camera rested: else the newest is always taken.
const CATCHES_UP: Duration = Duration::from_secs(1);

/// Everything that one lane works with.
pub(crate) struct LaneWorker {
    pub(crate) name: String,
    pub(crate) scene: Scene,
    pub(crate) decisions: broadcast::Sender<Arc<JustDecided>>,
    pub(crate) frames: Frames,
    pub(crate) camera: latest::Receiver<State>,
    pub(crate) watcher: LaneWatcher,
    pub(crate) view: ViewWatch,
    pub(crate) body: BodyView,
    pub(crate) rules: GateRules,
    pub(crate) barrier_queue: BarrierQueue,
    pub(crate) writer: PassageWriter,
    pub(crate) pacer: Pacer,
    pub(crate) counters: Arc<LaneCounters>,
    pub(crate) status: Arc<Status>,
    pub(crate) stopping: Arc<AtomicBool>,
}

impl LaneWorker {
    /// Works until the daemon stops; ends with everything handed over.
    pub(crate) fn run(mut self, runtime: &Handle) {
        let mut newest: Option<Newest> = None;
        let mut ended = false;
        while !self.stopping.load(Ordering::Relaxed) {
            self.counters.moved();
            if ended {
                std::thread::sleep(TICK);
                self.tick(newest.as_ref());
                continue;
            }
            let next = async { tokio::time::timeout(TICK, self.frames.next()).await };
            match runtime.block_on(next) {
                Ok(Some(frame)) => {
                    self.frame(&frame, self.frames.is_look());
                    newest = Some(Newest {
                        frame,
                        came: Instant::now(),
                    });
                }
                Ok(None) => {
                    ended = true;
                    self.frames_ended(newest.as_ref());
                }
                Err(_) => self.tick(newest.as_ref()),
            }
        }
        let events = self.watcher.suspend(now(newest.as_ref()));
        self.handle(events, newest.as_ref().map(|n| &n.frame));
        self.writer.finish();
        runtime.block_on(self.barrier_queue.close());
    }

    fn tick(&mut self, newest: Option<&Newest>) {
        let events = self.watcher.tick(now(newest));
        self.handle(events, newest.map(|n| &n.frame));
    }

    fn frames_ended(&mut self, newest: Option<&Newest>) {
        let camera = self.camera.borrow().clone();
        if camera.status == camera::CameraStatus::Ended {
            tracing::info!(lane = self.name, "the recording has ended");
            let events = self.watcher.close(now(newest));
            self.handle(events, newest.map(|n| &n.frame));
        } else if !self.stopping.load(Ordering::Relaxed) {
            tracing::error!(
                lane = self.name,
                code = camera.status.code(),
                reason = camera.reason,
                remedy = remedy(camera.status),
                "no more pictures will come"
            );
        }
    }

    fn frame(&mut self, frame: &Frame, look: bool) {
        let started = Instant::now();
        self.counters.show(frame);
        match self.watcher.observe(frame, look) {
            Ok(Some(seen)) => {
                let counters = &self.counters;
                let us = |d: Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
                count(&counters.frames);
                counters
                    .detect_us
                    .fetch_add(us(seen.timing.detect), Ordering::Relaxed);
                counters
                    .read_us
                    .fetch_add(us(seen.timing.read), Ordering::Relaxed);
                counters.set_last_frame(frame.at);
                let plate = !seen.readings.is_empty();
                counters.set_view(self.view.look(frame.at, &frame.picture, plate));
                self.handle(seen.events, Some(frame));
            }
            // It comes again, among all that were taken since the last look.
            Ok(None) => {}
            Err(error) => {
                count(&self.counters.vision_errors);
                tracing::error!(lane = self.name, %error, "a frame could not be read");
            }
        }
        self.pace(frame, started);
    }

    /// Counts how busy the lane is. One that catches up with what a resting camera took has no pause, and is
    /// not too slow for that.
    fn pace(&mut self, frame: &Frame, started: Instant) {
        let late = camera::mono_now().since(frame.at) > CATCHES_UP;
        let busy = if late {
            Duration::ZERO
        } else {
            started.elapsed()
        };
        if self.pacer.worked(busy, Instant::now()) {
            count(&self.counters.slow_downs);
            self.pacer.tell(&self.name, Instant::now());
        }
        let rate = (self.pacer.fps() * 1000.0) as u64;
        self.counters.rate_milli.store(rate, Ordering::Relaxed);
    }

    fn handle(&mut self, events: Vec<LaneEvent>, newest: Option<&Frame>) {
        for event in events {
            match event {
                LaneEvent::Entered { .. } => count(&self.counters.entered),
                LaneEvent::Decided(decided) => self.decide(*decided, newest),
                LaneEvent::Finished(finished) => self.writer.give(Job::Finished(finished)),
                LaneEvent::NotCounted(not) => self.not_counted(&not),
                LaneEvent::Lost { at, why, .. } => {
                    let reason = match why {
                        LostWhy::Suspended => "stopped",
                    };
                    self.writer.give(Job::Lost { at, reason });
                }
            }
        }
    }

    fn not_counted(&self, not: &NotCounted) {
        self.counters.not_counted.count(not);
        if not.accepted {
            let plate = not.read.as_ref().map_or("", |r| &r.plate);
            tracing::info!(
                lane = self.name,
                plate,
                rule = not.rule.name(),
                sightings = not.sightings,
                "surely read, and not a vehicle"
            );
        }
    }

    /// The barrier acts at once, and whoever listens is told; the record follows.
    fn decide(&mut self, decided: VehicleDecided, newest: Option<&Frame>) {
        let read = decided.read.as_ref();
        let color = read.map_or(plate::Color::Unknown, |r| r.color);
        let seen = SeenVehicle {
            accepted: decided.accepted,
            lane: &self.name,
            direction: Some(self.scene.direction),
            ..SeenVehicle::sure(read.map_or("", |r| &r.plate), color)
        };
        let decision = self.rules.decide(seen, Timestamp::now());
        let key = PassageKey::random();
        self.barrier_queue.act(
            decision.verdict,
            Lift {
                passage: key.to_string(),
                entrance: self.scene.entrance.clone(),
                barrier: self.scene.barrier.clone(),
                lane: self.name.clone(),
                plate: seen.plate.to_owned(),
            },
        );
        let settled = decided.decided.at;
        self.counters
            .decide_took
            .add(camera::mono_now().since(settled));
        let clock_trusted = self.status.clock_trusted();
        let row = self.scene.passage(key, &decided, &decision, clock_trusted);
        // That nobody listens is no fault.
        let _ = self.decisions.send(Arc::new(JustDecided {
            at: Instant::now(),
            passage: row.clone(),
        }));
        let Some(newest) = decided.head.as_ref().map(|h| &h.frame).or(newest).cloned() else {
            // Decided without any frame ever seen: there is nothing to prove it with.
            tracing::error!(
                lane = self.name,
                "a passage without a picture is counted as lost"
            );
            self.writer.give(Job::Lost {
                at: decided.decided,
                reason: "no_picture",
            });
            return;
        };
        let body = self.body.around(newest.at);
        let passage = DecidedPassage {
            decided,
            row,
            newest,
            body,
            at: Instant::now(),
        };
        self.writer.give(Job::Decided(Box::new(passage)));
    }
}

/// What a person can do about a camera that has ended by itself. What it suffers from tells; a restart
/// mends only what has no name.
fn remedy(status: camera::CameraStatus) -> &'static str {
    if status.is_fault() {
        status.remedy()
    } else {
        "restart the service"
    }
}

/// The newest frame and when it came.
struct Newest {
    frame: Frame,
    came: Instant,
}

/// The time now on the clock of this lane's frames: a recording that is played faster than it was
/// taken has a time of its own.
fn now(newest: Option<&Newest>) -> Moment {
    let Some(newest) = newest else {
        return Moment {
            at: camera::mono_now(),
            captured: Timestamp::now(),
        };
    };
    let since = newest.came.elapsed();
    let captured = newest.frame.captured;
    Moment {
        at: newest.frame.at + since,
        captured: captured.checked_add(since).unwrap_or(captured),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_advised_only_where_nothing_else_helps() {
        for status in camera::CameraStatus::ALL {
            let restart = remedy(status).contains("restart the service");
            assert_eq!(restart, !status.is_fault(), "{}", status.code());
        }
        let small = remedy(camera::CameraStatus::TooSmall);
        assert!(small.contains("larger picture"), "{small}");
    }
}
