//! Control strategies: the structured rule that a person confirms, never a platform's text.

use jiff::Timestamp;
use passage::{Direction, coded};
use serde::{Deserialize, Serialize};
use words::{Key, Said};

/// Characters of a title; it is shown on one line at the barrier.
const TITLE: usize = 100;
/// Conditions of one strategy, and codes, lanes or cargoes of one condition. The longest strategy of
/// a province that we know has three.
const MOST: usize = 50;
/// Characters of a code, of a lane's name or of a cargo.
const WORD: usize = 100;

coded! {
    /// How strongly a site responds to heavy pollution; Ⅰ is the strongest.
    pub enum ResponseLevel {
        /// Ⅰ.
        First = "1",
        /// Ⅱ.
        Second = "2",
        /// Ⅲ.
        Third = "3",
    }
}

coded! {
    /// The warning that is in force.
    pub enum Warning {
        /// 黄色.
        Yellow = "yellow",
        /// 橙色.
        Orange = "orange",
        /// 红色.
        Red = "red",
    }
}

coded! {
    /// What becomes of a vehicle that a strategy binds.
    pub enum Action {
        /// It does not pass.
        Deny = "deny",
        /// The guard decides.
        Ask = "ask",
    }
}

/// A control strategy in force from a time to a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strategy {
    /// What the guard reads, and the driver on the display.
    pub title: String,
    /// The response level that it belongs to.
    #[serde(default)]
    pub level: Option<ResponseLevel>,
    /// The warning that it belongs to.
    #[serde(default)]
    pub warning: Option<Warning>,
    /// It holds from then on.
    pub from: Timestamp,
    /// It holds until just before then; without one, until a person ends it.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// A vehicle is bound when all conditions of one of these hold.
    pub bans: Vec<Ban>,
    /// Of vehicles of China VI and later, those too that are not connected to the environmental
    /// platform.
    #[serde(default)]
    pub networked_only: bool,
    /// New energy vehicles are not bound.
    #[serde(default = "yes")]
    pub spares_new_energy: bool,
    /// Vehicles on an allow list are not bound.
    #[serde(default)]
    pub spares_allow_list: bool,
    /// Only in these lanes; in all when it is empty.
    #[serde(default)]
    pub lanes: Vec<String>,
    /// Only this way; both without one.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// What becomes of those that it binds.
    #[serde(default = "deny")]
    pub action: Action,
}

/// Conditions that all have to hold; without any, every vehicle is bound.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ban {
    /// An emission standard of this number or lower: 3 for China III.
    pub emission_up_to: Option<u8>,
    /// One of these fuels, by code.
    pub fuels: Vec<String>,
    /// One of these kinds, by the beginning of their code (GA/T 16.4): `H1` for heavy goods vehicles.
    pub kinds: Vec<String>,
    /// One of these cargoes, by a part of its name.
    pub cargoes: Vec<String>,
}

const fn yes() -> bool {
    true
}

const fn deny() -> Action {
    Action::Deny
}

impl Strategy {
    /// Whether it holds at `now`.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_over_at(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// What is wrong with it, each with the field that is meant.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, Said)> {
        let mut found = Vec::new();
        if self.title.trim().is_empty() {
            found.push(("title".to_owned(), Key::MistakeStrategyTitle.into()));
        }
        if self.title.chars().count() > TITLE {
            let said = Said::with(Key::MistakeStrategyLong, "most", TITLE);
            found.push(("title".to_owned(), said));
        }
        if self.until.is_some_and(|until| until <= self.from) {
            found.push(("until".to_owned(), Key::MistakeStrategyTimes.into()));
        }
        if self.bans.is_empty() {
            found.push(("ban".to_owned(), Key::MistakeStrategyBans.into()));
        }
        let too_many = |field: String, count: usize| {
            (count > MOST).then(|| (field, Said::with(Key::MistakeStrategyMany, "most", MOST)))
        };
        found.extend(too_many("ban".to_owned(), self.bans.len()));
        found.extend(too_many("lanes".to_owned(), self.lanes.len()));
        found.extend(too_long("lanes", &self.lanes));
        for (i, ban) in self.bans.iter().take(MOST).enumerate() {
            let field = |name: &str| format!("ban[{i}].{name}");
            found.extend(ban.problems(&field));
            for (name, list) in ban.lists() {
                found.extend(too_many(field(name), list.len()));
                found.extend(too_long(&field(name), list));
            }
        }
        found
    }
}

fn too_long(field: &str, words: &[String]) -> Option<(String, Said)> {
    let wrong = |word: &&String| word.trim().is_empty() || word.chars().count() > WORD;
    words.iter().find(wrong).map(|_| {
        let said = Said::with(Key::MistakeStrategyWord, "most", WORD);
        (field.to_owned(), said)
    })
}

impl Ban {
    fn lists(&self) -> [(&'static str, &Vec<String>); 3] {
        [
            ("fuels", &self.fuels),
            ("kinds", &self.kinds),
            ("cargoes", &self.cargoes),
        ]
    }

    fn problems(&self, field: &dyn Fn(&str) -> String) -> Vec<(String, Said)> {
        let mut found = Vec::new();
        let known = |code: &str| records::code::EMISSION.get(code).is_some();
        if let Some(most) = self.emission_up_to
            && !known(&most.to_string())
        {
            let said = Said::with(Key::MistakeStrategyEmission, "text", most);
            found.push((field("emission_up_to"), said));
        }
        let table = &records::code::FUEL;
        for fuel in self.fuels.iter().filter(|fuel| table.get(fuel).is_none()) {
            let said = Said::with(Key::MistakeStrategyCode, "text", fuel)
                .and_each("allowed", |language| table.choices(language));
            found.push((field("fuels"), said));
        }
        let is_kind = |kind: &String| {
            kind.len() <= 3
                && kind.starts_with(|c: char| c.is_ascii_uppercase())
                && kind.bytes().skip(1).all(|b| b.is_ascii_alphanumeric())
        };
        for kind in self.kinds.iter().filter(|kind| !is_kind(kind)) {
            let said = Said::with(Key::MistakeStrategyKind, "text", kind);
            found.push((field("kinds"), said));
        }
        found
    }
}
