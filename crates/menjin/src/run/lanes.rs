//! The lanes, as a service.

use std::sync::Arc;

use controller::{Error, LaneParts, Lanes, Listing};
use jiff::tz::TimeZone;
use policy::Rulebook;
use words::Said;

use super::daemon::Parts;
use crate::config::Config;
use crate::exit::Failure;

/// Starts each lane with the passages that stood open at the last stop.
pub(crate) async fn start(parts: &Parts) -> Result<Lanes, Failure> {
    let config = &parts.config;
    let rules = Rulebook::new(config.gate.clone()).map_err(|problems| {
        let said =
            |p: &policy::RulebookProblem| Said::about(format!("gate.{}", p.key), p.problem.said());
        Failure::usage(Said::lines(problems.iter().map(said)))
    })?;
    let own = LaneParts {
        models: parts.models.clone(),
        ledger: parts.ledger.clone(),
        status: Arc::clone(&parts.status),
        rules,
        decisions: parts.decisions.clone(),
        listings: listings(config),
        detection: config.detection,
        watching: config.watching,
        site: config.site.name.clone(),
        zone: config.site.zone.clone(),
        language: config.language,
        photos: config.photos.clone(),
        font: Arc::clone(&parts.font),
    };
    Lanes::start(&own, &config.lanes).await.map_err(failure)
}

/// The platforms that send lists of over-limit vehicles.
fn listings(config: &Config) -> Vec<Listing> {
    let platforms = config.platforms.iter();
    platforms
        .filter(|platform| platform.adapter.downlink.over_limit.is_some())
        .map(|platform| Listing {
            platform: platform.settings.name.clone(),
            zone: TimeZone::get(&platform.settings.time_zone)
                .unwrap_or_else(|_| config.site.zone.clone()),
        })
        .collect()
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Barrier { lane, problems } => {
            let all = problems.into_iter();
            Failure::usage(Said::lines(all.map(|problem| {
                let place = format!("lane {lane} relay.{}", problem.key);
                Said::about(place, problem.why)
            })))
        }
        Error::Recognizer(error) => error.into(),
        Error::Camera(error) => Failure::Job(error.said()),
        Error::Ledger(error) => error.into(),
        Error::Thread(error) => error.into(),
    }
}
