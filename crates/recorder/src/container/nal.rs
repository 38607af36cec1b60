//! From Annex B, in which start codes divide the parts of a picture, to lengths before each of them, as MP4 has it.

/// Adds a picture to `out` and says how many bytes it takes. Parameter sets stay in: a camera that has several, of
/// which a sample entry holds one, would not be decoded without them, and decoders don't mind those it has twice.
pub(super) fn append(out: &mut Vec<u8>, annex_b: &[u8]) -> usize {
    let before = out.len();
    for unit in units(annex_b) {
        let length = u32::try_from(unit.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(unit);
    }
    out.len() - before
}

/// The parts between start codes, without the zeros that pad them.
fn units(annex_b: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_start_code(annex_b);
    std::iter::from_fn(move || {
        loop {
            let bytes = rest?;
            let end = start_code(bytes);
            let unit = &bytes[..end.unwrap_or(bytes.len())];
            rest = end.and_then(|end| after_start_code(&bytes[end..]));
            let zeros = unit.iter().rev().take_while(|byte| **byte == 0).count();
            let unit = &unit[..unit.len() - zeros];
            if !unit.is_empty() {
                return Some(unit);
            }
        }
    })
}

/// Where the next start code begins. No part of a picture holds its three bytes: that is what emulation
/// prevention is for.
fn start_code(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(window) = bytes.get(from..from + 3) {
        match window {
            [0, 0, 1] => return Some(from),
            [_, _, last] if *last > 1 => from += 3,
            _ => from += 1,
        }
    }
    None
}

fn after_start_code(bytes: &[u8]) -> Option<&[u8]> {
    start_code(bytes).map(|at| &bytes[at + 3..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(annex_b: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        assert_eq!(append(&mut out, annex_b), out.len());
        out
    }

    #[test]
    fn start_codes_of_three_and_four_bytes_become_lengths() {
        let annex_b = [
            0, 0, 0, 1, 0x67, 9, 0, 0, 1, 0x65, 0, 0, 3, 0, 8, 0, 0, 0, 1, 0x41,
        ];
        let expected = [
            [0, 0, 0, 2, 0x67, 9].as_slice(),
            &[0, 0, 0, 6, 0x65, 0, 0, 3, 0, 8],
            &[0, 0, 0, 1, 0x41],
        ];
        assert_eq!(lengths(&annex_b), expected.concat());
    }

    #[test]
    fn padding_and_what_holds_nothing_is_left_out() {
        assert_eq!(
            lengths(&[0, 0, 1, 5, 7, 0, 0, 0, 0, 1, 0, 0, 1]),
            [0, 0, 0, 2, 5, 7]
        );
        for nothing in [[].as_slice(), &[1, 2, 3], &[0, 0], &[0, 0, 1]] {
            assert_eq!(lengths(nothing), [0; 0]);
        }
    }
}
