//! Alarms and whoever is told of them, as services.

use std::sync::Arc;

use ledger::Handle;
use notify::Receivers;
use sentry::SentryParts;
use service::{Service, Stopping};
use status::Status;
use tokio::task::JoinHandle;

use super::daemon::Parts;
use crate::exit::Failure;

/// Looks for what is wrong, raises alarms and clears them.
pub(crate) fn start(parts: &Parts) -> Watch {
    let config = &parts.config;
    let lists = crate::policies::listings(config).into_iter();
    let own = SentryParts {
        status: Arc::clone(&parts.status),
        ledger: parts.ledger.clone(),
        settings: config.alarms.clone(),
        lists: lists.map(|listing| listing.platform).collect(),
    };
    Watch {
        task: tokio::spawn(sentry::keep_watch(own, parts.inputs.subscribe())),
        status: Arc::clone(&parts.status),
        ledger: parts.ledger.clone(),
    }
}

/// The sentry.
pub(crate) struct Watch {
    task: JoinHandle<()>,
    status: Arc<Status>,
    ledger: Handle,
}

impl Service for Watch {
    /// Lanes are watched still; until now it is, to whoever asks at the next start.
    fn stop(self: Box<Self>) -> Stopping {
        Box::pin(async move {
            Box::new(self.task).stop().await;
            sentry::keep_watched(&self.status, &self.ledger).await;
        })
    }
}

/// Begins to tell whoever is told of alarms and passages.
pub(crate) fn start_receivers(parts: &Parts) -> Result<Receivers, Failure> {
    let (config, status) = (&parts.config, &parts.status);
    let gate = notify::Sender {
        code: config.site.code.clone(),
        name: config.site.name.clone(),
        zone: config.site.zone.clone(),
        language: config.language,
    };
    Receivers::start(&config.receivers, &gate, &parts.ledger, |own| {
        status.add_receiver(own);
    })
    .map_err(Failure::usage)
}
