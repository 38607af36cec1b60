//! The lanes: for each its cameras, its watcher, its passage writer and its barrier, put together and taken
//! apart again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use camera::{Attention, Camera, CameraHandle, Options, Source};
use frame::MonoTime;
use gate::{Barrier, BarrierProblem, BarrierQueue, DryRun, LastRaise, QueueLimits};
use jiff::{SignedDuration, Timestamp};
use lane::{Moment, OpenPassage};
use passage::Verdict;
use recorder::RecordedCamera;
use status::{BarrierAlarm, CameraView, LaneCounters, count};
use watch::{LaneWatcher, Sentinel};
use words::Language;

use crate::body::BodyView;
use crate::evidence::Scene;
use crate::lane::LaneWorker;
use crate::pace::{DetectionRate, Pacer};
use crate::passage_writer::{PassageWriter, Tools};
use crate::{LaneParts, LaneSetup};

/// Nobody looks at pictures of a stream that is only recorded; those that are made show that it lives.
const LEAST_FPS: f32 = 0.5;
/// Pictures of a second stream that are looked at each second.
const WATCH_FPS: f32 = 4.0;

/// Why a lane could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What finds and reads plates could not be made.
    #[error(transparent)]
    Recognizer(#[from] vision::Error),
    /// A camera could not be started.
    #[error(transparent)]
    Camera(#[from] camera::Error),
    /// The passages that stand open could not be read.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// A thread could not be started.
    #[error("a thread of the lane could not be started")]
    Thread(#[from] std::io::Error),
    /// Something at the lane's barrier is set up wrongly.
    #[error("lane {lane}: its {table} is set up wrongly")]
    Barrier {
        /// Name of the lane.
        lane: String,
        /// Which of its tables.
        table: &'static str,
        /// Everything that is wrong.
        problems: Vec<BarrierProblem>,
    },
}

/// The lanes that run.
pub struct Lanes {
    stopping: Arc<AtomicBool>,
    threads: Vec<(JoinHandle<()>, Arc<LaneCounters>)>,
    cameras: Vec<CameraHandle>,
    recorded: Vec<RecordedCamera>,
}

impl Lanes {
    /// Starts each lane with the passages that stood open at the last stop.
    ///
    /// # Errors
    /// When one of them can't be started; none runs then.
    pub async fn start(parts: &LaneParts, setups: &[LaneSetup]) -> Result<Self, Error> {
        let mut lanes = Self {
            stopping: Arc::default(),
            threads: Vec::new(),
            cameras: Vec::new(),
            recorded: Vec::new(),
        };
        for lane in setups {
            if let Err(error) = lanes.add(parts, lane).await {
                lanes.stop().await;
                return Err(error);
            }
        }
        Ok(lanes)
    }

    async fn add(&mut self, parts: &LaneParts, lane: &LaneSetup) -> Result<(), Error> {
        let recognizer = parts.models.recognizer()?;
        let mut watcher = LaneWatcher::new(recognizer, lane.settings.clone());
        let counters = LaneCounters::new(&lane.name);
        parts.status.add_lane(Arc::clone(&counters));

        let resumed = resume(parts, lane, &mut watcher).await?;
        let scene = Scene::new(parts, lane);
        let tools = Tools {
            scene: scene.clone(),
            ledger: parts.ledger.clone(),
            counters: Arc::clone(&counters),
            stopping: Arc::clone(&self.stopping),
            resumed,
        };
        let writer = PassageWriter::start(tools)?;

        let rests = parts.detection.rests;
        let attention = Attention::default();
        let body = BodyView::default();
        if let Some(source) = &lane.body_camera {
            let name = format!("{}-body", lane.name);
            // It rests and wakes with the lane.
            let options = options(parts, (rests && is_live(source)).then_some(&attention));
            let camera = start_camera(parts, &name, source, ("body", options))?;
            tokio::spawn(body.clone().follow(camera.frames));
            self.cameras.push(camera.handle);
        }
        if let Some(source) = lane.watch_stream.as_ref().filter(|_| rests) {
            let name = format!("{}-watch", lane.name);
            let options = watch_options(parts);
            let camera = start_camera(parts, &name, source, ("watch", options))?;
            let sentinel = Sentinel::new(&lane.settings, attention.clone());
            let (watched, state) = (lane.name.clone(), camera.state);
            let runtime = tokio::runtime::Handle::current();
            std::thread::Builder::new()
                .name(format!("watch-{}", lane.name))
                .spawn(move || {
                    crate::sentinel::run(&watched, sentinel, camera.frames, &state, &runtime);
                })?;
            self.cameras.push(camera.handle);
        }
        if rests {
            watcher = watcher.resting(attention.clone());
        }
        let options = options(parts, rests.then_some(&attention));
        let camera = start_camera(parts, &lane.name, &lane.camera, ("lane", options))?;
        if parts.records {
            self.record(parts, lane, &camera)?;
        }
        let rate = camera.handle.rate();
        let pacer = Pacer::new(rate, pace_of(lane, parts.detection), Instant::now());
        let barrier_queue = barrier_queue(parts, lane, &counters)?;
        if lane.relay.is_some() {
            parts.arms.add(&lane.name, &barrier_queue);
        }
        let worker = LaneWorker {
            name: lane.name.clone(),
            scene,
            decisions: parts.decisions.clone(),
            frames: camera.frames,
            camera: camera.state,
            watcher,
            view: camera::ViewWatch::default(),
            body,
            rules: parts.rules.clone(),
            barrier_queue,
            writer,
            pacer,
            counters: Arc::clone(&counters),
            status: Arc::clone(&parts.status),
            stopping: Arc::clone(&self.stopping),
        };
        self.cameras.push(camera.handle);
        let runtime = tokio::runtime::Handle::current();
        let thread = std::thread::Builder::new()
            .name(format!("lane-{}", lane.name))
            .spawn(move || worker.run(&runtime))?;
        self.threads.push((thread, counters));
        Ok(())
    }

    /// What is recorded of a lane: what its camera sends anyway, or a second stream over a connection of its own.
    fn record(&mut self, parts: &LaneParts, lane: &LaneSetup, main: &Camera) -> Result<(), Error> {
        let recording = &lane.record;
        let (stream, state) = match &recording.source {
            _ if !lane.is_recorded() => return Ok(()),
            None => (main.stream.clone(), main.state.clone()),
            Some(source) => {
                let options = camera::Options {
                    min_size: None,
                    ..parts.watching.options(LEAST_FPS)
                };
                let name = format!("{}-record", lane.name);
                let mut second = camera::spawn(&name, source.clone(), options)?;
                tokio::spawn(async move { while second.frames.next().await.is_some() {} });
                self.cameras.push(second.handle);
                (second.stream, second.state)
            }
        };
        self.recorded.push(RecordedCamera {
            name: lane.name.clone(),
            stream,
            state,
        });
        Ok(())
    }

    /// The cameras that are to be recorded; once.
    #[must_use]
    pub fn take_recorded(&mut self) -> Vec<RecordedCamera> {
        std::mem::take(&mut self.recorded)
    }

    /// Stops them. Vehicles that were not decided are counted as lost, decided ones stay open; passage writers
    /// finish their queues; then the cameras are let go.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        let threads = self.threads;
        let joined = tokio::task::spawn_blocking(move || {
            for (thread, _) in threads {
                if thread.join().is_err() {
                    tracing::error!("a lane's thread failed");
                }
            }
        });
        if joined.await.is_err() {
            tracing::error!("lanes could not be awaited");
        }
        for camera in self.cameras {
            camera.stop().await;
        }
    }

    /// The name of a thread that has ended by itself.
    #[must_use]
    pub fn dead(&self) -> Option<String> {
        dead(self.threads.iter().map(|(thread, _)| thread))
    }

    /// The lane that has not gone round for so long. One that waits because the disk takes nothing is
    /// not stuck: what it holds would be lost.
    #[must_use]
    pub fn stuck(&self, for_long: Duration) -> Option<String> {
        let stuck = self
            .threads
            .iter()
            .find(|(_, lane)| !lane.keeping_fails() && lane.unmoved() > for_long);
        stuck.map(|(_, lane)| lane.name.clone())
    }
}

impl service::Service for Lanes {
    fn stop(self: Box<Self>) -> service::Stopping {
        Box::pin(Self::stop(*self))
    }

    fn dead(&self) -> Option<String> {
        self.dead()
    }

    fn stuck(&self, for_long: Duration) -> Option<String> {
        self.stuck(for_long)
    }
}

/// The name of a thread that has ended.
fn dead<'a>(mut threads: impl Iterator<Item = &'a JoinHandle<()>>) -> Option<String> {
    let dead = threads.find(|thread| thread.is_finished())?;
    Some(dead.thread().name().unwrap_or("lane").to_owned())
}

