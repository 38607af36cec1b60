//! A decision in words, for the guard.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::{Grounds, Lacks, ListAge, ListKind, Otherwise, Register, RuleSource, VehicleFacts};
use records::code;
use words::{Group, Key, Language, Said, to_minute};

/// The reason by its stored name, what the list says, whose rule it is, what to compare, what would
/// have changed it and which lists are out of date, one sentence an item, with times in `zone`.
#[must_use]
pub fn explain(
    reason: &str,
    grounds: &Grounds,
    language: Language,
    zone: &TimeZone,
) -> Vec<String> {
    let mut said = vec![language.named(Group::Reason, reason).to_owned()];
    if !grounds.detail.is_empty() {
        let detail = language.named(Group::ListReason, &grounds.detail);
        said.push(detail.to_owned());
    }
    let is_strategy = reason.starts_with("strategy");
    if let Some(source) = &grounds.source {
        said.extend(source_text(reason, source, language, zone));
    }
    let facts = grounds.facts.as_ref().filter(|_| is_strategy);
    said.extend(facts.and_then(|facts| facts_text(facts, language)));
    for alike in &grounds.look_alikes {
        let color = alike.color.map_or(Key::ListAnyColor, Key::of_plate_color);
        let key = match alike.list {
            ListKind::Allow => Key::ListSimilarAllow,
            ListKind::Deny => Key::ListSimilarDeny,
        };
        let color = language.text(color);
        said.push(language.fill(key, &[("plate", &alike.plate), ("color", &color)]));
    }
    let otherwise = grounds.otherwise.iter();
    said.extend(otherwise.map(|otherwise| otherwise_text(otherwise, language, zone)));
    for list in grounds.lists.iter().filter(|list| list.stale) {
        said.push(age(list, language, zone));
    }
    said
}

/// The same for whoever has only a moment: the reason, and what the list says of this vehicle.
#[must_use]
pub fn in_short(reason: &str, grounds: &Grounds, language: Language) -> String {
    let named = language.named(Group::Reason, reason);
    if grounds.detail.is_empty() {
        return named.to_owned();
    }
    let detail = language.named(Group::ListReason, &grounds.detail);
    Said::about(named, Said::other(detail)).text(language)
}

/// Nothing for the site's own lists: the configuration has no date and nobody's name.
fn source_text(
    reason: &str,
    source: &RuleSource,
    language: Language,
    zone: &TimeZone,
) -> Option<String> {
    let (by, since) = (source.by.as_ref()?, source.since?);
    let time = to_minute(since, zone);
    let key = if reason.starts_with("strategy") {
        Key::SourceStrategy
    } else if reason.starts_with("visitor") {
        Key::SourceVisitor
    } else {
        return Some(language.fill(Key::SourceList, &[("name", by), ("time", &time)]));
    };
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("name", &source.name), ("by", by), ("time", &time)];
    Some(language.fill(key, &values))
}

/// What the register held of the vehicle, in words: `国四，柴油，重型半挂牵引车`.
#[must_use]
pub fn facts_text(facts: &VehicleFacts, language: Language) -> Option<String> {
    let named = |table: &'static code::CodeTable, code: &Option<String>| {
        let code = code.as_deref()?;
        let named = table.get(code).map(|known| known.name(language));
        Some(named.unwrap_or(code).to_owned())
    };
    let networked = facts
        .networked
        .map(|on| if on { "1" } else { "0" }.to_owned());
    let known = [
        named(&code::EMISSION, &facts.emission),
        named(&code::FUEL, &facts.fuel),
        named(&code::VEHICLE_TYPE, &facts.kind),
        named(&code::NETWORK, &networked),
    ];
    let known: Vec<_> = known.into_iter().flatten().collect();
    let between = match language {
        Language::Zh => "，",
        Language::En => ", ",
    };
    let facts = known.join(between);
    (!facts.is_empty()).then(|| language.fill(Key::SourceFacts, &[("facts", &facts)]))
}

fn otherwise_text(otherwise: &Otherwise, language: Language, zone: &TimeZone) -> String {
    let value = match otherwise.lacks {
        Lacks::Emission => {
            let code = code::EMISSION.get(&otherwise.value);
            code.map(|code| code.name(language).to_owned())
        }
        Lacks::Until => {
            let until: Option<Timestamp> = otherwise.value.parse().ok();
            until.map(|until| to_minute(until, zone))
        }
        Lacks::Item => {
            let item = records::item(Register::Vehicle, &otherwise.value);
            let label = item.map(|item| item.label(language).to_owned());
            label.or_else(|| {
                let item = passage::item(&otherwise.value)?;
                let label = match language {
                    Language::Zh => item.zh,
                    Language::En => item.en,
                };
                Some(label.to_owned())
            })
        }
        _ => None,
    };
    let value = value.as_ref().unwrap_or(&otherwise.value);
    language.fill(words_of(otherwise.lacks), &[("value", value)])
}

const fn words_of(lacks: Lacks) -> Key {
    match lacks {
        Lacks::Emission => Key::LacksEmission,
        Lacks::Networked => Key::LacksNetworked,
        Lacks::NewEnergy => Key::LacksNewEnergy,
        Lacks::Until => Key::LacksUntil,
        Lacks::Item => Key::LacksItem,
        Lacks::Registered => Key::LacksRegistered,
        Lacks::Release => Key::LacksRelease,
        Lacks::Unlisted => Key::LacksUnlisted,
        Lacks::AllowList => Key::LacksAllowList,
        Lacks::Color => Key::LacksColor,
        Lacks::Plate => Key::LacksPlate,
        Lacks::Tomorrow => Key::LacksTomorrow,
        Lacks::Fetched => Key::LacksFetched,
        Lacks::Ended => Key::LacksEnded,
    }
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
