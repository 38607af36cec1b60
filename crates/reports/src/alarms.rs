//! Alarms as lines.

use alarm::AlarmView;
use jiff::tz::TimeZone;
use words::{Key, Language, to_second};

/// A few lines for each: what happened, what to do while it is open, who has seen it, when it was over.
#[must_use]
pub fn alarm_lines(alarms: &[AlarmView], language: Language, zone: &TimeZone) -> Vec<String> {
    if alarms.is_empty() {
        return vec![language.text(Key::AlarmsNone).to_owned()];
    }
    let lines = alarms.iter();
    lines
        .flat_map(|alarm| told(alarm, language, zone))
        .collect()
}

fn told(alarm: &AlarmView, language: Language, zone: &TimeZone) -> Vec<String> {
    let times = match alarm.times() {
        1 => String::new(),
        times => format!(" {}", language.fill(Key::AlarmsTimes, &[("times", &times)])),
    };
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("id", &alarm.id),
        ("time", &to_second(alarm.raised_at, zone)),
        ("what", &alarm.what(language)),
        ("times", &times),
    ];
    let mut lines = vec![language.fill(Key::AlarmsLine, &values)];
    let mut add = |line: String| lines.push(format!("      {line}"));
    match (alarm.seen(), alarm.cleared()) {
        (Some(seen), _) => add(language.fill(
            Key::AlarmsSeen,
            &[
                ("who", &seen.who),
                ("time", &to_second(seen.at, zone)),
                ("why", &seen.why),
            ],
        )),
        (None, _) => add(language.text(Key::AlarmsOpen).to_owned()),
    }
    match alarm.cleared() {
        Some(cleared) => add(language.fill(
            Key::AlarmsCleared,
            &[("time", &to_second(cleared.at, zone))],
        )),
        None => {
            let next = alarm.cause.next_step(language);
            add(language.fill(Key::AlarmsNext, &[("next", &next)]));
        }
    }
    lines
}
