//! A decision in words, for the guard.

use jiff::tz::TimeZone;
use passage::{Grounds, ListAge, ListKind};
use words::{Group, Key, Language, to_minute};

/// The reason by its stored name, what the list says, what to compare and which lists are out of
/// date, one sentence an item, with times in `zone`.
#[must_use]
pub fn explain(
    reason: &str,
    grounds: &Grounds,
    language: Language,
    zone: &TimeZone,
) -> Vec<String> {
    let reason = language.named(Group::Reason, reason);
    let mut said = vec![reason.to_owned()];
    if !grounds.detail.is_empty() {
        let detail = language.named(Group::ListReason, &grounds.detail);
        said.push(detail.to_owned());
    }
    for alike in &grounds.look_alikes {
        let color = alike.color.map_or(Key::ListAnyColor, Key::of_plate_color);
        let key = match alike.list {
            ListKind::Allow => Key::ListSimilarAllow,
            ListKind::Deny => Key::ListSimilarDeny,
        };
        let color = language.text(color);
        said.push(language.fill(key, &[("plate", &alike.plate), ("color", &color)]));
    }
    for list in grounds.lists.iter().filter(|list| list.stale) {
        said.push(age(list, language, zone));
    }
    said
}

fn age(list: &ListAge, language: Language, zone: &TimeZone) -> String {
    let Some(as_of) = list.as_of else {
        return language.fill(Key::ListNever, &[("list", &list.name)]);
    };
    let time = to_minute(as_of, zone);
    let key = if list.stale {
        Key::ListStale
    } else {
        Key::ListAsOf
    };
    language.fill(key, &[("list", &list.name), ("time", &time)])
}

#[cfg(test)]
mod tests {
    use passage::Reason;

    use super::*;

    #[test]
    fn every_reason_is_stored_under_the_name_of_its_words() {
        for &reason in Reason::ALL {
            let stored = serde_json::to_value(reason).expect("a name");
            assert_eq!(stored, reason.as_str());
            assert!(Key::find("reason", reason.as_str()).is_some(), "{reason}");
        }
        let worded = Key::ALL
            .iter()
            // Of what came from paper no gate has decided.
            .filter(|k| k.as_str().starts_with("reason.") && **k != Key::ReasonPaper);
        assert_eq!(worded.count(), Reason::ALL.len());
    }
}
