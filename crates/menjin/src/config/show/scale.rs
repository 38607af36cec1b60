//! Indicators on serial lines.

use ledger::MatchOrder;
use line::{Parity, Port};
use scale::{Format, Unit};

use super::super::model::Config;
use super::{quoted, section, span};

pub(super) fn scales(out: &mut String, config: &Config) {
    for scale in &config.scales {
        let settings = &scale.settings;
        let lanes: Vec<_> = scale.lanes.iter().map(|lane| quoted(lane)).collect();
        let (format, unit) = match settings.format {
            Format::Xk3190(Unit::Kilogram) => ("xk3190", Some("kg")),
            Format::Xk3190(Unit::Tonne) => ("xk3190", Some("t")),
            Format::Xk3190Text => ("xk3190_text", None),
            Format::Toledo { checksum: false } => ("toledo", None),
            Format::Toledo { checksum: true } => ("toledo_checksum", None),
        };
        let mut values = vec![
            ("name", quoted(&settings.name)),
            ("lanes", format!("[{}]", lanes.join(", "))),
            ("port", quoted(&settings.line.port.to_string())),
            ("format", quoted(format)),
        ];
        values.extend(unit.map(|unit| ("unit", quoted(unit))));
        if let Port::Serial(_) = settings.line.port {
            let serial = settings.line.serial;
            let parity = match serial.parity {
                Parity::None => "none",
                Parity::Even => "even",
                Parity::Odd => "odd",
            };
            values.extend([
                ("baud", serial.baud.to_string()),
                (
                    "data_bits",
                    if serial.seven_bits { "7" } else { "8" }.to_owned(),
                ),
                ("parity", quoted(parity)),
                (
                    "stop_bits",
                    if serial.two_stop_bits { "2" } else { "1" }.to_owned(),
                ),
            ]);
        }
        let order = match scale.rule.order {
            MatchOrder::Any => "any",
            MatchOrder::PassageFirst => "passage_first",
            MatchOrder::WeighingFirst => "weighing_first",
        };
        values.extend([
            ("minimum_kg", settings.deck.minimum_kg.to_string()),
            ("stable_for", span(settings.deck.stable_for)),
            ("tolerance_kg", settings.deck.tolerance_kg.to_string()),
            ("silent_after", span(settings.silent_after)),
            ("window", span(scale.rule.window)),
            ("order", quoted(order)),
        ]);
        section(out, "[[weighbridge.scale]]", &values);
    }
}
