//! Displays and voices at the entrances, as a service.

use std::sync::Arc;

use controller::{SignParts, Signs};

use super::daemon::Parts;
use super::lanes;
use crate::exit::Failure;

/// Shows and says decisions from now on; lanes are there by then.
pub(crate) fn start(parts: &Parts) -> Result<Signs, Failure> {
    let config = &parts.config;
    let own = SignParts {
        ledger: parts.ledger.clone(),
        status: Arc::clone(&parts.status),
        language: config.language,
        zone: config.site.zone.clone(),
        alarms: config.alarms.at_lane.clone(),
        decisions: parts.decisions.subscribe(),
        notices: parts.notices.clone(),
    };
    Signs::start(own, &config.lanes).map_err(lanes::failure)
}
