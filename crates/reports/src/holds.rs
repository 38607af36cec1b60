//! Gates held open as lines.

use jiff::tz::TimeZone;
use passage::{HoldStep, HoldView};
use words::{Key, Language, to_second};

/// A line for each hold: when, where, who, why, and what became of it; none where there was none.
#[must_use]
pub fn hold_lines(holds: &[HoldView], language: Language, zone: &TimeZone) -> Vec<String> {
    holds
        .iter()
        .map(|hold| line(hold, language, zone))
        .collect()
}

fn line(view: &HoldView, language: Language, zone: &TimeZone) -> String {
    let hold = &view.hold;
    let values: [(&str, &dyn std::fmt::Display); 6] = [
        ("id", &view.id),
        ("time", &to_second(hold.from, zone)),
        ("until", &to_second(hold.until, zone)),
        ("lane", &hold.lane),
        ("who", &hold.who),
        ("why", &hold.why),
    ];
    let said = language.fill(Key::HoldLine, &values);
    let raised = view.steps.iter().any(|step| step.step == HoldStep::Obeyed);
    let unsure = (!raised).then(|| language.text(Key::HoldUnsure).to_owned());
    let ended = view.ended().map(|end| {
        let time = to_second(end.at, zone);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("time", &time), ("who", &end.who), ("why", &end.why)];
        language.fill(Key::HoldEndedBy, &values)
    });
    let parts = [Some(said), unsure, ended].into_iter().flatten();
    parts.collect::<Vec<_>>().join("  ")
}
