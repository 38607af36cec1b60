//! A record of the weighing software as JSON: one object, or a list of them. Every mistake is told with
//! the name that its sender gave the field.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use passage::Weighing;
use plate::PlateNumber;
use records::narrow;
use serde_json::Value;

use super::fields::Fields;
use super::{Misplaced, WeighingError, sound, time, whole_kg};

/// Most records of one request.
const MOST: usize = 200;
/// A weighing that lies further ahead is a wrong clock.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// One that is older is a mistake, or belongs into a table that is imported.
const OLDEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// All there are. Unknown fields are refused: a mass whose unit nobody named would be lost silently.
const KNOWN: [&str; 10] = [
    "plate",
    "weighedAt",
    "ticket",
    "cargo",
    "grossKg",
    "tareKg",
    "netKg",
    "grossT",
    "tareT",
    "netT",
];

/// What its sender should look at, of weighings that are taken as they are: a plate that would be one
/// with 0 for O or 1 for I.
pub(super) fn hints(weighings: &[Weighing]) -> Vec<String> {
    let of = |weighing: &Weighing| {
        let (plate, meant) = (weighing.plate.clone(), weighing.plate.perhaps_meant()?);
        let hint = WeighingError::PlatePerhaps { plate, meant };
        Some(format!("{}: {hint}", weighing.ticket))
    };
    weighings.iter().filter_map(of).collect()
}

/// The weighings of a JSON object or of a list of them. Times without an offset are on the clock of
/// `zone`.
///
/// # Errors
/// The first mistake, with its place.
pub fn from_json(body: &[u8], zone: &TimeZone, now: Timestamp) -> Result<Vec<Weighing>, Misplaced> {
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let records: Vec<Fields> = if is_list {
        serde_json::from_slice(body)
    } else {
        serde_json::from_slice(body).map(|one| vec![one])
    }
    .map_err(|e| Misplaced::All(WeighingError::not_a_weighing(&e)))?;
    if records.is_empty() || records.len() > MOST {
        return Err(Misplaced::All(WeighingError::Count { most: MOST }));
    }
    let several = records.len() > 1;
    let numbered = (1..).zip(records);
    numbered
        .map(|(number, record)| {
            weighing(&record, zone, now).map_err(|mistake| {
                if several {
                    Misplaced::Record(number, mistake)
                } else {
                    Misplaced::All(mistake)
                }
            })
        })
        .collect()
}

fn weighing(record: &Fields, zone: &TimeZone, now: Timestamp) -> Result<Weighing, WeighingError> {
    record.only(&KNOWN)?;
    let plate = PlateNumber::normalise(record.required_text("plate")?);
    let ticket = ticket(record)?;
    if ticket.is_empty() || ticket.chars().count() > 60 || ticket.contains(char::is_control) {
        return Err(WeighingError::Ticket);
    }
    let cargo = record.text("cargo")?.map(str::trim);
    if cargo.is_some_and(|cargo| cargo.chars().count() > 60 || cargo.contains(char::is_control)) {
        return Err(WeighingError::Cargo);
    }
    let written = record.required_text("weighedAt")?;
    let weighed_at = at(written, zone)?;
    if weighed_at > now + AHEAD || weighed_at < now - OLDEST {
        return Err(WeighingError::NotRecent {
            text: written.to_owned(),
        });
    }
    let new = Weighing {
        plate,
        weighed_at,
        ticket,
        cargo: cargo.filter(|cargo| !cargo.is_empty()).map(str::to_owned),
        gross_kg: mass(record, "gross", ["grossKg", "grossT"])?,
        tare_kg: mass(record, "tare", ["tareKg", "tareT"])?,
        net_kg: mass(record, "net", ["netKg", "netT"])?,
    };
    if new.net_kg.is_none() && (new.gross_kg.is_none() || new.tare_kg.is_none()) {
        return Err(WeighingError::NoNet);
    }
    sound(new)
}

/// Many count their tickets: a whole number is one as it is written.
fn ticket(record: &Fields) -> Result<String, WeighingError> {
    match record.get("ticket") {
        Some(Value::Number(number)) if number.is_u64() || number.is_i64() => Ok(number.to_string()),
        _ => Ok(narrow(record.required_text("ticket")?).trim().to_owned()),
    }
}

/// With an offset, or on the site's clock.
fn at(text: &str, zone: &TimeZone) -> Result<Timestamp, WeighingError> {
    let wrong = || WeighingError::Time {
        text: text.to_owned(),
    };
    if text.chars().count() > 40 {
        return Err(WeighingError::LongTime);
    }
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    time(text, zone).ok_or_else(wrong)
}

