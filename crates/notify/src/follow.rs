//! One receiver's worker: follows the chain, tells, and keeps how far it is.

use std::sync::Arc;
use std::time::Duration;

use alarm::{CauseKind, StepKind};
use jiff::Timestamp;
use ledger::{AlarmNews, ErrorKind, Handle, Happening, Reader, Topic};
use line::{Backoff, Retry};
use passage::{PassageId, PassageView, PhotoKind};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use words::Said;

use crate::channel::{Channel, Outcome};
use crate::dingtalk::Dingtalk;
use crate::email::Email;
use crate::message::{Message, Sender};
use crate::settings::{ChannelSettings, ReceiverSettings};
use crate::webhook::Webhook;
use crate::wecom::Wecom;

/// What was written to the ledger that is read at a time.
const WITHIN: usize = 1_000;
/// Quiet hours end without a commit.
pub(crate) const TICK: Duration = Duration::from_secs(30);
const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(2),
    longest: Duration::from_secs(600),
};

/// How a receiver stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiverStatus {
    /// Its name.
    pub name: String,
    /// Messages that it took since the start.
    pub taken: u64,
    /// Messages that it refused since the start.
    pub refused: u64,
    /// Why it could not be told; none while it can.
    pub failing: Option<String>,
}

/// What time it is.
type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A receiver that is told.
pub struct Follower {
    pub(crate) settings: ReceiverSettings,
    channel: Box<dyn Channel>,
    pub(crate) sender: Sender,
    pub(crate) ledger: Handle,
    status: watch::Sender<ReceiverStatus>,
    /// Tells the time, for quiet hours.
    clock: Clock,
}

/// The workers of all receivers.
pub struct Receivers(Vec<JoinHandle<()>>);

impl Receivers {
    /// Begins to tell them; `known` is handed how each stands.
    ///
    /// # Errors
    /// What is wrong with the first that can't be told.
    pub fn start(
        all: &[ReceiverSettings],
        sender: &Sender,
        ledger: &Handle,
        known: impl Fn(watch::Receiver<ReceiverStatus>),
    ) -> Result<Self, Said> {
        let mut followers = Vec::new();
        for settings in all {
            let place = format!("notify {}", settings.name);
            let follower = Follower::open(settings.clone(), sender.clone(), ledger.clone());
            followers.push(follower.map_err(|why| Said::about(place, Said::other(why)))?);
        }
        let begin = |follower: Follower| {
            known(follower.status());
            follower.spawn()
        };
        Ok(Self(followers.into_iter().map(begin).collect()))
    }
}

impl service::Service for Receivers {
    fn stop(self: Box<Self>) -> service::Stopping {
        Box::pin(async move {
            for task in self.0 {
                task.abort();
                let _ = task.await;
            }
        })
    }
}

/// Something to tell, with its place in the chain.
enum News {
    Alarm(AlarmNews),
    Passage(i64, &'static str, Box<PassageView>),
}

impl News {
    fn place(&self) -> i64 {
        match self {
            Self::Alarm(news) => news.place,
            Self::Passage(place, ..) => *place,
        }
    }
}

impl Follower {
    /// A receiver that `sender` tells.
    ///
    /// # Errors
    /// What is wrong with the settings, in English.
    pub fn open(
        settings: ReceiverSettings,
        sender: Sender,
        ledger: Handle,
    ) -> Result<Self, String> {
        let channel: Box<dyn Channel> = match &settings.channel {
            ChannelSettings::Webhook(http) => Box::new(Webhook::open(http)?),
            ChannelSettings::Wecom(http) => Box::new(Wecom::open(http)?),
            ChannelSettings::Dingtalk(http) => Box::new(Dingtalk::open(http)?),
            ChannelSettings::Email(email) => Box::new(Email::open(email)?),
        };
        let status = watch::Sender::new(ReceiverStatus {
            name: settings.name.clone(),
            ..ReceiverStatus::default()
        });
        Ok(Self {
            channel,
            sender,
            settings,
            ledger,
            status,
            clock: Arc::new(Timestamp::now),
        })
    }

    /// How it stands, now and at each change.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<ReceiverStatus> {
        self.status.subscribe()
    }

