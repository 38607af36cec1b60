//! The lanes, as a service.

use std::sync::Arc;

use controller::{Error, HoldParts, LaneParts, Lanes};
use tokio::task::JoinHandle;
use words::Said;

use super::daemon::Parts;
use crate::exit::Failure;

/// Starts each lane with the passages that stood open at the last stop.
pub(crate) async fn start(parts: &Parts) -> Result<Lanes, Failure> {
    let config = &parts.config;
    let own = LaneParts {
        models: parts.models.clone(),
        ledger: parts.ledger.clone(),
        status: Arc::clone(&parts.status),
        rules: parts.rules.clone(),
        decisions: parts.decisions.clone(),
        inputs: parts.inputs.clone(),
        arms: parts.arms.clone(),
        detection: config.detection,
        watching: config.watching,
        records: config.recorder.is_some(),
        site: config.site.name.clone(),
        zone: config.site.zone.clone(),
        language: config.language,
        photos: config.photos.clone(),
        font: Arc::clone(&parts.font),
    };
    Lanes::start(&own, &config.lanes).await.map_err(failure)
}

/// Keeps open what persons hold open; lanes are there by then.
pub(crate) fn start_holds(parts: &Parts) -> JoinHandle<()> {
    controller::keep_holds(HoldParts {
        ledger: parts.ledger.clone(),
        status: Arc::clone(&parts.status),
        arms: parts.arms.clone(),
    })
}

pub(super) fn failure(error: Error) -> Failure {
    match error {
        Error::Barrier {
            lane,
            table,
            problems,
        } => {
            let all = problems.into_iter();
            Failure::usage(Said::lines(all.map(|problem| {
                let place = format!("lane {lane} {table}.{}", problem.key);
                Said::about(place, problem.why)
            })))
        }
        Error::Recognizer(error) => error.into(),
        Error::Camera(error) => Failure::Job(error.said()),
        Error::Ledger(error) => error.into(),
        Error::Thread(error) => error.into(),
    }
}
