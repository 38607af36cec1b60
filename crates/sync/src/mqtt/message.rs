//! What is published. Photos stay here; their hashes go, so that anyone can prove them later.

use jiff::Timestamp;
use ledger::SinkCounters;
use passage::{OutboxKind, PassageView};
use serde_json::{Value, json};

pub(super) fn passage(site: &str, what: OutboxKind, p: &PassageView) -> Value {
    let photos: Vec<Value> = p
        .photos
        .iter()
        .map(|photo| {
            json!({"kind": photo.kind, "sha256": photo.sha256, "size_bytes": photo.size_bytes,
                   "taken_at": photo.taken_at, "camera": photo.camera})
        })
        .collect();
    json!({
        "serial": p.key,
        "what": what,
        "site": site,
        "lane": p.lane,
        "entrance": p.entrance,
        "barrier": p.barrier,
        "direction": p.direction,
        "entered_at": p.entered_at,
        "decided_at": p.decided_at,
        "clock": p.clock,
        "clock_trusted": p.clock_trusted,
        "plate": if p.reading.plate.is_empty() { None } else { Some(&p.reading.plate) },
        "color": p.reading.color,
        "layout": p.reading.layout,
        "confidence": p.reading.confidence,
        "recognised": p.reading.recognised,
        "trailer_plate": p.reading.trailer_plate,
        "decision": p.decision,
        "reason": p.reason,
        "reason_detail": p.grounds.detail,
        "look_alikes": p.grounds.look_alikes,
        "lists": p.grounds.lists,
        "outcome": p.finished.map(|end| end.outcome),
        "finished_at": p.finished.map(|end| end.at),
        "photos": photos,
    })
}

pub(super) fn status(counters: &SinkCounters) -> Value {
    json!({
        "state": "online",
        "at": Timestamp::now(),
        "generated": counters.generated,
        "acknowledged": counters.acknowledged,
        "waiting": counters.waiting,
        "refused": counters.refused,
        "oldest_waiting": counters.oldest_waiting,
    })
}
