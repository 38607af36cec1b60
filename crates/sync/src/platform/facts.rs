//! What is known about a row, under our own names for the items. An item that is not here, or is
//! null, is unknown and is sent as missing: nothing fills gaps.

use jiff::Timestamp;
use ledger::SinkCounters;
use passage::PassageView;
use serde_json::{Map, Value, json};

use super::PlatformSettings;

/// Items by their names.
pub(crate) type Facts = Map<String, Value>;

/// What the site itself gives to every row.
pub(super) fn site(settings: &PlatformSettings) -> Facts {
    let mut facts = Facts::new();
    facts.insert("enterpriseCode".to_owned(), json!(settings.enterprise_code));
    facts.insert("enterpriseName".to_owned(), json!(settings.enterprise_name));
    facts
}

/// A passage, without its photos.
pub(super) fn passage(settings: &PlatformSettings, serial: &str, p: &PassageView) -> Facts {
    // A reading that was not accepted is a task for the guard, not a fact for the regulator.
    let known = p.plate();
    let color = known.map(|(_, color)| color);
    let cargo = p.cargo.as_ref();
    let mut facts = site(settings);
    facts.extend(object(json!({
        "recordKey": p.key,
        "serialNo": serial,
        "entranceCode": p.entrance,
        "gateCode": p.barrier,
        "laneCode": p.lane,
        "cameraCode": p.camera,
        "inOut": p.direction,
        "passTime": p.decided_at,
        "passStart": p.entered_at,
        "passEnd": p.finished.map(|end| end.at),
        "timeTrusted": p.clock_trusted,
        "plateNo": known.map(|(plate, _)| plate),
        "plateColor": color.filter(|color| *color != plate::Color::Unknown),
        "trailerPlateNo": known.and(p.reading.trailer_plate.as_deref()),
        "cargoName": cargo.and_then(|c| c.name.as_deref()),
        "cargoWeight": cargo.and_then(|c| c.amount),
        "cargoUnit": cargo.and_then(|c| c.amount.map(|_| c.unit)),
        "source": if p.paper.is_some() { "paper" } else { "gate" },
        "controlResult": p.decision,
        "controlReason": p.reason,
        "outcome": p.finished.map(|end| end.outcome),
    })));
    facts
}

/// What a heartbeat, or a question for news, can say.
pub(super) fn beat(settings: &PlatformSettings, counters: &SinkCounters, at: Timestamp) -> Facts {
    let mut facts = site(settings);
    facts.extend(object(json!({
        "time": at,
        "softwareVersion": env!("CARGO_PKG_VERSION"),
        "pendingCount": counters.waiting,
        "generatedCount": counters.generated,
        "acknowledgedCount": counters.acknowledged,
    })));
    facts
}

fn object(value: Value) -> Facts {
    match value {
        Value::Object(facts) => facts,
        _ => Facts::new(),
    }
}
