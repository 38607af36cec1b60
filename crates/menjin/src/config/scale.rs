//! `[[weighbridge.scale]]`: indicators on serial lines.

use std::collections::BTreeSet;
use std::time::Duration;

use ledger::{MatchOrder, ScaleRule};
use line::{LineSettings, Parity, Port, SerialSettings};
use scale::{DeckSettings, Format, Settings, Unit};

use super::model::{Lane, Scale};
use super::section::Section;

/// Weighings wait twice as long for their passages.
const LONGEST_WINDOW: Duration = Duration::from_secs(30 * 60);
/// Settings of a serial line of this computer; a converter has its own.
const SERIAL_KEYS: [&str; 4] = ["baud", "data_bits", "parity", "stop_bits"];

pub(super) fn scales(section: &Section, lanes: &[Lane]) -> Vec<Scale> {
    let (mut names, mut ports) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for section in section.sections("scale") {
        let Some(scale) = scale(&section, lanes) else {
            continue;
        };
        if !names.insert(scale.settings.name.clone()) {
            section.problem("name", "is used twice");
        }
        if !ports.insert(scale.settings.line.port.to_string()) {
            section.problem("port", "is used twice: a line has one reader");
        }
        found.push(scale);
    }
    found
}

fn scale(section: &Section, lanes: &[Lane]) -> Option<Scale> {
    let name = section.required("name", "south");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.len() > 40 || !name.chars().all(plain) {
        section.problem("name", "may hold letters, digits, - and _, 40 at most");
    }
    let on_it = lanes_of(section, lanes);
    let text = section.required("port", "/dev/ttyUSB0");
    let port: Option<Port> = section.parsed("port");
    let serial = serial(section, port.as_ref());
    let format = format(section);
    let deck = DeckSettings {
        minimum_kg: section.integer("minimum_kg", 1000, 100, 50_000).into(),
        stable_for: section.duration("stable_for", Duration::from_secs(3)),
        tolerance_kg: section.integer("tolerance_kg", 20, 0, 1000).into(),
    };
    if deck.stable_for > Duration::from_secs(60) {
        section.problem("stable_for", "must not be more than 60s");
    }
    let silent_after = section.duration("silent_after", Duration::from_secs(30));
    let rule = ScaleRule {
        window: section.duration("window", Duration::from_secs(120)),
        order: section.one_of(
            "order",
            &[
                ("any", MatchOrder::Any),
                ("passage_first", MatchOrder::PassageFirst),
                ("weighing_first", MatchOrder::WeighingFirst),
            ],
            MatchOrder::Any,
        ),
    };
    if rule.window > LONGEST_WINDOW {
        section.problem("window", "must not be more than 30m");
    }
    section.finish();
    if text.is_empty() {
        return None;
    }
    Some(Scale {
        settings: Settings {
            name,
            line: LineSettings {
                port: port?,
                serial,
            },
            format: format?,
            deck,
            silent_after,
        },
        lanes: on_it,
        rule,
    })
}

fn lanes_of(section: &Section, lanes: &[Lane]) -> Vec<String> {
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

fn serial(section: &Section, port: Option<&Port>) -> SerialSettings {
    if let Some(Port::Tcp(..)) = port {
        for key in SERIAL_KEYS.iter().filter(|key| section.has(key)) {
            section.problem(key, "is set in the converter, not here");
        }
    }
    SerialSettings {
        baud: section.integer("baud", 9600, 300, 921_600),
        seven_bits: section.integer("data_bits", 8, 7, 8) == 7,
        parity: section.one_of(
            "parity",
            &[
                ("none", Parity::None),
                ("even", Parity::Even),
                ("odd", Parity::Odd),
            ],
            Parity::None,
        ),
        two_stop_bits: section.integer("stop_bits", 1, 1, 2) == 2,
    }
}

fn format(section: &Section) -> Option<Format> {
    // Which it is nobody can guess: some frames of one could be read as another.
    let text = section.required("format", "xk3190");
    let known = [
        ("", None),
        ("xk3190", Some(Format::Xk3190(Unit::Kilogram))),
        ("xk3190_text", Some(Format::Xk3190Text)),
        ("toledo", Some(Format::Toledo { checksum: false })),
        ("toledo_checksum", Some(Format::Toledo { checksum: true })),
    ];
    let format = if text.is_empty() {
        None
    } else {
        section.one_of("format", &known[1..], None)
    };
    match format {
        Some(Format::Xk3190(_)) => unit(section).map(Format::Xk3190),
        other => {
            if section.has("unit") {
                section.problem("unit", "is sent by the indicator in this format");
            }
            let _ = section.text("unit");
            other
        }
    }
}

/// The frame does not name it.
fn unit(section: &Section) -> Option<Unit> {
    let text = section.required("unit", "kg");
    if text.is_empty() {
        return None;
    }
    let known = [("kg", Some(Unit::Kilogram)), ("t", Some(Unit::Tonne))];
    section.one_of("unit", &known, None)
}
