//! A typed-in or imported text becomes a value, or is refused with a reason.

use std::net::IpAddr;

use passage::Register;
use plate::{Color, PlateNumber, PlateProblem};
use serde_json::{Value, json};
use words::{Key, Said};

use crate::code::{self, CodeTable};
use crate::moment::day;
use crate::typed::narrow;
use crate::{RegisterItem, Rules, ValueKind};

/// The value that `text` stands for; null for blank text, as nobody knows it then.
///
/// # Errors
/// Why it can't be one, and what is allowed.
pub fn parse(
    register: Register,
    item: &'static RegisterItem,
    text: &str,
    rules: &Rules,
) -> Result<Value, Said> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text.chars().any(char::is_control) {
        return Err(Said::plain(Key::FindingControlCharacter));
    }
    let max = rules.max_chars(register, item);
    let is_text = !matches!(
        item.kind,
        ValueKind::Code(_) | ValueKind::Date | ValueKind::File | ValueKind::VehicleType
    );
    // A text stays as it was written; codes and numbers are the same in either width.
    let written = text;
    let text = narrow(text);
    let text = match item.kind {
        ValueKind::Text => written,
        _ => text.trim(),
    };
    if is_text && text.chars().count() > max {
        return Err(Said::with(Key::FindingTooLong, "max", max));
    }
    match item.kind {
        ValueKind::Text | ValueKind::Mark => Ok(json!(text)),
        ValueKind::OwnPlate => Ok(json!(PlateNumber::normalise(text))),
        ValueKind::Date => day(text)
            .map(|day| json!(day.to_string()))
            .ok_or_else(|| Said::plain(Key::FindingNotADate)),
        ValueKind::Code(table) => coded(table, text),
        ValueKind::Count => match text.parse::<u32>() {
            Ok(count) => Ok(json!(count)),
            Err(_) => Err(Said::plain(Key::FindingNotACount)),
        },
        ValueKind::Longitude => degrees(text, 73.0, 136.0),
        ValueKind::Latitude => degrees(text, 3.0, 54.0),
        ValueKind::File => sha256(text),
        ValueKind::Phone => phone(text),
        ValueKind::Vin => vin(text),
        ValueKind::Plate => plate(text),
        ValueKind::CreditCode => credit_code(text),
        ValueKind::AreaCode => area_code(text),
        ValueKind::EntranceCode => shaped(
            text,
            Key::FindingEntranceCode,
            |c| matches!(c, [one] if one.is_ascii_uppercase() || one.is_ascii_digit()),
        ),
        ValueKind::GateCode => shaped(text, Key::FindingGateCode, |c| {
            (2..=3).contains(&c.len()) && c.iter().all(char::is_ascii_digit)
        }),
        ValueKind::VehicleType => vehicle_type(text),
        ValueKind::Address => text
            .parse::<IpAddr>()
            .map(|ip| json!(ip.to_string()))
            .map_err(|_| Said::plain(Key::FindingNotAnAddress)),
        ValueKind::Port => match text.parse::<u16>() {
            Ok(port) if port > 0 => Ok(json!(port)),
            _ => Err(Said::plain(Key::FindingNotAPort)),
        },
        ValueKind::Url => url(text),
    }
}

fn coded(table: &'static CodeTable, text: &str) -> Result<Value, Said> {
    if let Some(code) = table.find(text) {
        return Ok(json!(code.code));
    }
    let key = if table.is_unclear(text) {
        Key::FindingColorByNumber
    } else {
        Key::FindingNotACode
    };
    Err(Said::plain(key).and_each("allowed", |language| table.choices(language)))
}

fn degrees(text: &str, least: f64, most: f64) -> Result<Value, Said> {
    match text.parse::<f64>() {
        Ok(degrees) if (least..=most).contains(&degrees) => {
            Ok(json!((degrees * 1e6).round() / 1e6))
        }
        _ => Err(Said::with(Key::FindingDegrees, "least", least).and("most", most)),
    }
}

fn sha256(text: &str) -> Result<Value, Said> {
    let text = text.to_ascii_lowercase();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(json!(text));
    }
    Err(Said::plain(Key::FindingNotAFile))
}

