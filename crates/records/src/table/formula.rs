//! Texts of others that a spreadsheet would run as formulas.

use std::borrow::Cow;

/// What a formula begins with, in either width, and the signs that a spreadsheet drops before it
/// looks. The apostrophe is there so that a text which begins with one comes back with it.
const BEGINS: [char; 12] = [
    '=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\'',
];

/// As it stands in a CSV: a text that a spreadsheet would run gets the apostrophe with which people
/// mark texts. A negative number runs nothing.
pub(super) fn marked(text: &str) -> Cow<'_, str> {
    if text.starts_with(BEGINS) && !is_negative(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a cell of a CSV, without such a mark.
pub(super) fn unmarked(cell: &str) -> &str {
    let text = cell.strip_prefix('\'');
    text.filter(|text| text.starts_with(BEGINS)).unwrap_or(cell)
}

fn is_negative(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or_default();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_that_would_run_is_marked_and_a_number_is_not() {
        for text in [
            "=1+1", "+cmd", "-x", "@y", "'=z", "\t=1", "\r=1", "\n@1", "＝1+1", "＋1", "-1+1", "-",
            "-.5",
        ] {
            assert_eq!(marked(text), format!("'{text}"), "{text:?}");
        }
        for text in ["-5", "-31.5", "5", "焦炭", "a=1", "", " =1"] {
            assert_eq!(marked(text), text, "{text:?}");
        }
        assert_eq!(
            unmarked("'普通"),
            "'普通",
            "a mark of somebody else's stays"
        );
    }

    proptest! {
        #[test]
        fn every_text_comes_back_as_it_was(text in "[=+\\-@'＝\t\r\n0-9.a焦]{0,6}") {
            let marked = marked(&text);
            prop_assert_eq!(unmarked(&marked), text.as_str());
        }
    }
}
