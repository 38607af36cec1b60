//! Texts that people read.

use std::collections::BTreeSet;

use words::Key;

use crate::sources::{self, Source};

/// Chinese outside of `words` is no text of ours for a person, or it is the trade's own data.
const CHINESE: [(&str, &str); 23] = [
    (
        "bench/src/",
        "the page of errors, for whoever trains models",
    ),
    ("gate/src/template.rs", "a plate to try a template with"),
    (
        "inspection/src/pack/form.rs",
        "the official form's own words",
    ),
    ("lane/src/track.rs", "a character of plates"),
    ("ledger/src/trial.rs", "plates for trials"),
    (
        "listener/src/server.rs",
        "said to a stranger before any room is reached",
    ),
    (
        "notify/src/section.rs",
        "a plate to show how one is written",
    ),
    ("orders/src/cargo.rs", "units as people write them"),
    ("orders/src/error.rs", "what a person types between values"),
    (
        "orders/src/register/mod.rs",
        "what a person types between values",
    ),
    (
        "orders/src/weighing/table.rs",
        "heads of other programs' tables",
    ),
    ("passage/src/item.rs", "the standard's names of its items"),
    ("photo/src/golden.rs", "scenes for tests and benches"),
    ("photo/src/scene.rs", "scenes for tests and benches"),
    ("plate/src/", "the alphabet of plates"),
    (
        "policy/src/",
        "the common strategies' own titles and words, and what stands between words",
    ),
    (
        "records/src/",
        "the standard's names, and what stands in tables",
    ),
    (
        "sentry/src/section.rs",
        "a plate to show how one is written",
    ),
    ("settings/src/syntax.rs", "punctuation of Chinese keyboards"),
    (
        "simulator/src/",
        "a regulator's platform, which shares no code with ours",
    ),
    ("soak/src/", "plates for trials"),
    ("sync/src/downlink.rs", "what platforms send"),
    ("words/src/", "the catalogue"),
];

/// Commands of the program, as a text would name them.
const COMMANDS: [&str; 27] = [
    "run",
    "read",
    "bench",
    "camera",
    "onvif",
    "check",
    "verify",
    "inspect",
    "backup",
    "restore",
    "retention",
    "config",
    "status",
    "register",
    "passages",
    "correct",
    "cargo",
    "enter",
    "weighbridge",
    "report",
    "uploads",
    "downlinks",
    "simulate",
    "strategy",
    "visitor",
    "policy",
    "note",
];

#[test]
fn chinese_stands_in_the_catalogue_or_is_data() {
    let is_chinese = |c: char| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let mut excused = BTreeSet::new();
    let mut found = Vec::new();
    for source in sources::all() {
        for (number, line) in code_lines(&source) {
            if !line.contains(is_chinese) {
                continue;
            }
            match CHINESE
                .iter()
                .find(|(path, _)| source.path.starts_with(path))
            {
                Some((path, _)) => drop(excused.insert(*path)),
                None => found.push(format!("{}:{number}: {}", source.path, line.trim())),
            }
        }
    }
    assert!(found.is_empty(), "write it in words: {found:#?}");
    let idle: Vec<_> = CHINESE
        .iter()
        .filter(|(path, _)| !excused.contains(path) && *path != "words/src/")
        .collect();
    assert!(idle.is_empty(), "excused for nothing: {idle:?}");
}

#[test]
fn no_library_names_a_command() {
    let mut found = Vec::new();
    for source in sources::all() {
        if source.of == "menjin" || source.of == "words" {
            continue;
        }
        for (number, line) in code_lines(&source) {
            let names_one = sources::named(line, "menjin ").any(|word| COMMANDS.contains(&word));
            if names_one && line.contains('"') {
                found.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert!(
        found.is_empty(),
        "only the program knows its commands: {found:#?}"
    );
}

/// The lines of a source that are code of the program: no comments, no tests.
fn code_lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let in_tests = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
    let lines = (1..).zip(source.text.lines());
    lines
        .take_while(move |(_, line)| !in_tests && !line.starts_with("#[cfg(test)]"))
        .map(|(number, line)| {
            let comment = line.find("// ").filter(|at| !line[..*at].contains('"'));
            (number, &line[..comment.unwrap_or(line.len())])
        })
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn every_text_of_the_catalogue_is_asked_for() {
    let (words, others): (Vec<_>, Vec<_>) =
        sources::all().into_iter().partition(|s| s.of == "words");
    let mut asked = BTreeSet::new();
    let mut groups = BTreeSet::new();
    for source in &others {
        asked.extend(sources::named(&source.text, "Key::"));
        groups.extend(sources::named(&source.text, "Group::"));
    }
    // Why the system refused something, and lengths of time, are told there.
    for source in words.iter().filter(|s| s.path.ends_with("said.rs")) {
        asked.extend(sources::named(&source.text, "Key::"));
    }
    // Colours of plates have a way to their keys of their own.
    for source in words.iter().filter(|s| s.path.ends_with("plates.rs")) {
        asked.extend(sources::named(&source.text, "Self::"));
    }
    let unasked: Vec<_> = Key::ALL
        .iter()
        .map(|key| (format!("{key:?}"), key.as_str()))
        .filter(|(name, _)| !asked.contains(name.as_str()))
        .filter(|(_, key)| !groups.iter().any(|group| in_group(key, group)))
        .map(|(_, key)| key)
        .collect();
    assert!(
        unasked.is_empty(),
        "texts that no code asks for: {unasked:?}"
    );
}

/// Whether a key such as `camera_why.lost` belongs to a group such as `CameraWhy`.
fn in_group(key: &str, group: &str) -> bool {
    let table = key.split('.').next().unwrap_or_default();
    table
        .split('_')
        .flat_map(str::chars)
        .eq(group.to_lowercase().chars())
}
