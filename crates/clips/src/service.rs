//! Looking for what is wanted, and cutting it, until it is stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Handle;
use passage::{LanePlace, WantedClip};
use recorder::{ClipsState, GapReason, RecordingState, VideoDisks, VideoIndex, VideoPlan};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::cut::Scissors;
use crate::keep::Keeping;

/// Nobody waits for a clip.
const ROUND: Duration = Duration::from_secs(5);
/// Rounds from one look at what is over to the next: an hour.
const KEEP_EACH: u64 = 720;
/// Clips that are looked at in a round, those first that were over first.
const LOOKED_AT: usize = 50;
/// Clips that are cut in a round: recording goes on meanwhile on the same disks.
const CUT_AT_MOST: usize = 4;

/// What clips are cut with.
pub struct ClipsParts {
    /// The ledger's folder; the index of video is in it.
    pub data_folder: PathBuf,
    /// Where video is, and what clips may take.
    pub plan: VideoPlan,
    /// The site's days.
    pub zone: TimeZone,
    /// Lanes that are recorded.
    pub recorded: Vec<String>,
    /// Where lanes are, for names.
    pub places: Vec<LanePlace>,
    /// How many months clips stay.
    pub months: u32,
    /// The way to the ledger.
    pub ledger: Handle,
    /// How recording stands.
    pub recording: watch::Receiver<RecordingState>,
    /// Whether passages wait for the disk.
    pub evidence_waits: Box<dyn Fn() -> bool + Send + Sync>,
    /// Whether this computer's clock may be believed.
    pub clock_trusted: Box<dyn Fn() -> bool + Send + Sync>,
}

/// Clips are cut.
pub struct Clips {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    state: watch::Receiver<ClipsState>,
}

/// Why a round was broken off; it comes again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Video(#[from] recorder::Error),
    #[error(transparent)]
    Thread(#[from] tokio::task::JoinError),
}

impl Clips {
    /// Begins. What fails is told in the log and tried again.
    #[must_use]
    pub fn start(parts: ClipsParts) -> Self {
        let stop = watch::Sender::new(false);
        let (tell, state) = watch::channel(ClipsState::default());
        let stopping = stop.subscribe();
        let task = tokio::spawn(run(parts, tell, stopping));
        Self { stop, task, state }
    }

    /// How it stands, now and at each change.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<ClipsState> {
        self.state.clone()
    }

    /// Ends when the clip is cut that is being cut.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the cutting of clips has failed");
        }
    }
}

async fn run(
    mut parts: ClipsParts,
    tell: watch::Sender<ClipsState>,
    mut stop: watch::Receiver<bool>,
) {
    // Before the start of recording is over, what a loss of power left open is not mended.
    let begun = parts.recording.wait_for(|state| !state.cameras.is_empty());
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => return,
        begun = begun => if begun.is_err() { return },
    }
    let mut work = Work {
        keeping: Keeping {
            folders: parts.plan.folders.clone(),
            zone: parts.zone.clone(),
            months: parts.months,
        },
        parts,
        scissors: None,
        tell,
        rounds: 0,
    };
    while timeout(ROUND, stop.wait_for(|stop| *stop)).await.is_err() {
        if let Err(error) = work.round(&stop).await {
            tracing::error!(%error, "clips could not be cut; tried again");
        }
    }
}

struct Work {
    parts: ClipsParts,
    keeping: Keeping,
    scissors: Option<Arc<Scissors>>,
    tell: watch::Sender<ClipsState>,
    rounds: u64,
}

