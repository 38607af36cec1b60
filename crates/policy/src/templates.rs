//! The four strategies that platforms use most (HJ 1321-2023, `controlStrategy` 1 to 4), ready to be
//! confirmed.

use jiff::Timestamp;
use passage::coded;
use serde_json::Value;

use crate::strategy::{Action, Ban, ResponseLevel, Strategy};

/// Diesel.
const DIESEL: &[&str] = &["B"];
/// Natural gas and LPG.
const GAS: &[&str] = &["E", "F"];
/// Heavy goods vehicles, tractors and special vehicles.
const HEAVY: &[&str] = &["H1", "Q1", "Z5"];
/// All that carries goods, and what works on the road.
const GOODS: &[&str] = &["H", "Q", "B", "Z"];

coded! {
    /// A strategy that is ready.
    pub enum Template {
        /// 禁行国三及以下重型柴油（燃气）车.
        ChinaThree = "china3",
        /// 禁行国四及以下重型柴油（燃气）车.
        ChinaFour = "china4",
        /// 禁行国四及以下重型柴油与国五及以下燃气车.
        ChinaFourGasFive = "china4-gas5",
        /// 停止公路运输.
        NoRoadTransport = "no-road-transport",
    }
}

fn texts(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn ban(emission_up_to: u8, fuels: &[&[&str]], kinds: &[&str]) -> Ban {
    Ban {
        emission_up_to: Some(emission_up_to),
        fuels: texts(&fuels.concat()),
        kinds: texts(kinds),
        cargoes: Vec::new(),
    }
}

impl Template {
    /// The one that a platform's words seem to mean: for a person to look at, and never in force by
    /// itself.
    #[must_use]
    pub fn guessed(words: &str) -> Option<Self> {
        let has = |part: &str| words.contains(part);
        let (gas, five) = (has("燃气") || has("天然气"), has("国五") || has("国Ⅴ"));
        if has("停止公路运输") || has("停止道路运输") {
            Some(Self::NoRoadTransport)
        } else if has("国四") || has("国Ⅳ") {
            let split = gas && five;
            Some(if split {
                Self::ChinaFourGasFive
            } else {
                Self::ChinaFour
            })
        } else if has("国三") || has("国Ⅲ") {
            Some(Self::ChinaThree)
        } else {
            None
        }
    }

    /// As platforms write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ChinaThree => "禁行国三及以下重型柴油（燃气）车",
            Self::ChinaFour => "禁行国四及以下重型柴油（燃气）车",
            Self::ChinaFourGasFive => "禁行国四及以下重型柴油与国五及以下燃气车",
            Self::NoRoadTransport => "停止公路运输",
        }
    }

    /// The strategy, in force from then until then.
    #[must_use]
    pub fn strategy(self, from: Timestamp, until: Option<Timestamp>) -> Strategy {
        let bans = match self {
            Self::ChinaThree => vec![ban(3, &[DIESEL, GAS], HEAVY)],
            Self::ChinaFour => vec![ban(4, &[DIESEL, GAS], HEAVY)],
            Self::ChinaFourGasFive => vec![ban(4, &[DIESEL], HEAVY), ban(5, &[GAS], HEAVY)],
            Self::NoRoadTransport => vec![Ban {
                kinds: texts(GOODS),
                ..Ban::default()
            }],
        };
        Strategy {
            title: self.title().to_owned(),
            level: None,
            warning: None,
            from,
            until,
            bans,
            networked_only: false,
            // Electric trucks drive on the road as well.
            spares_new_energy: self != Self::NoRoadTransport,
            spares_allow_list: false,
            lanes: Vec::new(),
            direction: None,
            action: Action::Deny,
        }
    }
}

impl Strategy {
    /// What a person may start from: the common strategy that the platform's words seem to mean, with its
    /// times and levels. `items` are those of the entry, received then. None where the words mean none
    /// of the four; whoever confirms then writes the rule.
    #[must_use]
    pub fn proposed(items: &Value, received: Timestamp) -> Option<Self> {
        let text = |item: &str| items.get(item).and_then(Value::as_str);
        let time = |item: &str| text(item)?.parse::<Timestamp>().ok();
        let template = Template::guessed(text("measures")?)?;
        let from = time("startTime").unwrap_or(received);
        let until = time("endTime").filter(|until| *until > from);
        Some(Self {
            level: match text("responseLevel") {
                Some("I" | "Ⅰ" | "1") => Some(ResponseLevel::First),
                Some("II" | "Ⅱ" | "2") => Some(ResponseLevel::Second),
                Some("III" | "Ⅲ" | "3") => Some(ResponseLevel::Third),
                _ => None,
            },
            warning: text("warningLevel").and_then(|word| word.parse().ok()),
            ..template.strategy(from, until)
        })
    }
}
