//! F4 of the rule: a vehicle is audited before it is in the vehicle database.

use passage::Register;
use serde_json::{Value, json};
use words::{Key, Language};

use super::{rules, truck};
use crate::*;

fn said(values: &Values) -> Vec<(Severity, &'static str, Key)> {
    validate(Register::Vehicle, values, &rules())
        .into_iter()
        .map(|f| (f.severity, f.item.name, f.said.key()))
        .collect()
}

fn stops(values: &Values) -> Vec<(&'static str, Key)> {
    said(values)
        .into_iter()
        .filter(|(severity, ..)| *severity >= Severity::Missing)
        .map(|(_, item, key)| (item, key))
        .collect()
}

#[test]
fn a_vehicle_with_all_eleven_items_may_be_approved() {
    assert_eq!(stops(&truck()), []);
}

#[test]
fn each_of_the_eleven_items_missing_is_told() {
    let items = [
        "plateNo",
        "plateColor",
        "vehicleType",
        "vin",
        "vehicleModel",
        "emissionStandard",
        "networkStatus",
        "registerDate",
        "useCharacter",
        "fuelType",
    ];
    for item in items {
        for unknown in [None, Some(Value::Null), Some(json!(""))] {
            let mut vehicle = truck();
            match unknown {
                Some(value) => vehicle.insert(item.to_owned(), value),
                None => vehicle.remove(item),
            };
            assert_eq!(stops(&vehicle), [(item, Key::FindingMissing)]);
        }
    }
    let mut vehicle = truck();
    vehicle.remove("drivingLicensePhoto");
    assert_eq!(
        stops(&vehicle),
        [("drivingLicensePhoto", Key::FindingOneOf)]
    );
    vehicle.insert("vehicleListPhoto".to_owned(), json!("cd".repeat(32)));
    assert_eq!(stops(&vehicle), []);
}

#[test]
fn each_wrong_item_is_refused_with_its_reason() {
    let cases = [
        ("plateNo", "苏A1234", Key::FindingPlateLength),
        ("plateColor", "1", Key::FindingColorByNumber),
        ("plateColor", "purple", Key::FindingNotACode),
        ("vehicleType", "货车", Key::FindingVehicleType),
        ("vin", "LFWSRXSJ7M1E1234", Key::FindingVinLength),
        ("vin", "LFWSRXSJ7M1E1234O", Key::FindingVinLetter),
        ("registerDate", "2021-02-30", Key::FindingNotADate),
        ("registerDate", "2026-03-02", Key::FindingDateFuture),
        ("emissionStandard", "欧五", Key::FindingNotACode),
        ("fuelType", "煤", Key::FindingNotACode),
        ("useCharacter", "S", Key::FindingNotACode),
        ("networkStatus", "2", Key::FindingNotACode),
        ("drivingLicensePhoto", "scan.jpg", Key::FindingNotAFile),
    ];
    for (item, value, reason) in cases {
        let mut vehicle = truck();
        vehicle.insert(item.to_owned(), json!(value));
        assert_eq!(stops(&vehicle), [(item, reason)], "{item} = {value}");
    }
}

#[test]
fn colour_length_and_fuel_of_a_plate_fit_each_other() {
    let wrong = |changes: &[(&str, &str)]| {
        let mut vehicle = truck();
        for (item, value) in changes {
            vehicle.insert((*item).to_owned(), json!(value));
        }
        stops(&vehicle)
    };
    let electric = [
        ("plateNo", "苏AD12345"),
        ("plateColor", "green"),
        ("fuelType", "C"),
        ("emissionStandard", "D"),
    ];
    assert_eq!(wrong(&electric), []);
    assert_eq!(
        wrong(&[("plateNo", "苏AD12345")]),
        [("plateColor", Key::FindingPlateColor)]
    );
    let mut diesel = electric;
    diesel[2].1 = "B";
    diesel[3].1 = "6";
    assert_eq!(wrong(&diesel), [("fuelType", Key::FindingFuelPlate)]);
    assert_eq!(
        wrong(&[("plateColor", "yellow_green"), ("fuelType", "O")]),
        [("plateColor", Key::FindingPlateColor)]
    );
    assert_eq!(
        wrong(&[("emissionStandard", "D")]),
        [("emissionStandard", Key::FindingFuelStage)]
    );
    assert_eq!(
        wrong(&[("plateNo", "京X1234应急"), ("plateColor", "white")]),
        []
    );
}

