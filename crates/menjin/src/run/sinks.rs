//! Uploads: a worker for each platform and for the broker.

use std::sync::Arc;
use std::time::Duration;

use sync::{Mqtt, MqttLive, Platform, WorkerHandle};
use tokio::task::JoinHandle;
use words::Said;

use super::daemon::Parts;
use crate::exit::Failure;
use service::{Service, Stopping};

/// How long after the stop uploads may still go on.
const PATIENCE: Duration = Duration::from_secs(10);

/// The workers.
pub(crate) struct Sinks(Vec<WorkerHandle>);

impl Sinks {
    /// Starts a worker for each sink of the site.
    pub(crate) fn start(parts: &Parts) -> Result<Self, Failure> {
        let mut workers = Vec::new();
        for platform in &parts.config.platforms {
            let (settings, adapter) = (platform.settings.clone(), platform.adapter.clone());
            let pace = settings.pace.clone();
            let sink = Platform::new(settings, adapter, parts.ledger.clone()).map_err(wrong)?;
            let states = status::gate_states(parts.config.places(), Arc::clone(&parts.status));
            workers.push(sync::spawn(
                sink.telling(states),
                parts.ledger.clone(),
                pace,
            ));
        }
        if let Some(settings) = &parts.config.mqtt {
            let sink = Mqtt::new(settings.clone()).map_err(wrong)?;
            let sink = sink.with_anchors(parts.ledger.clone());
            let sink = sink.with_decisions(parts.decisions.subscribe());
            let pace = settings.pace.clone();
            workers.push(sync::spawn(sink, parts.ledger.clone(), pace));
        }
        for worker in &workers {
            parts.status.add_sink(worker.status());
        }
        Ok(Self(workers))
    }
}

/// What is so now, published live, if the site has a broker.
pub(crate) fn start_live(parts: &Parts) -> Option<JoinHandle<()>> {
    let settings = parts.config.mqtt.clone()?;
    let places = parts.config.places();
    let lanes = places.iter().map(|place| place.lane.clone()).collect();
    let states = status::live_states(places, Arc::clone(&parts.status));
    Some(MqttLive::new(settings, parts.ledger.clone(), lanes, states).spawn())
}

impl Service for Sinks {
    fn stop(self: Box<Self>) -> Stopping {
        Box::pin(async move {
            let stopped = async {
                for worker in self.0 {
                    worker.stop().await;
                }
            };
            if tokio::time::timeout(PATIENCE, stopped).await.is_err() {
                tracing::warn!("an upload did not end in time; it will be repeated");
            }
        })
    }
}

fn wrong(problems: Vec<sync::BadSetting>) -> Failure {
    Failure::usage(Said::lines(problems.iter().map(sync::BadSetting::said)))
}
