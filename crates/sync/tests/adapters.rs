//! The adapter files: every shipped one reads, every code map says what it should, and every mistake
//! in a file is named at once.
#![allow(clippy::unwrap_used)]

mod common;

use common::shipped;
use sync::Adapter;
use sync::adapter::{CorrectionHow, PhotoForm, PhotoPlace, TokenPlace};

/// Each row of each code map, one by one: a wrong code mislabels vehicles silently.
type Map = &'static [(&'static str, &'static str)];

/// The environmental table. The toll table has white 3, black 2, other 9 and yellow-green 5.
const PLATE_COLOR: Map = &[
    ("blue", "0"),
    ("yellow", "1"),
    ("white", "2"),
    ("black", "3"),
    ("green", "4"),
    ("other", "5"),
    ("yellow_green", "6"),
];
const DIRECTION: Map = &[("in", "1"), ("out", "2")];
const EMISSION: Map = &[
    ("0", "0"),
    ("1", "1"),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5"),
    ("6", "6"),
    ("D", "D"),
    ("X", "X"),
];
const EMISSION_HENAN: Map = &[
    ("0", "0"),
    ("1", "1"),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5"),
    ("6", "6"),
    ("7", "7"),
    ("D", "D"),
    ("X", "X"),
];
const FUEL: Map = &[
    ("A", "A"),
    ("B", "B"),
    ("C", "C"),
    ("D", "D"),
    ("E", "E"),
    ("F", "F"),
    ("L", "L"),
    ("M", "M"),
    ("N", "N"),
    ("O", "O"),
    ("P", "P"),
    ("Q", "Q"),
    ("Y", "Y"),
    ("Z", "Z"),
];
const NETWORK: Map = &[("0", "0"), ("1", "1")];
const MACHINE: Map = &[
    ("1", "1"),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5"),
    ("6", "6"),
];
const WARNING: Map = &[
    ("yellow", "1"),
    ("orange", "2"),
    ("red", "3"),
    ("other", "4"),
];
const REVIEW: Map = &[("confirmed", "1"), ("contested", "0")];
const RESPONSE: Map = &[("I", "1"), ("II", "2"), ("III", "3"), ("other", "4")];
const SERIAL_DIRECTION: Map = &[("in", "A"), ("out", "B")];
const CARGO_UNIT: Map = &[("t", "t"), ("L", "L")];

fn holds_exactly(file: &str, maps: &[(&str, Map)]) {
    let adapter = shipped(file);
    let names: Vec<&str> = adapter.codes.keys().map(String::as_str).collect();
    let mut expected: Vec<&str> = maps.iter().map(|(name, _)| *name).collect();
    expected.sort_unstable();
    assert_eq!(names, expected, "{file}: the code maps");
    for (name, rows) in maps {
        let map = &adapter.codes[*name];
        for (word, code) in *rows {
            assert_eq!(
                map.get(*word).map(String::as_str),
                Some(*code),
                "{file} {name}.{word}"
            );
        }
        assert_eq!(map.len(), rows.len(), "{file} {name} holds something more");
    }
}

#[test]
fn every_row_of_every_code_map_of_yunnan_is_right() {
    let maps = [
        ("plate_color", PLATE_COLOR),
        ("direction", DIRECTION),
        ("emission", EMISSION),
        ("fuel", FUEL),
        ("network", NETWORK),
        ("machine", MACHINE),
        ("review", REVIEW),
        ("warning", WARNING),
        ("response", RESPONSE),
    ];
    holds_exactly("yunnan", &maps);
}

#[test]
fn every_row_of_every_code_map_of_henan_is_right() {
    let maps = [
        ("plate_color", PLATE_COLOR),
        ("direction", DIRECTION),
        ("serial_direction", SERIAL_DIRECTION),
        ("cargo_unit", CARGO_UNIT),
        ("emission", EMISSION_HENAN),
        ("fuel", FUEL),
        ("network", NETWORK),
    ];
    holds_exactly("henan-transport-control", &maps);
}

#[test]
fn every_row_of_every_code_map_of_the_bearer_form_is_right() {
    let maps = [
        ("plate_color", PLATE_COLOR),
        ("emission", EMISSION),
        ("fuel", FUEL),
        ("network", NETWORK),
    ];
    holds_exactly("bearer-english", &maps);
}

