//! Numbers and codes as people type them on a Chinese keyboard.

use std::str::FromStr;

use words::{Key, Said};

/// Letters, digits and signs of full width in ordinary width, as codes, numbers and dates have them.
/// Texts that are no codes stay as they were written.
#[must_use]
pub fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

fn narrow_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' => ' ',
        '\u{2212}' => '-',
        other => other,
    }
}

/// A whole number in either width, such as an argument.
///
/// # Errors
/// That it is none.
pub fn typed<T: FromStr>(text: &str) -> Result<T, Said> {
    let number = narrow(text).trim().parse();
    number.map_err(|_| Key::UsageNotANumber.into())
}

/// A number as people write it, in either width, with separators of thousands where Excel puts them:
/// `49,020.5`. Anything else with a comma might be a decimal comma, and is none.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let text = narrow(text);
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let mut groups = unsigned.split(',');
    let first = groups.next()?;
    let grouped = groups.clone().next().is_some();
    let is_number = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let fits = is_number(first) && (!grouped || (1..=3).contains(&first.len()));
    let whole_groups = groups.all(|group| group.len() == 3 && is_number(group));
    (fits && whole_groups && is_number(fraction))
        .then(|| text.replace(',', ""))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_in_either_width_and_with_the_thousands_of_excel() {
        for (text, value) in [
            ("31.5", 31.5),
            ("３１.５", 31.5),
            ("３１．５", 31.5),
            (" \u{3000}31.5 ", 31.5),
            ("－５", -5.0),
            ("49,020", 49_020.0),
            ("1，049,020.5", 1_049_020.5),
        ] {
            assert_eq!(number(text), Some(value), "{text:?}");
        }
    }

    #[test]
    fn a_decimal_comma_and_whatever_is_no_number_are_none() {
        for odd in [
            "49,02", "4902,000", ",020", "49,,020", "a,020", "17.5,000", "", "-", "nan", "inf",
            "1e5", "31.5t", "1.2.3",
        ] {
            assert_eq!(number(odd), None, "{odd}");
        }
    }
}
