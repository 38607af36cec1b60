//! A strategy as people write it: a TOML file with the words of the trade.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::Direction;
use records::code::{CodeTable, EMISSION, FUEL, VEHICLE_CLASS, VEHICLE_TYPE};
use records::{moment, moment_end};
use settings::{Document, Printer, Problem, Section};
use words::{Key, Said};

use crate::section::read_time;
use crate::strategy::{Action, Ban, ResponseLevel, Strategy, Warning};

/// Bytes of a file: a hundred times what the longest strategy takes.
pub const STRATEGY_BYTES: usize = 64 * 1024;

const LEVELS: [(&str, ResponseLevel); 6] = [
    ("1", ResponseLevel::First),
    ("2", ResponseLevel::Second),
    ("3", ResponseLevel::Third),
    ("Ⅰ", ResponseLevel::First),
    ("Ⅱ", ResponseLevel::Second),
    ("Ⅲ", ResponseLevel::Third),
];
const WARNINGS: [(&str, Warning); 6] = [
    ("yellow", Warning::Yellow),
    ("orange", Warning::Orange),
    ("red", Warning::Red),
    ("黄色", Warning::Yellow),
    ("橙色", Warning::Orange),
    ("红色", Warning::Red),
];
const ACTIONS: [(&str, Action); 2] = [("deny", Action::Deny), ("ask", Action::Ask)];
const DIRECTIONS: [(&str, Direction); 2] = [("in", Direction::In), ("out", Direction::Out)];

impl Strategy {
    /// Reads a strategy's file. Times without an offset are on the clock of `zone`; a strategy without
    /// a beginning begins at `now`.
    ///
    /// # Errors
    /// Every mistake in it, each with its line.
    pub fn parse(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Self, Vec<Said>> {
        if text.len() > STRATEGY_BYTES {
            let kib = STRATEGY_BYTES / 1024;
            return Err(vec![Said::with(Key::MistakeStrategySize, "kib", kib)]);
        }
        let said = |problems: Vec<Problem>| problems.iter().map(Problem::said).collect::<Vec<_>>();
        let document = Document::parse(text).map_err(said)?;
        let read = |root: &Section| {
            let strategy = read(root, zone, now);
            for (field, problem) in strategy.problems() {
                root.problem(&field, problem);
            }
            strategy
        };
        document.read(Path::new(""), read).map_err(said)
    }

    /// The file that reads as this strategy, for somebody who changes it.
    #[must_use]
    pub fn to_file(&self, zone: &TimeZone) -> String {
        let clock = |at: Timestamp| words::to_second(at, zone);
        let mut printer = Printer::default();
        printer.value("title", self.title.as_str());
        printer.maybe("level", self.level.map(ResponseLevel::as_str));
        printer.maybe("warning", self.warning.map(Warning::as_str));
        printer.value("from", clock(self.from));
        printer.maybe("until", self.until.map(clock));
        printer.value("networked_only", self.networked_only);
        printer.value("spares_new_energy", self.spares_new_energy);
        printer.value("spares_allow_list", self.spares_allow_list);
        printer.value("lanes", self.lanes.clone());
        printer.maybe("direction", self.direction.map(Direction::as_str));
        printer.value("action", self.action.as_str());
        for ban in &self.bans {
            printer.one_of_tables("ban", |p| {
                p.maybe("emission_up_to", ban.emission_up_to.map(i64::from));
                p.value("fuels", ban.fuels.clone());
                p.value("kinds", ban.kinds.clone());
                p.value("cargoes", ban.cargoes.clone());
            });
        }
        printer.into_text()
    }
}

fn read(root: &Section, zone: &TimeZone, now: Timestamp) -> Strategy {
    Strategy {
        title: root.required("title", "禁行国三及以下重型柴油车"),
        level: maybe(root, "level", &LEVELS),
        warning: maybe(root, "warning", &WARNINGS),
        from: read_time(root, "from", |text| moment(text, zone)).unwrap_or(now),
        until: read_time(root, "until", |text| moment_end(text, zone)),
        networked_only: root.flag("networked_only", false),
        spares_new_energy: root.flag("spares_new_energy", true),
        spares_allow_list: root.flag("spares_allow_list", false),
        lanes: texts(root, "lanes"),
        direction: maybe(root, "direction", &DIRECTIONS),
        action: root.one_of("action", &ACTIONS, Action::Deny),
        bans: root.tables("ban", |ban| Some(read_ban(ban))),
    }
}

fn read_ban(section: &Section) -> Ban {
    Ban {
        emission_up_to: read_emission(section),
        fuels: codes(section, "fuels", &[&FUEL]),
        kinds: codes(section, "kinds", &[&VEHICLE_CLASS, &VEHICLE_TYPE]),
        cargoes: texts(section, "cargoes"),
    }
}

/// A number, or what a person calls it: `国四`.
fn read_emission(section: &Section) -> Option<u8> {
    const KEY: &str = "emission_up_to";
    if !section.has(KEY) {
        return None;
    }
    let words: Option<Stage> = section.typed(KEY, "4 | \"国四\"");
    let text = match words? {
        Stage::Number(number) => number.to_string(),
        Stage::Name(name) => name,
    };
    let stage = EMISSION.find(&text).and_then(|code| code.code.parse().ok());
    if stage.is_none() {
        section.problem(KEY, Said::with(Key::MistakeStrategyEmission, "text", text));
    }
    stage
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Stage {
    Number(i64),
    Name(String),
}

fn maybe<T: Copy>(section: &Section, key: &str, words: &[(&str, T)]) -> Option<T> {
    let words: Vec<_> = words
        .iter()
        .map(|(word, value)| (*word, Some(*value)))
        .collect();
    section.one_of(key, &words, None)
}

fn texts(section: &Section, key: &str) -> Vec<String> {
    section.typed(key, "[\"…\", \"…\"]").unwrap_or_default()
}

/// Codes, or what people call them; what is neither is told by [`Strategy::problems`].
fn codes(section: &Section, key: &str, tables: &[&CodeTable]) -> Vec<String> {
    let code = |text: String| {
        let known = tables.iter().find_map(|table| table.find(&text));
        known.map_or(text, |code| code.code.to_owned())
    };
    texts(section, key).into_iter().map(code).collect()
}
