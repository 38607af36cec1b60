//! Texts that people type, as they may be kept: bounded, and nothing in them that a page or a terminal would
//! not show.

use words::{Key, Said};

use crate::Refused;

/// Longest reason.
pub(crate) const WHY_CHARS: usize = 500;

/// The text without blanks around it, of at most so many characters. Lines may end in it where `lines` says so.
///
/// # Errors
/// When it is empty, too long, or holds what is not shown.
pub(crate) fn plain(text: &str, most: usize, lines: bool) -> Result<String, Refused> {
    let text = text.trim();
    let length = text.chars().count();
    let hidden = |c: char| is_hidden(c) && !(lines && c == '\n');
    if length == 0 || length > most || text.contains(hidden) {
        let said = Said::with(Key::OrderText, "most", most);
        return Err(Refused::invalid(said));
    }
    Ok(text.to_owned())
}

/// Control characters, and marks that turn the line around or take no room.
fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    c.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_bounded_and_moves_no_cursor_and_markup_is_text() {
        let kept = plain(" <b>欠单</b> ", 20, false);
        assert_eq!(kept.expect("text"), "<b>欠单</b>");
        assert!(plain("两行\n", 20, false).is_ok(), "blanks around it go");
        assert!(plain("两\n行", 20, true).is_ok());
        let long = "字".repeat(21);
        for text in [
            "",
            " \n ",
            "两\n行",
            "\u{1b}[2J",
            "a\u{0}",
            "\u{202e}x",
            &long,
        ] {
            assert!(plain(text, 20, false).is_err(), "{text:?}");
        }
    }
}
