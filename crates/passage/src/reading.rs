//! What was read from a vehicle.

use serde::{Deserialize, Serialize};

/// What was read from a vehicle's plates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Plate number without dots, upper row first; empty when no plate could be read.
    pub plate: String,
    /// Plate colour.
    pub color: plate::Color,
    /// Probability of that colour, 0 to 1.
    pub color_p: f32,
    /// Single or double line.
    pub layout: plate::Layout,
    /// Calibrated probability of the weakest character, 0 to 1.
    pub confidence: f32,
    /// True when the plate was accepted without a person; false makes it a task for the guard.
    pub recognised: bool,
    /// The voted characters, in the order of `plate`.
    pub chars: Vec<plate::CharRead>,
    /// Plate corners TL, TR, BR, BL in pixels of the `HeadOriginal` photo.
    pub corners: Option<[[f32; 2]; 4]>,
    /// Plate of the trailer, when the vehicle pulls one and it was read.
    pub trailer_plate: Option<String>,
}

impl Reading {
    /// What a plate says, accepted or not, without corners and trailer.
    #[must_use]
    pub fn of(read: plate::PlateRead, recognised: bool) -> Self {
        Self {
            plate: read.plate,
            color: read.color,
            color_p: read.color_p,
            layout: read.layout,
            confidence: read.confidence,
            recognised,
            chars: read.chars,
            corners: None,
            trailer_plate: None,
        }
    }

    /// A vehicle whose plate could not be read.
    #[must_use]
    pub fn unread() -> Self {
        Self {
            plate: String::new(),
            color: plate::Color::Unknown,
            color_p: 0.0,
            layout: plate::Layout::Unknown,
            confidence: 0.0,
            recognised: false,
            chars: Vec::new(),
            corners: None,
            trailer_plate: None,
        }
    }
}
