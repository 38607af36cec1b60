//! What platforms send down, made of the types that its items have.
//!
//! Flags and times are typed when an entry is taken: a flag is kept as `true` or `false`, a time as
//! RFC 3339. Ledgers also hold entries of earlier versions, kept in the platform's own words, and
//! what nobody could understand; so whoever reads an entry reads it here.

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use passage::ItemKind;
use plate::PlateNumber;
use policy::OverLimitNotice;
use serde_json::Value;

/// `said` as a value of `kind`; as it was said if it cannot be understood. `format` is how the
/// platform writes times, `zone` where its clocks stand.
pub(crate) fn typed(kind: ItemKind, said: &Value, format: &str, zone: &TimeZone) -> Value {
    let typed = match kind {
        ItemKind::Flag => flag(said).map(Value::from),
        ItemKind::Time => time(said, Some(format), zone).map(|at| at.to_string().into()),
        _ => None,
    };
    typed.unwrap_or_else(|| said.clone())
}

/// What an over-limit entry of a ledger says; `None` if it names no vehicle. `zone` is where the
/// platform's clocks stand. A release that cannot be understood is none.
#[must_use]
pub fn over_limit_notice(parsed: &Value, zone: &TimeZone) -> Option<OverLimitNotice> {
    let at = |item: &str| parsed.get(item).unwrap_or(&Value::Null);
    let color_said = text(at("plateColor")).unwrap_or_default();
    let plate = text(at("plateNo")).map(PlateNumber::from);
    let vin = text(at("vin")).map(|vin| vin.to_uppercase());
    if plate.is_none() && vin.is_none() {
        return None;
    }
    Some(OverLimitNotice {
        plate: plate.unwrap_or_default(),
        vin,
        color: color_said.parse().ok(),
        color_said,
        reason: text(at("exceedReason")).unwrap_or_default(),
        released: flag(at("released")).unwrap_or(false),
        issued_at: time(at("issuedAt"), None, zone),
        released_at: time(at("releasedAt"), None, zone),
    })
}

