//! `{name}` in a relay's address or body, replaced so that a value can never become syntax.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Lift;

/// Everything that could mean something in an address. A dot does too: `..` is the folder above.
const SYNTAX: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// The names that may stand in braces.
pub(crate) const NAMES: &str = "passage, entrance, barrier, lane, plate";

/// How a value is written where it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// In an address or a form.
    Percent,
    /// Between the quotes of a JSON string.
    Json,
    /// As it is.
    None,
}

/// The first `{name}` in `template` that is none of [`NAMES`]. Braces around anything but small
/// letters and underscores are left alone, so that JSON may be written as it is.
pub(crate) fn unknown_name(template: &str) -> Option<&str> {
    names(template).find(|name| value_of(&sample(), name).is_none())
}

/// `template` with every name replaced by its value for `lift`.
pub(crate) fn fill(template: &str, lift: &Lift, escape: Escape) -> String {
    fill_with(template, &|name| value_of(lift, name), escape)
}

/// `template` with every name replaced that `value_of` knows.
pub(crate) fn fill_with<'a>(
    template: &str,
    value_of: &dyn Fn(&str) -> Option<&'a str>,
    escape: Escape,
) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let value = name_at(inside).and_then(|name| Some((name, value_of(name)?)));
        match value {
            Some((name, value)) => {
                filled.push_str(&escaped(value, escape));
                rest = &inside[name.len() + 1..];
            }
            None => {
                filled.push('{');
                rest = inside;
            }
        }
    }
    filled + rest
}

/// A lift to try a template with.
pub(crate) fn sample() -> Lift {
    Lift {
        passage: "1".into(),
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "1".into(),
        plate: "冀A12345".into(),
    }
}

/// The names that stand in `template`.
pub(crate) fn names(template: &str) -> impl Iterator<Item = &str> {
    template
        .match_indices('{')
        .filter_map(|(at, _)| name_at(&template[at + 1..]))
}

/// The name that `inside` begins with, up to its closing brace.
fn name_at(inside: &str) -> Option<&str> {
    let (name, _) = inside.split_once('}')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_name.then_some(name)
}

fn value_of<'a>(lift: &'a Lift, name: &str) -> Option<&'a str> {
    match name {
        "passage" => Some(&lift.passage),
        "entrance" => Some(&lift.entrance),
        "barrier" => Some(&lift.barrier),
        "lane" => Some(&lift.lane),
        "plate" => Some(&lift.plate),
        _ => None,
    }
}

fn escaped(value: &str, escape: Escape) -> Cow<'_, str> {
    match escape {
        Escape::None => value.into(),
        Escape::Percent => utf8_percent_encode(value, SYNTAX).into(),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_become_part_of_an_address_or_of_json() {
        let lift = Lift {
            barrier: "01/../off?x=1&y".into(),
            plate: "\"},{\"on\":0\n\u{1}\\".into(),
            ..sample()
        };
        let address = fill("http://relay/{barrier}/on", &lift, Escape::Percent);
        assert_eq!(address, "http://relay/01%2F%2E%2E%2Foff%3Fx%3D1%26y/on");
        let body = fill(r#"{"for":"{plate}"}"#, &lift, Escape::Json);
        let parsed: serde_json::Value = serde_json::from_str(&body).expect("still JSON");
        assert_eq!(parsed["for"], lift.plate);
    }

    #[test]
    fn braces_of_json_are_left_alone_and_unknown_names_are_found() {
        let body = r#"{"relay": 1, "note": {}, "lane": "{lane}"}"#;
        assert_eq!(unknown_name(body), None);
        let filled = fill(body, &sample(), Escape::Json);
        assert_eq!(filled, r#"{"relay": 1, "note": {}, "lane": "1"}"#);
        assert_eq!(unknown_name("http://relay/{gate}/on"), Some("gate"));
    }
}