    /// Quiet hours are by this clock.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let clock = Arc::new(clock);
        Self { clock, ..self }
    }

    /// Tells until aborted.
    #[must_use]
    pub fn spawn(self) -> JoinHandle<()> {
        tokio::spawn(self.run())
    }

    async fn run(mut self) {
        let mut news = self.ledger.committed(&[Topic::Alarms, Topic::Passages]);
        let name = self.follower();
        let begin = |reader: &Reader, name: &str| {
            let last = reader.last_place()?;
            // What was before there was a receiver is no news.
            Ok::<_, ledger::Error>(reader.follower(name)?.unwrap_or(last).min(last))
        };
        let mut place = loop {
            let name = name.clone();
            match self.ledger.read(move |reader| begin(reader, &name)).await {
                Ok(place) => break place,
                Err(error) if error.kind() == ErrorKind::Closed => return,
                Err(_) => tokio::time::sleep(TICK).await,
            }
        };
        // Kept at once, so that what happens before the first message is not passed over by a restart.
        self.keep(place).await;
        let mut kept = place;
        loop {
            match self.look(place).await {
                Ok((all, reached)) => {
                    for news in all {
                        let at = news.place();
                        self.tell(news).await;
                        self.keep(at).await;
                        kept = at;
                    }
                    let more = reached - place >= WITHIN as i64;
                    place = reached;
                    // What is of no interest is passed over again after a restart, unless that is a lot.
                    if place - kept > WITHIN as i64 {
                        self.keep(place).await;
                        kept = place;
                    }
                    if more {
                        continue;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Closed => return,
                Err(error) => {
                    tracing::warn!(receiver = self.settings.name, %error, "could not look");
                }
            }
            self.tell_held().await;
            tokio::select! {
                news = news.changed() => if news.is_err() { return },
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    pub(crate) fn follower(&self) -> String {
        format!("notify:{}", self.settings.name)
    }

    async fn keep(&self, place: i64) {
        let name = self.follower();
        let keep = self
            .ledger
            .write(move |writer| writer.set_follower(&name, place));
        if let Err(error) = keep.await {
            tracing::warn!(receiver = self.settings.name, %error, "how far it was told could not be kept");
        }
    }

    async fn look(&self, place: i64) -> ledger::Result<(Vec<News>, i64)> {
        let settings = self.settings.clone();
        let look = move |reader: &Reader| {
            let (alarms, reached) = reader.alarm_news(place, WITHIN)?;
            let mut all: Vec<News> = alarms
                .into_iter()
                .filter(|news| wants(&settings, news))
                .map(News::Alarm)
                .collect();
            for happened in reader.happened(place, WITHIN)? {
                let what = match happened.what {
                    Happening::Finished => "finished",
                    Happening::Corrected if settings.passages => "corrected",
                    Happening::Corrected | Happening::Decided => continue,
                };
                if happened.place > reached || !may_want_passages(&settings) {
                    continue;
                }
                if let Some(passage) = reader.passage(happened.passage)?
                    && wants_passage(&settings, &passage)
                {
                    all.push(News::Passage(happened.place, what, Box::new(passage)));
                }
            }
            all.sort_by_key(News::place);
            Ok((all, reached))
        };
        self.ledger.read(look).await
    }

    /// Tells one thing, for as long as it takes, unless nobody is to be woken.
    async fn tell(&mut self, news: News) {
        if self.is_quiet() && !self.is_loud(&news) {
            if let News::Alarm(news) = &news
                && news.step.is_none()
            {
                self.keep_back(news.alarm.id, news.place).await;
            }
            return;
        }
        let (mut message, passage) = match &news {
            News::Alarm(news) => (
                Message::alarm(news.place, news.what(), &news.alarm, &self.sender),
                news.alarm.passage().filter(|_| news.step.is_none()),
            ),
            News::Passage(place, what, passage) => (
                Message::passage(*place, what, passage, &self.sender),
                Some(passage.id),
            ),
        };
        if self.settings.picture {
            message.picture = self.picture(passage).await;
        }
        self.deliver(&message).await;
    }

    pub(crate) async fn deliver(&self, message: &Message) {
        let mut retry = Retry::new(BACKOFF);
        loop {
            let outcome = self.channel.tell(message).await;
            let name = self.settings.name.as_str();
            match outcome {
                Outcome::Taken => {
                    self.status.send_modify(|status| {
                        status.taken += 1;
                        status.failing = None;
                    });
                    break;
                }
                Outcome::Refused(words) => {
                    tracing::error!(
                        receiver = name,
                        kind = message.kind,
                        words,
                        "a message was refused"
                    );
                    self.status.send_modify(|status| status.refused += 1);
                    break;
                }
                Outcome::Failed(words) => {
                    let pause = retry.after_failure(rand::random());
                    if retry.failures() == 1 {
                        tracing::warn!(
                            receiver = name,
                            words,
                            "could not be told; it is tried again"
                        );
                    }
                    self.status
                        .send_modify(|status| status.failing = Some(words));
                    tokio::time::sleep(pause).await;
                }
            }
        }
        tokio::time::sleep(self.channel.pace()).await;
    }

    async fn picture(&self, passage: Option<PassageId>) -> Option<Vec<u8>> {
        let passage = passage?;
        let read = self.ledger.read(move |reader| {
            let passage = reader.passage(passage)?;
            let photo = passage.and_then(|passage| {
                let mut photos = passage.photos.into_iter();
                photos.find(|photo| photo.kind == PhotoKind::Head)
            });
            photo.map(|photo| reader.photo_bytes(&photo)).transpose()
        });
        // A photo that retention removed is no reason not to tell.
        read.await.ok().flatten()
    }

    pub(crate) fn is_quiet(&self) -> bool {
        let now = (self.clock)().to_zoned(self.sender.zone.clone()).time();
        self.settings.quiet.is_some_and(|quiet| quiet.holds(now))
    }

    fn is_loud(&self, news: &News) -> bool {
        match news {
            News::Alarm(news) => self.settings.loud.contains(&news.alarm.cause.kind),
            News::Passage(..) => false,
        }
    }
}

/// Programs hear everything; people that something is wrong and that it is over, not that they have seen it.
fn wants(settings: &ReceiverSettings, news: &AlarmNews) -> bool {
    let kind: CauseKind = news.alarm.cause.kind;
    let of_kind = settings.alarms.is_empty() || settings.alarms.contains(&kind);
    let is_program = matches!(settings.channel, ChannelSettings::Webhook(_));
    let by_hand = news.alarm.ends_when_seen();
    let step = match news.step {
        None => true,
        Some(StepKind::Cleared) => is_program || !by_hand,
        Some(StepKind::Seen | StepKind::Again) => is_program,
    };
    of_kind && step
}

fn may_want_passages(settings: &ReceiverSettings) -> bool {
    settings.passages || !settings.plates.is_empty()
}

fn wants_passage(settings: &ReceiverSettings, passage: &PassageView) -> bool {
    let named = passage.plate().is_some_and(|(plate, _)| {
        let mut plates = settings.plates.iter();
        plates.any(|wanted| wanted.as_str() == plate)
    });
    settings.passages || named
}
