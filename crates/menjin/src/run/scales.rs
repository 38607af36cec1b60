//! Weighing indicators, as a service.

use std::sync::Arc;

use controller::{ScaleParts, Scales};

use super::daemon::Parts;

/// Listens to each indicator of the site.
pub(crate) fn start(parts: &Parts) -> Scales {
    let config = &parts.config;
    let own = ScaleParts {
        least_load_kg: config.least_load_kg,
        data_folder: config.data_folder.clone(),
        ledger: parts.ledger.clone(),
        status: Arc::clone(&parts.status),
    };
    Scales::start(&own, &config.scales)
}
