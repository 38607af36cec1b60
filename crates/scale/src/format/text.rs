//! `ww049020.kg`: `ww` gross, `wn` net or `wt` tare; seven characters of a number with its decimal
//! point where the indicator has it; the unit.

use super::{Unit, Unusable, WeightReading, digits, kilograms};

pub(super) const LENGTH: usize = 11;

pub(super) fn read(frame: &[u8]) -> Option<WeightReading> {
    let [b'w', kind @ (b'w' | b'n' | b't'), number @ .., u0, u1] = frame else {
        return None;
    };
    let (negative, number) = match number {
        [b'-', rest @ ..] => (true, rest),
        all => (false, all),
    };
    let mut parts = number.split(|byte| *byte == b'.');
    let (whole, part) = (parts.next()?, parts.next().unwrap_or_default());
    if parts.next().is_some() || whole.len() + part.len() == 0 {
        return None;
    }
    let number = digits(&[whole, part].concat())?;
    let kg = kilograms(number, u32::try_from(part.len()).ok()?, Unit::Kilogram)?;
    Some(match (&[*u0, *u1], kind) {
        (b"lb", _) => WeightReading::Unusable(Unusable::Unit),
        (b"kg", b'w') => WeightReading::Mass {
            kg: if negative { -kg } else { kg },
            moving: false,
        },
        (b"kg", _) => WeightReading::Unusable(Unusable::NotGross),
        _ => return None,
    })
}
