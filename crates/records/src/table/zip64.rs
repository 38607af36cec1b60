//! Zips that may list any number of files.

use std::io::{self, Read};

/// A locator of 20 bytes and right behind it the end of the list.
const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_BYTES: usize = 20;
const END: &[u8] = b"PK\x05\x06";
const MARK_BYTES: usize = LOCATOR_BYTES + END.len();

/// Whether a zip, anywhere, lists files in the way that is needed for more than 65,535 of them (APPNOTE
/// 4.3.15). Whoever reads zips makes hundreds of bytes of each file listed before any is looked at, and
/// where the last list is broken goes by one before it: so not only the end is looked at.
///
/// # Errors
/// When it can't be read.
pub fn is_zip64(mut zip: impl Read) -> io::Result<bool> {
    let mut piece = vec![0; 64 * 1024];
    let mut kept = 0;
    loop {
        let count = zip.read(piece.get_mut(kept..).unwrap_or_default())?;
        if count == 0 {
            return Ok(false);
        }
        let filled = kept + count;
        let seen = piece.get(..filled).unwrap_or_default();
        let is_mark = |at: &[u8]| at.starts_with(LOCATOR) && at.ends_with(END);
        if seen.windows(MARK_BYTES).any(is_mark) {
            return Ok(true);
        }
        // A mark may lie across two pieces.
        kept = filled.min(MARK_BYTES - 1);
        piece.copy_within(filled - kept..filled, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_found_wherever_it_lies_and_however_it_is_handed_over() {
        let mark = [LOCATOR, &[7; 16], END, &[0; 18]].concat();
        for before in [0, 1, 65_520, 65_535, 65_536, 131_060] {
            let zip = [&vec![0x50; before][..], &mark].concat();
            assert!(is_zip64(&zip[..]).expect("read"), "behind {before} bytes");
            let short = zip.len() - 19;
            assert!(!is_zip64(&zip[..short]).expect("read"));
        }
    }
}
