//! Names of public types.

use std::collections::BTreeMap;

use crate::sources;

/// Names that more than one crate may use, always written with their crate: `ledger::Error`.
const IDIOMS: [(&str, &str); 3] = [
    ("Error", "what can fail in a crate"),
    (
        "ErrorKind",
        "the sort of its error, for callers that act on it",
    ),
    ("Options", "how a program opens it"),
];

#[test]
fn no_public_type_name_stands_in_two_crates() {
    let mut places: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for source in sources::all() {
        let in_tests = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
        if in_tests {
            continue;
        }
        for (number, line) in source.text.lines().enumerate() {
            if let Some(name) = public_type(line) {
                places
                    .entry(name.to_owned())
                    .or_default()
                    .insert(source.of.clone(), format!("{}:{}", source.path, number + 1));
            }
        }
    }
    assert!(places.len() > 200, "the sources were not found");
    places
        .retain(|name, crates| crates.len() > 1 && !IDIOMS.iter().any(|(idiom, _)| idiom == name));
    assert!(
        places.is_empty(),
        "one word means one thing; these mean several: {places:#?}"
    );
}

/// The name of the type that a line declares for other crates; those of a module within a
/// function or an impl are indented, those of the crate alone are `pub(crate)`.
fn public_type(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ")?;
    let (word, rest) = rest.split_once(' ')?;
    let declares = ["struct", "enum", "trait", "type", "union"].contains(&word);
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    declares.then(|| &rest[..end.unwrap_or(rest.len())])
}
