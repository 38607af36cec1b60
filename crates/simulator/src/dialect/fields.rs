//! The 23 items of the in/out ledger (HJ 1321-2023 table C.3) in the dialects' fields.

use serde_json::Value;

use super::Dialect;

/// One item of table C.3: its Chinese name and the fields that hold it, all of which must be there.
/// `a|b` is one or the other.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct ExpectedItem {
    pub name: &'static str,
    pub keys: &'static [&'static str],
}

const fn item(name: &'static str, keys: &'static [&'static str]) -> ExpectedItem {
    ExpectedItem { name, keys }
}

/// The 23 items in the order of the table, under the names of the Yunnan form (ours).
pub const LEDGER_ITEMS: [ExpectedItem; 23] = [
    item("出入口编号", &["entranceCode"]),
    item("道闸编号", &["gateCode"]),
    item("进出厂状态", &["inOut"]),
    item("进、出厂时间", &["passTime"]),
    item("进、出厂照片", &["headPhoto", "bodyPhoto"]),
    item("车牌号码", &["plateNo"]),
    item("号牌颜色", &["plateColor"]),
    item("车辆类型", &["vehicleType"]),
    item("车辆识别代号", &["vin"]),
    item("注册登记日期", &["registerDate"]),
    item("车辆型号", &["vehicleModel"]),
    item("发动机型号", &["engineModel"]),
    item("发动机生产厂", &["engineMaker"]),
    item("发动机编号", &["engineNo"]),
    item("燃料类型", &["fuelType"]),
    item("排放标准", &["emissionStandard"]),
    item("使用性质", &["useCharacter"]),
    item("联网状态", &["networkStatus"]),
    item("随车清单", &["vehicleListPhoto"]),
    item("行驶证", &["drivingLicensePhoto"]),
    item("运输货物名称", &["cargoName"]),
    item("运输量", &["cargoWeight"]),
    item("车队名称", &["fleetName"]),
];

/// Those that `shareDrivingRecord` holds; photos and papers come in requests of their own.
const HENAN: &[ExpectedItem] = &[
    item("出入口编号", &["entranceGateCode"]),
    item("道闸编号", &["gateCodeB"]),
    item("进出厂状态", &["inOutComStatus"]),
    item("进、出厂时间", &["date"]),
    item("车牌号码", &["license"]),
    item("号牌颜色", &["licenseColor"]),
    item("车辆识别代号", &["vin"]),
    item("注册登记日期", &["registerDate"]),
    item("车辆型号", &["model"]),
    item("燃料类型", &["fuelType"]),
    item("排放标准", &["emissionStandard"]),
    item("使用性质", &["useCharacter"]),
    item("联网状态", &["networkStatus"]),
    item("运输货物名称", &["hwmc"]),
    item("运输量", &["ysl"]),
    item("车队名称", &["cdmc"]),
];

const BEARER: &[ExpectedItem] = &[
    item("出入口编号", &["entranceNumber|exportNumber"]),
    item("道闸编号", &["entranceGateNumber|exportGateNumber"]),
    item("进、出厂时间", &["carInTime|carOutTime"]),
    item(
        "进、出厂照片",
        &["entryHeadPic|factoryHeadPic", "entryBodyPic|factoryBodyPic"],
    ),
    item("车牌号码", &["carPlate"]),
    item("号牌颜色", &["carPalteColor"]),
    item("车辆类型", &["carType"]),
    item("车辆识别代号", &["carIdCode"]),
    item("注册登记日期", &["registrationDate"]),
    item("车辆型号", &["brand"]),
    item("燃料类型", &["carFuel"]),
    item("排放标准", &["dischargeStage"]),
    item("使用性质", &["carUseNature"]),
    item("联网状态", &["networkingStatus"]),
    item("随车清单", &["accompanyPicture"]),
    item("行驶证", &["drivingPicture"]),
    item(
        "运输货物名称",
        &["entryTransportedName|factoryTransportedName"],
    ),
    item("运输量", &["entryTransportedValue|factoryTransportedValue"]),
    item("车队名称", &["motorcadeName"]),
];

/// The items that a dialect's passage holds.
pub(crate) fn items(dialect: Dialect) -> &'static [ExpectedItem] {
    match dialect {
        Dialect::Yunnan => &LEDGER_ITEMS,
        Dialect::Henan => HENAN,
        Dialect::Bearer => BEARER,
    }
}

/// The items that are absent, null or empty, by their Chinese names.
pub(crate) fn missing(dialect: Dialect, body: &Value) -> Vec<String> {
    let present = |keys: &&str| {
        keys.split('|').any(|key| match body.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        })
    };
    items(dialect)
        .iter()
        .filter(|item| !item.keys.iter().all(present))
        .map(|item| item.name.to_owned())
        .collect()
}

/// The field of a dialect for what the page shows and what rows are known by.
pub(crate) fn field(dialect: Dialect, what: &'static str) -> &'static str {
    match (dialect, what) {
        (Dialect::Henan, "serialNo") => "serialNum",
        (Dialect::Henan, "entranceCode") => "entranceGateCode",
        (Dialect::Henan, "gateCode") => "gateCodeB",
        (Dialect::Henan, "inOut") => "inOutComStatus",
        (Dialect::Henan, "passTime") => "date",
        (Dialect::Henan, "plateNo") => "license",
        (Dialect::Henan, "plateColor") => "licenseColor",
        (Dialect::Bearer, "entranceCode") => "entranceNumber|exportNumber",
        (Dialect::Bearer, "gateCode") => "entranceGateNumber|exportGateNumber",
        (Dialect::Bearer, "passTime") => "carInTime|carOutTime",
        (Dialect::Bearer, "plateNo") => "carPlate",
        (Dialect::Bearer, "plateColor") => "carPalteColor",
        (Dialect::Bearer, "headPhoto") => "entryHeadPic|factoryHeadPic",
        (Dialect::Bearer, "bodyPhoto") => "entryBodyPic|factoryBodyPic",
        (_, other) => other,
    }
}

/// One item as text, whatever JSON type it came as. `a|b` is one or the other.
pub(crate) fn text(body: &Value, keys: &str) -> Option<String> {
    keys.split('|').find_map(|key| match body.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn empty_null_and_absent_are_all_missing_and_photos_count_as_one_item() {
        let body = json!({"entranceCode": "A", "gateCode": " ", "vin": null, "inOut": 1,
                          "headPhoto": "…"});
        let missing = missing(Dialect::Yunnan, &body);
        assert_eq!(missing.len(), 21);
        assert!(missing.contains(&"道闸编号".to_owned()));
        assert!(missing.contains(&"进、出厂照片".to_owned()));
    }

    #[test]
    fn an_item_may_stand_in_the_field_of_either_direction() {
        let body = json!({"exportNumber": "B", "carOutTime": "t", "factoryHeadPic": "h",
                          "factoryBodyPic": "b"});
        let missing = missing(Dialect::Bearer, &body);
        assert_eq!(missing.len(), BEARER.len() - 3);
        assert_eq!(
            text(&body, field(Dialect::Bearer, "passTime")).as_deref(),
            Some("t")
        );
    }
}
