//! Notes and tags of a vehicle as lines.

use jiff::tz::TimeZone;
use passage::RemarkView;
use words::{Group, Key, Language, to_second};

/// A line for each remark, with who took it back where somebody did.
#[must_use]
pub fn remark_lines(
    plate: &str,
    remarks: &[RemarkView],
    language: Language,
    zone: &TimeZone,
) -> Vec<String> {
    if remarks.is_empty() {
        return vec![language.fill(Key::RemarkNone, &[("plate", &plate)])];
    }
    remarks
        .iter()
        .map(|remark| line(remark, language, zone))
        .collect()
}

fn line(view: &RemarkView, language: Language, zone: &TimeZone) -> String {
    let remark = &view.remark;
    let words = match remark.color {
        Some(color) => format!("({}) {}", language.text(Key::of_color(color)), remark.words),
        None => remark.words.clone(),
    };
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("id", &view.id),
        ("time", &to_second(remark.at, zone)),
        (
            "kind",
            &language.named(Group::RemarkKind, remark.kind.as_str()),
        ),
        ("words", &words),
        ("who", &remark.who),
    ];
    let said = language.fill(Key::RemarkLine, &values);
    let taken_back = view.withdrawn.as_ref().map(|by| {
        let time = to_second(by.at, zone);
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("time", &time), ("who", &by.who), ("why", &by.why)];
        language.fill(Key::RemarkTakenBack, &values)
    });
    let parts = [Some(said), taken_back].into_iter().flatten();
    parts.collect::<Vec<_>>().join("  ")
}
