//! A configuration: every mistake is told with its line, and what loads is shown so that it loads
//! again to the same. The rooms' sections stand as in `menjin.toml`.
#![no_main]

use std::path::Path;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use settings::{Document, Printer, Problem, Section};

/// Whatever is read, with how it is shown.
type Shown = Vec<(&'static str, Box<dyn Fn(&mut Printer)>)>;

fuzz_target!(|text: &str| {
    // Devices and pipes answer when they like; the secrets below stand for all files.
    if ["/dev", "/proc", "/sys", ".."]
        .iter()
        .any(|path| text.contains(path))
    {
        return;
    }
    let folder = Path::new("/nonexistent");
    match load(text, folder) {
        Ok(shown) => {
            let again = load(&shown, folder);
            let again = again.unwrap_or_else(|problems| panic!("{}\n{shown}", told(&problems)));
            assert_eq!(without_notes(&shown), without_notes(&again));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            let lines = text.lines().count() + 1;
            assert!(
                problems
                    .iter()
                    .all(|p| p.line.is_none_or(|line| (1..=lines).contains(&line)))
            );
            assert!(told(&problems).len() < 200_000 + 40 * text.len());
        }
    }
});

/// A password that stands in an address is noted and not shown, so it is not there again.
fn without_notes(shown: &str) -> Vec<&str> {
    shown
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
}

fn told(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect()
}

fn load(text: &str, folder: &Path) -> Result<String, Vec<Problem>> {
    let document = Document::parse(text)?;
    let shown = document.read(folder, rooms)?;
    let mut printer = Printer::default();
    for (name, show) in &shown {
        printer.table(name, |printer| show(printer));
    }
    Ok(printer.into_text())
}

fn rooms(root: &Section) -> Shown {
    let mut shown: Shown = Vec::new();
    macro_rules! room {
        ($name:literal, $read:expr) => {{
            let read = root.table($name, $read);
            shown.push(($name, Box::new(move |printer| read.show(printer))));
        }};
    }
    macro_rules! chosen {
        ($name:literal, $read:expr) => {
            if let Some(read) = root.optional($name, $read) {
                shown.push(($name, Box::new(move |printer| read.show(printer))));
            }
        };
    }
    room!("retention", housekeeping::RetentionPlan::read);
    room!("photos", photo::PhotoSettings::read);
    room!("watching", camera::Watching::read);
    room!("gate", |gate: &settings::Section| {
        policy::RulebookSettings::read(gate, &jiff::tz::TimeZone::UTC)
    });
    room!("lane", lane::LaneSettings::read);
    room!("registers", records::Rules::read);
    chosen!("backup", |section| Some(housekeeping::BackupPlan::read(
        section
    )));
    chosen!("camera", camera::Source::read);
    chosen!("relay", gate::BarrierSettings::read);
    chosen!("scale", scale::IndicatorSettings::read);
    chosen!("mqtt", |section| Some(sync::MqttSettings::read(
        section,
        "530100000001"
    )));
    chosen!("weighbridge", |section| orders::weighing::Intake::read(
        section,
        &TimeZone::UTC
    ));
    chosen!("platform", |section| {
        sync::SitePlatform::read(section, &sync::PlatformSettings::default())
    });
    shown
}
