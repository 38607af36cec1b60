//! The 23 items of the in/out ledger (HJ 1321-2023 table C.3) and what is looked at in them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// One item of table C.3: its Chinese name and the keys of its JSON form (ours).
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Item {
    pub name: &'static str,
    pub keys: &'static [&'static str],
}

const fn item(name: &'static str, keys: &'static [&'static str]) -> Item {
    Item { name, keys }
}

/// The 23 items in the order of the table.
pub const LEDGER_ITEMS: [Item; 23] = [
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

/// The keys that carry the two photos of a passage.
pub(crate) const PASSAGE_PHOTOS: [&str; 2] = ["headPhoto", "bodyPhoto"];

/// The items that are absent, null or empty, by their Chinese names.
pub(crate) fn missing(body: &Value) -> Vec<&'static str> {
    let present = |key: &&str| match body.get(*key) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    };
    LEDGER_ITEMS
        .iter()
        .filter(|i| !i.keys.iter().all(&present))
        .map(|i| i.name)
        .collect()
}

/// One item as text, whatever JSON type it came as.
pub(crate) fn text(body: &Value, key: &str) -> Option<String> {
    match body.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A JPEG out of base64, with or without the `data:` prefix, and its size in pixels.
pub(crate) fn jpeg(text: &str) -> Result<(Vec<u8>, u16, u16), &'static str> {
    let bare = match text.strip_prefix("data:image/jpeg;base64,") {
        Some(rest) => rest,
        None if text.starts_with("data:") => return Err("is not called image/jpeg"),
        None => text,
    };
    let bytes = STANDARD.decode(bare.trim()).map_err(|_| "is not base64")?;
    let (width, height) = jpeg_size(&bytes).ok_or("is not a whole JPEG")?;
    Ok((bytes, width, height))
}

/// Width and height from the frame header; `None` when this is no JPEG or it was cut short.
fn jpeg_size(bytes: &[u8]) -> Option<(u16, u16)> {
    if !bytes.starts_with(&[0xFF, 0xD8]) || !bytes.ends_with(&[0xFF, 0xD9]) {
        return None;
    }
    let mut at = 2;
    loop {
        let [mark, kind, high, low] = *bytes.get(at..at + 4)?.first_chunk::<4>()?;
        if mark != 0xFF {
            return None;
        }
        if kind == 0xFF {
            at += 1; // fill byte
            continue;
        }
        let frame_header = (0xC0..=0xCF).contains(&kind) && !matches!(kind, 0xC4 | 0xC8 | 0xCC);
        if frame_header {
            let size = bytes.get(at + 5..at + 9)?;
            let height = u16::from_be_bytes([size[0], size[1]]);
            let width = u16::from_be_bytes([size[2], size[3]]);
            return (width > 0 && height > 0).then_some((width, height));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low])).max(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn empty_null_and_absent_are_all_missing_and_photos_count_as_one_item() {
        let body = json!({"entranceCode": "A", "gateCode": " ", "vin": null, "inOut": 1,
                          "headPhoto": "…"});
        let missing = missing(&body);
        assert_eq!(missing.len(), 21);
        assert!(missing.contains(&"道闸编号") && missing.contains(&"进、出厂照片"));
    }

    #[test]
    fn only_whole_jpegs_pass_for_photos() {
        let whole: &[u8] = &[
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 2, 0xD0, 5, 0, 1, 1, 0x11, 0,
            0xFF, 0xD9,
        ];
        let text = STANDARD.encode(whole);
        assert_eq!(jpeg(&text).map(|(_, w, h)| (w, h)), Ok((1280, 720)));
        assert!(jpeg(&format!("data:image/jpeg;base64,{text}")).is_ok());
        assert!(jpeg(&format!("data:image/png;base64,{text}")).is_err());
        assert_eq!(
            jpeg(&STANDARD.encode(&whole[..12])),
            Err("is not a whole JPEG")
        );
        assert_eq!(jpeg("车头"), Err("is not base64"));
        for cut in 0..whole.len() {
            assert!(jpeg_size(&whole[..cut]).is_none());
        }
    }
}
