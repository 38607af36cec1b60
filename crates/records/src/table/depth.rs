//! How deep a part of a workbook nests, found while it is unpacked and before anything reads it: an
//! XML reader keeps every element that is open.

use std::io::{Error, Write};

/// Deepest nesting that is taken; a workbook has about ten levels.
const DEEPEST: usize = 256;

/// Takes bytes and keeps none. Writing fails when they are XML that nests too deep.
#[derive(Debug, Default)]
pub(super) struct NestingGuard {
    place: Place,
    depth: usize,
}

#[derive(Debug, Default, Clone, Copy)]
enum Place {
    /// Before the first character that says whether this is XML.
    #[default]
    Start,
    NotXml,
    Text,
    /// Behind `<`.
    Opened,
    /// Within `<name …`; whether the last byte was a `/`, and the quote that is open.
    Tag {
        slash: bool,
        quote: Option<u8>,
    },
    /// Within what neither opens nor closes anything: `</name`, `<?…`, `<!…`.
    Passed,
}

impl NestingGuard {
    fn take(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::Start, b'<') => Place::Opened,
            (Place::Start, b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF) => Place::Start,
            (Place::Start | Place::NotXml, _) => Place::NotXml,
            (Place::Text, b'<') => Place::Opened,
            (Place::Text, _) => Place::Text,
            (Place::Opened, b'/') => {
                self.depth = self.depth.saturating_sub(1);
                Place::Passed
            }
            (Place::Opened, b'?' | b'!') => Place::Passed,
            (Place::Opened, _) => {
                self.depth += 1;
                let (slash, quote) = (false, None);
                Place::Tag { slash, quote }
            }
            (Place::Tag { slash, quote: None }, b'>') => {
                self.depth -= usize::from(slash);
                Place::Text
            }
            (Place::Tag { quote: None, .. }, quote @ (b'"' | b'\'')) => Place::Tag {
                slash: false,
                quote: Some(quote),
            },
            (Place::Tag { quote, .. }, byte) => Place::Tag {
                slash: byte == b'/',
                quote: quote.filter(|open| *open != byte),
            },
            (Place::Passed, b'>') => Place::Text,
            (Place::Passed, _) => Place::Passed,
        };
    }
}

impl Write for NestingGuard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for byte in bytes {
            self.take(*byte);
            if self.depth > DEEPEST {
                return Err(Error::other(format!(
                    "more than {DEEPEST} elements are nested"
                )));
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(bytes: &[u8]) -> bool {
        let mut guard = NestingGuard::default();
        // Byte by byte, as it may be cut anywhere.
        bytes.iter().all(|byte| guard.write(&[*byte]).is_ok())
    }

    #[test]
    fn long_is_not_deep_and_what_is_no_xml_nests_nothing() {
        let long = format!(
            "<?xml v='>'?><a>{}</a>",
            "<b c='/>' d=\"<\"/><b>/</b>".repeat(5_000)
        );
        assert!(is_taken(long.as_bytes()));
        assert!(is_taken(format!("\u{feff}{long}").as_bytes()));
        assert!(is_taken(&b"\x89PNG<a".repeat(5_000)));
        assert!(!is_taken("<a>".repeat(300).as_bytes()));
        assert!(!is_taken(
            format!("\n<a>{}", "<b c='/'>".repeat(300)).as_bytes()
        ));
    }
}
