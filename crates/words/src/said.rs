//! A text with its values, told in the reader's language when it is read.

use std::fmt;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use crate::{Key, Language};

/// A text of the catalogue with its values. Findings and errors carry it, for only whoever shows them
/// knows the reader's language. Logs and developers' errors, which are English, print it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    key: Key,
    values: Vec<(&'static str, Value)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// The same in every language: a name, a path, a number.
    Plain(String),
    /// Another text.
    Said(Said),
    /// A text in each language, in the order of [`Language::ALL`].
    Each([String; 2]),
}

impl Value {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Said(said) => said.text(language),
            Self::Each(texts) => texts[language as usize].clone(),
        }
    }
}

impl Said {
    /// A text without values.
    #[must_use]
    pub fn plain(key: Key) -> Self {
        Self {
            key,
            values: Vec::new(),
        }
    }

    /// A text with one value.
    #[must_use]
    pub fn with(key: Key, name: &'static str, value: impl fmt::Display) -> Self {
        Self::plain(key).and(name, value)
    }

    /// The same with one more value.
    #[must_use]
    pub fn and(self, name: &'static str, value: impl fmt::Display) -> Self {
        self.and_value(name, Value::Plain(value.to_string()))
    }

    /// The same with one more value, which is a text itself.
    #[must_use]
    pub fn and_said(self, name: &'static str, said: impl Into<Self>) -> Self {
        self.and_value(name, Value::Said(said.into()))
    }

    /// The same with one more value, which depends on the language.
    #[must_use]
    pub fn and_each(self, name: &'static str, text: impl Fn(Language) -> String) -> Self {
        self.and_value(name, Value::Each(Language::ALL.map(text)))
    }

    fn and_value(mut self, name: &'static str, value: Value) -> Self {
        self.values.push((name, value));
        self
    }

    /// A text in its own words: what a library, a system or another program said.
    #[must_use]
    pub fn other(text: impl fmt::Display) -> Self {
        Self::with(Key::SaidOther, "text", text)
    }

    /// A text that was made in each language.
    #[must_use]
    pub fn in_each(text: impl Fn(Language) -> String) -> Self {
        Self::plain(Key::SaidOther).and_each("text", text)
    }

    /// Several, a line for each.
    #[must_use]
    pub fn lines(all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<_> = all.into_iter().collect();
        Self::in_each(|language| {
            let lines: Vec<_> = all.iter().map(|said| said.text(language)).collect();
            lines.join("\n")
        })
    }

    /// What something is about, and then what there is to say: `/etc/x: permission is denied`.
    #[must_use]
    pub fn about(what: impl fmt::Display, said: impl Into<Self>) -> Self {
        Self::with(Key::SaidAbout, "what", what).and_said("why", said)
    }

    /// The same, and then what to do about it.
    #[must_use]
    pub fn then(self, next: impl Into<Self>) -> Self {
        Self::plain(Key::SaidAnd)
            .and_said("what", self)
            .and_said("why", next)
    }

    /// Why the system refused something. What is not in the catalogue keeps the system's words.
    #[must_use]
    pub fn of_io(error: &io::Error) -> Self {
        let key = match error.kind() {
            io::ErrorKind::NotFound => Key::IoNotFound,
            io::ErrorKind::PermissionDenied => Key::IoDenied,
            io::ErrorKind::ReadOnlyFilesystem => Key::IoReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Key::IoFull,
            io::ErrorKind::IsADirectory => Key::IoIsAFolder,
            io::ErrorKind::NotADirectory => Key::IoNotAFolder,
            io::ErrorKind::AlreadyExists => Key::IoThere,
            io::ErrorKind::AddrInUse => Key::IoAddressInUse,
            io::ErrorKind::AddrNotAvailable => Key::IoNoSuchAddress,
            io::ErrorKind::ConnectionRefused => Key::IoRefused,
            io::ErrorKind::TimedOut => Key::IoNoAnswer,
            io::ErrorKind::FileTooLarge => Key::IoTooLarge,
            _ => return Self::with(Key::IoOther, "error", error),
        };
        Self::plain(key)
    }

