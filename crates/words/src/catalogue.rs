//! The catalogue files, read once, and looking things up in them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::Key;

/// A language the words exist in. Chinese unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// A name that is no language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLanguage(String);

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is not one of: zh en", self.0)
    }
}

impl std::error::Error for UnknownLanguage {}

/// A table of the catalogue whose entries are the stored codes of an enumeration elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Group {
    PlateColor,
    Direction,
    Decision,
    Reason,
    Camera,
    CameraWhy,
    CameraNext,
    Upload,
    SinkWhy,
    Outcome,
    Kind,
    Downlink,
    LedgerFinding,
    LedgerRemedy,
    ListReason,
    Cause,
    CauseNext,
    ScaleLine,
    LiftWay,
    Alarm,
    Warning,
    Response,
    Rule,
    Review,
    InspectMark,
    Drawn,
    SignAlarm,
    Arm,
    RemarkKind,
    VideoGap,
    RecountIs,
    ClipKind,
    ClipState,
}

impl Group {
    const fn table(self) -> &'static str {
        match self {
            Self::PlateColor => "plate_color",
            Self::Direction => "direction",
            Self::Decision => "decision",
            Self::Reason => "reason",
            Self::Camera => "camera",
            Self::CameraWhy => "camera_why",
            Self::CameraNext => "camera_next",
            Self::Upload => "upload",
            Self::SinkWhy => "sink_why",
            Self::Outcome => "outcome",
            Self::Kind => "kind",
            Self::Downlink => "downlink",
            Self::LedgerFinding => "ledger_finding",
            Self::LedgerRemedy => "ledger_remedy",
            Self::ListReason => "list_reason",
            Self::Cause => "cause",
            Self::CauseNext => "cause_next",
            Self::ScaleLine => "scale_line",
            Self::LiftWay => "lift_way",
            Self::Alarm => "alarm",
            Self::Warning => "warning",
            Self::Response => "response",
            Self::Rule => "rule",
            Self::Review => "review",
            Self::InspectMark => "inspect_mark",
            Self::Drawn => "drawn",
            Self::SignAlarm => "sign_alarm",
            Self::Arm => "arm",
            Self::RemarkKind => "remark_kind",
            Self::VideoGap => "video_gap",
            Self::RecountIs => "recount_is",
            Self::ClipKind => "clip_kind",
            Self::ClipState => "clip_state",
        }
    }
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The name used in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language of a system's setting such as `zh_CN.UTF-8`, if it is one of ours.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let tag = locale.split(['_', '-', '.', '@']).next()?;
        tag.parse().ok()
    }

    /// The text of `key` as it stands in the catalogue. For a key with placeholders see
    /// [`Language::fill`].
    #[must_use]
    pub fn text(self, key: Key) -> &'static str {
        self.texts()[key as usize]
    }

    /// The text of `key` with each `{name}` replaced by the value of that name, and each
    /// `{name:lane|lanes}` by the first word where the value is 1, else by the second. A value that
    /// is not given leaves its `{name}` in sight.
    #[must_use]
    pub fn fill(self, key: Key, values: &[(&str, &dyn fmt::Display)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text(key);
        while let Some((before, name, after)) = next_placeholder(rest) {
            filled.push_str(before);
            let value = values.iter().find(|(given, _)| *given == name.value);
            filled += &match (value, name.counted) {
                (Some((_, value)), None) => on_paper(&value.to_string()),
                (Some((_, value)), Some((one, _))) if value.to_string() == "1" => one.to_owned(),
                (Some(_), Some((_, many))) => many.to_owned(),
                (None, _) => format!("{{{}}}", name.value),
            };
            rest = after;
        }
        filled + rest
    }

    /// What the code of an enumeration is called, or the code itself when the catalogue does not
    /// know it: a person then sees an odd word, never nothing.
    #[must_use]
    pub fn named(self, group: Group, code: &str) -> &str {
        Key::find(group.table(), code).map_or(code, |key| self.text(key))
    }

    /// The same for texts that need values.
    #[must_use]
    pub fn named_with(
        self,
        group: Group,
        code: &str,
        values: &[(&str, &dyn fmt::Display)],
    ) -> String {
        let key = Key::find(group.table(), code);
        key.map_or_else(|| code.to_owned(), |key| self.fill(key, values))
    }

    fn texts(self) -> &'static [&'static str] {
        static ZH: LazyLock<Vec<&'static str>> = LazyLock::new(|| load(include_str!("zh.toml")));
        static EN: LazyLock<Vec<&'static str>> = LazyLock::new(|| load(include_str!("en.toml")));
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == name)
            .ok_or_else(|| UnknownLanguage(name.to_owned()))
    }
}

