//! What is wrong with a value, in words for a person.

use words::{Language, Said};

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
        Said::about(self.item.label(language), self.said.clone()).text(language)
    }
}
