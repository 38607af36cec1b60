//! Lifts by persons as lines.

use jiff::tz::TimeZone;
use passage::{LiftStep, LiftView};
use words::{Group, Key, Language, to_second};

/// A line for each lift: when, where, how, who, why, and what passed then.
#[must_use]
pub fn lift_lines(lifts: &[LiftView], language: Language, zone: &TimeZone) -> Vec<String> {
    if lifts.is_empty() {
        return vec![language.text(Key::LiftNone).to_owned()];
    }
    lifts
        .iter()
        .map(|lift| line(lift, language, zone))
        .collect()
}

fn line(view: &LiftView, language: Language, zone: &TimeZone) -> String {
    let lift = &view.lift;
    let values: [(&str, &dyn std::fmt::Display); 6] = [
        ("id", &view.id),
        ("time", &to_second(lift.at, zone)),
        ("lane", &lift.lane),
        ("way", &language.named(Group::LiftWay, lift.way.as_str())),
        ("who", &lift.who),
        ("why", &lift.why),
    ];
    let became = match (view.passage(), view.step(LiftStep::Unused)) {
        (Some(passage), _) => language.fill(Key::LiftPassed, &[("number", &passage)]),
        (None, Some(_)) => language.text(Key::LiftUnused).to_owned(),
        (None, None) => language.text(Key::LiftWaiting).to_owned(),
    };
    let failed = view.step(LiftStep::Failed).map(|step| {
        let barrier: [(&str, &dyn std::fmt::Display); 1] = [("barrier", &lift.barrier)];
        language.named_with(Group::Alarm, &step.detail, &barrier)
    });
    let said = language.fill(Key::LiftLine, &values);
    let parts = [Some(said), failed, Some(became)].into_iter().flatten();
    parts.collect::<Vec<_>>().join("  ")
}
