//! What is not TOML, in words that help whoever typed it.

use toml::de::Error;
use words::{Key, Said};

use crate::{Problem, problem};

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
        let mut why = told(error.message().trim());
        if why.key() == Key::TomlDuplicateKey {
            why = misplaced(text, line, why);
        }
        found.push(Problem {
            line,
            key: String::new(),
            why,
        });
    }
    problem::sort(&mut found);
    found
}

/// What the parser says, by how it begins, for those mistakes that people make.
const TOLD: [(&str, Key); 22] = [
    ("duplicate key", Key::TomlDuplicateKey),
    ("unclosed table", Key::TomlHeader),
    ("unclosed array table", Key::TomlHeader),
    ("key with no value", Key::TomlNoValue),
    ("invalid key-value pair", Key::TomlNoKey),
    ("missing value", Key::TomlMissingValue),
    ("extra `=`", Key::TomlMissingValue),
    ("string values must be quoted", Key::TomlUnquoted),
    ("invalid basic string", Key::TomlQuote),
    ("invalid literal string", Key::TomlQuote),
    ("invalid multi-line", Key::TomlQuote),
    ("missing opening quote", Key::TomlQuote),
    ("unexpected key or value", Key::TomlTooMuch),
    ("unclosed array", Key::TomlArray),
    ("missing comma between array", Key::TomlArray),
    ("extra comma in array", Key::TomlArray),
    ("unclosed inline table", Key::TomlInlineTable),
    ("missing comma between key", Key::TomlInlineTable),
    ("extra comma in inline", Key::TomlInlineTable),
    ("invalid unquoted key", Key::TomlBadKey),
    ("unquoted keys cannot", Key::TomlBadKey),
    ("unexpected leading zero", Key::TomlNumber),
];

/// The parser's words as ours. What it says seldom keeps its own, in a frame.
fn told(message: &str) -> Said {
    let known = TOLD.iter().find(|(begins, _)| message.starts_with(begins));
    match known {
        Some((_, key)) => Said::plain(*key),
        None => Said::with(Key::MistakeSyntax, "why", message),
    }
}

/// The line of the byte at `offset`, counted from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// A mistake about the key in `line`, with what to do when the header above it is commented out: then
/// the key has come under the header before that one.
pub(crate) fn misplaced(text: &str, line: Option<usize>, said: Said) -> Said {
    let Some((at, header)) = line.and_then(|line| commented_header(text, line)) else {
        return said;
    };
    let why = Said::with(Key::MistakeCommentedHeader, "header", header).and("line", at);
    said.then(why)
}

/// The header above `line` that is commented out, unless one that counts stands between, and its line.
fn commented_header(text: &str, line: usize) -> Option<(usize, &str)> {
    let above: Vec<&str> = text.lines().take(line.saturating_sub(1)).collect();
    for (i, text) in above.iter().enumerate().rev() {
        let text = text.trim();
        if text.starts_with('[') {
            return None;
        }
        let commented = text.strip_prefix('#').map_or("", str::trim_start);
        if commented.starts_with('[') && commented.ends_with(']') {
            return Some((i + 1, commented));
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
                why: Said::with(Key::MistakeFullWidth, "wide", wide).and("ascii", ascii),
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
    use words::Language;

    use crate::Document;

    fn told(text: &str) -> Vec<String> {
        let problems = Document::parse(text).expect_err("not TOML");
        problems
            .iter()
            .map(|p| p.said().text(Language::Zh))
            .collect()
    }

    #[test]
    fn every_line_that_is_not_toml_is_told() {
        let told = told("[site\nname = \"a\"\n[status]\nlisten = 1 2\n[photos]\nfont = sans\n");
        for line in ["第 1 行：", "第 4 行：", "第 6 行："] {
            assert!(told.iter().any(|t| t.starts_with(line)), "{line}: {told:?}");
        }
    }

    #[test]
    fn what_people_get_wrong_is_told_in_chinese_and_the_rest_in_a_frame() {
        for (text, zh) in [
            ("a = 1\na = 2\n", "这个键写了两次"),
            ("[site\n", "表头没有用 ] 结束"),
            ("[[lane]\n", "表头没有用 ] 结束"),
            ("name\n", "键的后面缺少 = 和值"),
            ("a = \n[b]\n", "文字的值要放在英文引号里"),
            ("name = works\n", "文字的值要放在英文引号里"),
            ("name = \"works\n", "引号不成对"),
            ("name = 'works\n", "引号不成对"),
            ("name = \"a\" \"b\"\n", "一行只写一个键"),
            ("list = [1, 2\n", "列表没有用 ] 结束"),
            ("list = [1, , 2]\n", "逗号"),
            ("table = { a = 1\n", "没有用 } 结束"),
            ("厂 = 1\n", "键只能用字母"),
            ("a = 012\n", "这个数的写法不对"),
            ("a = 0x_1\n", "不符合 TOML 语法"),
        ] {
            let told = told(text);
            assert!(told[0].contains(zh), "{text}{told:?}");
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
                told.starts_with(&format!("第 {line} 行：全角符号，请用英文半角")),
                "{told}"
            );
        }
    }

    #[test]
    fn text_in_quotes_may_hold_any_character() {
        let text = "a = \"，“\\\"”\"\nb = \"\"\"\n，\n\"\"\"\nc = '“'\nd = “\n";
        let told = told(text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("第 6 行：全角符号"), "{told:?}");
    }

    #[test]
    fn a_key_below_a_commented_header_names_the_header() {
        let text =
            "[mqtt]\nname = \"a\"\n\n## 说明 Explained.\n# [backup]\n## Folder.\nname = \"b\"\n";
        let told = told(text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("第 7 行：这个键写了两次"), "{told:?}");
        assert!(told[0].contains("第 5 行的表头 [backup]"), "{told:?}");
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