#[test]
fn eight_characters_are_a_hint_of_electric_and_never_a_value() {
    let mut vehicle = truck();
    vehicle.insert("plateNo".to_owned(), json!("苏AD12345"));
    vehicle.insert("plateColor".to_owned(), json!("green"));
    vehicle.remove("fuelType");
    let before = vehicle.clone();
    let hints: Vec<_> = said(&vehicle)
        .into_iter()
        .filter(|(severity, ..)| *severity == Severity::Hint)
        .collect();
    assert_eq!(
        hints,
        [(Severity::Hint, "fuelType", Key::FindingPerhapsElectric)]
    );
    assert_eq!(stops(&vehicle), [("fuelType", Key::FindingMissing)]);
    assert_eq!(vehicle, before);
}

#[test]
fn a_plate_that_a_person_types_is_doubted_by_the_same_rules() {
    let doubts = |text: &str, color| -> Vec<Key> {
        let plate = plate::PlateNumber::normalise(text);
        let said = plate_doubts(&plate, color).into_iter();
        said.map(|said| said.key()).collect()
    };
    use plate::Color::{Blue, Green, Unknown, Yellow};
    assert_eq!(doubts("苏Ａ·12345", Yellow), []);
    assert_eq!(doubts("苏A12345", Green), [Key::FindingPlateColor]);
    assert_eq!(doubts("苏AD12345", Blue), [Key::FindingPlateColor]);
    assert_eq!(doubts("苏A1234", Blue), [Key::FindingPlateLength]);
    assert_eq!(doubts("unknown", Unknown), [Key::FindingPlateForm]);
    let perhaps = [Key::FindingPlateForm, Key::FindingPlatePerhaps];
    assert_eq!(doubts("苏A1234O", Yellow), perhaps);
}

#[test]
fn doubts_are_warnings_and_stop_nothing() {
    let mut vehicle = truck();
    vehicle.insert("vin".to_owned(), json!("LFWSRXSJ1M1E12345"));
    vehicle.insert("registerDate".to_owned(), json!("2015-01-01"));
    vehicle.insert("plateNo".to_owned(), json!("临A12345"));
    let warned: Vec<_> = said(&vehicle)
        .into_iter()
        .filter(|(severity, ..)| *severity == Severity::Warning)
        .map(|(_, _, key)| key)
        .collect();
    for key in [
        Key::FindingVinCheck,
        Key::FindingDateBeforeStage,
        Key::FindingPlateForm,
    ] {
        assert!(warned.contains(&key), "{key} is not in {warned:?}");
    }
    assert_eq!(stops(&vehicle), []);
}

#[test]
fn the_check_digit_of_a_real_number_fits() {
    // The example of ISO 3779's check digit: 11111111111111111.
    let mut vehicle = truck();
    vehicle.insert("vin".to_owned(), json!("11111111111111111"));
    assert!(!said(&vehicle).iter().any(|f| f.2 == Key::FindingVinCheck));
}

#[test]
fn a_finding_is_a_sentence_with_the_choices() {
    let mut vehicle = truck();
    vehicle.insert("networkStatus".to_owned(), json!("maybe"));
    vehicle.insert("vin".to_owned(), json!("11111111111111111"));
    let finding = validate(Register::Vehicle, &vehicle, &rules()).remove(0);
    assert_eq!(
        finding.text(Language::Zh),
        "联网状态：不在可选值之内；可填：0 未联网、1 已联网"
    );
    assert_eq!(
        finding.text(Language::En),
        "Network state: not one of the choices: 0 not connected, 1 connected"
    );
}

