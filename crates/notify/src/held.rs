//! What a receiver is not told in its quiet hours, until they end.

use alarm::{AlarmId, AlarmView};
use ledger::ErrorKind;

use crate::follow::{Follower, TICK};
use crate::message::Message;

impl Follower {
    /// Keeps an alarm for when quiet hours end, over restarts too. The ledger is asked until it takes it: what
    /// comes later waits behind it.
    pub(crate) async fn keep_back(&self, alarm: AlarmId, place: i64) {
        loop {
            let name = self.follower();
            let keep = self
                .ledger
                .write(move |writer| writer.keep_back(&name, alarm, place));
            match keep.await {
                Ok(()) => return,
                Err(error) if error.kind() == ErrorKind::Closed => return,
                Err(error) => {
                    tracing::warn!(receiver = self.settings.name, %error, "an alarm could not be kept back");
                    tokio::time::sleep(TICK).await;
                }
            }
        }
    }

    /// What was raised in quiet hours and is open and unseen when they end.
    pub(crate) async fn tell_held(&mut self) {
        if self.is_quiet() {
            return;
        }
        let name = self.follower();
        let held = self.ledger.read(move |reader| {
            let ids = reader.kept_back(&name)?;
            let alarms = ids.into_iter().map(|id| Ok((id, reader.alarm(id)?)));
            alarms.collect::<ledger::Result<Vec<_>>>()
        });
        for (id, alarm) in held.await.unwrap_or_default() {
            let is_news = |alarm: &AlarmView| alarm.cleared().is_none() && alarm.seen().is_none();
            if let Some(alarm) = alarm.filter(is_news) {
                // Its own id: it was never told under the one of its place.
                let message = Message::alarm(-id.0, "raised", &alarm, &self.sender);
                self.deliver(&message).await;
            }
            let name = self.follower();
            let told = self
                .ledger
                .write(move |writer| writer.told_later(&name, id));
            if let Err(error) = told.await {
                tracing::warn!(receiver = self.settings.name, %error, "that an alarm was told late could not be kept");
            }
        }
    }
}