#[test]
fn the_shipped_files_say_what_is_known_of_their_platforms() {
    let yunnan = shipped("yunnan");
    assert_eq!(
        yunnan.passage.path, None,
        "nobody outside knows its address"
    );
    assert_eq!(
        yunnan.passage.mandatory.len(),
        24,
        "23 items, photos being two"
    );
    assert_eq!(
        yunnan.record["enterprise"].path.as_deref(),
        Some("enterprise")
    );
    assert_eq!(yunnan.record["barrier"].path, None);
    let henan = shipped("henan-transport-control");
    assert_eq!(henan.passage.constants["ipctype"], "shareDrivingRecord");
    let photos = (henan.photos.form, henan.photos.place);
    assert_eq!(photos, (PhotoForm::DataUrl, PhotoPlace::After));
    assert_eq!(henan.correction.how, CorrectionHow::Unsupported);
    let bearer = shipped("bearer-english");
    assert_eq!(bearer.login.unwrap().send, TokenPlace::Bearer);
    assert!(bearer.passage.fields.contains_key("carPalteColor"), "sic");
}

fn mistakes(text: &str) -> Vec<String> {
    let problems = Adapter::from_table(text.parse().unwrap()).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_mistake_in_a_file_is_named_at_once_with_its_key_and_what_is_allowed() {
    let text = r#"
titel = "x"
[envelope]
missing = "nothing"
time_format = "%!"
[login]
path = 5
token_life = "soon"
send = { cookie = "x" }
[signing]
kind = "rsa2"
canonical = "body"
sign_in = { field = "sign" }
[answer]
success = ["200"]
data_error = ["200"]
[serial]
template = "{gate}{plate}"
[photos]
place = "after"
form = "gif"
[passage]
mandatory = ["vin", "wheels"]
[passage.fields]
id = "serialNo"
fuel = "A"
plate = { item = "plateNo", maximum = 3 }
colour = { item = "plateColor", codes = "colours" }
[correction]
how = "endpoint"
[downlink.over_limit]
every = "0s"
fields = { plate = "cphm" }
[codes.fuel]
unknown = "Z"
[limits]
requests_per_second = 0
"#;
    let found = mistakes(text).join("\n");
    for key in [
        "titel: unknown field",
        "envelope.missing: \"nothing\" is not one of",
        "envelope.time_format:",
        "login.path: ",
        "login.token_life:",
        "login.send",
        "login.user_field: is required",
        "signing.sign_in: must be a header",
        "answer.data_error: \"200\" stands in answer.success too",
        "serial.template: {plate} is not one of",
        "serial.template: must hold {key} or {time}",
        "photos.form: \"gif\" is not one of",
        "photo: is there exactly when",
        "passage.mandatory: \"wheels\" is not an item",
        "passage.mandatory: vin is carried by no field",
        "passage.fields.fuel: \"A\" is not an item",
        "passage.fields.plate.maximum: unknown field",
        "passage.fields.colour: there is no [codes.colours]",
        "correction.send: is there exactly when",
        "downlink.over_limit.fields.plate: \"plate\" is not an item",
        "downlink.over_limit.every: must be above 0",
        "codes.fuel.unknown: unknown has no code",
        "limits.requests_per_second: must be above 0",
    ] {
        assert!(found.contains(key), "{key} is missing in:\n{found}");
    }
}

#[test]
fn there_is_no_way_to_write_a_constant_for_an_item() {
    for field in [
        r#"fuelType = { constant = "A" }"#,
        r#"fuelType = { item = "fuelType", default = "A" }"#,
        r#"fuelType = { value = "A" }"#,
    ] {
        let text = format!(
            "[answer]\nsuccess = [\"200\"]\n[passage.fields]\nid = \"serialNo\"\n{field}\n"
        );
        let found = mistakes(&text).join("\n");
        assert!(found.contains("passage.fields.fuelType"), "{found}");
    }
}

#[test]
fn a_day_is_written_without_hours() {
    let text = r#"
[answer]
code = "code"
success = ["200"]
[serial]
template = "{key}"
[envelope]
day_format = "%Y-%m-%d %H:%M"
[passage.fields]
id = "serialNo"
day = { item = "registerDate", date = "%d.%m.%Y %H:%M" }
time = { item = "passTime", date = "%d.%m.%Y %H:%M" }
"#;
    let mistakes = mistakes(text);
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert!(mistakes[0].starts_with("envelope.day_format: "));
    assert!(mistakes[1].starts_with("passage.fields.day: "));
}
