//! Decisions are said at once, while the vehicle stands at the barrier: for displays, loudspeakers and
//! automation. They are no rows: each is published once, with QoS 1, over the connection that stands, and
//! one that can't be said soon is not said any more. What is recorded follows in its own time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use passage::NewPassage;
use rumqttc::AsyncClient;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::JoinHandle;

use super::{Mqtt, MqttSettings, link, message, topic_part};

/// A decision that is older belongs to no vehicle at the barrier any more.
const FRESH: Duration = Duration::from_secs(5);

/// A decision that has just fallen.
#[derive(Debug)]
pub struct JustDecided {
    /// When it did, on this process's clock.
    pub at: Instant,
    /// What was decided of whom.
    pub passage: NewPassage,
}

/// What says decisions, beside the rows that are delivered.
pub(super) struct Announcer {
    task: JoinHandle<()>,
    /// There is something to say and no connection to say it over.
    link_missing: Arc<Notify>,
}

impl Drop for Announcer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Announcer {
    /// Waits until a connection is missing.
    pub(super) async fn misses_link(&self) {
        self.link_missing.notified().await;
    }
}

impl Mqtt {
    /// Publishes decisions too, as they fall. To be called within a runtime.
    #[must_use]
    pub fn with_decisions(mut self, decisions: broadcast::Receiver<Arc<JustDecided>>) -> Self {
        let link_missing = Arc::<Notify>::default();
        let saying = Saying {
            settings: self.settings.clone(),
            voice: self.voice.subscribe(),
            link_missing: Arc::clone(&link_missing),
        };
        self.announcer = Some(Announcer {
            task: tokio::spawn(saying.run(decisions)),
            link_missing,
        });
        self
    }
}

struct Saying {
    settings: MqttSettings,
    voice: watch::Receiver<Option<AsyncClient>>,
    link_missing: Arc<Notify>,
}

impl Saying {
    async fn run(mut self, mut decisions: broadcast::Receiver<Arc<JustDecided>>) {
        loop {
            match decisions.recv().await {
                Ok(decided) => self.say(&decided).await,
                Err(RecvError::Lagged(count)) => {
                    tracing::warn!(sink = %self.settings.name, count, "decisions were not published");
                }
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn say(&mut self, decided: &JustDecided) {
        let passage = &decided.passage;
        let topic = self.settings.decision_topic(&passage.lane);
        let body = message::decision(&self.settings.site, passage).to_string();
        let until = (decided.at + FRESH).into();
        if tokio::time::timeout_at(until, self.publish(&topic, body.as_bytes()))
            .await
            .is_err()
        {
            let (sink, serial) = (&self.settings.name, passage.key);
            tracing::warn!(%sink, %serial, "a decision was not published: the broker is not there");
        }
    }

    /// Hands it to the connection, to the next one where there is none.
    async fn publish(&mut self, topic: &str, body: &[u8]) {
        loop {
            if self.voice.borrow().is_none() {
                self.link_missing.notify_one();
            }
            let standing = self.voice.wait_for(Option::is_some).await;
            let Ok(client) = standing.map(|client| client.clone()) else {
                return std::future::pending().await;
            };
            let Some(client) = client else { continue };
            let options = link::at_least_once(false);
            if client.publish(topic, body.to_vec(), options).await.is_ok() {
                return;
            }
            // The connection has just ended, and says so at once.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl MqttSettings {
    fn decision_topic(&self, lane: &str) -> String {
        let [prefix, site, lane] = [self.prefix.as_str(), &self.site, lane].map(topic_part);
        format!("{prefix}/{site}/decisions/{lane}")
    }
}
