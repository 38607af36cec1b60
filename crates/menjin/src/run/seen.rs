//! What is seen of the daemon and handed to it from outside: status pages, late uploads, the clock, weighings.

use std::sync::Arc;

use listener::Listener;
use orders::weighing::take_weighings;
use tokio::task::JoinHandle;

use super::daemon::Parts;

/// Looks now and then whether the clock may be believed.
pub(crate) fn start_clock(parts: &Parts) -> JoinHandle<()> {
    let assumed = parts.config.site.clock_assumed;
    tokio::spawn(status::watch_clock(Arc::clone(&parts.status), assumed))
}

/// Watches whether platforms get what they are sent in time.
pub(crate) fn start_upload_watch(parts: &Parts) -> JoinHandle<()> {
    let platforms = parts.config.platforms.iter();
    let limits = platforms.map(|platform| (platform.settings.name.clone(), platform.alarm));
    let watch = status::watch_uploads(
        limits.collect(),
        parts.config.site.zone.clone(),
        Arc::clone(&parts.status),
        parts.ledger.clone(),
    );
    tokio::spawn(watch)
}

/// Serves `/healthz` and `/metrics`.
pub(crate) fn start_pages(parts: &Parts, listener: Listener) -> JoinHandle<()> {
    let (status, ledger) = (Arc::clone(&parts.status), parts.ledger.clone());
    let token = parts.config.status_pages.token.clone();
    status::serve_pages(listener, status, ledger, parts.config.language, token)
}

/// Takes records of the weighing software.
pub(crate) fn start_weighings(parts: &Parts, listener: Option<Listener>) -> Option<JoinHandle<()>> {
    let intake = parts.config.weighbridge.clone()?;
    let (ledger, language) = (parts.ledger.clone(), parts.config.language);
    Some(take_weighings(listener?, intake, ledger, language))
}
