//! What is seen at the place of a fixed thing, told when it is out of sight again: no rule swallows
//! anything in silence.

use std::time::Duration;

use frame::Frame;
use plate::PlateRead;

use crate::track::ReadSighting;
use crate::{LaneEvent, Moment, NotCounted, NotCountedRule};

/// A thing that was not seen for this long was out of sight.
const OVER_AFTER: Duration = Duration::from_secs(3);

/// The sightings at one place while the thing there stays in sight.
#[derive(Debug)]
pub(super) struct Visit {
    first: Moment,
    last: Moment,
    last_watch: Duration,
    sightings: u32,
    /// The surest reading.
    read: PlateRead,
    sure: bool,
}

impl Visit {
    pub(super) fn add(
        visit: &mut Option<Self>,
        seen: &ReadSighting<'_>,
        frame: &Frame,
        watch: Duration,
    ) {
        let now = Moment::of(frame);
        let visit = visit.get_or_insert_with(|| Self {
            first: now,
            last: now,
            last_watch: watch,
            sightings: 0,
            read: seen.read.clone(),
            sure: false,
        });
        (visit.last, visit.last_watch) = (now, watch);
        visit.sightings += 1;
        if (seen.sure, seen.read.confidence) > (visit.sure, visit.read.confidence) {
            visit.read = seen.read.clone();
        }
        visit.sure |= seen.sure;
    }

    pub(super) fn is_over(&self, watch: Duration) -> bool {
        watch.saturating_sub(self.last_watch) > OVER_AFTER
    }

    pub(super) fn told(self, rule: NotCountedRule) -> LaneEvent {
        LaneEvent::NotCounted(Box::new(NotCounted {
            first: self.first,
            last: self.last,
            rule,
            read: Some(self.read),
            accepted: self.sure,
            sightings: self.sightings,
        }))
    }
}
