//! The lanes that footage shows.

use lane::{LaneSettings, View};
use passage::Direction;

use crate::FootageTruth;

/// How a lane is watched: its truth knows which way it leads and which end of the vehicles its camera
/// sees.
#[must_use]
pub fn lane_settings(truths: &[FootageTruth], lane: &str, accept: f32) -> LaneSettings {
    let value = |column: &str| {
        truths
            .iter()
            .find(|t| t.lane == lane)
            .and_then(|t| t.columns.get(column))
            .cloned()
    };
    let direction = match value("direction").as_deref() {
        Some("out") => Direction::Out,
        _ => Direction::In,
    };
    let view = match (value("view").as_deref(), direction) {
        (Some("rear"), _) => View::Rear,
        (Some("front"), _) | (_, Direction::In) => View::Front,
        // A camera beside the barrier looks outward along the lane unless told otherwise.
        (_, Direction::Out) => View::Rear,
    };
    LaneSettings {
        direction,
        view,
        accept_confidence: accept,
        ..LaneSettings::default()
    }
}
