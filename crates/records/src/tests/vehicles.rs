//! F4 of the rule: a vehicle is audited before it is in the vehicle database.

use passage::Register;
use serde_json::{Value, json};
use words::{Key, Language};

use super::{rules, truck};
use crate::*;

fn said(values: &Values) -> Vec<(Severity, &'static str, Key)> {
    validate(Register::Vehicle, values, &rules())
        .into_iter()
        .map(|f| (f.severity, f.item.name, f.said.key))
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
        said.map(|said| said.key).collect()
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
