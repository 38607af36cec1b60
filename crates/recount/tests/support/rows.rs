//! Rows of the ledger by hand.

use frame::ClockSource;
use jiff::Timestamp;
use passage::{
    Direction, FinishedView, Grounds, Outcome, PassageId, PassageKey, PassageView, Reading, Verdict,
};
use plate::Color;

/// A vehicle that came, was decided and had passed at these times; without a plate where the text is empty.
pub(crate) fn row(
    id: i64,
    (came, decided, passed): (Timestamp, Timestamp, Timestamp),
    plate: &str,
    color: Color,
) -> PassageView {
    PassageView {
        id: PassageId(id),
        key: PassageKey::random(),
        lane: "lane".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: came,
        decided_at: decided,
        clock: ClockSource::CameraNtp,
        clock_trusted: true,
        camera: "lane".to_owned(),
        reading: Reading {
            plate: plate.to_owned(),
            color,
            recognised: !plate.is_empty(),
            ..Reading::unread()
        },
        first_reading: None,
        decision: Verdict::Allow,
        reason: "default".to_owned(),
        grounds: Grounds::default(),
        hold: None,
        corrections: Vec::new(),
        cargo: None,
        paper: None,
        vehicle: None,
        finished: Some(FinishedView {
            outcome: Outcome::Passed,
            at: passed,
        }),
        photos: Vec::new(),
        removed_photos: Vec::new(),
        deliveries: Vec::new(),
    }
}