#[test]
fn completeness_counts_valid_items_of_all_items() {
    let mut vehicle = truck();
    let (valid, all) = completeness(Register::Vehicle, &vehicle, &rules());
    assert_eq!((valid, all), (11, 19));
    vehicle.insert("vin".to_owned(), json!("too short"));
    vehicle.insert("networkStatus".to_owned(), Value::Null);
    assert_eq!(completeness(Register::Vehicle, &vehicle, &rules()).0, 9);
}

#[test]
fn an_item_is_the_same_in_full_width_by_its_name_and_as_the_hint_shows_it() {
    for (name, text, value) in [
        ("vehicleType", "重型半挂牵引车", json!("Q11")),
        ("vehicleType", "Q11 重型半挂牵引车", json!("Q11")),
        ("vehicleType", "ｑ１１", json!("Q11")),
        ("vehicleType", "h13", json!("H13")),
        ("emissionStandard", "D 电动", json!("D")),
        ("emissionStandard", "D电动", json!("D")),
        ("emissionStandard", "５", json!("5")),
        ("emissionStandard", "国５", json!("5")),
        ("fuelType", "B　柴油", json!("B")),
        ("fuelType", "ｂ", json!("B")),
        (
            "vin",
            "ＬＦＷＳＲＸＳＪ７Ｍ１Ｅ１２３４５",
            json!("LFWSRXSJ7M1E12345"),
        ),
        ("plateNo", "苏Ａ·１２３４５", json!("苏A12345")),
        ("registerDate", "２０２１年６月３０日", json!("2021-06-30")),
        ("registerDate", "44377", json!("2021-06-30")),
        ("registerDate", "44377.5", json!("2021-06-30")),
        ("registerDate", "2021.6.30", json!("2021-06-30")),
        ("engineNo", "ＷＰ１０－１", json!("WP10-1")),
        ("vehicleModel", "解放Ｊ６", json!("解放Ｊ６")),
    ] {
        let item = item(Register::Vehicle, name).unwrap();
        let read = parse(Register::Vehicle, item, text, &rules());
        assert_eq!(read, Ok(value), "{name} {text}");
    }
    for (register, name, text, value) in [
        (Register::Machine, "pin", "ＣＡＴ１", json!("CAT1")),
        (
            Register::Machine,
            "plateNo",
            "苏Ａ·１２３４５",
            json!("苏A12345"),
        ),
        (Register::Barrier, "gateCode", "０１", json!("01")),
        (Register::Barrier, "longitude", "１１８．５", json!(118.5)),
        (Register::Enterprise, "gateCount", "１２", json!(12)),
        (
            Register::Fleet,
            "contactPhone",
            "１３８００００００００",
            json!("13800000000"),
        ),
        (Register::Camera, "port", "５５４", json!(554)),
    ] {
        let item = item(register, name).unwrap();
        assert_eq!(parse(register, item, text, &rules()), Ok(value), "{name}");
    }
}

#[test]
fn a_part_of_a_vehicle_type_s_name_is_answered_with_those_that_hold_it() {
    let item = item(Register::Vehicle, "vehicleType").unwrap();
    let said = parse(Register::Vehicle, item, "半挂牵引车", &rules()).unwrap_err();
    let text = said.text(words::Language::Zh);
    assert!(text.contains("Q11 重型半挂牵引车、Q21"), "{text}");
}

#[test]
fn what_the_hint_of_a_code_table_shows_is_taken_whole() {
    for table in [
        &code::EMISSION,
        &code::FUEL,
        &code::USE,
        &code::NETWORK,
        &code::DIRECTION,
    ] {
        for language in words::Language::ALL {
            let shown = table.choices(language);
            for (choice, code) in shown.split(['、', ',']).zip(table.codes()) {
                assert_eq!(
                    table.find(choice).map(|c| c.code),
                    Some(code.code),
                    "{choice}"
                );
            }
        }
    }
}
