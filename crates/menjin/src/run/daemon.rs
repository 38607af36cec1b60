//! Puts the daemon together and takes it apart again.

mod start_lane;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use camera::Handle as CameraHandle;
use housekeeping::StopBackup;
use ledger::Writer;
use orders::weighing::{self, Intake};
use photo::Font;
use sync::{LedgerHandle, Mqtt, Platform, Waker, WorkerHandle};
use tokio::sync::watch as watch_value;
use vision::Models;

use super::board::Board;
use super::{alarms, clock, gates, http, lists, ready, reports, scales, vigil, watch as terminal};
use crate::cli::RunArgs;
use crate::config::Config;
use crate::exit::{Failure, Outcome};
use crate::models;
use crate::store;

/// How long after the stop uploads may still go on.
const SYNC_PATIENCE: Duration = Duration::from_secs(10);

/// Everything that runs.
struct Daemon {
    config: Arc<Config>,
    models: Models,
    font: Arc<Font>,
    ledger: LedgerHandle,
    board: Arc<Board>,
    stopping: Arc<AtomicBool>,
    sinks: Vec<WorkerHandle>,
    lists: watch_value::Receiver<lists::Lists>,
    cameras: Vec<CameraHandle>,
    lanes: Vec<JoinHandle<()>>,
}

/// Runs until it is told to stop.
pub(crate) async fn run(config: Config, args: &RunArgs) -> Outcome {
    let models = models::open_at(&config.models_folder, config.onnxruntime.as_deref())?;
    let font = font(config.photos.font.as_deref())?;
    let writer = open_ledger(&config)?;
    let (ledger, ledger_thread) = LedgerHandle::start(writer).map_err(|e| Failure::job(&e))?;
    let board = Arc::new(Board::default());
    let clock = tokio::spawn(clock::watch(Arc::clone(&board), config.site.clock_assumed));
    let config = Arc::new(config);
    let mut daemon = Daemon {
        config: Arc::clone(&config),
        models,
        font: Arc::new(font),
        ledger: ledger.clone(),
        board: Arc::clone(&board),
        stopping: Arc::default(),
        sinks: Vec::new(),
        lists: lists::follow(ledger.clone(), listing(&config)),
        cameras: Vec::new(),
        lanes: Vec::new(),
    };
    daemon.start_sinks()?;
    let alarms = alarms::watch(Arc::clone(&config), Arc::clone(&board), ledger.clone());
    let alarms = tokio::spawn(alarms);
    let status = http::serve(
        config.status_address,
        Arc::clone(&board),
        ledger.clone(),
        config.language,
    )
    .await?;
    for lane in &config.lanes {
        daemon.start_lane(lane).await?;
    }
    let wakers: Vec<_> = daemon.sinks.iter().map(WorkerHandle::waker).collect();
    let weighings = take_weighings(&config, &ledger, &wakers).await?;
    let scales = scales::Scales::start(&config, &board, &ledger, &wakers);
    let font = Arc::clone(&daemon.font);
    let site = Arc::new(store::site(&config));
    let commands = orders::serve(site, ledger.clone(), font, wakers);
    let (data, zone) = (&config.data_folder, &config.site.zone);
    let anchors_file = config.anchors_file.clone();
    let anchors = housekeeping::anchor_daily(ledger.clone(), zone.clone(), anchors_file);
    let anchors = tokio::spawn(anchors);
    let reports = tokio::spawn(reports::keep(Arc::clone(&config)));
    let stop_backup = StopBackup::default();
    let backups = config.backup.clone().map(|plan| {
        let (stop, board) = (stop_backup.clone(), Arc::clone(&board));
        let tell = move |state| board.set_backup(state);
        tokio::spawn(housekeeping::back_up_daily(
            data.clone(),
            plan,
            zone.clone(),
            stop,
            tell,
        ))
    });
    let (clock_of, told) = (Arc::clone(&board), Arc::clone(&board));
    let retention = tokio::spawn(housekeeping::retain_hourly(
        data.clone(),
        config.retention,
        zone.clone(),
        ledger.clone(),
        move || clock_of.clock_trusted.load(Ordering::Relaxed),
        move |state| told.set_disk(state),
    ));
    ready::tell_service_manager();
    tracing::info!(lanes = config.lanes.len(), status = %status.address, "ready");

    let stop = tokio::select! {
        stop = terminal::until_stopped(&config, &board, &ledger, args) => Ok(stop),
        thread = vigil::dead_thread(&daemon.lanes) => Err(thread),
    };
    match &stop {
        Ok(because) => tracing::info!(because, "stopping"),
        Err(thread) => tracing::error!(thread, "a lane has died; stopping so as to be restarted"),
    }
    stop_backup.now();
    daemon.stop().await;
    status.task.abort();
    if let Some(commands) = commands {
        commands.abort();
    }
    clock.abort();
    alarms.abort();
    anchors.abort();
    reports.abort();
    if let Some(weighings) = weighings {
        weighings.abort();
    }
    scales.stop().await;
    if let Some(backups) = backups {
        backups.abort();
    }
    retention.abort();
    // Aborted tasks may hold handles for a moment longer; the thread ends with the last of them.
    drop(ledger);
    let ended = tokio::task::spawn_blocking(move || ledger_thread.join());
    match tokio::time::timeout(Duration::from_secs(5), ended).await {
        Ok(_) => tracing::info!("stopped; everything committed"),
        Err(_) => tracing::warn!("stopped; the ledger's thread is still held"),
    }
    match stop {
        Ok(_) => Ok(()),
        Err(thread) => Err(Failure::Job(format!(
            "the thread {thread} has died (its last words are in the log); start the service again"
        ))),
    }
}

