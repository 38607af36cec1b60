//! Fields, items and code maps of each operation.

use passage::{ITEMS, ItemKind};
use words::{Key, Said};

use super::{Findings, date_format, is_day_format, is_format};
use crate::adapter::{Adapter, Field, Operation, item};

impl Adapter {
    pub(super) fn check_operation(&self, name: &str, operation: &Operation, found: &mut Findings) {
        for (part, field) in operation.all_fields() {
            let key = format!("{name}.{part}");
            found.check(item(&field.item).is_some(), &key, unknown_item(&field.item));
            self.check_codes(&key, field, found);
        }
        if let Some(gates) = &operation.gates {
            let key = format!("{name}.gates");
            found.check(name == "heartbeat", &key, Key::MistakeOnlyHeartbeat);
            found.check(!gates.fields.is_empty(), key, Key::MistakeNoFields);
        }
        for name_of_item in &operation.mandatory {
            let key = format!("{name}.mandatory");
            let why = unknown_item(name_of_item);
            found.check(item(name_of_item).is_some(), &key, why);
            let why = Said::with(Key::MistakeCarriedNowhere, "item", name_of_item);
            found.check(operation.carries(name_of_item), key, why);
        }
    }

    pub(super) fn check_codes(&self, key: &str, field: &Field, found: &mut Findings) {
        if let Some(map) = &field.codes {
            let known: Vec<_> = self.codes.keys().map(String::as_str).collect();
            let why = Said::with(Key::MistakeNoCodes, "map", map).and("known", known.join(", "));
            found.check(self.codes.contains_key(map), key, why);
        }
        if let Some(format) = &field.date {
            let kind = item(&field.item).map(|item| item.kind);
            let is_sound = match kind {
                Some(ItemKind::Day) => is_day_format(format),
                _ => is_format(format),
            };
            found.check(is_sound, key, date_format(format, "%Y%m%d"));
            let timely = matches!(kind, None | Some(ItemKind::Time | ItemKind::Day));
            found.check(timely, key, Key::MistakeDateOfTime);
        }
        found.check(field.max_chars != Some(0), key, Key::MistakeMaxChars);
    }
}

pub(super) fn unknown_item(name: &str) -> Said {
    let near = ITEMS
        .iter()
        .filter(|item| item.kind != ItemKind::Local)
        .filter(|item| item.name.to_lowercase().contains(&name.to_lowercase()) && !name.is_empty())
        .map(|item| item.name)
        .take(5)
        .collect::<Vec<_>>();
    if near.is_empty() {
        Said::with(Key::MistakeNoSuchItem, "name", name)
    } else {
        Said::with(Key::MistakeNearItem, "name", name).and("near", near.join(", "))
    }
}
