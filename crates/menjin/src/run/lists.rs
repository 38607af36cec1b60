//! Vehicles over the limit, as platforms list and release them, for the gate's deny list.
//!
//! Only these lists reach the gate. A control strategy's text is kept word for word and is for people: no
//! words of a platform open or shut a barrier by themselves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gate::{Age, Entry, List, ListKind};
use jiff::Timestamp;
use ledger::{DownlinkView, Reader};
use plate::PlateNumber;
use serde_json::Value;
use sync::{DownlinkKind, LedgerHandle};
use tokio::sync::watch;

/// How often the ledger is asked whether a list was fetched.
const LOOK: Duration = Duration::from_secs(2);

/// The lists in force.
pub(crate) type Lists = Arc<Vec<List>>;

/// Follows the lists of the platforms of these names for as long as anybody listens.
pub(crate) fn follow(ledger: LedgerHandle, platforms: Vec<String>) -> watch::Receiver<Lists> {
    let (told, lists) = watch::channel(Lists::default());
    tokio::spawn(async move {
        let mut known = None;
        loop {
            let seen = known.clone();
            let names = platforms.clone();
            let news = ledger.read(move |reader| news(reader, &names, seen.as_ref()));
            match news.await {
                Ok(Ok(Some((fetches, lists)))) => {
                    known = Some(fetches);
                    told.send_replace(Arc::new(lists));
                }
                Ok(Ok(None)) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the over-limit lists could not be read"),
                Err(_) => return,
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = told.closed() => return,
            }
        }
    });
    lists
}

type Fetches = Vec<(String, Timestamp)>;

fn news(
    reader: &Reader,
    platforms: &[String],
    seen: Option<&Fetches>,
) -> ledger::Result<Option<(Fetches, Vec<List>)>> {
    let kind = DownlinkKind::OverLimit.as_str();
    let fetches = reader.downlink_fetches(kind)?;
    if seen == Some(&fetches) {
        return Ok(None);
    }
    let entries = reader.downlinks(kind)?;
    let lists = platforms.iter().map(|name| {
        let fetched = fetches.iter().find(|(platform, _)| platform == name);
        let age = fetched.map_or(Age::Never, |(_, at)| Age::AsOf(*at));
        let own = entries.iter().filter(|entry| entry.platform == *name);
        List::new(ListKind::Deny, name, age, over_limit(own))
    });
    Ok(Some((fetches.clone(), lists.collect())))
}

/// The vehicles that are over the limit now: of what was said about a vehicle the last word holds.
/// The same number with another colour is another vehicle.
fn over_limit<'a>(said: impl Iterator<Item = &'a DownlinkView>) -> Vec<Entry> {
    let mut last: BTreeMap<(PlateNumber, String), (Option<String>, bool, Entry)> = BTreeMap::new();
    for entry in said {
        let text = |item: &str| match entry.parsed.get(item) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let Some(plate) = text("plateNo").map(PlateNumber::from) else {
            tracing::warn!(
                platform = entry.platform,
                id = entry.id,
                "an over-limit entry names no plate"
            );
            continue;
        };
        let color = text("plateColor");
        let released = is_true(entry.parsed.get("released"));
        let spoken = if released {
            text("releasedAt").or_else(|| text("issuedAt"))
        } else {
            text("issuedAt")
        };
        let listed = Entry {
            plate: plate.clone(),
            color: color.as_deref().and_then(|c| c.parse().ok()),
            reason: text("exceedReason").unwrap_or_else(|| "排放超标 over the limit".to_owned()),
            from: None,
            until: None,
            emergency: false,
        };
        let key = (plate, color.unwrap_or_default());
        // Entries come in the order in which we received them; a time in them counts for more.
        // At the same time a release is the later word.
        let later = last
            .get(&key)
            .is_none_or(|(at, was_released, _)| match (at, &spoken) {
                (Some(at), Some(now)) if at != now => now > at,
                (Some(_), Some(_)) => released || !was_released,
                _ => true,
            });
        if later {
            last.insert(key, (spoken, released, listed));
        }
    }
    let held = last.into_values().filter(|(_, released, _)| !released);
    held.map(|(_, _, entry)| entry).collect()
}

