//! STX, status words A B C, six digits displayed, six digits of tare, CR, and a checksum where the
//! indicator is set to send one. Lines with
//! seven data bits and parity are a matter of the port.

use super::{STX, Unit, Unusable, WeightReading, digits, kilograms};

/// Without the checksum.
pub(super) const LENGTH: usize = 17;
const CR: u8 = 0x0D;

/// Bits of status word B.
const NET: u8 = 1;
const NEGATIVE: u8 = 1 << 1;
const OUT_OF_RANGE: u8 = 1 << 2;
const MOTION: u8 = 1 << 3;
const KILOGRAM: u8 = 1 << 4;
const NOT_ZEROED: u8 = 1 << 6;

pub(super) fn read(frame: &[u8], checksum: bool) -> Option<WeightReading> {
    // The checksum makes the sum of all characters a multiple of 128.
    if checksum && frame.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) & 0x7F != 0 {
        return None;
    }
    let [STX, a, b, c, numbers @ .., CR] = frame.get(..LENGTH)? else {
        return None;
    };
    let (shown, tare) = numbers.split_at(6);
    let (shown, tare) = (number(shown)?, number(tare)?);
    let is = |bit: u8| b & bit != 0;
    // Word C names units that are neither pounds nor kilograms.
    if c & 0b111 != 0 || !is(KILOGRAM) {
        return Some(WeightReading::Unusable(Unusable::Unit));
    }
    if is(OUT_OF_RANGE) || is(NOT_ZEROED) {
        return Some(WeightReading::Unusable(Unusable::OutOfRange));
    }
    let shown = if is(NEGATIVE) { -shown } else { shown };
    // Tared, the display shows what is above the tare.
    let number = if is(NET) { shown + tare } else { shown };
    let kg = match a & 0b111 {
        0 => number * 100,
        1 => number * 10,
        decimals => kilograms(number, u32::from(decimals) - 2, Unit::Kilogram)?,
    };
    Some(WeightReading::Mass {
        kg,
        moving: is(MOTION),
    })
}

/// Six digits; leading zeros may be blanks.
fn number(field: &[u8]) -> Option<i64> {
    let field = field.trim_ascii_start();
    (!field.is_empty()).then(|| digits(field))?
}
