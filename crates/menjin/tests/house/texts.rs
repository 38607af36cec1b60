//! Texts that people read.

use std::collections::BTreeSet;

use words::Key;

use crate::sources;

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
