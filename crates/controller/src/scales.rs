//! Weighing indicators: what they weigh goes to the ledger, and from there to its passage.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::{Handle, Reader, ScaleRules, ScaleSettled, ScaleWeighing};
use scale::Weighed;
use status::{ScaleView, Status};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use words::chain;

use crate::ScaleSetup;

/// Vehicles that may wait for the ledger: hours of a full disk.
const WAITING: usize = 256;
/// Before the ledger is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(5);
/// How often weighings are given their passages. Time alone makes one ripe for its passage, so no
/// commit could tell when to look.
const SETTLE: Duration = Duration::from_secs(10);
/// What is looked at each time, and what once an hour and at the start: somebody may correct the
/// plate of a passage of last week.
const RECENT: SignedDuration = SignedDuration::from_hours(2 * 24);
const FAR: SignedDuration = SignedDuration::from_hours(31 * 24);
const FAR_EVERY: u32 = 360;
/// How long the ledger may take for what was weighed at the stop.
const LAST: Duration = Duration::from_secs(2);

/// What scales work with, the same for all of them.
pub struct ScaleParts {
    /// A smaller difference between the weighings of entry and exit is no load.
    pub least_load_kg: u32,
    /// The ledger's folder.
    pub data_folder: PathBuf,
    /// Where weighings are written.
    pub ledger: Handle,
    /// Where it is told how indicators are.
    pub status: Arc<Status>,
}

/// Everything that runs for indicators.
pub struct Scales {
    lines: Vec<JoinHandle<()>>,
    keepers: Vec<JoinHandle<()>>,
    settler: Option<JoinHandle<()>>,
}

impl Scales {
    /// Listens to each of these indicators.
    #[must_use]
    pub fn start(parts: &ScaleParts, setups: &[ScaleSetup]) -> Self {
        let mut scales = Self {
            lines: Vec::new(),
            keepers: Vec::new(),
            settler: None,
        };
        for scale in setups {
            let (to, weighed) = mpsc::channel(WAITING);
            let (tell, state) = watch::channel(scale::IndicatorStatus::default());
            parts.status.add_scale(ScaleView {
                name: scale.settings.name.clone(),
                state,
            });
            let line = scale::follow(scale.settings.clone(), to, tell);
            scales.lines.push(tokio::spawn(line));
            let keeper = keep(scale.clone(), parts.ledger.clone(), weighed);
            scales.keepers.push(tokio::spawn(keeper));
        }
        if !setups.is_empty() {
            let rule = |scale: &ScaleSetup| (scale.settings.name.clone(), scale.rule);
            let rules = ScaleRules {
                scales: setups.iter().map(rule).collect(),
                least_load_kg: parts.least_load_kg.into(),
            };
            let data = parts.data_folder.clone();
            let settler = settle(rules, data, parts.ledger.clone());
            scales.settler = Some(tokio::spawn(settler));
        }
        scales
    }

    /// Ends the lines, lets the ledger take what was weighed by then, and ends the rest.
    pub async fn stop(self) {
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
    }
}

/// Keeps what one indicator weighs, however long the disk refuses.
async fn keep(scale: ScaleSetup, ledger: Handle, mut weighed: mpsc::Receiver<Weighed>) {
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
                Ok(_) => break,
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
async fn settle(rules: ScaleRules, data: PathBuf, ledger: Handle) {
    let rules = Arc::new(rules);
    let mut failing = false;
    for round in (0..FAR_EVERY).cycle() {
        let back = if round == 0 { FAR } else { RECENT };
        let (data, ledger, rules) = (data.clone(), ledger.clone(), Arc::clone(&rules));
        let once = tokio::task::spawn_blocking(move || once(&data, &ledger, &rules, back)).await;
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
    data: &Path,
    ledger: &Handle,
    rules: &ScaleRules,
    back: SignedDuration,
) -> Result<ScaleSettled, String> {
    // A reader of its own: a month takes a second, and uploads use the other one.
    let reader = Reader::open(data).map_err(|e| chain(&e))?;
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
            .map_err(|e| chain(&e))?;
        all.matched += done.matched;
        all.given += done.given;
        all.taken_back += done.taken_back;
    }
    Ok(all)
}

impl service::Service for Scales {
    fn stop(self: Box<Self>) -> service::Stopping {
        Box::pin(Self::stop(*self))
    }
}
