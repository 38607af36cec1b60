//! Alarms that are told at their lane, as they are raised.

use alarm::{AlarmView, CauseKind};
use ledger::{Committed, Handle, Topic};

use crate::signs::SignParts;

/// What was written to the ledger that is looked through at a time.
const WITHIN: usize = 2_000;

/// Follows alarms of some kinds from now on.
pub(crate) struct LaneAlarms {
    ledger: Handle,
    kinds: Vec<CauseKind>,
    news: Committed,
    /// Up to where was looked; none before the first look.
    place: Option<i64>,
}

impl LaneAlarms {
    pub(crate) fn new(parts: &SignParts) -> Self {
        Self {
            ledger: parts.ledger.clone(),
            kinds: parts.alarms.clone(),
            news: parts.ledger.committed(&[Topic::Alarms]),
            place: None,
        }
    }

    /// Waits until something happened to alarms; where it was looked last is known from then on. May be dropped
    /// half-way.
    pub(crate) async fn changed(&mut self) -> ledger::Result<()> {
        if self.place.is_none() {
            // What was raised before is no news to drivers.
            let last = self.ledger.read(|reader| reader.last_place()).await;
            self.place = last.ok();
        }
        self.news.changed().await
    }

    /// What was raised since the last time. Nothing while the ledger can't be read: the next look tells it.
    pub(crate) async fn raised(&mut self) -> Vec<AlarmView> {
        let mut raised = Vec::new();
        while let Some(place) = self.place {
            let look = self
                .ledger
                .read(move |reader| reader.alarm_news(place, WITHIN));
            let Ok((news, reached)) = look.await else {
                break;
            };
            self.place = Some(reached);
            let new = news.into_iter().filter(|news| news.step.is_none());
            let told = new.filter(|news| self.kinds.contains(&news.alarm.kind()));
            raised.extend(told.map(|news| news.alarm));
            if reached - place < WITHIN as i64 {
                break;
            }
        }
        raised
    }
}
