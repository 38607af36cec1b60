//! What waits for a guard.

use jiff::{SignedDuration, Timestamp};
use ledger::{Filter, Reader};
use passage::{GuardTask, PassageView};

/// A truck that has not come for so long is nobody's task any more.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A guard does one after the other.
const MOST: usize = 100;

/// What waits for a guard.
#[derive(Debug, Clone)]
pub struct OpenTasks {
    /// Plates first, then trucks that are not registered; the newest first of each. A truck that waits at the
    /// barrier goes before papers.
    pub tasks: Vec<OpenTask>,
    /// There are more than these.
    pub more: bool,
}

/// One thing that waits.
#[derive(Debug, Clone)]
pub struct OpenTask {
    /// What.
    pub kind: GuardTask,
    /// Of which passage.
    pub passage: PassageView,
}

impl OpenTasks {
    /// What waits at this time.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn of(reader: &Reader, now: Timestamp) -> ledger::Result<Self> {
        let filter = Filter {
            unknown: Some(true),
            ..Filter::default()
        };
        let page = reader.search(&filter, None, MOST)?;
        let trucks = reader.unregistered_trucks(now - LOOKED_BACK, MOST)?;
        let more = page.next.is_some() || trucks.len() == MOST;
        let plate = |passage: PassageView| {
            Some(OpenTask {
                kind: passage.task()?,
                passage,
            })
        };
        let register = |passage| OpenTask {
            kind: GuardTask::Unregistered,
            passage,
        };
        let plates = page.passages.into_iter().filter_map(plate);
        Ok(Self {
            tasks: plates.chain(trucks.into_iter().map(register)).collect(),
            more,
        })
    }
}