/// Platforms write yes in many ways.
fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(yes)) => *yes,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(text)) => matches!(text.trim(), "1" | "true" | "是" | "已解除" | "Y"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use gate::{Policy, Seen, Settings, Verdict};
    use plate::Color;
    use serde_json::json;

    use super::*;

    fn said(entries: Vec<Value>) -> Policy {
        let views: Vec<DownlinkView> = (1..)
            .zip(entries)
            .map(|(id, parsed)| DownlinkView {
                id,
                platform: "p".to_owned(),
                kind: "over_limit".to_owned(),
                platform_id: id.to_string(),
                raw: Value::Null,
                parsed,
                received_at: Timestamp::now(),
                answered_at: None,
            })
            .collect();
        let mut policy = Policy::new(Settings::default()).expect("the defaults");
        let age = Age::AsOf(Timestamp::now());
        policy.replace(List::new(
            ListKind::Deny,
            "p",
            age,
            over_limit(views.iter()),
        ));
        policy
    }

    fn verdict(policy: &Policy, plate: &str, color: Color) -> Verdict {
        let seen = Seen {
            plate,
            color,
            accepted: true,
        };
        policy.decide(seen, Timestamp::now()).verdict
    }

    fn entry(plate: &str, color: &str, released: bool, at: &str) -> Value {
        json!({"plateNo": plate, "plateColor": color, "released": released, "issuedAt": at,
               "releasedAt": released.then_some(at)})
    }

    #[test]
    fn a_listed_vehicle_is_denied_and_the_same_number_in_another_colour_is_not() {
        let policy = said(vec![entry(
            "云A12345",
            "yellow",
            false,
            "2026-05-01 08:00:00",
        )]);
        assert_eq!(verdict(&policy, "云A12345", Color::Yellow), Verdict::Deny);
        assert_eq!(verdict(&policy, "云A12345", Color::Blue), Verdict::Allow);
        assert_eq!(verdict(&policy, "云A12346", Color::Yellow), Verdict::Allow);
    }

    #[test]
    fn a_release_removes_and_a_new_listing_denies_again() {
        let listed = || entry("云A12345", "yellow", false, "2026-05-01 08:00:00");
        let released = || entry("云A12345", "yellow", true, "2026-05-02 08:00:00");
        let again = || entry("云A12345", "yellow", false, "2026-05-03 08:00:00");
        let of = |list| verdict(&said(list), "云A12345", Color::Yellow);
        assert_eq!(of(vec![listed(), released()]), Verdict::Allow);
        assert_eq!(
            of(vec![released(), listed()]),
            Verdict::Allow,
            "in whatever order they come"
        );
        assert_eq!(of(vec![listed(), released(), again()]), Verdict::Deny);
    }

    #[test]
    fn a_platform_s_spelling_of_a_plate_makes_no_other_vehicle() {
        let wide = entry("云Ａ·１２３４５", "yellow", false, "2026-05-01 08:00:00");
        let denied = said(vec![wide.clone()]);
        assert_eq!(verdict(&denied, "云A12345", Color::Yellow), Verdict::Deny);
        let released = entry("云A12345", "yellow", true, "2026-05-02 08:00:00");
        let free = said(vec![wide, released]);
        assert_eq!(verdict(&free, "云A12345", Color::Yellow), Verdict::Allow);
    }

    #[test]
    fn entries_without_times_count_in_the_order_of_arrival_and_odd_ones_cost_no_others() {
        let policy = said(vec![
            json!({"plateNo": 7, "released": "maybe"}),
            json!({"plateColor": "yellow"}),
            json!({"plateNo": "云A00001", "plateColor": "yellow"}),
            json!({"plateNo": "云A00002", "plateColor": "yellow"}),
            json!({"plateNo": "云A00002", "plateColor": "yellow", "released": "是"}),
        ]);
        assert_eq!(verdict(&policy, "云A00001", Color::Yellow), Verdict::Deny);
        assert_eq!(verdict(&policy, "云A00002", Color::Yellow), Verdict::Allow);
    }
}
