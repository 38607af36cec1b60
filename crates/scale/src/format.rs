//! What indicators send: bytes in, weights out, garbage counted.

mod text;
mod toledo;
mod xk3190;

use serde::{Deserialize, Serialize};

/// No vehicle on a road weighs more.
const MOST_KG: i64 = 200_000;

/// How an indicator writes its display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndicatorFormat {
    /// 耀华 XK3190-A9+, -A23p, -A26 and others, "continuous" (`tF = 0`): 12 bytes with a check. The
    /// frame does not name its unit.
    /// Source: manual of the XK3190-A9+, chapter on serial communication, continuous method; the
    /// same table in the manuals of -A23p and -A26 ("continuous communication format 0").
    Xk3190(Unit),
    /// 耀华 XK3190-A12+, -A27: text with its unit and no check, `ww049020.kg`.
    /// Source: the manufacturer's description of the serial port of the -A12+SS and the -A27.
    Xk3190Text,
    /// Mettler Toledo "continuous output" and what speaks like it: status words, displayed weight,
    /// tare, carriage return.
    /// Source: METTLER TOLEDO Wildcat Technical Manual (12/00), appendix 2, tables 6-8 to 6-11.
    Toledo {
        /// A byte of checksum follows the carriage return, as the indicator is set.
        checksum: bool,
    },
}

/// What the digits of a display count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Kilograms.
    Kilogram,
    /// Tonnes.
    Tonne,
}

/// One frame that was whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightReading {
    /// What stands on the platform.
    Mass {
        /// Kilograms, negative below zero.
        kg: i64,
        /// The indicator itself says that it is not at rest.
        moving: bool,
    },
    /// A sound frame that does not tell what stands on the platform.
    Unusable(Unusable),
}

/// Why a frame tells no mass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusable {
    /// A net or tare weight: somebody pressed the key that tares.
    NotGross,
    /// Neither kilograms nor tonnes.
    Unit,
    /// Overloaded, not zeroed, or more than any vehicle weighs.
    OutOfRange,
}

/// What came over the line so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCounts {
    /// Whole frames.
    pub frames: u64,
    /// Of those, frames that tell no mass.
    pub unusable: u64,
    /// Frames that began and were cut, or whose content or check was wrong.
    pub bad_frames: u64,
    /// Bytes that belong to no frame, those of bad frames included.
    pub skipped_bytes: u64,
}

/// Finds frames in bytes. It holds less than one frame, whatever it is fed.
#[derive(Debug)]
pub struct Decoder {
    format: IndicatorFormat,
    held: Vec<u8>,
    counts: LineCounts,
}

impl Decoder {
    /// For an indicator of this format.
    #[must_use]
    pub fn new(format: IndicatorFormat) -> Self {
        Self {
            format,
            held: Vec::with_capacity(LONGEST),
            counts: LineCounts::default(),
        }
    }

    /// Takes bytes as they come, and hands over each whole frame.
    pub fn feed(&mut self, bytes: &[u8], mut found: impl FnMut(WeightReading)) {
        for byte in bytes {
            self.held.push(*byte);
            while let Some(reading) = self.step() {
                found(reading);
            }
        }
    }

    /// What came over the line so far.
    #[must_use]
    pub fn counts(&self) -> LineCounts {
        self.counts
    }

    /// Forgets a frame that began: the line was cut.
    pub fn cut(&mut self) {
        if !self.held.is_empty() {
            self.counts.bad_frames += 1;
            self.counts.skipped_bytes += self.held.len() as u64;
            self.held.clear();
        }
    }

    /// Drops what cannot begin a frame; a reading when a frame is whole.
    fn step(&mut self) -> Option<WeightReading> {
        let (start, length) = (self.format.start(), self.format.length());
        let first = self.held.first()?;
        if *first != start {
            self.skip(1);
            return None;
        }
        // A second start inside: the frame before it was cut.
        let inside = length - usize::from(self.format.last_is_free());
        let again = self.held.iter().take(inside).skip(1);
        if self.format.start_is_unique()
            && let Some(at) = again.clone().position(|byte| *byte == start)
        {
            self.counts.bad_frames += 1;
            self.skip(at + 1);
            return None;
        }
        if self.held.len() < length {
            return None;
        }
        let Some(reading) = self.format.read(&self.held) else {
            self.counts.bad_frames += 1;
            self.resume();
            return None;
        };
        self.held.clear();
        self.counts.frames += 1;
        let reading = match reading {
            WeightReading::Mass { kg, .. } if kg.abs() > MOST_KG => {
                WeightReading::Unusable(Unusable::OutOfRange)
            }
            other => other,
        };
        if let WeightReading::Unusable(_) = reading {
            self.counts.unusable += 1;
        }
        Some(reading)
    }

    /// After a bad frame, goes on with the next start inside it.
    fn resume(&mut self) {
        let start = self.format.start();
        let next = self.held.iter().skip(1).position(|byte| *byte == start);
        self.skip(next.map_or(self.held.len(), |at| at + 1));
    }

    fn skip(&mut self, bytes: usize) {
        self.held.drain(..bytes);
        self.counts.skipped_bytes += bytes as u64;
    }
}

const STX: u8 = 0x02;
const LONGEST: usize = 18;

impl IndicatorFormat {
    fn start(self) -> u8 {
        match self {
            Self::Xk3190(_) | Self::Toledo { .. } => STX,
            Self::Xk3190Text => b'w',
        }
    }

    /// No byte within a frame may be its start again.
    fn start_is_unique(self) -> bool {
        // Gross weights begin with two of them.
        self != Self::Xk3190Text
    }

    /// The last byte, a checksum, may have any value.
    fn last_is_free(self) -> bool {
        self == Self::Toledo { checksum: true }
    }

    fn length(self) -> usize {
        match self {
            Self::Xk3190(_) => xk3190::LENGTH,
            Self::Xk3190Text => text::LENGTH,
            Self::Toledo { checksum } => toledo::LENGTH + usize::from(checksum),
        }
    }

    fn read(self, frame: &[u8]) -> Option<WeightReading> {
        match self {
            Self::Xk3190(unit) => xk3190::read(frame, unit),
            Self::Xk3190Text => text::read(frame),
            Self::Toledo { checksum } => toledo::read(frame, checksum),
        }
    }
}

/// The number that ASCII digits write.
fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0_i64, |number, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        number.checked_mul(10)?.checked_add(i64::from(digit))
    })
}

/// Whole kilograms, halves away from zero.
fn kilograms(number: i64, decimals: u32, unit: Unit) -> Option<i64> {
    let per_unit = match unit {
        Unit::Kilogram => 1,
        Unit::Tonne => 1000,
    };
    let parts = 10_i64.checked_pow(decimals)?;
    let scaled = number.checked_mul(per_unit)?;
    Some((scaled + scaled.signum() * parts / 2) / parts)
}

#[cfg(test)]
mod tests;
