//! What platforms sent down: vehicles over the limit, control strategies, violating passages.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::DownlinkView;
use passage::{Item, ItemKind};
use plate::PlateNumber;
use serde_json::Value;
use words::{Group, Key, Language, to_second};

/// Entries of one kind, a line each with every item under the standard's term, in the order of
/// receipt; before them, when each platform was last asked. `is_confirmed` says that platforms are
/// told of the receipt of this kind, which happens by itself and does not mean that anybody has read
/// it.
#[must_use]
pub fn downlink_lines(
    kind: &str,
    fetches: &[(String, Timestamp)],
    entries: &[DownlinkView],
    is_confirmed: bool,
    (language, zone): (Language, &TimeZone),
) -> Vec<String> {
    let named = language.named(Group::Downlink, kind);
    let mut lines: Vec<String> = fetches
        .iter()
        .map(|(platform, at)| {
            let time = to_second(*at, zone);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("kind", &named), ("platform", platform), ("time", &time)];
            language.fill(Key::ConsoleDownlinkFetched, &values)
        })
        .collect();
    if entries.is_empty() {
        lines.push(language.fill(Key::ConsoleNoDownlinks, &[("kind", &named)]));
    }
    lines.extend(entries.iter().map(|entry| {
        let confirmed = is_confirmed.then(|| match entry.answered_at {
            Some(at) => {
                let time = to_second(at, zone);
                language.fill(Key::ConsoleDownlinkConfirmed, &[("time", &time)])
            }
            None => language.text(Key::ConsoleDownlinkUnconfirmed).to_owned(),
        });
        downlink_line(entry, confirmed, language, zone)
    }));
    lines
}

/// An entry with every item, and what is to be said of it.
pub(crate) fn downlink_line(
    entry: &DownlinkView,
    beside: Option<String>,
    language: Language,
    zone: &TimeZone,
) -> String {
    format!(
        "{}  {}  {}  {}  {}  {}",
        entry.id,
        to_second(entry.received_at, zone),
        entry.platform,
        entry.platform_id,
        items(&entry.parsed, language, zone),
        beside.unwrap_or_default()
    )
    .trim_end()
    .to_owned()
}

/// Every item that the platform gave, in the order of the standard's list.
fn items(parsed: &Value, language: Language, zone: &TimeZone) -> String {
    let known = passage::ITEMS.iter().filter_map(|item| {
        let value = parsed.get(item.name).filter(|value| !value.is_null())?;
        let label = match language {
            Language::Zh => item.zh,
            Language::En => item.en,
        };
        Some(format!("{label}={}", shown(item, value, language, zone)))
    });
    known.collect::<Vec<_>>().join("  ")
}

fn shown(item: &Item, value: &Value, language: Language, zone: &TimeZone) -> String {
    match (item.kind, value) {
        (ItemKind::Flag, Value::Bool(yes)) => {
            let key = if *yes {
                Key::ConsoleYes
            } else {
                Key::ConsoleNo
            };
            language.text(key).to_owned()
        }
        (ItemKind::Time, Value::String(text)) => text
            .parse::<Timestamp>()
            .map_or_else(|_| text.clone(), |at| to_second(at, zone)),
        (ItemKind::Word, Value::String(code)) if item.name == "plateColor" => {
            language.named(Group::PlateColor, code).to_owned()
        }
        (_, Value::String(text)) if item.name == "plateNo" => {
            // As it was sent, for it is evidence; it would never match at the gate.
            match PlateNumber::normalise(text).perhaps_meant() {
                Some(meant) => {
                    let perhaps = language.fill(Key::FindingPlatePerhaps, &[("plate", &meant)]);
                    format!("{text} ({perhaps})")
                }
                None => text.clone(),
            }
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(answered_at: Option<Timestamp>) -> DownlinkView {
        DownlinkView {
            id: 7,
            platform: "platform:yunnan".to_owned(),
            kind: "strategy".to_owned(),
            platform_id: "S-1".to_owned(),
            raw: json!({}),
            parsed: json!({"measures": "停止公路运输", "startTime": "2026-11-28T00:00:00Z",
                           "released": false, "endTime": null}),
            received_at: Timestamp::UNIX_EPOCH,
            answered_at,
        }
    }

    #[test]
    fn a_strategy_is_shown_word_for_word_and_its_confirmation_is_not_called_a_reading() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let zh = (Language::Zh, &zone);
        let told = entry(Some(Timestamp::UNIX_EPOCH));
        let lines = downlink_lines("strategy", &[], &[told], true, zh);
        assert_eq!(lines.len(), 1);
        for part in [
            "停止公路运输",
            "开始时间=2026-11-28 08:00:00",
            "不表示有人看过",
            "S-1",
        ] {
            assert!(lines[0].contains(part), "{part} in {}", lines[0]);
        }
        assert!(!lines[0].contains("null"));
        let lines = downlink_lines("strategy", &[], &[entry(None)], true, zh);
        assert!(lines[0].contains("尚未"), "{}", lines[0]);
    }

    #[test]
    fn a_list_that_nobody_sent_is_told() {
        let fetched = [("platform:p".to_owned(), Timestamp::UNIX_EPOCH)];
        let zone = TimeZone::UTC;
        let lines = downlink_lines("over_limit", &fetched, &[], false, (Language::En, &zone));
        assert!(
            lines[0].contains("last fetched from platform:p"),
            "{lines:?}"
        );
        assert!(lines[1].contains("over the limit"), "{lines:?}");
    }
}
