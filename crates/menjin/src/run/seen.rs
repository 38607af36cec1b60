//! What people see of the daemon: status pages, late uploads, and whether the clock may be believed.

use std::sync::Arc;

use status::Pages;
use tokio::task::JoinHandle;

use super::daemon::Parts;
use super::service::{Service, Stopping};
use crate::exit::Failure;

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
pub(crate) async fn start_pages(parts: &Parts) -> Result<StatusPages, Failure> {
    let address = parts.config.status_address;
    let (status, ledger) = (Arc::clone(&parts.status), parts.ledger.clone());
    let pages = status::serve_pages(address, status, ledger, parts.config.language).await;
    let pages = pages.map_err(|e| {
        Failure::Job(format!("cannot listen on {address} for /healthz and /metrics: {e}. Choose another [status] listen"))
    })?;
    tracing::info!(address = %pages.address, "status pages");
    Ok(StatusPages(pages))
}

/// The pages that are served.
pub(crate) struct StatusPages(Pages);

impl Service for StatusPages {
    fn stop(self: Box<Self>) -> Stopping {
        Box::new(self.0.task).stop()
    }
}
