//! What a site sets for a lane, read and shown. All other settings keep their defaults.

use frame::{Region, RegionError};
use passage::Direction;
use settings::{Printer, Section};
use words::{Key, Said};

use crate::{LaneSettings, View};

const DIRECTIONS: [(&str, Direction); 2] = [("in", Direction::In), ("out", Direction::Out)];
const VIEWS: [(&str, View); 2] = [("front", View::Front), ("rear", View::Rear)];

impl LaneSettings {
    /// Reads the keys of a `[[lane]]` that are about the lane itself.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let defaults = Self::default();
        let number =
            |key, default: f32, bounds| section.number(key, f64::from(default), bounds) as f32;
        Self {
            direction: section.one_of("direction", &DIRECTIONS, defaults.direction),
            view: section.one_of("view", &VIEWS, defaults.view),
            region: read_region(section).unwrap_or_else(Region::whole),
            accept_confidence: number(
                "accept_confidence",
                defaults.accept_confidence,
                0.5..=0.9999,
            ),
            min_plate_px: number("min_plate_px", defaults.min_plate_px, 20.0..=1000.0),
            patience: section.length("decide_after", defaults.patience),
            blind_for: section.length("give_up_after", defaults.blind_for),
            ..defaults
        }
    }

    /// Shows what [`LaneSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.word("direction", &DIRECTIONS, &self.direction);
        printer.word("view", &VIEWS, &self.view);
        let corners = self.region.corners().iter();
        let corners: Vec<Vec<f64>> = corners
            .map(|corner| corner.iter().copied().map(shortest).collect())
            .collect();
        printer.value("region", corners);
        printer.number("accept_confidence", self.accept_confidence);
        printer.number("min_plate_px", self.min_plate_px);
        printer.length("decide_after", self.patience);
        printer.length("give_up_after", self.blind_for);
    }
}

/// Corners as shares of the picture.
fn read_region(section: &Section) -> Option<Region> {
    let corners = section.typed("region", "[[0.0, 0.2], [1.0, 0.2], [1.0, 1.0]]")?;
    region(corners)
        .map_err(|wrong| section.problem("region", wrong))
        .ok()
}

/// The region within corners that a person gave, as shares of the picture.
///
/// # Errors
/// When they enclose nothing or lie outside the picture, for that person.
pub fn region(corners: Vec<[f32; 2]>) -> Result<Region, Said> {
    Region::new(corners).map_err(|error| match error {
        RegionError::TooFewCorners(n) => Said::with(Key::MistakeFewCorners, "count", n),
        RegionError::OutsidePicture { x, y } => {
            Said::with(Key::MistakeCornerOutside, "x", x).and("y", y)
        }
    })
}

/// The number with no more digits than the narrow one needs.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}
