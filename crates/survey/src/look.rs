//! Looking at a camera for a while.

use std::time::Duration;

use camera::{Camera, CameraStatus, Options, Playback, Source, State, spawn};
use frame::{Frame, MonoTime, Region};
use line::Backoff;
use serde::Serialize;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout, timeout_at};
use vision::Recognizer;

use crate::measure::{self, PlateLook};
use crate::pace::Pace;
use crate::plates::Plates;
use crate::{Grade, Judged, SurveyFigures, judge};

/// Plates are looked for so often; the daemon needs the processor as well.
const EVERY: Duration = Duration::from_millis(250);
/// Longest wait beside the time of looking itself: to connect, and to let go.
const CONNECT: Duration = Duration::from_secs(25);
const LET_GO: Duration = Duration::from_secs(5);

/// How to look.
#[derive(Debug, Clone)]
pub struct Look {
    /// For how long, of the stream's own time.
    pub time: Duration,
    /// Where plates count.
    pub region: Region,
    /// From this probability of the weakest character on a plate is surely read.
    pub accept: f32,
    /// Narrower plates do not vote, pixels.
    pub min_plate_px: f32,
}

/// What a look showed.
#[derive(Debug, Clone, Serialize)]
pub struct Examination {
    /// How the camera was at the end.
    pub state: State,
    /// What was measured.
    pub figures: SurveyFigures,
    /// What is to be said of it; nothing when no picture came.
    pub judged: Vec<Judged>,
}

impl Examination {
    /// Whether no picture came because something is wrong with the camera.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.judged.is_empty()
    }

    /// How good the worst of it is.
    #[must_use]
    pub fn worst(&self) -> Grade {
        let grades = self.judged.iter().map(|judged| judged.grade);
        grades.max().unwrap_or(Grade::Bad)
    }
}

/// Why there was no look.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The camera could not be started.
    #[error(transparent)]
    Camera(#[from] camera::Error),
    /// A picture could not be examined.
    #[error(transparent)]
    Vision(#[from] vision::Error),
}

/// What is kept while looking.
struct Eye {
    recognizer: Recognizer,
    plates: Plates,
    region: Region,
    light: Vec<f32>,
}

/// Connects to `source`, looks for a while and judges. Must be called within a tokio runtime. Whatever is wrong
/// with the camera is in [`Examination::state`], and is tried once only.
///
/// # Errors
/// When the camera cannot even be started, or a picture cannot be examined.
pub async fn look(
    name: &str,
    source: &Source,
    options: Options,
    recognizer: Recognizer,
    how: &Look,
) -> Result<Examination, Error> {
    let live = matches!(source, Source::Rtsp { .. });
    let lossless = matches!(source, Source::File { pace, .. } if *pace == Playback::AsFast);
    let mut camera = spawn(name, source.clone(), once(options))?;
    let until = Instant::now() + CONNECT + how.time;
    let mut pace = Pace::default();
    let eye = Eye {
        recognizer,
        plates: Plates::default(),
        region: how.region.clone(),
        light: Vec::new(),
    };
    let mut work = Work::Idle(Box::new(eye));
    let (mut size_px, mut began, mut due) = ((0, 0), None, MonoTime::default());
    while let Ok(Some(frame)) = timeout_at(until, next(&mut camera)).await {
        pace.take(frame.at, frame.sequence);
        let began = *began.get_or_insert(frame.at);
        if frame.at.since(began) >= how.time {
            break;
        }
        size_px = (frame.picture.width(), frame.picture.height());
        if frame.at >= due {
            let idle = if lossless {
                work.idle().await?
            } else {
                work.idle_now().await?
            };
            work = match idle {
                Work::Idle(eye) => {
                    due = frame.at + EVERY;
                    Work::Busy(spawn_blocking(move || eye.take(&frame)))
                }
                busy => busy,
            };
        }
    }
    let eye = match work.idle().await? {
        Work::Idle(eye) => Some(eye),
        Work::Busy(_) => None,
    };
    let state = camera.state.borrow().clone();
    let _ = timeout(LET_GO, camera.handle.stop()).await;
    let light = eye
        .as_ref()
        .map(|eye| eye.light.as_slice())
        .unwrap_or_default();
    let figures = SurveyFigures {
        seconds: pace.seconds(),
        size_px,
        live,
        fps: pace.fps(),
        longest_gap_ms: pace.longest_gap_ms(),
        packets_lost: state.packets_lost,
        damaged: state.decode_errors,
        clock_ahead_ms: state.clock_offset_ms,
        brightness: (!light.is_empty()).then(|| light.iter().sum::<f32>() / light.len() as f32),
        plates: eye
            .map(|eye| eye.plates.figures(how.accept))
            .unwrap_or_default(),
        min_plate_px: how.min_plate_px,
    };
    let judged = if size_px.0 > 0 {
        judge(&figures)
    } else {
        Vec::new()
    };
    Ok(Examination {
        state,
        figures,
        judged,
    })
}

/// Every picture, and no second try: a refused password locks accounts.
fn once(options: Options) -> Options {
    let never = CONNECT * 10;
    Options {
        analyse_fps: None,
        backoff: Backoff {
            first: never,
            longest: never,
        },
        refused_retry: never,
        unauthorized_retry: never,
        ..options
    }
}

/// The next picture, or nothing when the camera has ended or failed.
async fn next(camera: &mut Camera) -> Option<Frame> {
    tokio::select! {
        frame = camera.frames.next() => frame,
        _ = camera.state.wait_for(|state| is_over(state.status)) => None,
    }
}

/// Whether no picture comes any more. A recording that ended gives its last ones first.
fn is_over(status: CameraStatus) -> bool {
    status.is_fault() && !status.delivers()
}

enum Work {
    Idle(Box<Eye>),
    Busy(JoinHandle<Result<Box<Eye>, vision::Error>>),
}

impl Work {
    async fn idle(self) -> Result<Self, Error> {
        match self {
            // A panic goes on where it is awaited.
            Self::Busy(task) => Ok(Self::Idle(task.await.map_err(resume)??)),
            idle => Ok(idle),
        }
    }

    async fn idle_now(self) -> Result<Self, Error> {
        match self {
            Self::Busy(task) if task.is_finished() => Self::Busy(task).idle().await,
            other => Ok(other),
        }
    }
}

fn resume(error: tokio::task::JoinError) -> vision::Error {
    std::panic::resume_unwind(error.into_panic())
}

impl Eye {
    fn take(mut self: Box<Self>, frame: &Frame) -> Result<Box<Self>, vision::Error> {
        let picture = &frame.picture;
        self.light.push(measure::brightness(picture));
        for reading in self.recognizer.recognize(picture)? {
            let at = reading.quad.center();
            let inside = self.region.contains(at, picture.width(), picture.height());
            self.plates
                .take(PlateLook::of(picture, frame.at, &reading, inside)?);
        }
        Ok(self)
    }
}
