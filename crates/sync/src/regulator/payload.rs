//! One row as the platform gets it. Items that we don't know are sent as null, never as a
//! constant; the platform then counts them as missing, which is the truth.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Direction, OutboxKind, PassageView, PhotoKind};
use serde_json::{Value, json};

use super::RegulatorSettings;
use crate::worker::Delivery;

/// Items of table C.3 for which there is no source yet: registers and cargo come later.
const NOT_KNOWN_YET: [&str; 16] = [
    "vehicleType",
    "vin",
    "registerDate",
    "vehicleModel",
    "engineModel",
    "engineMaker",
    "engineNo",
    "fuelType",
    "emissionStandard",
    "useCharacter",
    "networkStatus",
    "vehicleListPhoto",
    "drivingLicensePhoto",
    "cargoName",
    "cargoWeight",
    "fleetName",
];

pub(super) fn body(
    settings: &RegulatorSettings,
    zone: &TimeZone,
    row: &Delivery,
    passage: &PassageView,
) -> Value {
    let photo = |kind| {
        let jpeg = row
            .photos
            .iter()
            .find(|(k, _)| *k == kind)
            .map(|(_, jpeg)| jpeg)?;
        let prefix = if settings.photo_data_prefix {
            "data:image/jpeg;base64,"
        } else {
            ""
        };
        Some(format!("{prefix}{}", STANDARD.encode(jpeg)))
    };
    match row.item.kind {
        OutboxKind::PassageFinished => json!({
            "enterpriseCode": settings.enterprise_code,
            "serialNo": passage.key,
            "outcome": passage.finished.map(|end| end.outcome),
            "endTime": passage.finished.map(|end| local(end.at, zone)),
            "bodyPhoto": photo(PhotoKind::Body),
        }),
        _ => {
            let mut body = items(settings, zone, passage);
            for key in NOT_KNOWN_YET {
                body[key] = Value::Null;
            }
            body["headPhoto"] = json!(photo(PhotoKind::Head));
            body["bodyPhoto"] = json!(photo(PhotoKind::Body));
            body
        }
    }
}

fn items(settings: &RegulatorSettings, zone: &TimeZone, passage: &PassageView) -> Value {
    let reading = &passage.reading;
    // A reading that was not accepted is a task for the guard, not a fact for the regulator.
    let accepted = reading.recognised && !reading.plate.is_empty();
    let codes = &settings.direction_codes;
    json!({
        "enterpriseCode": settings.enterprise_code,
        "serialNo": passage.key,
        "entranceCode": passage.entrance,
        "gateCode": passage.barrier,
        "laneCode": passage.lane,
        "inOut": match passage.direction {
            Direction::In => &codes.inward,
            Direction::Out => &codes.outward,
        },
        "passTime": local(passage.decided_at, zone),
        "timeTrusted": passage.clock_trusted,
        "plateNo": accepted.then_some(&reading.plate),
        "plateColor": accepted.then(|| settings.plate_color_codes.get(&reading.color)).flatten(),
        "trailerPlateNo": accepted.then_some(&reading.trailer_plate),
        "controlResult": passage.decision,
        "controlReason": passage.reason,
        "outcome": passage.finished.map(|end| end.outcome),
    })
}

/// `yyyy-MM-dd HH:mm:ss` on the clock of the site.
pub(super) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}
