//! The rules in force, kept up to date and handed to whoever decides.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ledger::{ErrorKind, Handle, Topic};
use passage::Decision;
use policy::{Rulebook, SeenVehicle};
use tokio::sync::watch;

use crate::held::Held;
use crate::{Listing, Today};

/// Before lists that could not be read are tried again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// The rules in force, the same for all who hold a clone.
#[derive(Debug, Clone)]
pub struct GateRules {
    book: watch::Receiver<Arc<Rulebook>>,
    today: Arc<Today>,
}

impl GateRules {
    /// May the vehicle pass?
    #[must_use]
    pub fn decide(&self, seen: SeenVehicle<'_>, now: Timestamp) -> Decision {
        // Not borrowed for as long as it takes: the lists of the next second wait for no lane.
        let book = self.book();
        let entries_today = if seen.accepted && book.counts(seen.plate, now) {
            self.today.entries(seen.plate, seen.color, now)
        } else {
            seen.entries_today
        };
        let seen = SeenVehicle {
            entries_today,
            ..seen
        };
        book.decide(seen, now)
    }

    /// Entries of this vehicle on the site's day of `now`; none where they can't be counted.
    #[must_use]
    pub fn entries(&self, plate: &str, color: plate::Color, now: Timestamp) -> Option<u32> {
        self.today.entries(plate, color, now)
    }

    /// As they are now.
    #[must_use]
    pub fn book(&self) -> Arc<Rulebook> {
        Arc::clone(&self.book.borrow())
    }

    /// Waits until they have changed; false when nobody keeps them up to date any more.
    pub async fn changed(&mut self) -> bool {
        self.book.changed().await.is_ok()
    }
}

/// The site's rules with what the ledger holds, read before this returns and brought up to date
/// whenever a list was fetched, a rule put in force or a vehicle registered, for as long as anybody
/// holds them.
pub async fn follow(
    ledger: Handle,
    platforms: Vec<Listing>,
    site: Rulebook,
    today: Today,
) -> GateRules {
    let mut news = ledger.committed(&[Topic::Downlinks, Topic::Rules, Topic::Registers]);
    let (told, book) = watch::channel(Arc::new(site.clone()));
    let (mut held, mut failed) = update(&ledger, Held::new(site), &platforms, &told).await;
    tokio::spawn(async move {
        while failed != Some(ErrorKind::Closed) {
            tokio::select! {
                news = news.changed() => if news.is_err() { return },
                () = tokio::time::sleep(TRY_AGAIN), if failed.is_some() => {}
                () = told.closed() => return,
            }
            (held, failed) = update(&ledger, held, &platforms, &told).await;
        }
    });
    GateRules {
        book,
        today: Arc::new(today),
    }
}

/// Reads what has changed and tells it; what can't be read leaves what was held, and says why.
async fn update(
    ledger: &Handle,
    held: Held,
    platforms: &[Listing],
    told: &watch::Sender<Arc<Rulebook>>,
) -> (Held, Option<ErrorKind>) {
    let (before, platforms) = (held.clone(), platforms.to_vec());
    let update = ledger.read(move |reader| {
        let mut held = held;
        let changed = held.update(reader, &platforms)?;
        Ok::<_, ledger::Error>((held, changed))
    });
    match update.await {
        Ok((held, changed)) => {
            if changed {
                told.send_replace(Arc::new(held.book().clone()));
            }
            (held, None)
        }
        Err(error) => {
            if error.kind() != ErrorKind::Closed {
                tracing::warn!(%error, "lists and rules could not be read; those of before hold");
            }
            (before, Some(error.kind()))
        }
    }
}
