//! The values of a table, each read as what it has to be.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use toml::de::{DeValue, ValueDeserializer};
use words::{Key, Said};

use crate::address::holds_login;
use crate::section::kind;
use crate::{Section, parse_length};

/// Longest name of something that topics and metrics are named after.
const NAME_CHARS: usize = 40;

impl Section<'_> {
    /// Text in quotes. An address with a user or password in it is refused wherever it stands, and
    /// nothing of it is repeated: addresses are shown, logged and copied.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        match self.value(key)?.get_ref() {
            DeValue::String(text) if holds_login(text) => {
                self.problem(key, Key::MistakeLoginInText);
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            other => {
                let said = Said::plain(Key::MistakeNotText).and_said("kind", kind(other));
                self.problem(key, said);
                None
            }
        }
    }

    /// A time as somebody wrote it, in quotes or as TOML's own; whoever asked says what it has to be.
    #[must_use]
    pub fn time_text(&self, key: &str) -> Option<String> {
        match self.value(key)?.get_ref() {
            DeValue::Datetime(at) => Some(at.to_string()),
            _ => self.text(key),
        }
    }

    /// Text in quotes, or `default`.
    #[must_use]
    pub fn text_or(&self, key: &str, default: &str) -> String {
        self.text(key).unwrap_or_else(|| default.to_owned())
    }

    /// Text that has to be there; reports it when it is missing or empty, and gives an empty one.
    #[must_use]
    pub fn required(&self, key: &str, example: &str) -> String {
        let text = self.text(key);
        let is_missing = text.as_ref().map_or(!self.has(key), String::is_empty);
        if is_missing {
            let said = Said::with(Key::MistakeRequired, "key", key);
            self.problem(key, said.and("example", example));
        }
        text.unwrap_or_default()
    }

    /// A required name of letters, digits, `-` and `_`, 40 at most, for topics and metrics.
    #[must_use]
    pub fn name(&self, key: &str, example: &str) -> String {
        let name = self.required(key, example);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.len() > NAME_CHARS || !name.chars().all(plain) {
            let said = Said::with(Key::MistakeNotAName, "most", NAME_CHARS);
            self.problem(key, said);
        }
        name
    }

    /// A path; a relative one is below the configuration's folder.
    #[must_use]
    pub fn path(&self, key: &str) -> Option<PathBuf> {
        self.text(key).map(|path| self.below_folder(path))
    }

    /// The name or address of a host, alone.
    #[must_use]
    pub fn host(&self, key: &str) -> Option<String> {
        let host = self.text(key)?;
        if host.contains(['@', '/', ' ']) {
            self.problem(key, Key::MistakeNotAHost);
            return None;
        }
        Some(host)
    }

    /// A value written as text that parses into `T`; else `wrong` says what it has to be, about the
    /// `text` that stands there.
    #[must_use]
    pub fn parsed<T: FromStr>(&self, key: &str, wrong: Key) -> Option<T> {
        let text = self.text(key)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.problem(key, Said::with(wrong, "text", text));
        }
        parsed
    }

    /// One of a few words.
    #[must_use]
    pub fn one_of<T: Clone>(&self, key: &str, words: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text(key) else {
            return default;
        };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return value.clone();
        }
        let known: Vec<_> = words.iter().map(|(w, _)| format!("\"{w}\"")).collect();
        let known = known.join(", ");
        let said = Said::with(Key::MistakeNotOneOf, "text", text);
        self.problem(key, said.and("known", known));
        default
    }

    /// A length of time such as `"500ms"`, `"30s"`, `"1m 30s"`, `"2h"`, `"10d"`, longer than 0.
    #[must_use]
    pub fn length(&self, key: &str, default: Duration) -> Duration {
        let length = self.length_or_zero(key, default);
        if length.is_zero() {
            self.problem(key, Key::MistakeZeroLength);
            return default;
        }
        length
    }

    /// A length of time that may be 0.
    #[must_use]
    pub fn length_or_zero(&self, key: &str, default: Duration) -> Duration {
        let Some(text) = self.text(key) else {
            return default;
        };
        parse_length(&text).unwrap_or_else(|error| {
            self.problem(key, error);
            default
        })
    }

    /// A length of time, longer than 0 and at most `most`.
    #[must_use]
    pub fn length_up_to(&self, key: &str, default: Duration, most: Duration) -> Duration {
        let length = self.length(key, default);
        if length > most {
            let most = crate::show_length(most);
            self.problem(key, Said::with(Key::MistakeMoreThan, "most", most));
        }
        length
    }

    /// A number within bounds.
    #[must_use]
    pub fn number(&self, key: &str, default: f64, bounds: RangeInclusive<f64>) -> f64 {
        let Some(value) = self.value(key) else {
            return default;
        };
        let (low, high) = (bounds.start(), bounds.end());
        let number: Option<f64> = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(_) => integer(value.get_ref()).map(|number| number as f64),
            _ => None,
        };
        match number {
            Some(number) if bounds.contains(&number) => return number,
            Some(number) => {
                let said = Said::with(Key::MistakeOutside, "number", number);
                self.problem(key, said.and("low", low).and("high", high));
            }
            None => {
                let said = Said::with(Key::MistakeNotANumber, "low", low).and("high", high);
                self.problem(key, said.and_said("kind", kind(value.get_ref())));
            }
        }
        default
    }

    /// A whole number within bounds.
    #[must_use]
    pub fn integer(&self, key: &str, default: u32, bounds: RangeInclusive<u32>) -> u32 {
        let Some(value) = self.value(key) else {
            return default;
        };
        let number = integer(value.get_ref());
        let fits = number.and_then(|number| u32::try_from(number).ok());
        if let Some(fits) = fits.filter(|number| bounds.contains(number)) {
            return fits;
        }
        let (low, high) = (bounds.start(), bounds.end());
        let said = Said::with(Key::MistakeNotWhole, "low", low).and("high", high);
        let said = match number {
            Some(number) => said.and("given", number),
            None => said.and_said("given", kind(value.get_ref())),
        };
        self.problem(key, said);
        default
    }

    /// `true` or `false`.
    #[must_use]
    pub fn flag(&self, key: &str, default: bool) -> bool {
        match self.value(key).map(|value| value.get_ref()) {
            None => default,
            Some(DeValue::Boolean(flag)) => *flag,
            Some(other) => {
                let said = Said::plain(Key::MistakeNotAFlag).and_said("kind", kind(other));
                self.problem(key, said);
                default
            }
        }
    }

    /// A table of texts under names of the site's own.
    #[must_use]
    pub fn texts(&self, key: &str) -> BTreeMap<String, String> {
        self.table(key, |section| {
            let names = section.keys().into_iter();
            names
                .filter_map(|name| Some((name.clone(), section.text(&name)?)))
                .collect()
        })
    }

    /// The value under `key` read by serde, for lists; `shape` says how it is written.
    #[must_use]
    pub fn typed<T: serde::de::DeserializeOwned>(&self, key: &str, shape: &str) -> Option<T> {
        let value = self.value(key)?.clone();
        T::deserialize(ValueDeserializer::from(value))
            .map_err(|e| {
                let said = Said::with(Key::MistakeShape, "shape", shape);
                self.problem_at(e.span(), key, said);
            })
            .ok()
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let DeValue::Integer(number) = value else {
        return None;
    };
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}