/// The texts of one file in the order of [`Key::ALL`]. The tests below see to it that nothing is
/// missing; a text that were would show its key.
fn load(file: &str) -> Vec<&'static str> {
    let table: toml::Table = file.parse().unwrap_or_default();
    let text_of = |key: &Key| -> &'static str {
        let text = key
            .as_str()
            .split_once('.')
            .and_then(|(group, entry)| table.get(group)?.get(entry)?.as_str());
        // Leaked once for the life of the program, so that texts need no lifetime.
        text.map_or(key.as_str(), |text| Box::leak(text.into()))
    };
    Key::ALL.iter().map(text_of).collect()
}

/// The whole catalogue, for pages that make their texts elsewhere: key to language to text, in the
/// form that [`Language::fill`] fills.
#[must_use]
pub fn catalogue() -> BTreeMap<&'static str, BTreeMap<&'static str, &'static str>> {
    let texts = |key: Key| Language::ALL.map(|language| (language.as_str(), language.text(key)));
    let keys = Key::ALL.iter();
    keys.map(|key| (key.as_str(), texts(*key).into())).collect()
}

/// A value that a text asks for.
#[derive(Debug, PartialEq, Eq)]
struct Placeholder<'a> {
    value: &'a str,
    /// Words to choose from by the value: for one, for any other number.
    counted: Option<(&'a str, &'a str)>,
}

/// What stands before the next placeholder, the placeholder, and what stands behind it. Other braces
/// are braces: texts quote what is written in configurations.
fn next_placeholder(text: &str) -> Option<(&str, Placeholder<'_>, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let inner = &text[open + 1..];
        let close = inner.find('}')?;
        if let Some(name) = placeholder(&inner[..close]) {
            return Some((&text[..open], name, &inner[close + 1..]));
        }
        from = open + 1;
    }
    None
}

fn placeholder(text: &str) -> Option<Placeholder<'_>> {
    let (value, counted) = match text.split_once(':') {
        Some((value, words)) => (value, Some(words.split_once('|')?)),
        None => (text, None),
    };
    let is_name = !value.is_empty() && value.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_name.then_some(Placeholder { value, counted })
}

