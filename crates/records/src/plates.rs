//! What speaks against a plate, in words for a person.

use plate::{Color, PlateNumber};
use words::{Key, Said};

/// Everything that speaks against a plate of this colour, gravest first, and the plate that was
/// perhaps meant.
#[must_use]
pub fn plate_doubts(plate: &PlateNumber, color: Color) -> Vec<Said> {
    let problems = plate.problems(color).into_iter().map(Said::from);
    let meant = plate.perhaps_meant();
    let meant = meant.map(|plate| Said::with(Key::FindingPlatePerhaps, "plate", plate));
    problems.chain(meant).collect()
}
