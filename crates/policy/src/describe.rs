//! A strategy in words, as the guard, the manager and the notice board read it.

use jiff::tz::TimeZone;
use records::code::{CodeTable, EMISSION, FUEL, VEHICLE_CLASS, VEHICLE_TYPE};
use words::{Group, Key, Language, to_minute};

use crate::strategy::{Action, Ban, Strategy};

/// When it holds, whom it binds and who is spared, one sentence an item, with times in `zone`.
#[must_use]
pub fn describe(strategy: &Strategy, language: Language, zone: &TimeZone) -> Vec<String> {
    let mut said = vec![times(strategy, language, zone)];
    let warning = strategy
        .warning
        .map(|w| language.named(Group::Warning, w.as_str()));
    let level = strategy
        .level
        .map(|l| language.named(Group::Response, l.as_str()));
    said.extend(warning.into_iter().chain(level).map(str::to_owned));
    let key = match strategy.action {
        Action::Deny => Key::StrategyForbids,
        Action::Ask => Key::StrategyAsks,
    };
    let bans = strategy.bans.iter();
    said.extend(bans.map(|b| language.fill(key, &[("vehicles", &vehicles(b, language))])));
    let flags = [
        (strategy.networked_only, Key::StrategyNetworked),
        (strategy.spares_new_energy, Key::StrategyNewEnergy),
        (strategy.spares_allow_list, Key::StrategyAllowList),
    ];
    let set = flags.into_iter().filter(|(is_set, _)| *is_set);
    said.extend(set.map(|(_, key)| language.text(key).to_owned()));
    if !strategy.lanes.is_empty() {
        let lanes = join(strategy.lanes.iter().map(String::as_str), language);
        said.push(language.fill(Key::StrategyLanes, &[("lanes", &lanes)]));
    }
    if let Some(direction) = strategy.direction {
        let direction = language.named(Group::Direction, direction.as_str());
        said.push(language.fill(Key::StrategyWay, &[("direction", &direction)]));
    }
    said
}

fn times(strategy: &Strategy, language: Language, zone: &TimeZone) -> String {
    let from = to_minute(strategy.from, zone);
    match strategy.until {
        Some(until) => {
            let until = to_minute(until, zone);
            language.fill(Key::StrategyUntil, &[("from", &from), ("until", &until)])
        }
        None => language.fill(Key::StrategyFrom, &[("from", &from)]),
    }
}

/// `国四及以下，柴油、天然气，重型货车`; any vehicle where there is no condition.
fn vehicles(ban: &Ban, language: Language) -> String {
    let mut said = Vec::new();
    if let Some(stage) = ban.emission_up_to {
        let stage = name(&[&EMISSION], &stage.to_string(), language);
        said.push(language.fill(Key::StrategyUpTo, &[("stage", &stage)]));
    }
    let named = |codes: &[String], tables: &[&'static CodeTable]| {
        let names: Vec<_> = codes.iter().map(|c| name(tables, c, language)).collect();
        (!names.is_empty()).then(|| join(names.iter().map(String::as_str), language))
    };
    said.extend(named(&ban.fuels, &[&FUEL]));
    said.extend(named(&ban.kinds, &[&VEHICLE_CLASS, &VEHICLE_TYPE]));
    if !ban.cargoes.is_empty() {
        let cargoes = join(ban.cargoes.iter().map(String::as_str), language);
        said.push(language.fill(Key::StrategyCargo, &[("cargoes", &cargoes)]));
    }
    if said.is_empty() {
        return language.text(Key::StrategyAny).to_owned();
    }
    said.join(match language {
        Language::Zh => "，",
        Language::En => ", ",
    })
}

fn name(tables: &[&'static CodeTable], code: &str, language: Language) -> String {
    let known = tables.iter().find_map(|table| table.get(code));
    known.map_or_else(|| code.to_owned(), |known| known.name(language).to_owned())
}

fn join<'a>(names: impl Iterator<Item = &'a str>, language: Language) -> String {
    let names: Vec<_> = names.collect();
    names.join(match language {
        Language::Zh => "、",
        Language::En => " or ",
    })
}
