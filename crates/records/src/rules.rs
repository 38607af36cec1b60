//! What a site may set about the registers, and what a record is called.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use passage::Register;

use crate::{Need, RegisterItem, Values};

/// What the validators go by.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The day at the site.
    pub today: Date,
    /// `register.item` → longest text in characters, where the platform differs.
    pub max_chars: BTreeMap<String, u16>,
    /// `register.item` that this platform does not ask for.
    pub optional: BTreeSet<String>,
    /// `register.item` that this platform asks for.
    pub mandatory: BTreeSet<String>,
}

impl Rules {
    /// The rules as they come.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self {
            today,
            max_chars: BTreeMap::new(),
            optional: BTreeSet::new(),
            mandatory: BTreeSet::new(),
        }
    }

    /// Names in the settings that are no item, for the configuration's list of mistakes.
    #[must_use]
    pub fn unknown_names(&self) -> Vec<String> {
        let known = |name: &&String| {
            let (register, item) = name.split_once('.').unwrap_or((name, ""));
            let register = register.parse::<Register>().ok();
            register.is_none_or(|register| crate::item(register, item).is_none())
        };
        let names = self.max_chars.keys();
        let names = names.chain(&self.optional).chain(&self.mandatory);
        names.filter(known).cloned().collect()
    }

    /// Longest text of this item here, in characters.
    #[must_use]
    pub fn max_chars(&self, register: Register, item: &RegisterItem) -> usize {
        let set = self.max_chars.get(&format!("{register}.{}", item.name));
        usize::from(set.copied().unwrap_or(item.max_chars))
    }

    /// How much this item is needed here.
    #[must_use]
    pub fn need(&self, register: Register, item: &RegisterItem) -> Need {
        let name = format!("{register}.{}", item.name);
        match item.need {
            Need::Identity => Need::Identity,
            _ if self.mandatory.contains(&name) => Need::Mandatory,
            _ if self.optional.contains(&name) => Need::Wanted,
            need => need,
        }
    }
}

/// What people call a record: its identity items joined, such as `苏A12345|yellow`. None while one
/// of them is unknown.
#[must_use]
pub fn identity(register: Register, values: &Values) -> Option<String> {
    let parts: Option<Vec<&str>> = crate::items(register)
        .iter()
        .filter(|item| item.need == Need::Identity)
        .map(|item| values.get(item.name)?.as_str().filter(|s| !s.is_empty()))
        .collect();
    parts.map(|parts| parts.join("|"))
}
