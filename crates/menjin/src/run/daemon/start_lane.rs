//! Puts one lane together: cameras, watcher, keeper, barrier, and the passages that stand open.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use camera::{Camera, Source};
use frame::MonoTime;
use gate::{Barrier, Desk, DryRun, HttpRelay, Limits, Policy};
use jiff::{SignedDuration, Timestamp};
use lane::{Moment, OpenPassage};
use sync::{Waker, WorkerHandle};
use watch::LaneWatcher;

use super::Daemon;
use crate::config::{DetectionRate, Lane};
use crate::exit::{Failure, Outcome};
use crate::run::board::{CameraBoard, LaneBoard, count};
use crate::run::body::BodyView;
use crate::run::evidence::Scene;
use crate::run::keeper::{Keeper, Tools};
use crate::run::lane::LaneWorker;
use crate::run::pace::Pacer;

impl Daemon {
    pub(super) async fn start_lane(&mut self, lane: &Lane) -> Outcome {
        let failed = |e: &dyn std::error::Error| Failure::job(e);
        let recognizer = self.models.recognizer().map_err(|e| failed(&e))?;
        let mut watcher = LaneWatcher::new(recognizer, lane.settings.clone());
        let lane_board = LaneBoard::new(&lane.name);
        self.board.add_lane(Arc::clone(&lane_board));

        let wakers: Vec<Waker> = self.sinks.iter().map(WorkerHandle::waker).collect();
        let resumed = self.resume(lane, &mut watcher).await?;
        let tools = Tools {
            scene: Scene::new(&self.config, lane, Arc::clone(&self.font)),
            ledger: self.ledger.clone(),
            wakers,
            board: Arc::clone(&lane_board),
            stopping: Arc::clone(&self.stopping),
            resumed,
        };
        let keeper = Keeper::start(tools).map_err(|e| failed(&e))?;

        let body = BodyView::default();
        if let Some(source) = &lane.body_camera {
            let name = format!("{}-body", lane.name);
            let camera = self.start_camera(&name, source, "body")?;
            tokio::spawn(body.clone().follow(camera.frames));
            self.cameras.push(camera.handle);
        }
        let camera = self.start_camera(&lane.name, &lane.camera, "lane")?;
        let rate = camera.handle.rate();
        let pacer = Pacer::new(rate, pace_of(lane, self.config.detection), Instant::now());
        let worker = LaneWorker {
            name: lane.name.clone(),
            entrance: lane.entrance.clone(),
            barrier: lane.barrier.clone(),
            frames: camera.frames,
            camera: camera.state,
            watcher,
            body,
            policy: Policy::new(self.config.gate.clone()).map_err(policy_failure)?,
            lists: self.lists.clone(),
            desk: open_desk(lane, &lane_board)?,
            keeper,
            pacer,
            lane_board,
            board: Arc::clone(&self.board),
            stopping: Arc::clone(&self.stopping),
        };
        self.cameras.push(camera.handle);
        let runtime = tokio::runtime::Handle::current();
        let thread = std::thread::Builder::new()
            .name(format!("lane-{}", lane.name))
            .spawn(move || worker.run(&runtime))
            .map_err(|e| failed(&e))?;
        self.lanes.push(thread);
        Ok(())
    }

    fn start_camera(
        &self,
        name: &str,
        source: &Source,
        role: &'static str,
    ) -> Result<Camera, Failure> {
        let options = self.config.watching.options(self.config.detection.fps);
        let camera = camera::spawn(name, source.clone(), options).map_err(|e| Failure::job(&e))?;
        let state = camera.state.clone();
        self.board.add_camera(CameraBoard {
            name: name.to_owned(),
            role,
            state,
        });
        Ok(camera)
    }

    /// Vehicles that were decided but not finished before the last stop may still stand there.
    async fn resume(
        &self,
        lane: &Lane,
        watcher: &mut LaneWatcher,
    ) -> Result<Vec<(lane::VehicleId, passage::PassageId, passage::Reading)>, Failure> {
        let open = self.ledger.read(|reader| reader.open_passages()).await;
        let open = open
            .map_err(|e| Failure::job(&e))?
            .map_err(|e| Failure::job(&e))?;
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
}

/// A recording that is played as fast as possible keeps its lane busy by design: it waits instead.
fn pace_of(lane: &Lane, mut detection: DetectionRate) -> DetectionRate {
    if let Source::File {
        pace: camera::Pace::AsFast,
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

fn policy_failure(problems: Vec<gate::SettingsError>) -> Failure {
    let lines: Vec<_> = problems.iter().map(|p| format!("gate.{p}")).collect();
    Failure::usage(lines.join("\n"))
}

fn relay_failure(lane: &Lane, problems: &[gate::RelaySettingsError]) -> Failure {
    let lines: Vec<_> = problems
        .iter()
        .map(|p| format!("lane {} relay.{p}", lane.name))
        .collect();
    Failure::usage(lines.join("\n"))
}

fn open_desk(lane: &Lane, board: &Arc<LaneBoard>) -> Result<Desk, Failure> {
    let barrier: Arc<dyn Barrier> = match &lane.relay {
        None => Arc::new(DryRun),
        Some(settings) => Arc::new(
            HttpRelay::new(settings.clone()).map_err(|problems| relay_failure(lane, &problems))?,
        ),
    };
    let (name, board) = (lane.name.clone(), Arc::clone(board));
    let has_relay = lane.relay.is_some();
    Ok(Desk::open(barrier, Limits::default(), move |report| {
        if has_relay {
            let obeyed = if report.result.is_ok() { 1 } else { 2 };
            board.barrier_obeyed.store(obeyed, Ordering::Relaxed);
        }
        if let Err(alarm) = &report.result {
            count(&board.barrier_alarms);
            tracing::error!(lane = name, barrier = report.lift.barrier, passage = report.lift.passage, %alarm, "the barrier did not rise: lift it by hand");
        }
    }))
}
