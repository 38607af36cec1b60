//! A regulator's platform, as its adapter file says, as a sink.

mod beat;
mod deliver;
mod facts;
mod form;
#[cfg(fuzzing)]
mod fuzzing;
mod news;
mod passage;
mod photo;
mod record;
mod request;
mod reviews;
mod serial;
mod settings;
mod sign;
mod talk;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::passage::{OutboxItem, OutboxKind, PhotoKind};
use jiff::tz::TimeZone;
use ledger::SinkCounters;

use crate::adapter::{Adapter, DownlinkKind, PhotoPlace};
use crate::failure::Failure;
use crate::settings::BadSetting;
use crate::worker::{Answer, Beat, Delivery, Sink};

pub(crate) use talk::Talk;

pub use beat::{GateState, GateStates};
#[cfg(fuzzing)]
pub(crate) use fuzzing::requests;
#[cfg(fuzzing)]
pub(crate) use news::understood;
pub use settings::{FtpSettings, PlatformSettings};
pub use sign::{PlatformKey, SigningKey};
#[cfg(fuzzing)]
pub use talk::{AnswerHeard, Ear};

/// A platform, as a sink.
pub struct Platform {
    settings: Arc<PlatformSettings>,
    adapter: Arc<Adapter>,
    zone: TimeZone,
    ledger: ledger::Handle,
    talk: Talk,
    /// When each list is fetched next.
    fetch_at: Vec<(DownlinkKind, Instant)>,
    gates: GateStates,
    /// Whether its FTP server renames files, as far as it is known.
    ftp_renames: bool,
}

impl Platform {
    /// Takes settings and adapter, or says everything that is wrong with them.
    ///
    /// # Errors
    /// Every setting that can't work.
    pub fn new(
        settings: PlatformSettings,
        adapter: Adapter,
        ledger: ledger::Handle,
    ) -> Result<Self, Vec<BadSetting>> {
        let mut problems = settings.problems(&adapter);
        let (settings, adapter) = (Arc::new(settings), Arc::new(adapter));
        let talk = Talk::new(Arc::clone(&settings), Arc::clone(&adapter));
        let zone = TimeZone::get(&settings.time_zone);
        match (talk, zone, problems.is_empty()) {
            (Ok(talk), Ok(zone), true) => {
                let now = Instant::now();
                let fetch_at = adapter
                    .downlink
                    .all()
                    .map(|(kind, _)| (kind, now))
                    .collect();
                Ok(Self {
                    settings,
                    adapter,
                    zone,
                    ledger,
                    talk,
                    fetch_at,
                    gates: Arc::new(Vec::new),
                    ftp_renames: true,
                })
            }
            (talk, ..) => {
                problems.extend(talk.err());
                Err(problems)
            }
        }
    }

    /// Lets heartbeats tell how gates and cameras are, as far as the adapter file asks for it.
    #[must_use]
    pub fn telling(mut self, gates: GateStates) -> Self {
        self.gates = gates;
        self
    }
}

impl Sink for Platform {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn wants(&self, item: &OutboxItem) -> &'static [PhotoKind] {
        let end = item.kind == OutboxKind::PassageFinished;
        match (end, self.adapter.photos.place) {
            _ if item.kind == OutboxKind::Record => &[],
            (true, PhotoPlace::Record) if self.end_address().is_some() => &[PhotoKind::Body],
            _ => &[PhotoKind::Head, PhotoKind::Body],
        }
    }

    async fn deliver(&mut self, row: &Delivery) -> Answer {
        self.delivered(row).await
    }

    async fn heartbeat(&mut self, counters: &SinkCounters) -> Result<Beat, Failure> {
        self.beat(counters).await
    }

    fn next_fetch(&self) -> Option<Instant> {
        self.fetch_at.iter().map(|(_, at)| *at).min()
    }

    async fn fetch(&mut self, counters: &SinkCounters) -> Result<(), Failure> {
        let now = Instant::now();
        let due: Vec<DownlinkKind> = self
            .fetch_at
            .iter()
            .filter(|(_, at)| *at <= now)
            .map(|(kind, _)| *kind)
            .collect();
        let mut failed = Ok(());
        for kind in due {
            let adapter = Arc::clone(&self.adapter);
            let Some((_, list)) = adapter.downlink.all().find(|(k, _)| *k == kind) else {
                continue;
            };
            let result = self.fetch_list(kind, list, counters).await;
            // A list that could not be had is asked for again soon.
            let pause = if result.is_ok() {
                list.every
            } else {
                list.every.min(Duration::from_secs(60))
            };
            for (k, at) in &mut self.fetch_at {
                if *k == kind {
                    *at = Instant::now() + pause;
                }
            }
            failed = failed.and(result);
        }
        failed
    }

    async fn close(&mut self) {}
}