impl Work {
    async fn round(&mut self, stop: &watch::Receiver<bool>) -> Result<(), Failed> {
        let now = Timestamp::now();
        let is_due = self.rounds.is_multiple_of(KEEP_EACH);
        if is_due && (self.parts.clock_trusted)() {
            if self.rounds == 0 {
                self.keeping.finish(&self.parts.ledger, now).await?;
            }
            let clips = self.keeping.let_go(&self.parts.ledger, now).await?;
            if clips > 0 {
                tracing::info!(clips, "clips removed, whose time is over");
            }
        }
        self.rounds += 1;
        let wanted = self.wanted(now).await?;
        let stopped = self.cut(wanted, now, stop).await?;
        let (waiting, bytes) = self.figures().await?;
        let is_new = self.tell.borrow().stopped != stopped;
        if let Some(reason) = stopped.filter(|_| is_new) {
            tracing::error!(
                reason = reason.code(),
                waiting,
                bytes,
                "no clip is cut: the disks of video have no room, or clips have reached recorder.clips_gb"
            );
        }
        self.tell.send_replace(ClipsState {
            waiting,
            bytes,
            stopped,
        });
        Ok(())
    }

    async fn wanted(&self, now: Timestamp) -> Result<Vec<WantedClip>, Failed> {
        loop {
            let lanes = self.parts.recorded.clone();
            let look = move |writer: &mut ledger::Writer| {
                let more = writer.want_clips(&lanes, now)?;
                Ok::<_, ledger::Error>((more, writer.wanted_clips(LOOKED_AT)?))
            };
            let (more, wanted) = self.parts.ledger.write(look).await?;
            if !more {
                return Ok(wanted);
            }
        }
    }

    /// Cuts what is ripe; why not, where there is no room.
    async fn cut(
        &mut self,
        wanted: Vec<WantedClip>,
        now: Timestamp,
        stop: &watch::Receiver<bool>,
    ) -> Result<Option<GapReason>, Failed> {
        let (_, mut used) = self.figures().await?;
        let mut cut = 0;
        for clip in wanted {
            if *stop.borrow() || cut == CUT_AT_MOST || (self.parts.evidence_waits)() {
                break;
            }
            let most = self.parts.plan.clips_bytes.saturating_sub(used);
            let scissors = self.scissors().await?;
            let work = move || match scissors.is_ripe(&clip, now) {
                Ok(true) => scissors.cut(&clip, most).map(Some),
                Ok(false) => Ok(None),
                Err(error) => Err(error),
            };
            let clip = match spawn_blocking(work).await? {
                Ok(Some(clip)) => clip,
                Ok(None) => continue,
                Err(recorder::Error::NoRoom(why)) => return Ok(Some(why)),
                Err(error) => {
                    tracing::error!(%error, "a clip could not be cut; tried again");
                    return Ok(Some(GapReason::DiskAway));
                }
            };
            cut += 1;
            used += clip.files.iter().map(|file| file.size_bytes).sum::<u64>();
            let (of, state) = (clip.of, clip.state);
            let keep = move |writer: &mut ledger::Writer| writer.keep_clip(&clip, Timestamp::now());
            let id = self.parts.ledger.write(keep).await?;
            tracing::info!(clip = %id, kind = %of.kind, subject = of.subject, state = %state, "clip kept");
        }
        Ok(None)
    }

    async fn scissors(&mut self) -> Result<Arc<Scissors>, Failed> {
        if let Some(scissors) = &self.scissors {
            return Ok(Arc::clone(scissors));
        }
        let (data, plan) = (self.parts.data_folder.clone(), self.parts.plan.clone());
        let (zone, places) = (self.parts.zone.clone(), self.parts.places.clone());
        let open = move || {
            let index = VideoIndex::open_to_read(&data)?;
            let disks = VideoDisks::known(&index, &plan.folders, plan.reserve_bytes)?;
            Ok::<_, recorder::Error>(Scissors {
                index,
                disks,
                zone,
                places,
            })
        };
        let opened = Arc::new(spawn_blocking(open).await??);
        Ok(Arc::clone(self.scissors.insert(opened)))
    }

    async fn figures(&self) -> Result<(u64, u64), Failed> {
        let look = |reader: &ledger::Reader| {
            Ok::<_, ledger::Error>((reader.waiting_clips()?, reader.clip_bytes()?))
        };
        Ok(self.parts.ledger.read(look).await?)
    }
}