fn phone(text: &str) -> Result<Value, Said> {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | ' ' | '—' | '(' | ')' | '（' | '）'))
        .collect();
    let number = digits.strip_prefix("+86").unwrap_or(&digits);
    let is_digits = number.bytes().all(|b| b.is_ascii_digit());
    let mobile = number.len() == 11 && number.starts_with('1') && !number.starts_with("10");
    let fixed = number.starts_with('0') && (10..=16).contains(&number.len());
    let local = (7..=8).contains(&number.len()) && !number.starts_with('0');
    let service = number.len() == 10 && (number.starts_with("400") || number.starts_with("800"));
    if is_digits && (mobile || fixed || local || service) {
        return Ok(json!(text));
    }
    Err(Said::plain(Key::FindingPhone))
}

fn vin(text: &str) -> Result<Value, Said> {
    let vin = text.to_ascii_uppercase();
    let length = vin.chars().count();
    if length != 17 {
        return Err(Said::with(Key::FindingVinLength, "length", length));
    }
    let allowed =
        |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !matches!(c, 'I' | 'O' | 'Q'));
    match vin.chars().find(|c| !allowed(*c)) {
        Some(found) => Err(Said::with(Key::FindingVinLetter, "found", found)),
        None => Ok(json!(vin)),
    }
}

fn plate(text: &str) -> Result<Value, Said> {
    let plate = PlateNumber::normalise(text);
    match plate.validate(Color::Unknown) {
        Err(problem @ PlateProblem::Length(_)) => Err(problem.into()),
        // A form that nobody knows may be that of a temporary plate: it is warned of.
        _ => Ok(json!(plate)),
    }
}

/// GB 32100-2015: 17 characters and a check character, weights 3^i mod 31.
fn credit_code(text: &str) -> Result<Value, Said> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let code = text.to_ascii_uppercase();
    let values: Option<Vec<usize>> = code
        .bytes()
        .map(|byte| ALPHABET.iter().position(|known| *known == byte))
        .collect();
    let Some(values) = values.filter(|values| values.len() == 18) else {
        return Err(Said::plain(Key::FindingCreditCode));
    };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    if (31 - sum % 31) % 31 == values[17] {
        return Ok(json!(code));
    }
    Err(Said::plain(Key::FindingCreditCodeCheck))
}

fn area_code(text: &str) -> Result<Value, Said> {
    const PROVINCES: [&str; 34] = [
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
        "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64",
        "65", "71", "81", "82",
    ];
    let six = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    if six && PROVINCES.iter().any(|p| text.starts_with(p)) {
        return Ok(json!(text));
    }
    Err(Said::plain(Key::FindingAreaCode))
}

/// A code of GA/T 16.4, or the name of one.
fn vehicle_type(text: &str) -> Result<Value, Said> {
    if let Some(code) = code::VEHICLE_TYPE.find(text) {
        return Ok(json!(code.code));
    }
    let shape = |c: &[char]| {
        matches!(c, [letter, a, b] if letter.is_ascii_uppercase()
            && a.is_ascii_digit() && b.is_ascii_digit())
    };
    shaped(text, Key::FindingVehicleType, shape).map_err(|said| {
        let meant = code::VEHICLE_TYPE.holding(text);
        let meant: Vec<_> = meant
            .iter()
            .map(|c| format!("{} {}", c.code, c.zh))
            .collect();
        match meant.len() {
            1..=8 => Said::with(Key::FindingVehicleTypePerhaps, "meant", meant.join("、")),
            _ => said,
        }
    })
}

fn shaped(text: &str, key: Key, fits: impl Fn(&[char]) -> bool) -> Result<Value, Said> {
    let text = text.to_ascii_uppercase();
    let chars: Vec<char> = text.chars().collect();
    if fits(&chars) {
        Ok(json!(text))
    } else {
        Err(Said::plain(key))
    }
}

/// A password has a file of its own; in an address it would be shown and exported.
fn url(text: &str) -> Result<Value, Said> {
    let Some((_, rest)) = text.split_once("://") else {
        return Err(Said::plain(Key::FindingNotAUrl));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return Err(Said::plain(Key::FindingUrlSecret));
    }
    Ok(json!(text))
}
