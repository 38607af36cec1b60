//! The rules of a configuration, as the ledger completes them.

use jiff::tz::TimeZone;
use ledger::{Handle, Reader};
use policy::Rulebook;
use rules::{GateRules, Listing, Today};
use words::Said;

use crate::exit::Failure;
use config::Config;

/// Keeps them up to date for the daemon.
pub(crate) async fn follow(config: &Config, ledger: &Handle) -> Result<GateRules, Failure> {
    let today = Today::new(Reader::open(&config.data_folder)?, config.site.zone.clone());
    let (listings, site) = (listings(config), site(config)?);
    Ok(rules::follow(ledger.clone(), listings, site, today).await)
}

/// Reads them once.
pub(crate) fn read(config: &Config, reader: &Reader) -> Result<Rulebook, Failure> {
    Ok(rules::read(reader, &site(config)?, &listings(config))?)
}

fn site(config: &Config) -> Result<Rulebook, Failure> {
    Rulebook::new(config.gate.clone()).map_err(|problems| {
        let said =
            |p: &policy::RulebookProblem| Said::about(format!("gate.{}", p.key), p.problem.said());
        Failure::usage(Said::lines(problems.iter().map(said)))
    })
}

/// The platforms that send lists of over-limit vehicles.
pub(crate) fn listings(config: &Config) -> Vec<Listing> {
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