fn start_camera(
    parts: &LaneParts,
    name: &str,
    source: &Source,
    (role, options): (&'static str, Options),
) -> Result<Camera, Error> {
    let camera = camera::spawn(name, source.clone(), options)?;
    let state = camera.state.clone();
    parts.status.add_camera(CameraView {
        name: name.to_owned(),
        role,
        state,
    });
    Ok(camera)
}

fn options(parts: &LaneParts, attention: Option<&Attention>) -> Options {
    Options {
        attention: attention.cloned().unwrap_or_default(),
        ..parts.watching.options(parts.detection.fps)
    }
}

/// A second stream only has to show that something moves.
fn watch_options(parts: &LaneParts) -> Options {
    Options {
        min_size: None,
        ..parts.watching.options(WATCH_FPS)
    }
}

/// A recording has a time of its own, by which no camera beside it can rest.
fn is_live(source: &Source) -> bool {
    matches!(source, Source::Rtsp { .. })
}

/// Vehicles that were decided but not finished before the last stop may still stand there.
async fn resume(
    parts: &LaneParts,
    lane: &LaneSetup,
    watcher: &mut LaneWatcher,
) -> Result<Vec<(lane::VehicleId, passage::PassageId, passage::Reading)>, Error> {
    let open = parts.ledger.read(|reader| reader.open_passages()).await?;
    Ok(open
        .into_iter()
        .filter(|passage| passage.lane == lane.name)
        .map(|passage| {
            let plate = passage.reading.plate.clone();
            let open = OpenPassage {
                plate,
                entered: moment_of(passage.entered_at),
            };
            (watcher.resume(&open), passage.id, passage.reading)
        })
        .collect())
}

/// A recording that is played as fast as possible keeps its lane busy by design: it waits instead.
fn pace_of(lane: &LaneSetup, mut detection: DetectionRate) -> DetectionRate {
    if let Source::File {
        pace: camera::Playback::AsFast,
        ..
    } = lane.camera
    {
        detection.lowest_fps = detection.fps;
    }
    detection
}

/// A wall time of before the restart on this process's monotonic clock, as far as that reaches back.
fn moment_of(captured: Timestamp) -> Moment {
    let ago = Timestamp::now()
        .duration_since(captured)
        .max(SignedDuration::ZERO);
    let ago = Duration::try_from(ago).unwrap_or_default();
    let at = MonoTime::from_origin(camera::mono_now().since(MonoTime::from_origin(ago)));
    Moment { at, captured }
}

fn barrier_queue(
    parts: &LaneParts,
    lane: &LaneSetup,
    counters: &Arc<LaneCounters>,
) -> Result<BarrierQueue, Error> {
    let wrong = |table| {
        move |problems| Error::Barrier {
            lane: lane.name.clone(),
            table,
            problems,
        }
    };
    let barrier: Arc<dyn Barrier> = match &lane.relay {
        None => Arc::new(DryRun),
        Some(settings) => settings.open().map_err(wrong("relay"))?,
    };
    let last = LastRaise::default();
    let inputs = match &lane.inputs {
        None => None,
        Some(settings) => {
            let watched = settings.watch(lane.place(), last.clone(), parts.inputs.clone());
            Some(watched.map_err(wrong("inputs"))?)
        }
    };
    if let Some(inputs) = &inputs {
        counters.set_inputs(inputs.view());
        parts.arms.watch(&lane.name, inputs.view());
    }
    let (name, counters) = (lane.name.clone(), Arc::clone(counters));
    let has_relay = lane.relay.is_some();
    Ok(BarrierQueue::open_watched(
        barrier,
        inputs,
        last,
        QueueLimits::default(),
        move |report| {
            if has_relay {
                counters.set_barrier_obeyed(report.result.is_ok());
                counters.set_barrier_alarm(report.result.as_ref().err().map(|alarm| {
                    BarrierAlarm {
                        barrier: report.lift.barrier.clone(),
                        kind: alarm.kind.code(),
                    }
                }));
                if report.verdict == Verdict::Allow {
                    counters.raise_took.add(report.took);
                }
            }
            if let Err(alarm) = &report.result {
                count(&counters.barrier_alarms);
                let (barrier, passage) = (&report.lift.barrier, &report.lift.passage);
                // What is known of the arm differs from kind to kind.
                let said = alarm.text(Language::En, barrier);
                tracing::error!(lane = name, barrier, passage, %alarm, "{said}");
            }
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::panic, reason = "the panic is what is looked for")]
    fn a_thread_that_panics_is_noticed_and_named() {
        let (alive, wait) = std::sync::mpsc::channel::<()>();
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| {
            let builder = std::thread::Builder::new().name(name.to_owned());
            builder.spawn(body).expect("a thread")
        };
        let threads = [
            spawn(
                "lane-north",
                Box::new(move || assert!(wait.recv().is_err())),
            ),
            spawn("lane-south", Box::new(|| panic!("as a lane might"))),
        ];
        while dead(threads.iter()).is_none() {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(dead(threads.iter()).as_deref(), Some("lane-south"));
        drop(alive);
    }
}
