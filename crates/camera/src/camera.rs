//! Starting a camera, and holding it.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use rand::SeedableRng;
use rand::rngs::StdRng;
use retina::client::SessionGroup;
use tokio::sync::{Notify, mpsc, watch};

use crate::pick::Picker;
use crate::play::Player;
use crate::receive::{FEED_DEPTH, Receiver, Report};
use crate::reporter::Reporter;
use crate::session::Line;
use crate::slot::{Closer, FrameSender, slot};
use crate::supervisor::Supervisor;
use crate::{Address, Error, Frames, Login, Options, Playback, Rate, Source, State, Stream};

/// A running camera.
#[derive(Debug)]
pub struct Camera {
    /// Its frames. Dropping them stops the camera.
    pub frames: Frames,
    /// What it is doing. Wakes on every change of status, size or coding; counters are
    /// updated silently.
    pub state: watch::Receiver<State>,
    /// What it sends, compressed. A recorded file has none.
    pub stream: Stream,
    /// Stops and steers it. Dropping it stops the camera.
    pub handle: CameraHandle,
}

/// Stops and steers a camera. Dropping it stops the camera without waiting.
pub struct CameraHandle {
    rate: Rate,
    stop: watch::Sender<bool>,
    retry_now: Arc<Notify>,
    closer: Closer,
    task: Option<tokio::task::JoinHandle<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a camera; `name` appears in states and logs. An RTSP camera must be started inside a
/// tokio runtime and never fails for good: its [`State`] tells how it fares.
///
/// # Errors
/// [`Error::NoRuntime`] outside a runtime, [`Error::Thread`] when the system gives no thread.
pub fn spawn(name: &str, source: Source, options: Options) -> Result<Camera, Error> {
    let (out, frames) = slot();
    let closer = out.closer();
    let (reporter, state) = Reporter::new(name);
    let rate = Rate::new(options.analyse_fps);
    let (stop, stop_asked) = watch::channel(false);
    let retry_now = Arc::new(Notify::new());
    let stream = Stream::default();
    let mut handle = CameraHandle {
        rate,
        stop,
        retry_now,
        closer,
        task: None,
        thread: None,
    };
    match source {
        Source::File {
            path,
            pace,
            start,
            repeat,
        } => {
            let recorded = Recorded {
                path,
                pace,
                start,
                repeat,
            };
            handle.play(recorded, options, reporter, out)?;
        }
        Source::Rtsp { address, login } => {
            handle.connect(
                (address, login),
                options,
                reporter,
                out,
                (stop_asked, stream.clone()),
            )?;
        }
    }
    Ok(Camera {
        frames,
        state,
        stream,
        handle,
    })
}

struct Recorded {
    path: PathBuf,
    pace: Playback,
    start: Timestamp,
    repeat: bool,
}

impl CameraHandle {
    /// How many pictures a second are analysed; a clone can be kept anywhere.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate.clone()
    }

    /// Ends the present wait between attempts: somebody has just mended something.
    pub fn retry_now(&self) {
        self.retry_now.notify_one();
    }

    /// Stops the camera and waits until its thread has ended.
    pub async fn stop(mut self) {
        self.ask_to_stop();
        if let Some(task) = self.task.take() {
            // A task that panicked has ended as well.
            let _ = task.await;
        }
        if let Some(thread) = self.thread.take() {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }

    fn ask_to_stop(&self) {
        self.stop.send_replace(true);
        self.closer.close();
    }

    fn play(
        &mut self,
        recorded: Recorded,
        options: Options,
        reporter: Reporter,
        out: FrameSender,
    ) -> Result<(), Error> {
        let name = reporter.camera().to_owned();
        let Recorded {
            path,
            pace,
            start,
            repeat,
        } = recorded;
        let rate = self.rate.clone();
        let player = Player {
            path,
            pace,
            start,
            repeat,
            options,
            rate,
            reporter,
            out,
        };
        self.thread = Some(thread(&name, move || player.run())?);
        Ok(())
    }

    fn connect(
        &mut self,
        (address, login): (Address, Option<Login>),
        options: Options,
        reporter: Reporter,
        out: FrameSender,
        (stop, stream): (watch::Receiver<bool>, Stream),
    ) -> Result<(), Error> {
        let name = reporter.camera().to_owned();
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| Error::NoRuntime {
            camera: name.clone(),
        })?;
        let (feed, fed) = mpsc::channel(FEED_DEPTH);
        let (report_out, report) = watch::channel(Report::default());
        let reporter = Arc::new(reporter);
        let picker = Picker::new(self.rate.clone());
        let receiver = Receiver::new(&options, picker, out, report_out, Arc::clone(&reporter));
        self.thread = Some(thread(&name, move || receiver.run(fed))?);
        let group = Arc::new(SessionGroup::default().named(name));
        let line = Line {
            address,
            login,
            options,
            group,
            feed,
            stream,
            report,
            reporter,
            live_since: None,
        };
        let retry_now = Arc::clone(&self.retry_now);
        let supervisor = Supervisor {
            line,
            stop,
            retry_now,
            rng: StdRng::from_os_rng(),
        };
        self.task = Some(runtime.spawn(supervisor.run()));
        Ok(())
    }
}

impl Drop for CameraHandle {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

impl std::fmt::Debug for CameraHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle")
            .field("rate", &self.rate.get())
            .finish_non_exhaustive()
    }
}

fn thread(camera: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new()
        .name(format!("camera {camera}"))
        .spawn(run)
        .map_err(|source| Error::Thread {
            camera: camera.to_owned(),
            source,
        })
}
