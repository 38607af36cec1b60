//! `[weighbridge]`: records of the weighing software, and indicators on serial lines.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use controller::LaneSetup;
use ledger::ScaleRule;
use settings::{Printer, Section};

use super::Config;

/// Shorter tokens can be guessed by whoever sits in the same network.
const TOKEN_CHARS: usize = 16;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// What records by HTTP are set with.
const HTTP_KEYS: [&str; 5] = ["listen", "token_file", "token_env", "source", "window"];

/// Where the weighing software hands over its records.
#[derive(Debug, Clone)]
pub(crate) struct Weighbridge {
    pub(crate) listen: SocketAddr,
    /// What it must show.
    pub(crate) token: sync::Secret,
    /// Its name in the ledger.
    pub(crate) source: String,
    /// Longest time between a weighing and its passage.
    pub(crate) window: Duration,
}

/// An indicator beside the gate that sends what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) settings: scale::Settings,
    /// Lanes whose vehicles stand on its platform.
    pub(crate) lanes: Vec<String>,
    pub(crate) rule: ScaleRule,
}

/// Records by HTTP, indicators, and the least load in kilograms.
pub(super) fn read(
    section: &Section,
    lanes: &[LaneSetup],
) -> (Option<Weighbridge>, Vec<Scale>, u32) {
    let (mut names, mut ports) = (BTreeSet::new(), BTreeSet::new());
    let scales = section.tables("scale", |section| {
        let scale = Scale::read(section, lanes)?;
        if !names.insert(scale.settings.name.clone()) {
            section.problem("name", "is used twice");
        }
        if !ports.insert(scale.settings.line.port.to_string()) {
            section.problem("port", "is used twice: a line has one reader");
        }
        Some(scale)
    });
    let least_load_kg = section.integer("least_load_kg", 200, 1..=20_000);
    // Beside serial lines, records by HTTP are there only where one of their settings is.
    let by_http = !section.has("scale") || HTTP_KEYS.iter().any(|key| section.has(key));
    let weighbridge = (section.is_there() && by_http)
        .then(|| Weighbridge::read(section))
        .flatten();
    (weighbridge, scales, least_load_kg)
}

pub(super) fn show(config: &Config, printer: &mut Printer) {
    if config.weighbridge.is_none() && config.scales.is_empty() {
        return;
    }
    printer.table("weighbridge", |printer| {
        if let Some(weighbridge) = &config.weighbridge {
            weighbridge.show(printer);
        }
        printer.value("least_load_kg", config.least_load_kg);
        for scale in &config.scales {
            printer.one_of_tables("scale", |printer| scale.show(printer));
        }
    });
}

impl Weighbridge {
    fn read(section: &Section) -> Option<Self> {
        let given = section.required("listen", "127.0.0.1:9181");
        let listen = given.parse().ok();
        if listen.is_none() && !given.is_empty() {
            section.problem("listen", "must be an address and a port: 127.0.0.1:9181");
        }
        let token = section.secret("token");
        let long_enough =
            |token: &sync::Secret| token.expose().trim().chars().count() >= TOKEN_CHARS;
        if !token.as_ref().is_some_and(long_enough) {
            section.problem(
                "token_file",
                format!(
                    "must name a file (mode 0600) with a token of {TOKEN_CHARS} characters or more"
                ),
            );
        }
        let source = section.text_or("source", "weighbridge");
        if source.trim().is_empty() {
            section.problem("source", "must not be empty");
        }
        let window = section.length("window", Duration::from_secs(3600));
        if window > DAY {
            section.problem("window", "must not be more than 24h");
        }
        Some(Self {
            listen: listen?,
            token: token?,
            source,
            window,
        })
    }

    fn show(&self, printer: &mut Printer) {
        printer.value("listen", self.listen.to_string());
        printer.secret("token", &self.token);
        printer.value("source", self.source.as_str());
        printer.length("window", self.window);
    }
}

impl Scale {
    fn read(section: &Section, lanes: &[LaneSetup]) -> Option<Self> {
        let on_it = lanes_of(section, lanes);
        let settings = scale::Settings::read(section);
        let rule = ScaleRule::read(section);
        Some(Self {
            settings: settings?,
            lanes: on_it,
            rule,
        })
    }

    fn show(&self, printer: &mut Printer) {
        self.settings.show(printer);
        printer.value("lanes", self.lanes.clone());
        self.rule.show(printer);
    }
}

fn lanes_of(section: &Section, lanes: &[LaneSetup]) -> Vec<String> {
    let shape = "[\"north-in\", \"north-out\"]";
    let named: Vec<String> = section.typed("lanes", shape).unwrap_or_default();
    if named.is_empty() {
        let words = format!("is required: the lanes whose vehicles stand on it, {shape}");
        section.problem("lanes", words);
    }
    for name in &named {
        if !lanes.iter().any(|lane| lane.name == *name) {
            section.problem("lanes", format!("there is no lane \"{name}\""));
        }
    }
    named
}