/// A value as it may stand in a terminal: names of files and words of others may hold what moves its cursor or
/// its colours. Lines stay.
fn on_paper(value: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    value.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const FILES: [(&str, &str); 2] = [
        ("zh.toml", include_str!("zh.toml")),
        ("en.toml", include_str!("en.toml")),
    ];

    fn entries(file: &str) -> Vec<(String, String)> {
        let table: toml::Table = file.parse().expect("the catalogue is TOML");
        let mut found = Vec::new();
        for (group, entries) in &table {
            for (entry, text) in entries.as_table().expect("a table of texts") {
                let text = text.as_str().expect("a text");
                found.push((format!("{group}.{entry}"), text.to_owned()));
            }
        }
        found
    }

    fn placeholders(mut text: &str) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        while let Some((_, name, after)) = next_placeholder(text) {
            names.insert(name.value);
            text = after;
        }
        names
    }

    #[test]
    fn both_files_hold_exactly_the_keys() {
        let keys: BTreeSet<_> = Key::ALL.iter().map(|k| k.as_str().to_owned()).collect();
        assert_eq!(keys.len(), Key::ALL.len(), "two keys share a name");
        for (name, file) in FILES {
            let held: BTreeSet<_> = entries(file).into_iter().map(|(key, _)| key).collect();
            let missing: Vec<_> = keys.difference(&held).collect();
            let unused: Vec<_> = held.difference(&keys).collect();
            assert!(missing.is_empty(), "{name} lacks {missing:?}");
            assert!(unused.is_empty(), "{name} holds {unused:?} without a key");
        }
    }

    #[test]
    fn every_text_says_something_and_takes_the_values_of_its_key() {
        for language in Language::ALL {
            for &key in Key::ALL {
                let text = language.text(key);
                assert!(!text.trim().is_empty(), "{language} {key} is empty");
                assert_eq!(text.trim(), text, "{language} {key} has loose blanks");
                let declared: BTreeSet<_> = key.placeholders().iter().copied().collect();
                assert_eq!(placeholders(text), declared, "{language} {key}: {text}");
            }
        }
    }

    #[test]
    fn a_text_is_filled_with_the_values_of_its_names() {
        let filled = Language::Zh.fill(Key::ListAsOf, &[("time", &"08:00"), ("list", &"超标")]);
        assert_eq!(filled, "名单“超标”更新于 08:00");
        let half = Language::En.fill(Key::ListAsOf, &[("list", &"over-limit")]);
        assert_eq!(half, "list \"over-limit\" as of {time}");
    }

    #[test]
    fn a_value_moves_no_cursor() {
        let key = Key::RecordingEmptyFolder;
        let text = Language::En.fill(key, &[("path", &"a\u{1b}[2J\u{9b}31m\rb\nc")]);
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\r']), "{text:?}");
        assert!(
            text.contains("a\u{fffd}[2J") && text.contains("b\nc"),
            "{text:?}"
        );
    }

    #[test]
    fn a_counted_word_goes_with_its_number_and_other_braces_stay() {
        let said = |count: u32| Language::En.fill(Key::CheckFindings, &[("count", &count)]);
        assert_eq!(said(1), "1 finding");
        assert_eq!(said(2), "2 findings");
        assert_eq!(said(0), "0 findings");
        let text = Language::En.text(Key::MistakeSecretPlace);
        assert_eq!(Language::En.fill(Key::MistakeSecretPlace, &[]), text);
        assert!(text.contains("{ file = "), "{text}");
    }

    #[test]
    fn a_page_is_handed_every_text_in_both_languages() {
        let all = catalogue();
        assert_eq!(all.len(), Key::ALL.len());
        assert_eq!(all["camera.frozen"]["zh"], "画面冻结");
        for (key, texts) in &all {
            let [zh, en] = ["zh", "en"].map(|language| placeholders(texts[language]));
            assert_eq!(zh, en, "{key} asks for other values in the other language");
        }
    }

    #[test]
    fn a_system_language_that_we_speak_is_taken() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Some(Language::Zh)),
            ("zh-Hans", Some(Language::Zh)),
            ("en_GB.UTF-8", Some(Language::En)),
            ("C.UTF-8", None),
            ("de_DE", None),
            ("", None),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_filled_again() {
        let filled = Language::En.fill(Key::ListNever, &[("list", &"{list}")]);
        assert_eq!(filled, "list \"{list}\" was never received");
    }

    #[test]
    fn codes_find_their_words_and_unknown_codes_show_themselves() {
        assert_eq!(Language::Zh.named(Group::Camera, "frozen"), "画面冻结");
        assert_eq!(Language::Zh.named(Group::Decision, "ask"), "等待人工");
        assert_eq!(Language::Zh.named(Group::Camera, "on_fire"), "on_fire");
    }

    #[test]
    fn every_camera_state_tells_why_and_what_to_do_next() {
        for &key in Key::ALL {
            if let Some(("camera", state)) = key.as_str().split_once('.') {
                for table in ["camera_why", "camera_next"] {
                    assert!(Key::find(table, state).is_some(), "{table} lacks {state}");
                }
            }
        }
    }

    #[test]
    fn language_names_parse_back_and_chinese_is_the_default() {
        for language in Language::ALL {
            assert_eq!(language.as_str().parse(), Ok(language));
        }
        assert_eq!(Language::default(), Language::Zh);
        let error = "fr".parse::<Language>().expect_err("no French");
        assert_eq!(error.to_string(), "\"fr\" is not one of: zh en");
    }
}
