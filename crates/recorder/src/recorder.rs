//! Recording at work: a thread for each camera, between its stream and the disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use camera::{Packets, State, Stream};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::cut::Cutter;
use crate::disks::VideoDisks;
use crate::error::{Error, Result};
use crate::index::VideoIndex;
use crate::progress::VideoMeter;
use crate::writer::VideoWriter;

/// A camera that is recorded.
#[derive(Debug)]
pub struct RecordedCamera {
    /// Its name; that of its folder.
    pub name: String,
    /// What it sends.
    pub stream: Stream,
    /// How it is.
    pub state: watch::Receiver<State>,
}

/// Records cameras until it is stopped.
pub struct Recorder {
    index: Arc<VideoIndex>,
    disks: VideoDisks,
    zone: TimeZone,
    stop: watch::Sender<bool>,
    threads: Vec<(VideoMeter, JoinHandle<()>)>,
}

impl Recorder {
    /// Begins to record; days are those of `zone`.
    #[must_use]
    pub fn new(index: Arc<VideoIndex>, disks: VideoDisks, zone: TimeZone) -> Self {
        Self {
            index,
            disks,
            zone,
            stop: watch::Sender::new(false),
            threads: Vec::new(),
        }
    }

    /// Records one more camera. Call it within a runtime.
    ///
    /// # Errors
    /// When the index can't be written, or the system gives no thread.
    pub fn add(&mut self, camera: &RecordedCamera) -> Result<VideoMeter> {
        let state = camera.state.clone();
        let mut writer = VideoWriter::new(
            &camera.name,
            self.zone.clone(),
            Arc::clone(&self.index),
            self.disks.clone(),
            Box::new(move || state.borrow().clock_offset_ms),
        );
        writer.start(Timestamp::now())?;
        let meter = writer.meter.clone();
        let (packets, stop) = (camera.stream.read(), self.stop.subscribe());
        let runtime = Handle::current();
        let thread = std::thread::Builder::new()
            .name(format!("video-{}", camera.name))
            .spawn(move || runtime.block_on(record(packets, writer, stop)))
            .map_err(|e| Error::io("starting a thread for", &PathBuf::from(&camera.name))(e))?;
        self.threads.push((meter.clone(), thread));
        Ok(meter)
    }

    /// Ends with every file closed and in the index.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for (meter, thread) in self.threads {
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!(
                    camera = meter.now().camera,
                    "a thread that recorded has failed"
                );
            }
        }
    }

    /// The name of a thread that has ended by itself.
    #[must_use]
    pub fn dead(&self) -> Option<String> {
        let mut threads = self.threads.iter();
        let (_, dead) = threads.find(|(_, thread)| thread.is_finished())?;
        Some(dead.thread().name().unwrap_or("video").to_owned())
    }
}

/// Runs on a thread of its own, which waits for the disk; the stream's own queue holds what comes meanwhile.
async fn record(mut packets: Packets, mut writer: VideoWriter, mut stop: watch::Receiver<bool>) {
    let mut cutter = Cutter::default();
    loop {
        let packet = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            packet = packets.next() => packet,
        };
        let Some(packet) = packet else {
            // The camera was stopped; the service is about to.
            let _ = stop.wait_for(|stop| *stop).await;
            break;
        };
        for step in cutter.take(packet) {
            if !writer.step(step) {
                cutter.begin_anew();
                break;
            }
        }
    }
    for step in cutter.finish() {
        writer.step(step);
    }
    writer.finish();
}
