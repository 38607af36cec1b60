//! 02 ± d d d d d d p c c 03: sign, six digits, decimals from the right (0 to 4), check, end. The
//! check is the XOR of the bytes from the sign to the decimals, its two halves as hexadecimal
//! digits.

use super::{STX, Unit, WeightReading, digits, kilograms};

pub(super) const LENGTH: usize = 12;
const ETX: u8 = 0x03;

pub(super) fn read(frame: &[u8], unit: Unit) -> Option<WeightReading> {
    let [STX, sign, number @ .., decimals, high, low, ETX] = frame else {
        return None;
    };
    let check = frame[1..9].iter().fold(0, |check, byte| check ^ byte);
    if (half(*high)? << 4 | half(*low)?) != check {
        return None;
    }
    let decimals = char::from(*decimals).to_digit(10).filter(|p| *p <= 4)?;
    let number = match sign {
        b'+' => digits(number)?,
        b'-' => -digits(number)?,
        _ => return None,
    };
    Some(WeightReading::Mass {
        kg: kilograms(number, decimals, unit)?,
        moving: false,
    })
}

fn half(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|value| value as u8)
}
