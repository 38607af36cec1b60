//! The anchors of the ledger's chain leave the computer: each day's on a topic of its own, retained, so
//! that whoever asks later gets all of them.
//!
//! `PREFIX/SITE/anchors/YYYY-MM-DD` holds `{"day", "links", "head", "branch", "site"}`. After
//! a restore the name of the new branch follows the day. An anchor that the
//! broker has acknowledged is noted in the ledger; every other one is published again, for ever.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledger::{Anchor, Handle};
use serde_json::json;

use super::{Mqtt, topic_part};
use crate::failure::{Failure, FailureKind, chain};

/// How often it is looked whether a day is over.
const EVERY: Duration = Duration::from_secs(60);

/// Where anchors are, and when they are looked for next.
pub(super) struct Anchors {
    ledger: Handle,
    every: Duration,
    next: Instant,
}

impl Anchors {
    pub(super) fn next(&self) -> Instant {
        self.next
    }
}

impl Mqtt {
    /// Publishes the ledger's anchors too.
    #[must_use]
    pub fn with_anchors(mut self, ledger: Handle) -> Self {
        self.anchors = Some(Anchors {
            ledger,
            // A site that beats faster is told of a day sooner.
            every: EVERY.min(self.settings.pace.heartbeat),
            next: Instant::now(),
        });
        self
    }

    pub(super) async fn publish_anchors(&mut self) -> Result<(), Failure> {
        let Some(anchors) = &mut self.anchors else {
            return Ok(());
        };
        anchors.next = Instant::now() + anchors.every;
        let (ledger, name) = (anchors.ledger.clone(), self.settings.name.clone());
        let unsent = ledger.read(move |reader| reader.anchors_at(&name)).await;
        let (_, unsent) = unsent.map_err(|e| evidence(&e))?;
        for anchor in unsent {
            let body = json!({
                "day": anchor.day, "links": anchor.links, "head": anchor.head,
                "branch": anchor.branch, "site": self.settings.site,
            });
            self.publish(self.settings.anchor_topic(&anchor), true, &body)
                .await?;
            let name = self.settings.name.clone();
            let noted = ledger
                .write(move |writer| writer.note_anchor(&name, &anchor, Timestamp::now()))
                .await;
            noted.map_err(|e| evidence(&e))?;
        }
        Ok(())
    }
}

impl super::MqttSettings {
    fn anchor_topic(&self, anchor: &Anchor) -> String {
        let [prefix, site] = [self.prefix.as_str(), &self.site].map(topic_part);
        let day = anchor.day;
        match &anchor.branch {
            None => format!("{prefix}/{site}/anchors/{day}"),
            // What was anchored before a restore stays what it was.
            Some(branch) => format!("{prefix}/{site}/anchors/{day}/{}", topic_part(branch)),
        }
    }
}

fn evidence(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::new(FailureKind::Evidence, chain(error))
}
