//! A record of the weighing software as JSON: one object, or a list of them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use passage::Weighing;
use plate::PlateNumber;
use records::moment;
use serde::Deserialize;

use super::{Misplaced, WeighingError, sound, whole_kg};

/// Most records of one request.
const MOST: usize = 200;
/// A weighing that lies further ahead is a wrong clock.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// One that is older is a mistake, or belongs into `menjin weighbridge import`.
const OLDEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Unknown fields are refused: a mass whose unit nobody named would be lost silently.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Record {
    plate: PlateNumber,
    weighed_at: String,
    ticket: String,
    cargo: Option<String>,
    gross_kg: Option<f64>,
    tare_kg: Option<f64>,
    net_kg: Option<f64>,
    gross_t: Option<f64>,
    tare_t: Option<f64>,
    net_t: Option<f64>,
}

/// The weighings of a JSON object or of a list of them. Times without an offset are on the clock of
/// `zone`.
///
/// # Errors
/// The first mistake, with its place.
pub fn from_json(body: &[u8], zone: &TimeZone, now: Timestamp) -> Result<Vec<Weighing>, Misplaced> {
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let records: Vec<Record> = if is_list {
        serde_json::from_slice(body)
    } else {
        serde_json::from_slice(body).map(|one| vec![one])
    }
    .map_err(|e| Misplaced::All(WeighingError::NotAWeighing(e)))?;
    if records.is_empty() || records.len() > MOST {
        return Err(Misplaced::All(WeighingError::Count { most: MOST }));
    }
    let several = records.len() > 1;
    let numbered = (1..).zip(records);
    numbered
        .map(|(number, record)| {
            record.weighing(zone, now).map_err(|mistake| {
                if several {
                    Misplaced::Record(number, mistake)
                } else {
                    Misplaced::All(mistake)
                }
            })
        })
        .collect()
}

impl Record {
    fn weighing(self, zone: &TimeZone, now: Timestamp) -> Result<Weighing, WeighingError> {
        let ticket = self.ticket.trim();
        if ticket.is_empty() || ticket.chars().count() > 60 || ticket.contains(char::is_control) {
            return Err(WeighingError::Ticket);
        }
        let cargo = self.cargo.as_deref().map(str::trim);
        if cargo.is_some_and(|cargo| cargo.chars().count() > 60 || cargo.contains(char::is_control))
        {
            return Err(WeighingError::Cargo);
        }
        let weighed_at = at(&self.weighed_at, zone)?;
        if weighed_at > now + AHEAD || weighed_at < now - OLDEST {
            return Err(WeighingError::NotRecent {
                text: self.weighed_at,
            });
        }
        let new = Weighing {
            plate: self.plate,
            weighed_at,
            ticket: ticket.to_owned(),
            cargo: cargo.filter(|cargo| !cargo.is_empty()).map(str::to_owned),
            gross_kg: mass("gross", self.gross_kg, self.gross_t)?,
            tare_kg: mass("tare", self.tare_kg, self.tare_t)?,
            net_kg: mass("net", self.net_kg, self.net_t)?,
        };
        if new.net_kg.is_none() && (new.gross_kg.is_none() || new.tare_kg.is_none()) {
            return Err(WeighingError::NoNet);
        }
        sound(new)
    }
}

/// With an offset, or on the site's clock.
fn at(text: &str, zone: &TimeZone) -> Result<Timestamp, WeighingError> {
    let wrong = || WeighingError::Time {
        text: text.to_owned(),
    };
    if text.len() > 40 {
        return Err(WeighingError::LongTime);
    }
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    // A day alone is no time.
    if text.trim().len() < 16 {
        return Err(wrong());
    }
    moment(text, zone).map_err(|_| wrong())
}

fn mass(name: &'static str, kg: Option<f64>, t: Option<f64>) -> Result<Option<i64>, WeighingError> {
    let kg = match (kg, t) {
        (Some(_), Some(_)) => return Err(WeighingError::TwoUnits { name }),
        (kg, t) => kg.or_else(|| t.map(|t| t * 1000.0)),
    };
    let whole = |kg| {
        whole_kg(kg).ok_or_else(|| WeighingError::Mass {
            what: name.to_owned(),
        })
    };
    kg.map(whole).transpose()
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
    fn whatever_else_arrives_is_told_and_nothing_of_it_is_taken() {
        let right =
            r#"{"plate":"苏A12345","weighedAt":"2026-03-01 08:30","ticket":"B1","netKg":5}"#;
        read(right).expect("right");
        for (wrong, said) in [
            (String::new(), "no weighing"),
            ("nonsense".to_owned(), "no weighing"),
            ("[]".to_owned(), "1 … 200"),
            ("[".repeat(100_000), "no weighing"),
            (format!("[{}]", vec![right; 201].join(",")), "1 … 200"),
            (format!("[{right},{{}}]"), "plate"),
            (right.replace("netKg", "net"), "unknown field `net`"),
            (right.replace(":5", ":\"5\""), "no weighing"),
            (right.replace(":5", ":-5"), "net: 0"),
            (right.replace(":5", ":1e300"), "net: 0"),
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
}