/// Text that says something. Some platforms write numbers without quotes.
fn text(said: &Value) -> Option<String> {
    match said {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Platforms write yes and no in many ways.
fn flag(said: &Value) -> Option<bool> {
    if let Value::Bool(flag) = said {
        return Some(*flag);
    }
    match text(said)?.to_lowercase().as_str() {
        "1" | "true" | "yes" | "y" | "是" | "已解除" => Some(true),
        "0" | "false" | "no" | "n" | "否" | "未解除" => Some(false),
        _ => None,
    }
}

/// And times in more: in the adapter's format, RFC 3339, on the platform's clock, counted from 1970.
fn time(said: &Value, format: Option<&str>, zone: &TimeZone) -> Option<Timestamp> {
    let text = text(said)?;
    format
        .and_then(|format| formatted(&text, format, zone))
        .or_else(|| text.parse().ok())
        .or_else(|| on_clock(text.replace('/', "-").parse().ok()?, zone))
        .or_else(|| formatted(&text, "%Y%m%d%H%M%S", zone))
        .or_else(|| since_1970(&text))
}

fn formatted(text: &str, format: &str, zone: &TimeZone) -> Option<Timestamp> {
    let read = strtime::parse(format, text).ok()?;
    let on_clock = || on_clock(read.to_datetime().ok()?, zone);
    read.to_timestamp().ok().or_else(on_clock)
}

fn on_clock(time: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    Some(time.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Seconds of this century have ten digits, milliseconds thirteen.
fn since_1970(digits: &str) -> Option<Timestamp> {
    let count: i64 = digits.parse().ok()?;
    match digits.len() {
        10 => Timestamp::from_second(count).ok(),
        13 => Timestamp::UNIX_EPOCH.checked_add(count.milliseconds()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").expect("known")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_flag_is_yes_or_no_however_it_is_written_and_nothing_else() {
        for yes in [
            json!(true),
            json!(1),
            json!("1"),
            json!("TRUE"),
            json!(" 是 "),
            json!("已解除"),
            json!("Y"),
        ] {
            assert_eq!(flag(&yes), Some(true), "{yes}");
        }
        for no in [
            json!(false),
            json!(0),
            json!("0"),
            json!("False"),
            json!("否"),
            json!("未解除"),
        ] {
            assert_eq!(flag(&no), Some(false), "{no}");
        }
        for neither in [
            json!(null),
            json!(2),
            json!(1.5),
            json!("maybe"),
            json!(""),
            json!([true]),
        ] {
            assert_eq!(flag(&neither), None, "{neither}");
        }
    }

    #[test]
    fn a_time_is_the_same_moment_however_it_is_written() {
        for written in [
            json!("2026-05-01T00:00:00Z"),
            json!("2026-05-01T08:00:00+08:00"),
            json!("2026-05-01 08:00:00"),
            json!("2026-05-01T08:00:00"),
            json!("2026/05/01 08:00:00"),
            json!("20260501080000"),
            json!(20_260_501_080_000_u64),
            json!(1_777_593_600),
            json!("1777593600000"),
        ] {
            let read = time(&written, None, &zone());
            assert_eq!(read, Some(at("2026-05-01T00:00:00Z")), "{written}");
        }
        let day = time(&json!("2026-05-01"), None, &zone());
        assert_eq!(day, Some(at("2026-04-30T16:00:00Z")));
        for not in [
            json!(null),
            json!(""),
            json!("tomorrow"),
            json!(7),
            json!("2026-13-01 08:00:00"),
        ] {
            assert_eq!(time(&not, None, &zone()), None, "{not}");
        }
    }

    #[test]
    fn the_adapter_s_format_goes_before_all_others() {
        let read = |text: &str, format| time(&json!(text), Some(format), &zone());
        assert_eq!(
            read("01.05.2026 08:00", "%d.%m.%Y %H:%M"),
            Some(at("2026-05-01T00:00:00Z"))
        );
        // Read as anything else this were the fifth of January.
        assert_eq!(
            read("2026-01-05 08:00:00", "%Y-%d-%m %H:%M:%S"),
            Some(at("2026-05-01T00:00:00Z"))
        );
        assert_eq!(
            read("2026-05-01 08:00:00", "%d.%m.%Y"),
            Some(at("2026-05-01T00:00:00Z"))
        );
    }

    #[test]
    fn flags_and_times_are_typed_and_what_is_not_understood_stays_as_it_was_said() {
        let typed = |kind, said: Value| typed(kind, &said, "%Y-%m-%d %H:%M:%S", &zone());
        assert_eq!(typed(ItemKind::Flag, json!("是")), json!(true));
        assert_eq!(
            typed(ItemKind::Time, json!("2026-05-01 08:00:00")),
            json!("2026-05-01T00:00:00Z")
        );
        assert_eq!(typed(ItemKind::Flag, json!("maybe")), json!("maybe"));
        assert_eq!(typed(ItemKind::Time, json!("tomorrow")), json!("tomorrow"));
        assert_eq!(typed(ItemKind::Text, json!("是")), json!("是"));
        assert_eq!(typed(ItemKind::Time, json!(null)), json!(null));
    }

    #[test]
    fn a_number_that_no_integer_holds_is_the_same_after_it_was_kept() {
        let said: Value =
            serde_json::from_str(r#"{"plateNo":20260502160180666666}"#).expect("JSON");
        let kept: Value = serde_json::from_str(&said.to_string()).expect("JSON");
        let notice = over_limit_notice(&said, &zone());
        assert!(notice.is_some());
        assert_eq!(over_limit_notice(&kept, &zone()), notice);
    }

    #[test]
    fn entries_that_earlier_versions_kept_say_the_same_as_those_kept_now() {
        let before = json!({"plateNo": "云Ａ·12345", "plateColor": "yellow", "released": "是",
            "exceedReason": " 尾气超标 ", "issuedAt": "2026-05-01 08:00:00", "releasedAt": "2026-05-02 08:00:00"});
        let now = json!({"plateNo": "云A12345", "plateColor": "yellow", "released": true,
            "exceedReason": "尾气超标", "issuedAt": "2026-05-01T00:00:00Z", "releasedAt": "2026-05-02T00:00:00Z"});
        let notice = over_limit_notice(&before, &zone()).expect("a plate");
        assert_eq!(Some(&notice), over_limit_notice(&now, &zone()).as_ref());
        assert_eq!(notice.plate, "云A12345");
        assert!(notice.released);
        assert_eq!(notice.released_at, Some(at("2026-05-02T00:00:00Z")));
    }

    #[test]
    fn an_odd_entry_is_listed_as_far_as_it_can_be_understood() {
        let odd = json!({"plateNo": 7, "released": "maybe", "issuedAt": {}});
        let notice = over_limit_notice(&odd, &zone()).expect("a plate of sorts");
        assert!(!notice.released);
        assert_eq!((notice.issued_at, notice.color), (None, None));
        assert_eq!(
            over_limit_notice(&json!({"plateColor": "yellow"}), &zone()),
            None
        );
    }
}
