//! Single items, identities and what a site may set.

use passage::{ItemKind, Register};
use serde_json::json;
use words::{Key, Language};

use super::{rules, truck, values};
use crate::*;

fn put(register: Register, item: &str, text: &str) -> Result<serde_json::Value, Key> {
    let item = crate::item(register, item).unwrap();
    parse(register, item, text, &rules()).map_err(|said| said.key())
}

#[test]
fn every_item_has_a_name_and_two_labels_of_its_own() {
    for register in Register::ALL {
        let items = crate::items(register);
        for (index, item) in items.iter().enumerate() {
            for other in &items[..index] {
                let shared = item.names().find(|name| other.names().any(|n| n == *name));
                assert_eq!(shared, None, "{register}: {} and {}", item.name, other.name);
            }
        }
        assert!(items.iter().any(|item| item.need == Need::Identity));
        assert_eq!(register.as_str().parse(), Ok(register));
    }
}

#[test]
fn what_a_register_holds_is_of_the_kind_that_is_sent() {
    for item in Register::ALL.into_iter().flat_map(crate::items) {
        let sent = passage::item(item.name).unwrap().kind;
        let held = match item.kind {
            ValueKind::Date => ItemKind::Day,
            ValueKind::Code(_) | ValueKind::VehicleType => ItemKind::Word,
            ValueKind::Count | ValueKind::Longitude | ValueKind::Latitude | ValueKind::Port => {
                ItemKind::Number
            }
            ValueKind::File => ItemKind::Photo,
            _ if item.name == "passwordFile" => ItemKind::Local,
            _ => ItemKind::Text,
        };
        assert_eq!(held, sent, "{}", item.name);
    }
}

#[test]
fn every_code_is_found_by_all_its_names_and_by_no_other_s() {
    let tables = [
        &code::PLATE_COLOR,
        &code::EMISSION,
        &code::FUEL,
        &code::USE,
        &code::NETWORK,
        &code::DIRECTION,
        &code::MACHINE_TYPE,
        &code::GRADE,
    ];
    for table in tables {
        for code in table.codes() {
            for name in [code.code, code.zh, code.en].iter().chain(code.also) {
                assert_eq!(table.find(name), Some(code), "{name}");
            }
        }
    }
}

#[test]
fn the_stored_colours_are_those_of_a_read_plate() {
    for code in code::PLATE_COLOR.codes() {
        assert!(code.code.parse::<plate::Color>().is_ok(), "{}", code.code);
    }
    assert_eq!(
        code::PLATE_COLOR.codes().len(),
        plate::Color::READABLE.len()
    );
}

#[test]
fn days_are_read_as_people_and_excel_write_them() {
    for text in [
        "2024-01-31",
        "2024/1/31",
        "2024.01.31",
        "2024年1月31日",
        "20240131",
        "2024-01-31 00:00:00",
        "２０２４年１月３１日",
        "45322",
    ] {
        assert_eq!(
            put(Register::Vehicle, "registerDate", text),
            Ok(json!("2024-01-31")),
            "{text}"
        );
    }
    for text in ["31.1.2024", "2024-13-01", "yesterday", "4532", "0024-01-01"] {
        assert_eq!(
            put(Register::Vehicle, "registerDate", text),
            Err(Key::FindingNotADate),
            "{text}"
        );
    }
}

#[test]
fn a_credit_code_is_proved_by_its_check_character() {
    let check = |text| put(Register::Enterprise, "creditCode", text);
    // GB 32100-2015's own example form; the check character follows from its formula.
    assert_eq!(check("91350100M000100Y43"), Ok(json!("91350100M000100Y43")));
    assert_eq!(
        check("91350100M000100Y44"),
        Err(Key::FindingCreditCodeCheck)
    );
    assert_eq!(check("91350100M000100I43"), Err(Key::FindingCreditCode));
    assert_eq!(check("9135"), Err(Key::FindingCreditCode));
}

#[test]
fn numbers_of_places_have_their_shapes() {
    use Register::{Barrier, Camera, Enterprise};
    assert_eq!(put(Enterprise, "areaCode", "530181"), Ok(json!("530181")));
    assert_eq!(
        put(Enterprise, "areaCode", "990181"),
        Err(Key::FindingAreaCode)
    );
    assert_eq!(put(Barrier, "gateCode", "01"), Ok(json!("01")));
    assert_eq!(put(Barrier, "gateCode", "1"), Err(Key::FindingGateCode));
    assert_eq!(put(Barrier, "entranceCode", "a"), Ok(json!("A")));
    assert_eq!(put(Barrier, "entranceCode", "A1"), Err(Key::FindingTooLong));
    assert_eq!(
        put(Barrier, "longitude", "102.4812345678"),
        Ok(json!(102.481_235))
    );
    assert_eq!(put(Barrier, "longitude", "24.9"), Err(Key::FindingDegrees));
    assert_eq!(put(Barrier, "latitude", "NaN"), Err(Key::FindingDegrees));
    assert_eq!(
        put(Camera, "ip", "192.168.1.999"),
        Err(Key::FindingNotAnAddress)
    );
    assert_eq!(put(Camera, "port", "0"), Err(Key::FindingNotAPort));
    assert_eq!(put(Camera, "port", "554"), Ok(json!(554)));
}

#[test]
fn phones_are_told_from_other_numbers() {
    let phone = |text| put(Register::Barrier, "managerPhone", text).is_ok();
    for text in [
        "13800138000",
        "0871-68321234",
        "400-800-1234",
        "+86 13800138000",
    ] {
        assert!(phone(text), "{text}");
    }
    for text in ["1380013800", "call me", "0", "13800138000x"] {
        assert!(!phone(text), "{text}");
    }
}

#[test]
fn an_address_never_holds_a_password() {
    let put = |text| put(Register::Camera, "liveUrl", text);
    assert!(put("rtsp://192.168.1.64:554/Streaming/Channels/101").is_ok());
    assert_eq!(
        put("rtsp://admin:12345@192.168.1.64/"),
        Err(Key::FindingUrlSecret)
    );
    assert_eq!(put("192.168.1.64"), Err(Key::FindingNotAUrl));
}

#[test]
fn a_record_is_called_by_its_identity_items() {
    assert_eq!(
        identity(Register::Vehicle, &truck()).as_deref(),
        Some("苏A12345|yellow")
    );
    let barrier = values(json!({"entranceCode": "A", "gateCode": "01"}));
    assert_eq!(
        identity(Register::Barrier, &barrier).as_deref(),
        Some("A|01")
    );
    assert_eq!(identity(Register::Fleet, &barrier), None);
}

#[test]
fn a_site_sets_lengths_and_what_its_platform_asks_for() {
    let mut rules = rules();
    rules.max_chars.insert("vehicle.vehicleModel".to_owned(), 3);
    rules.optional.insert("vehicle.networkStatus".to_owned());
    rules.mandatory.insert("vehicle.fleetName".to_owned());
    assert_eq!(rules.unknown_names(), [""; 0]);
    let mut vehicle = truck();
    vehicle.remove("networkStatus");
    let found: Vec<_> = validate(Register::Vehicle, &vehicle, &rules)
        .into_iter()
        .filter(|f| f.severity >= Severity::Missing)
        .map(|f| f.text(Language::En))
        .collect();
    assert_eq!(
        found,
        [
            "Model: longer than 3 characters",
            "Fleet: required but missing"
        ]
    );
    rules.optional.insert("vehicle.colour".to_owned());
    rules.max_chars.insert("lorry.vin".to_owned(), 3);
    assert_eq!(rules.unknown_names(), ["lorry.vin", "vehicle.colour"]);
}