    /// Which text it is.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// In one language.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let values: Vec<_> = self
            .values
            .iter()
            .map(|(name, value)| (*name, value.text(language)))
            .collect();
        let values: Vec<(&str, &dyn fmt::Display)> = values
            .iter()
            .map(|(name, value)| (*name, value as &dyn fmt::Display))
            .collect();
        language.fill(self.key, &values)
    }
}

impl From<Key> for Said {
    fn from(key: Key) -> Self {
        Self::plain(key)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text(Language::En))
    }
}

impl std::error::Error for Said {}

/// In each language, for whoever shows it in another process.
#[derive(Serialize, Deserialize)]
struct Texts {
    zh: String,
    en: String,
}

/// `#[serde(with = "words::texts")]`: between two processes a [`Said`] goes as its texts.
pub mod texts {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{Said, Texts};
    use crate::Language;

    /// As its text in each language.
    ///
    /// # Errors
    /// As the serializer.
    pub fn serialize<S: Serializer>(said: &Said, to: S) -> Result<S::Ok, S::Error> {
        let [zh, en] = Language::ALL.map(|language| said.text(language));
        Texts { zh, en }.serialize(to)
    }

    /// What [`serialize`] wrote.
    ///
    /// # Errors
    /// When it is something else.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Said, D::Error> {
        let Texts { zh, en } = Texts::deserialize(from)?;
        Ok(Said::in_each(|language| match language {
            Language::Zh => zh.clone(),
            Language::En => en.clone(),
        }))
    }
}

/// As its English text: programs compare codes, and developers read the rest.
impl Serialize for Said {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The two largest units of a length of time say enough to a person.
const UNITS_TOLD: usize = 2;

impl Language {
    /// A length of time as a person says it: `5 分钟`, `1 h 30 min`; less than a second in
    /// milliseconds.
    #[must_use]
    pub fn length(self, length: Duration) -> String {
        let seconds = length.as_secs();
        let units = [
            (seconds / 86_400, Key::LengthDays),
            (seconds / 3600 % 24, Key::LengthHours),
            (seconds / 60 % 60, Key::LengthMinutes),
            (seconds % 60, Key::LengthSeconds),
        ];
        let units = units.into_iter().skip_while(|(count, _)| *count == 0);
        let told: Vec<_> = units
            .take(UNITS_TOLD)
            .filter(|(count, _)| *count > 0)
            .map(|(count, key)| self.fill(key, &[("count", &count)]))
            .collect();
        if told.is_empty() {
            let count = length.subsec_millis();
            return self.fill(Key::LengthMillis, &[("count", &count)]);
        }
        told.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_finding_is_told_in_either_language_with_all_that_stands_in_it() {
        let why = Said::of_io(&io::Error::from(io::ErrorKind::NotFound));
        let said = Said::about("/etc/x", why);
        assert_eq!(said.text(Language::Zh), "/etc/x：没有这个文件或文件夹");
        assert_eq!(said.to_string(), "/etc/x: there is no such file or folder");
        let each = Said::plain(Key::ModelManifest)
            .and("path", "x")
            .and_each("why", |language| language.to_string());
        assert!(each.text(Language::Zh).ends_with("：zh"));
        assert!(each.text(Language::En).ends_with(": en"));
    }

    #[test]
    fn lengths_of_time_are_told_in_units_that_people_use() {
        for (ms, zh, en) in [
            (0, "0 毫秒", "0 ms"),
            (250, "250 毫秒", "250 ms"),
            (8_400, "8 秒", "8 s"),
            (300_000, "5 分钟", "5 min"),
            (5_430_000, "1 小时 30 分钟", "1 h 30 min"),
            (86_405_000, "1 天", "1 day"),
            (2 * 86_400_000 + 3_600_000, "2 天 1 小时", "2 days 1 h"),
        ] {
            let length = Duration::from_millis(ms);
            assert_eq!(Language::Zh.length(length), zh);
            assert_eq!(Language::En.length(length), en);
        }
    }
}
