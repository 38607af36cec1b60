//! Weighing indicators: what they weigh goes to the ledger, and from there to its passage.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::{Reader, ScaleRules, ScaleSettled, ScaleWeighing};
use scale::Weighed;
use status::ScaleView;
use sync::{LedgerHandle, Waker};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use words::chain;

use super::daemon::Parts;
use super::service::{Service, Stopping};
use crate::config::{Config, Scale};

/// Vehicles that may wait for the ledger: hours of a full disk.
const WAITING: usize = 256;
/// Before the ledger is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);
/// How often weighings are given their passages.
const SETTLE: Duration = Duration::from_secs(10);
/// What is looked at each time, and what once an hour and at the start: somebody may correct the
/// plate of a passage of last week.
const RECENT: SignedDuration = SignedDuration::from_hours(2 * 24);
const FAR: SignedDuration = SignedDuration::from_hours(31 * 24);
const FAR_EVERY: u32 = 360;
/// How long the ledger may take for what was weighed at the stop.
const LAST: Duration = Duration::from_secs(2);

/// Everything that runs for indicators.
pub(crate) struct Scales {
    lines: Vec<JoinHandle<()>>,
    keepers: Vec<JoinHandle<()>>,
    settler: Option<JoinHandle<()>>,
}

impl Scales {
    /// Listens to each indicator of the site.
    pub(crate) fn start(parts: &Parts) -> Self {
        let (config, ledger) = (&parts.config, &parts.ledger);
        let mut scales = Self {
            lines: Vec::new(),
            keepers: Vec::new(),
            settler: None,
        };
        for scale in &config.scales {
            let (to, weighed) = mpsc::channel(WAITING);
            let (tell, state) = watch::channel(scale::IndicatorStatus::default());
            parts.status.add_scale(ScaleView {
                name: scale.settings.name.clone(),
                state,
            });
            let line = scale::follow(scale.settings.clone(), to, tell);
            scales.lines.push(tokio::spawn(line));
            let keeper = keep(scale.clone(), ledger.clone(), weighed);
            scales.keepers.push(tokio::spawn(keeper));
        }
        if !config.scales.is_empty() {
            let settler = settle(Arc::clone(config), ledger.clone(), parts.wakers.clone());
            scales.settler = Some(tokio::spawn(settler));
        }
        scales
    }
}

impl Service for Scales {
    /// Ends the lines, lets the ledger take what was weighed by then, and ends the rest.
    fn stop(self: Box<Self>) -> Stopping {
        Box::pin(async move {
            if let Some(settler) = self.settler {
                settler.abort();
            }
            self.lines.iter().for_each(JoinHandle::abort);
            for mut keeper in self.keepers {
                if tokio::time::timeout(LAST, &mut keeper).await.is_err() {
                    tracing::error!(
                        "a weighing was not kept before the stop: the ledger takes nothing"
                    );
                    keeper.abort();
                }
            }
        })
    }
}

/// Keeps what one indicator weighs, however long the disk refuses.
async fn keep(scale: Scale, ledger: LedgerHandle, mut weighed: mpsc::Receiver<Weighed>) {
    while let Some(vehicle) = weighed.recv().await {
        let weighing = ScaleWeighing {
            scale: scale.settings.name.clone(),
            lanes: scale.lanes.clone(),
            mass_kg: vehicle.kg,
            weighed_at: vehicle.at,
        };
        let mut told = false;
        loop {
            let new = weighing.clone();
            let kept = ledger
                .write(move |writer| writer.add_scale_weighing(&new, Timestamp::now()))
                .await;
            let error = match kept {
                Ok(Ok(_)) => break,
                Ok(Err(error)) => chain(&error),
                Err(error) => chain(&error),
            };
            if !std::mem::replace(&mut told, true) {
                let (scale, kg) = (&weighing.scale, weighing.mass_kg);
                tracing::error!(
                    scale,
                    kg,
                    error,
                    "a weighing waits: the ledger does not take it"
                );
            }
            tokio::time::sleep(TRY_AGAIN).await;
        }
    }
}

/// Gives weighings their passages until the daemon ends.
async fn settle(config: Arc<Config>, ledger: LedgerHandle, wakers: Vec<Waker>) {
    let rules = ScaleRules {
        scales: config
            .scales
            .iter()
            .map(|scale| (scale.settings.name.clone(), scale.rule))
            .collect(),
        least_load_kg: config.least_load_kg.into(),
    };
    let rules = Arc::new(rules);
    let mut failing = false;
    for round in (0..FAR_EVERY).cycle() {
        let back = if round == 0 { FAR } else { RECENT };
        let (config, ledger, rules) = (Arc::clone(&config), ledger.clone(), Arc::clone(&rules));
        let once = tokio::task::spawn_blocking(move || once(&config, &ledger, &rules, back)).await;
        match once.unwrap_or_else(|e| Err(e.to_string())) {
            Ok(done) => {
                failing = false;
                if done != ScaleSettled::default() {
                    let ScaleSettled {
                        matched,
                        given,
                        taken_back,
                    } = done;
                    tracing::info!(
                        matched,
                        given,
                        taken_back,
                        "weighings have found their passages"
                    );
                }
                if done.given + done.taken_back > 0 {
                    wakers.iter().for_each(Waker::wake);
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(
                        error,
                        "weighings could not be given their passages; tried again"
                    );
                }
            }
        }
        tokio::time::sleep(SETTLE).await;
    }
}

/// Loads are told from matches, so it is looked twice.
fn once(
    config: &Config,
    ledger: &LedgerHandle,
    rules: &ScaleRules,
    back: SignedDuration,
) -> Result<ScaleSettled, String> {
    // A reader of its own: a month takes a second, and uploads use the other one.
    let reader = Reader::open(&config.data_folder).map_err(|e| chain(&e))?;
    let mut all = ScaleSettled::default();
    for _ in 0..2 {
        let now = Timestamp::now();
        let work = reader
            .scale_work(rules, now - back, now)
            .map_err(|e| chain(&e))?;
        if work.is_empty() {
            break;
        }
        let done = ledger
            .write_blocking(move |writer| writer.settle_scales(&work, now))
            .map_err(|e| e.to_string())?
            .map_err(|e| chain(&e))?;
        all.matched += done.matched;
        all.given += done.given;
        all.taken_back += done.taken_back;
    }
    Ok(all)
}
