//! Passages as they come out of a lane, and which truth each of them is.

use lane::LaneEvent;
use passage::Outcome;
use plate::{PlateRead, SLOTS};

use crate::matching::distance;
use crate::{FootageTruth, html};

/// One passage as it came out of a lane.
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    pub(crate) entered_ms: u64,
    pub(crate) decided_ms: u64,
    pub(crate) left_ms: u64,
    pub(crate) read: Option<PlateRead>,
    pub(crate) accepted: bool,
    /// How it ended, if it did.
    pub(crate) outcome: Option<Outcome>,
    pub(crate) trailer: Option<String>,
    pub(crate) jpeg: Vec<u8>,
}

/// Adds what `events` say to the passages that are `open`, and moves those that ended to `done`.
pub(crate) fn collect(
    events: Vec<LaneEvent>,
    open: &mut Vec<(lane::VehicleId, Passage)>,
    done: &mut Vec<Passage>,
) {
    for event in events {
        match event {
            LaneEvent::Decided(d) => {
                let jpeg = d
                    .head
                    .as_ref()
                    .map_or_else(Vec::new, |h| html::thumbnail(&h.frame.picture, h.quad));
                let passage = Passage {
                    entered_ms: d.entered.at.as_ms(),
                    decided_ms: d.decided.at.as_ms(),
                    left_ms: d.decided.at.as_ms(),
                    read: d.read,
                    accepted: d.accepted,
                    outcome: None,
                    trailer: d.trailer.map(|t| t.plate),
                    jpeg,
                };
                open.push((d.vehicle, passage));
            }
            LaneEvent::Finished(f) => {
                let Some(at) = open.iter().position(|(id, _)| *id == f.vehicle) else {
                    continue;
                };
                let (_, mut passage) = open.remove(at);
                passage.left_ms = f.finished.at.as_ms();
                passage.outcome = Some(f.outcome);
                if let Some(better) = f.better {
                    passage.read = Some(better.read);
                    passage.accepted = better.accepted;
                }
                passage.trailer = f.trailer.map(|t| t.plate).or(passage.trailer);
                done.push(passage);
            }
            LaneEvent::Entered { .. } | LaneEvent::Lost { .. } | LaneEvent::NotCounted(_) => {}
        }
    }
}

pub(crate) fn overlap_ms(truth: &FootageTruth, passage: &Passage) -> u64 {
    let from = truth.enter_ms.max(passage.entered_ms);
    let to = truth.leave_ms.min(passage.left_ms);
    to.saturating_sub(from)
}

/// The passage of a vehicle: it overlaps in time, and of several the one whose plate is nearest.
/// Nothing is nearer to no plate than no reading.
pub(crate) fn best_match(truth: &FootageTruth, passages: &[&Passage]) -> Option<usize> {
    let unread = if truth.plate.is_empty() { 0 } else { SLOTS };
    let unlike = |p: &Passage| {
        p.read
            .as_ref()
            .map_or(unread, |r| distance(r, &truth.plate))
    };
    (0..passages.len())
        .filter(|&i| overlap_ms(truth, passages[i]) > 0)
        .min_by_key(|&i| {
            (
                unlike(passages[i]),
                u64::MAX - overlap_ms(truth, passages[i]),
            )
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use plate::{Color, Evidence, Layout};

    use super::*;

    fn passage(plate: Option<&str>) -> Passage {
        let read = |plate: &str| {
            PlateRead::of(&Evidence::of_plate(plate, Color::Blue, Layout::Single, 0.9))
        };
        Passage {
            entered_ms: 0,
            decided_ms: 1_000,
            left_ms: 2_000,
            read: plate.map(read),
            accepted: false,
            outcome: None,
            trailer: None,
            jpeg: Vec::new(),
        }
    }

    fn truth(plate: &str) -> FootageTruth {
        FootageTruth {
            clip: "clip.mp4".to_owned(),
            lane: "lane".to_owned(),
            enter_ms: 0,
            leave_ms: 2_000,
            plate: plate.to_owned(),
            color: None,
            columns: BTreeMap::new(),
        }
    }

    #[test]
    fn a_vehicle_without_a_plate_is_the_passage_without_a_reading() {
        let (unread, misread) = (passage(None), passage(Some("冀A12345")));
        let both = [&misread, &unread];
        assert_eq!(best_match(&truth(""), &both), Some(1));
        assert_eq!(best_match(&truth("冀A12346"), &both), Some(0));
    }
}
