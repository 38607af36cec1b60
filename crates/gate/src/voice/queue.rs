//! What is to be said, newest first; nobody waits for it.

use std::io;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{VoiceSettings, program};
use crate::Took;

/// What is older is said to nobody any more.
const FRESH: Duration = Duration::from_secs(5);

/// How a voice stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoiceView {
    /// Whether the last sentence was said; unknown before the first.
    pub works: Option<bool>,
    /// Why not, for the log.
    pub detail: String,
    /// Sentences begun.
    pub said: u64,
    /// Sentences that could not be said.
    pub failed: u64,
    /// Sentences that were kept back in quiet hours.
    pub kept_back: u64,
}

type Told = Option<(String, Instant)>;

/// Takes what is to be said on one lane. Never blocks; what is newer interrupts what is being said.
pub struct VoiceQueue {
    told: watch::Sender<Told>,
    view: watch::Receiver<VoiceView>,
    worker: JoinHandle<()>,
}

impl VoiceSettings {
    /// Begins to listen for sentences, within a Tokio runtime; quiet hours are by the clock of `zone`.
    /// `took` hears how long each took from its decision to its first sound.
    #[must_use]
    pub fn open(&self, zone: TimeZone, took: Took) -> VoiceQueue {
        let (told, news) = watch::channel(None);
        let (tell, view) = watch::channel(VoiceView::default());
        let worker = Worker {
            settings: self.clone(),
            zone,
            tell,
            took,
        };
        VoiceQueue {
            told,
            view,
            worker: tokio::spawn(worker.run(news)),
        }
    }

    /// Whether sound can be made, without a sound that anybody hears.
    ///
    /// # Errors
    /// What is missing, in the programs' words.
    pub async fn probe(&self) -> io::Result<()> {
        let silent = Self {
            volume: 0,
            ..self.clone()
        };
        let wav = program::synthesize(&silent, &super::spelled("1")).await?;
        program::play(&silent, &wav).await?.ended().await
    }
}

impl VoiceQueue {
    /// Says this about a decision that fell at `decided`.
    pub fn say(&self, text: String, decided: Instant) {
        self.told.send_replace(Some((text, decided)));
    }

    /// How the voice stands, now and at each change.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<VoiceView> {
        self.view.clone()
    }
}

impl Drop for VoiceQueue {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

impl std::fmt::Debug for VoiceQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VoiceQueue({:?})", *self.view.borrow())
    }
}

struct Worker {
    settings: VoiceSettings,
    zone: TimeZone,
    tell: watch::Sender<VoiceView>,
    took: Took,
}

impl Worker {
    async fn run(self, mut news: watch::Receiver<Told>) {
        while news.changed().await.is_ok() {
            loop {
                let told = news.borrow_and_update().clone();
                let fresh = told.filter(|(_, decided)| decided.elapsed() < FRESH);
                let Some((text, decided)) = fresh else { break };
                if self.is_quiet() {
                    self.tell.send_modify(|view| view.kept_back += 1);
                    break;
                }
                let newer = tokio::select! {
                    said = self.say(&text, decided) => { self.note(said); false }
                    newer = news.changed() => newer.is_ok(),
                };
                if !newer {
                    break;
                }
            }
        }
    }

    fn is_quiet(&self) -> bool {
        let now = Timestamp::now().to_zoned(self.zone.clone());
        self.settings.is_quiet(now.time())
    }

    async fn say(&self, text: &str, decided: Instant) -> io::Result<()> {
        let wav = program::synthesize(&self.settings, text).await?;
        let playing = program::play(&self.settings, &wav).await?;
        (self.took)(decided.elapsed());
        self.tell.send_modify(|view| view.said += 1);
        playing.ended().await
    }

    fn note(&self, said: io::Result<()>) {
        let works = said.is_ok();
        let problem = said.err().map(|error| error.to_string());
        if self.tell.borrow().works != Some(works) {
            match &problem {
                None => tracing::info!("the voice is heard"),
                Some(problem) => tracing::error!(problem, "nothing is said at the lane"),
            }
        }
        self.tell.send_modify(|view| {
            view.works = Some(works);
            view.detail = problem.unwrap_or_default();
            view.failed += u64::from(!works);
        });
    }
}
