//! What is in force: the warning level and what it asks, as people have put strategies in force and as
//! platforms sent it down.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledger::{DownlinkView, Reader};
use policy::Strategy;
use serde::Serialize;
use sync::DownlinkKind;
use utoipa::ToSchema;
use words::{Group, Key, Language};

use super::section::LEVELS;
use crate::desk::Desk;
use crate::refusal::Refusal;

/// Strategies begin and end on the minute.
const FRESH: Duration = Duration::from_secs(15);

/// What is in force now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Control {
    /// Code of the highest warning level in force; empty where nothing is.
    pub(super) level: String,
    /// It in words.
    pub(super) text: String,
    /// What platforms ask, in their own words.
    pub(super) measures: Vec<String>,
}

impl Control {
    /// Place of its level among [`LEVELS`].
    pub(super) fn place(&self) -> Option<usize> {
        LEVELS.iter().position(|level| *level == self.level)
    }
}

/// What is in force, looked up now and then.
pub(super) async fn now(desk: &Desk) -> Result<Arc<Control>, Refusal> {
    let known = |desk: &Desk| {
        let control = &desk.screens.control;
        let control = control.lock().unwrap_or_else(PoisonError::into_inner);
        let (control, at) = control.as_ref()?;
        (at.elapsed() < FRESH).then(|| Arc::clone(control))
    };
    if let Some(control) = known(desk) {
        return Ok(control);
    }
    let language = desk.site.language;
    let now = Timestamp::now();
    let book = desk.rules.book();
    let confirmed = book.strategies().iter().map(|strategy| &strategy.rule);
    let confirmed: Vec<_> = confirmed
        .filter(|rule| rule.is_valid_at(now))
        .cloned()
        .collect();
    let look = move |reader: &Reader| {
        let all = reader.downlinks(DownlinkKind::Strategy.as_str())?;
        Ok::<_, ledger::Error>(in_force(&confirmed, &all, now, language))
    };
    let control = Arc::new(desk.readers.read(look).await?);
    let kept = desk.screens.control.lock();
    *kept.unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(&control), Instant::now()));
    Ok(control)
}

/// One warning that is in force: its level and response by their codes, and what it asks.
struct Warned {
    level: String,
    response: String,
    measures: String,
}

/// Strategies that people have put in force, and what platforms sent down, of which the newest of each number
/// counts.
fn in_force(
    confirmed: &[Strategy],
    all: &[DownlinkView],
    now: Timestamp,
    language: Language,
) -> Control {
    let confirmed = confirmed.iter().map(|strategy| Warned {
        level: strategy
            .warning
            .map_or("", |level| level.as_str())
            .to_owned(),
        response: strategy.level.map_or("", |level| level.as_str()).to_owned(),
        measures: strategy.title.clone(),
    });
    let mut held: Vec<_> = confirmed.chain(sent_down(all, now)).collect();
    let place = |warned: &Warned| LEVELS.iter().position(|known| *known == warned.level);
    held.sort_by_key(|warned| std::cmp::Reverse(place(warned)));
    let Some(highest) = held.first() else {
        return Control {
            text: language.text(Key::ScreenNoControl).to_owned(),
            ..Control::default()
        };
    };
    let named = |group, code: &str| match code {
        "" => String::new(),
        code => language.named(group, code).to_owned(),
    };
    let words = [
        named(Group::Warning, &highest.level),
        named(Group::Response, &highest.response),
    ];
    let mut text = words.join(" ").trim().to_owned();
    if text.is_empty() {
        language.text(Key::ScreenSomeControl).clone_into(&mut text);
    }
    let mut measures: Vec<_> = held.iter().map(|warned| warned.measures.clone()).collect();
    measures.retain(|measures| !measures.is_empty());
    measures.dedup();
    Control {
        text,
        level: highest.level.clone(),
        measures,
    }
}

fn sent_down(all: &[DownlinkView], now: Timestamp) -> impl Iterator<Item = Warned> {
    let newest: BTreeMap<_, _> = all
        .iter()
        .map(|entry| ((&entry.platform, &entry.platform_id), entry))
        .collect();
    let text = |entry: &DownlinkView, item: &str| {
        let value = entry.parsed.get(item).and_then(|value| value.as_str());
        value.unwrap_or_default().to_owned()
    };
    let time = move |entry: &DownlinkView, item: &str| text(entry, item).parse::<Timestamp>().ok();
    let holds = move |entry: &&DownlinkView| {
        // One without a beginning that can be read is for people to find out.
        time(entry, "startTime").is_some_and(|from| from <= now)
            && time(entry, "endTime").is_none_or(|until| now < until)
    };
    newest.into_values().filter(holds).map(move |entry| {
        // Adapters write responses in Roman numerals.
        let response = match text(entry, "responseLevel").as_str() {
            "I" => "1",
            "II" => "2",
            "III" => "3",
            _ => "",
        };
        let level = text(entry, "warningLevel");
        Warned {
            level: if LEVELS.contains(&level.as_str()) {
                level
            } else {
                String::new()
            },
            response: response.to_owned(),
            measures: text(entry, "measures"),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(id: &str, level: &str, from: &str, until: Option<&str>) -> DownlinkView {
        DownlinkView {
            id: 1,
            platform: "province".to_owned(),
            kind: "strategy".to_owned(),
            platform_id: id.to_owned(),
            raw: json!({}),
            parsed: json!({"warningLevel": level, "responseLevel": "II", "measures": format!("{level}!"),
                "startTime": from, "endTime": until}),
            received_at: Timestamp::UNIX_EPOCH,
            answered_at: None,
        }
    }

    #[test]
    fn the_highest_level_that_holds_now_is_in_force_from_its_minute_to_its_minute() {
        let (from, until) = ("2026-11-29T00:00:00Z", Some("2026-11-30T00:00:00Z"));
        let all = [
            entry("1", "yellow", from, None),
            entry("2", "red", "2026-12-24T00:00:00Z", None),
            entry("3", "orange", from, until),
        ];
        let at = |time: &str| in_force(&[], &all, time.parse().expect("a time"), Language::Zh);
        assert_eq!(at("2026-11-28T23:59:59Z").level, "");
        assert_eq!(at("2026-11-29T00:00:00Z").level, "orange");
        assert_eq!(at("2026-11-29T00:00:00Z").measures, ["orange!", "yellow!"]);
        assert_eq!(at("2026-11-30T00:00:00Z").level, "yellow");
        assert_eq!(at("2026-12-24T00:00:00Z").level, "red");
    }

    #[test]
    fn a_strategy_that_was_sent_again_replaces_the_one_before() {
        let from = "2026-11-29T00:00:00Z";
        let all = [
            entry("1", "red", from, None),
            entry("1", "red", from, Some("2026-11-29T12:00:00Z")),
        ];
        let at = |time: &str| in_force(&[], &all, time.parse().expect("a time"), Language::Zh);
        assert_eq!(at("2026-11-29T11:00:00Z").level, "red");
        assert_eq!(at("2026-11-29T13:00:00Z").level, "");
    }
}