fn mass(
    record: &Fields,
    name: &'static str,
    [in_kg, in_t]: [&'static str; 2],
) -> Result<Option<i64>, WeighingError> {
    let (field, kg) = match (record.number(in_kg)?, record.number(in_t)?) {
        (Some(_), Some(_)) => return Err(WeighingError::TwoUnits { name }),
        (Some(kg), None) => (in_kg, kg),
        (None, Some(t)) => (in_t, t * 1000.0),
        (None, None) => return Ok(None),
    };
    let whole = whole_kg(kg).ok_or_else(|| WeighingError::Mass {
        what: field.to_owned(),
    });
    whole.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<Weighing>, String> {
        let now = "2026-03-01T01:00:00Z".parse().expect("a time");
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
        from_json(body.as_bytes(), &zone, now).map_err(|mistake| mistake.to_string())
    }

    #[test]
    fn a_record_is_taken_in_its_unit_and_on_the_sites_clock() {
        let body = r#"{"plate": "苏Ａ-12345", "weighedAt": "2026-03-01 08:30:00", "ticket": "B1",
                       "cargo": "焦炭", "grossT": 49.02, "tareKg": 17500}"#;
        let found = read(body).expect("right").remove(0);
        assert_eq!(found.plate, "苏A12345");
        assert_eq!(found.weighed_at.to_string(), "2026-03-01T00:30:00Z");
        assert_eq!(
            (found.gross_kg, found.tare_kg),
            (Some(49_020), Some(17_500))
        );
        let with_offset = body.replace("2026-03-01 08:30:00", "2026-03-01T08:30:00+08:00");
        assert_eq!(
            read(&with_offset).expect("right")[0].weighed_at,
            found.weighed_at
        );
        let list = format!("[{body}, {}]", body.replace("B1", "B2"));
        assert_eq!(read(&list).expect("right").len(), 2);
    }

    #[test]
    fn a_counted_ticket_and_masses_in_quotes_are_taken_as_they_are_written() {
        let body = r#"{"plate": "苏A12345", "weighedAt": "2026-03-01 08:30", "ticket": 20260301007,
                       "cargo": null, "netT": " 31.52 "}"#;
        let found = read(body).expect("right").remove(0);
        assert_eq!(found.ticket, "20260301007");
        assert_eq!((found.net_kg, found.cargo), (Some(31_520), None));
    }

    #[test]
    fn a_mistake_is_told_with_the_senders_own_field_and_in_nobodys_jargon() {
        let right =
            r#"{"plate":"苏A12345","weighedAt":"2026-03-01 08:30","ticket":"B1","netKg":5}"#;
        for (from, to, field) in [
            ("\"B1\"", "7.5", "ticket: "),
            ("\"B1\"", "123456789012345678901234567890", "ticket: "),
            ("\"B1\"", "true", "ticket: "),
            ("\"B1\"", "null", "ticket: "),
            ("\"苏A12345\"", "7", "plate: "),
            ("\"2026-03-01 08:30\"", "1772325000", "weighedAt: "),
            (":5", ":\"five\"", "netKg: "),
            (":5", ":{\"kg\":5}", "netKg: "),
            (":5", ":-5", "netKg: 0"),
            (":5}", ":5,\"cargo\":9}", "cargo: "),
            (":5}", ":5,\"netKg\":6}", "netKg: "),
            (":5}", ":5,\"weight\":6}", "weight: "),
            ("\"netKg\":5", "\"netT\":900", "netT: 0"),
        ] {
            let words = read(&right.replace(from, to)).expect_err(to);
            assert!(words.starts_with(field), "{to}: {words}");
            for jargon in ["expected", "invalid", "f64", "string,", "null at"] {
                assert!(!words.contains(jargon), "{to}: {words}");
            }
        }
        let second = format!("[{right},{}]", right.replace("\"B1\"", "[]"));
        assert!(
            read(&second)
                .expect_err("wrong")
                .contains("record 2: ticket: ")
        );
        for (broken, place) in [("{\"plate\": }", "1"), ("nonsense", "1"), ("7", "1")] {
            let words = read(broken).expect_err("broken");
            assert!(
                words.contains(place) && !words.contains("expected"),
                "{words}"
            );
        }
    }

    #[test]
    fn a_plate_without_end_is_not_said_back_whole() {
        let plate = "苏".repeat(100_000);
        let body = format!(
            r#"{{"plate":"{plate}","weighedAt":"2026-03-01 08:30","ticket":"B1","netKg":5}}"#
        );
        let mistake = read(&body).expect_err("no plate").to_string();
        assert!(
            mistake.contains("苏苏") && mistake.chars().count() < 200,
            "{}",
            mistake.len()
        );
    }

    #[test]
    fn numbers_are_taken_as_numbers_and_as_texts_in_either_width() {
        let body = r#"{"plate": "苏Ａ１２３４５", "weighedAt": "２０２６／３／１　８：３０", "ticket": 17,
                       "grossT": "４９．０２", "tareKg": "17,500"}"#;
        let found = read(body).expect("right").remove(0);
        assert_eq!(
            (found.plate.as_str(), found.ticket.as_str()),
            ("苏A12345", "17")
        );
        assert_eq!(
            (found.gross_kg, found.tare_kg),
            (Some(49_020), Some(17_500))
        );
        assert_eq!(found.weighed_at.to_string(), "2026-03-01T00:30:00Z");
    }

    #[test]
    fn a_plate_that_was_perhaps_meant_is_offered_and_nothing_is_changed() {
        let body = r#"{"plate":"苏A1234O","weighedAt":"2026-03-01 08:30","ticket":"B1","netKg":5}"#;
        let found = read(body).expect("taken as it is");
        assert_eq!(found[0].plate, "苏A1234O");
        let hints = hints(&found);
        assert!(hints[0].contains("did you mean 苏A12340"), "{hints:?}");
        assert!(super::hints(&read(&body.replace('O', "0")).expect("right")).is_empty());
    }

    #[test]
    fn whatever_else_arrives_is_told_and_nothing_of_it_is_taken() {
        let right =
            r#"{"plate":"苏A12345","weighedAt":"2026-03-01 08:30","ticket":"B1","netKg":5}"#;
        read(right).expect("right");
        for (wrong, said) in [
            (String::new(), "not JSON"),
            ("nonsense".to_owned(), "not JSON"),
            ("[]".to_owned(), "1 … 200"),
            ("[".repeat(100_000), "a list of them"),
            (format!("[{}]", vec![right; 201].join(",")), "1 … 200"),
            (format!("[{right},{{}}]"), "plate"),
            (right.replace("netKg", "net"), "net: "),
            (right.replace(":5", ":1e300"), "netKg: 0"),
            (right.replace(":5", ":5,\"netT\":5"), "only one"),
            (
                right.replace("\"netKg\":5", "\"grossKg\":5"),
                "net, or gross and tare",
            ),
            (
                right.replace("\"netKg\":5", "\"grossKg\":5,\"tareKg\":9"),
                "≠",
            ),
            (right.replace("2026-03-01 08:30", "2026-03-01"), "weighedAt"),
            (
                right.replace("2026-03-01 08:30", "2999-12-31 08:30"),
                "31 days",
            ),
            (
                right.replace("2026-03-01 08:30", "1970-01-01 08:30"),
                "31 days",
            ),
            (
                right.replace("2026-03-01 08:30", "2026-02-30 08:30"),
                "weighedAt",
            ),
            (right.replace("苏A12345", "苏A1"), "plate"),
            (right.replace("B1", " "), "ticket"),
            (right.replace("B1", &"B".repeat(61)), "ticket"),
        ] {
            let words = read(&wrong).expect_err(said);
            assert!(words.contains(said), "{said}: {words}");
        }
    }

    #[test]
    fn nested_and_crumbled_records_are_refused() {
        let zone = TimeZone::UTC;
        let now = Timestamp::UNIX_EPOCH;
        let deep = ["[", r#"{"plate":"#, r#"[{"ticket":"#, r#"{"cargo":[["#];
        // As large as a request may be.
        let long = |part: &str| part.repeat((256 << 10) / part.len());
        let deep = deep.map(long);
        let crumbs = ["[0,", r#"{"":0},"#, "[],"].map(|part| format!("[{}0]", long(part)));
        let inside = [r#"{"":0},"#, "[],"].map(|part| format!(r#"{{"plate":[{}0]}}"#, long(part)));
        for body in deep.iter().chain(&crumbs).chain(&inside) {
            let refused = from_json(body.as_bytes(), &zone, now).expect_err("no weighing");
            let words = format!("{refused:?}");
            assert!(words.len() < 500, "{} bytes of {:.20}", words.len(), body);
        }
    }
}
