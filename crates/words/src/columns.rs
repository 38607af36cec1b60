//! Texts in columns, as a terminal shows them.

use unicode_width::UnicodeWidthStr as _;

/// `text` with blanks behind it up to `columns` of a terminal. A Chinese character takes two
/// columns, which `{:<10}` counts as one. A longer text stays whole.
#[must_use]
pub fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(blanks))
}

/// `text` with blanks before it up to `columns` of a terminal.
#[must_use]
pub fn right(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(text.width());
    format!("{}{text}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_latin_texts_end_in_the_same_column() {
        assert_eq!(padded("苏A12345", 10), "苏A12345  ");
        assert_eq!(padded("A12345", 10), "A12345    ");
        assert_eq!(padded("东门进口车道", 10), "东门进口车道");
        assert_eq!(padded("", 3), "   ");
        assert_eq!(right("确认", 6), "  确认");
    }
}
