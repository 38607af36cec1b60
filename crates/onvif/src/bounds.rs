//! How much XML is taken, counted before anything is built from it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A recorder with 64 channels describes all of its profiles in less than half of this.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;
/// The deepest answer of the standard has 12 levels.
const MOST_DEPTH: usize = 64;
/// A recorder with 64 channels has about 10,000.
const MOST_ELEMENTS: usize = 50_000;
/// Envelopes declare up to 60 name spaces. Readers compare each attribute with all others.
const MOST_ATTRIBUTES: usize = 200;

/// What is wrong with a document that nobody should build a tree from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    /// More bytes than [`MOST_BYTES`].
    Bytes,
    /// It nests more deeply than [`MOST_DEPTH`].
    Depth,
    /// It has more than [`MOST_ELEMENTS`], or one of them more than [`MOST_ATTRIBUTES`].
    Elements,
    /// It brings a document type, and so perhaps entities that grow when they are read.
    DocumentType,
}

/// Whether `xml` is small and plain enough to be read. What is no XML at all is left to whoever reads it.
pub(crate) fn check(xml: &str) -> Result<(), Excess> {
    if xml.len() > MOST_BYTES {
        return Err(Excess::Bytes);
    }
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                depth += 1;
                elements += 1 + excess_of_attributes(&element);
            }
            Ok(Event::Empty(element)) => elements += 1 + excess_of_attributes(&element),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::DocType(_)) => return Err(Excess::DocumentType),
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
        if depth > MOST_DEPTH {
            return Err(Excess::Depth);
        }
        if elements > MOST_ELEMENTS {
            return Err(Excess::Elements);
        }
    }
}

fn excess_of_attributes(element: &BytesStart<'_>) -> usize {
    let mut attributes = element.attributes();
    let many = attributes.with_checks(false).nth(MOST_ATTRIBUTES).is_some();
    if many { MOST_ELEMENTS } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_the_standard_passes() {
        assert_eq!(check("<a><b c='1'/>text &amp; more</a>"), Ok(()));
    }

    #[test]
    fn each_kind_of_bomb_is_told_apart() {
        let entities = "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>";
        assert_eq!(check(entities), Err(Excess::DocumentType));
        let deep = "<a>".repeat(100) + &"</a>".repeat(100);
        assert_eq!(check(&deep), Err(Excess::Depth));
        let wide = format!("<a>{}</a>", "<b/>".repeat(60_000));
        assert_eq!(check(&wide), Err(Excess::Elements));
        let broad = format!("<a{}/>", " b='1'".repeat(300));
        assert_eq!(check(&broad), Err(Excess::Elements));
        let long = format!("<a>{}</a>", "x".repeat(MOST_BYTES));
        assert_eq!(check(&long), Err(Excess::Bytes));
    }
}
