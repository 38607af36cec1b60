//! Where a plate was each time it was read whole and surely.
//!
//! What is read whole is not covered, so whatever happens to its place and size is a movement:
//! here the reading decides, and the shape of the box is not asked. Pictures on which it was not
//! read, or only in part, say nothing.

use plate::PlateRead;

use super::{Spot, is_elsewhere};

/// Elsewhere in this many whole readings in a row is a move: the first of five may be the last
/// that stands, and a camera shaken by a truck swings back within two pictures.
const MOVED_TIMES: u32 = 3;

/// The places where one text was read whole and surely.
#[derive(Debug, Clone)]
pub(crate) struct WholeReads {
    plate: String,
    first: Spot,
    away: u32,
}

impl WholeReads {
    pub(crate) fn new(read: &PlateRead, spot: Spot) -> Self {
        Self {
            plate: read.plate.clone(),
            first: spot,
            away: 0,
        }
    }

    /// Takes the next whole and sure reading; whether the plate has moved by now.
    pub(crate) fn add(&mut self, read: &PlateRead, spot: Spot) -> bool {
        if read.plate != self.plate {
            *self = Self::new(read, spot);
            return false;
        }
        self.away = if is_elsewhere(&spot, &self.first) {
            self.away + 1
        } else {
            0
        };
        self.away >= MOVED_TIMES
    }
}
