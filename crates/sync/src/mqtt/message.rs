//! What is published. Photos stay here; where they lie and their hashes go, so that anyone can find and
//! prove them later. `docs/mqtt.md` describes it, and a test holds the two against each other.

use jiff::Timestamp;
use ledger::SinkCounters;
use passage::{NewPassage, OutboxKind, PassageView, Reading};
use serde_json::{Value, json};

/// Of all messages. Fields are added without a new number; a receiver ignores those that it doesn't
/// know.
const VERSION: u32 = 1;

fn plate(reading: &Reading) -> Option<&str> {
    Some(reading.plate.as_str()).filter(|plate| !plate.is_empty())
}

/// What is known from the decision on, under the same names in both messages of a passage.
macro_rules! decided {
    ($site:expr, $p:expr) => {
        json!({
            "version": VERSION,
            "serial": $p.key,
            "site": $site,
            "lane": $p.lane,
            "entrance": $p.entrance,
            "barrier": $p.barrier,
            "direction": $p.direction,
            "entered_at": $p.entered_at,
            "decided_at": $p.decided_at,
            "clock": $p.clock,
            "clock_trusted": $p.clock_trusted,
            "plate": plate(&$p.reading),
            "color": $p.reading.color,
            "layout": $p.reading.layout,
            "confidence": $p.reading.confidence,
            "recognised": $p.reading.recognised,
            "trailer_plate": $p.reading.trailer_plate,
            "decision": $p.decision,
            "reason": $p.reason,
            "reason_detail": $p.grounds.detail,
            "look_alikes": $p.grounds.look_alikes,
            "lists": $p.grounds.lists,
            "source": $p.grounds.source,
            "otherwise": $p.grounds.otherwise,
            "vehicle": $p.grounds.facts,
        })
    };
}

/// What is said at the moment of a decision: before there is a row, or a photo.
pub(super) fn decision(site: &str, p: &NewPassage) -> Value {
    decided!(site, p)
}

pub(super) fn passage(site: &str, what: OutboxKind, p: &PassageView) -> Value {
    let photos: Vec<Value> = p
        .photos
        .iter()
        .map(|photo| {
            json!({"kind": photo.kind, "sha256": photo.sha256, "size_bytes": photo.size_bytes,
                   "taken_at": photo.taken_at, "camera": photo.camera, "path": photo.path})
        })
        .collect();
    let mut message = decided!(site, p);
    message["number"] = json!(p.id);
    message["what"] = json!(what);
    message["outcome"] = json!(p.finished.map(|end| end.outcome));
    message["finished_at"] = json!(p.finished.map(|end| end.at));
    message["photos"] = json!(photos);
    message
}

pub(super) fn status(counters: &SinkCounters) -> Value {
    json!({
        "version": VERSION,
        "state": "online",
        "at": Timestamp::now(),
        "generated": counters.generated,
        "acknowledged": counters.acknowledged,
        "waiting": counters.waiting,
        "refused": counters.refused,
        "oldest_waiting": counters.oldest_waiting,
    })
}
