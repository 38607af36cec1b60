//! What is not TOML, in words that help whoever typed it.

use toml::de::Error;

use crate::Problem;

/// What a Chinese keyboard gives where TOML wants the ASCII character beside it.
const FULL_WIDTH: [(char, &str); 16] = [
    ('“', "\""),
    ('”', "\""),
    ('＂', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('＇', "'"),
    ('＝', "="),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('｛', "{"),
    ('｝', "}"),
    ('，', ","),
    ('．', "."),
    ('＃', "#"),
];

/// One problem for each line. A line with full-width punctuation has no other: it would only be
/// told in words that nobody connects with it.
pub(crate) fn problems(text: &str, errors: &[Error]) -> Vec<Problem> {
    let mut found = full_width(text);
    for error in errors {
        let line = error.span().map(|span| line_of(text, span.start));
        if found.iter().any(|known| known.line == line) {
            continue;
        }
        let mut message = error.message().trim().to_owned();
        if let Some(line) = line.filter(|_| message.contains("duplicate key")) {
            message += &misplaced(text, line).unwrap_or_default();
        }
        found.push(Problem {
            line,
            key: String::new(),
            message,
        });
    }
    found.sort();
    found
}

/// The line of the byte at `offset`, counted from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// What to add to a mistake about the key in `line` when the header above it is commented out: then
/// the key has come under the header before that one.
pub(crate) fn misplaced(text: &str, line: usize) -> Option<String> {
    let above: Vec<&str> = text.lines().take(line.saturating_sub(1)).collect();
    for (i, text) in above.iter().enumerate().rev() {
        let text = text.trim();
        if text.starts_with('[') {
            return None;
        }
        let commented = text.strip_prefix('#').map_or("", str::trim_start);
        if commented.starts_with('[') && commented.ends_with(']') {
            let at = i + 1;
            return Some(format!(
                "; the header above it, {commented} in line {at}, is commented out: remove its # too"
            ));
        }
    }
    None
}

/// Lines that have full-width punctuation outside of quotes and comments.
fn full_width(text: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut multi_line = None;
    for (i, line) in text.lines().enumerate() {
        let seen = outside_quotes(line, &mut multi_line)
            .find_map(|c| FULL_WIDTH.iter().find(|(wide, _)| *wide == c));
        if let Some((wide, ascii)) = seen {
            found.push(Problem {
                line: Some(i + 1),
                key: String::new(),
                message: format!(
                    "全角符号，请用英文半角: {wide} → {ascii} (full-width punctuation)"
                ),
            });
        }
    }
    found
}

/// The characters of a line that stand in no quotes and no comment. `open` is the quote of a text
/// that goes on over several lines.
fn outside_quotes<'a>(
    line: &'a str,
    open: &mut Option<&'static str>,
) -> impl Iterator<Item = char> + use<'a> {
    let mut outside = Vec::new();
    let mut rest = line;
    let mut quote = *open;
    while let Some(c) = rest.chars().next() {
        let skip = match quote {
            Some("\"" | "\"\"\"") if c == '\\' => {
                1 + rest[1..].chars().next().map_or(0, char::len_utf8)
            }
            Some(end) if rest.starts_with(end) => {
                quote = None;
                end.len()
            }
            Some(_) => c.len_utf8(),
            None if c == '#' => break,
            None => {
                quote = ["\"\"\"", "'''", "\"", "'"]
                    .into_iter()
                    .find(|quote| rest.starts_with(quote));
                if quote.is_none() {
                    outside.push(c);
                }
                quote.map_or(c.len_utf8(), str::len)
            }
        };
        rest = &rest[skip..];
    }
    *open = quote.filter(|quote| quote.len() == 3);
    outside.into_iter()
}

#[cfg(test)]
mod tests {
    use crate::Document;

    fn told(text: &str) -> Vec<String> {
        let problems = Document::parse(text).expect_err("not TOML");
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_line_that_is_not_toml_is_told() {
        let told = told("[site\nname = \"a\"\n[status]\nlisten = 1 2\n[photos]\nfont = sans\n");
        for line in ["line 1: ", "line 4: ", "line 6: "] {
            assert!(told.iter().any(|t| t.starts_with(line)), "{line}: {told:?}");
        }
    }

    #[test]
    fn full_width_punctuation_is_called_by_its_name() {
        let text = "# 说明：“引号”可以\n[site]\nname = “厂”\ncode ＝ \"1\"\n［status］\nzone = 'a，b' # ，\n\
                    list = [1，2]\n";
        let told = told(text);
        assert_eq!(told.len(), 4, "{told:?}");
        for (told, line) in told.iter().zip([3, 4, 5, 7]) {
            assert!(
                told.starts_with(&format!("line {line}: 全角符号，请用英文半角")),
                "{told}"
            );
        }
    }

    #[test]
    fn text_in_quotes_may_hold_any_character() {
        let text = "a = \"，“\\\"”\"\nb = \"\"\"\n，\n\"\"\"\nc = '“'\nd = “\n";
        let told = told(text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("line 6: 全角符号"), "{told:?}");
    }

    #[test]
    fn a_key_below_a_commented_header_names_the_header() {
        let text =
            "[mqtt]\nname = \"a\"\n\n## 说明 Explained.\n# [backup]\n## Folder.\nname = \"b\"\n";
        let told = told(text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("line 7: duplicate key"), "{told:?}");
        assert!(told[0].contains("[backup] in line 5"), "{told:?}");
    }

    #[test]
    fn nesting_without_end_is_told_and_ends_nothing() {
        for text in [
            format!("a = {}", "[".repeat(100_000)),
            format!("a = {}", "{b = ".repeat(100_000)),
            format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            format!("a{} = 1", ".b".repeat(100_000)),
            format!("[a{}]", ".b".repeat(100_000)),
        ] {
            assert!(!told(&text).is_empty());
        }
    }
}