fn font(path: Option<&Path>) -> Result<Font, Failure> {
    path.map_or_else(Font::find, Font::load)
        .map_err(|e| Failure::job(&e))
}

/// Listens for the weighing software, when the configuration has a weighbridge.
async fn take_weighings(
    config: &Config,
    ledger: &LedgerHandle,
    wakers: &[Waker],
) -> Result<Option<tokio::task::JoinHandle<()>>, Failure> {
    let Some(set) = &config.weighbridge else {
        return Ok(None);
    };
    let intake = Intake {
        listen: set.listen,
        token: set.token.clone(),
        source: set.source.clone(),
        window: set.window,
        zone: config.site.zone.clone(),
    };
    let (ledger, wakers, address) = (ledger.clone(), wakers.to_vec(), set.listen);
    let taken = weighing::take_weighings(intake, ledger, wakers).await;
    taken.map(Some).map_err(|e| {
        Failure::Job(format!(
            "cannot listen on {address} for weighings: {e}. Choose another [weighbridge] listen"
        ))
    })
}

/// The platforms that send lists of over-limit vehicles.
fn listing(config: &Config) -> Vec<String> {
    let platforms = config.platforms.iter();
    platforms
        .filter(|platform| platform.adapter.downlink.over_limit.is_some())
        .map(|platform| platform.settings.name.clone())
        .collect()
}

fn open_ledger(config: &Config) -> Result<Writer, Failure> {
    std::fs::create_dir_all(&config.data_folder).map_err(|e| {
        Failure::Job(format!(
            "cannot make the data folder {}: {e}",
            config.data_folder.display()
        ))
    })?;
    store::open(config).map_err(|e| Failure::job(&e))
}

impl Daemon {
    fn start_sinks(&mut self) -> Outcome {
        let wrong = |problems: Vec<sync::Problem>| {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            Failure::usage(lines.join("\n"))
        };
        let config = Arc::clone(&self.config);
        for platform in &config.platforms {
            let (settings, adapter) = (platform.settings.clone(), platform.adapter.clone());
            let pace = settings.pace.clone();
            let sink = Platform::new(settings, adapter, self.ledger.clone()).map_err(wrong)?;
            let sink = sink.telling(gates::states(Arc::clone(&config), Arc::clone(&self.board)));
            self.add_sink(sync::spawn(sink, self.ledger.clone(), pace));
        }
        if let Some(settings) = &config.mqtt {
            let pace = settings.pace.clone();
            let sink = Mqtt::new(settings.clone()).map_err(wrong)?;
            let sink = sink.with_anchors(self.ledger.clone());
            self.add_sink(sync::spawn(sink, self.ledger.clone(), pace));
        }
        Ok(())
    }

    fn add_sink(&mut self, worker: WorkerHandle) {
        self.board.add_sink(worker.status());
        self.sinks.push(worker);
    }

    async fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        let lanes = self.lanes;
        let joined = tokio::task::spawn_blocking(move || {
            for lane in lanes {
                if lane.join().is_err() {
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
        let stopped = async {
            for sink in self.sinks {
                sink.stop().await;
            }
        };
        if tokio::time::timeout(SYNC_PATIENCE, stopped).await.is_err() {
            tracing::warn!("an upload did not end in time; it will be repeated");
        }
    }
}
