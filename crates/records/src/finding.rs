//! What is wrong with a value, in words for a person.

use words::{Key, Language};

use crate::RegisterItem;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a person's look; stops nothing and is never written as a value.
    Hint,
    /// Unlikely but possible; stops nothing.
    Warning,
    /// Not there, and needed before the record is approved.
    Missing,
    /// Cannot be true; the value is not taken.
    Wrong,
}

/// A text of the catalogue with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which text.
    pub key: Key,
    /// What stands in it.
    pub values: Vec<(&'static str, String)>,
    /// Codes that are allowed, named in the reader's language where the text says `{allowed}`.
    pub choices: Option<&'static crate::code::CodeTable>,
}

impl Said {
    /// A text without values.
    #[must_use]
    pub fn plain(key: Key) -> Self {
        Self {
            key,
            values: Vec::new(),
            choices: None,
        }
    }

    /// A text with one value.
    #[must_use]
    pub fn with(key: Key, name: &'static str, value: impl ToString) -> Self {
        Self {
            values: vec![(name, value.to_string())],
            ..Self::plain(key)
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// In one language.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let choices = self.choices.map(|table| table.choices(language));
        let mut values: Vec<(&str, &dyn std::fmt::Display)> = Vec::new();
        for (name, value) in &self.values {
            values.push((name, value));
        }
        if let Some(choices) = &choices {
            values.push(("allowed", choices));
        }
        language.fill(self.key, &values)
    }
}

/// Something about one item of a record.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The item.
    pub item: &'static RegisterItem,
    /// What and, where it helps, what is allowed.
    pub said: Said,
}

impl Finding {
    pub(crate) fn new(severity: Severity, item: &'static RegisterItem, said: Said) -> Self {
        Self {
            severity,
            item,
            said,
        }
    }

    /// `车辆型号：必填，未填`.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mark = match language {
            Language::Zh => "：",
            Language::En => ": ",
        };
        let label = self.item.label(language);
        format!("{label}{mark}{}", self.said.text(language))
    }
}
