//! Strategies, visitors, vehicles over the limit and what a replay found, in lines.

use ::rules::Replay;
use jiff::tz::TimeZone;
use ledger::DownlinkView;
use passage::{ReviewView, RuleKind, RuleState, RuleView};
use policy::{Strategy, Visitor, describe};
use words::{Group, Key, Language, to_minute};

use crate::downlinks::downlink_line;
use crate::passage_line;

/// Digits of a key that people type.
const DIGITS: usize = 8;

/// What a platform sent, word for word, and below it what a person made of it.
#[must_use]
pub fn sent_lines(
    entry: &DownlinkView,
    rule: Option<&RuleView>,
    language: Language,
    zone: &TimeZone,
) -> Vec<String> {
    let made = match rule {
        Some(rule) => rule_state(rule, language, zone),
        None => language.text(Key::RuleOpen).to_owned(),
    };
    let line = downlink_line(entry, None, language, zone);
    vec![line, format!("    {made}")]
}

/// A strategy or a visitor: its state, and below it what it says.
#[must_use]
pub fn rule_lines(rule: &RuleView, language: Language, zone: &TimeZone) -> Vec<String> {
    let key: String = rule.key.to_string().chars().take(DIGITS).collect();
    let (title, said) = rule_said(rule, language, zone);
    let state = rule_state(rule, language, zone);
    let mut lines = vec![format!("{key}  {title}  {state}")];
    if !said.is_empty() {
        lines.push(format!("    {}", said.join("  ")));
    }
    lines
}

/// What people call a rule, and what it says.
fn rule_said(rule: &RuleView, language: Language, zone: &TimeZone) -> (String, Vec<String>) {
    match rule.kind {
        RuleKind::Strategy => match serde_json::from_value::<Strategy>(rule.content.clone()) {
            Ok(strategy) => (strategy.title.clone(), describe(&strategy, language, zone)),
            Err(_) => (String::new(), Vec::new()),
        },
        RuleKind::Visitor => match serde_json::from_value::<Visitor>(rule.content.clone()) {
            Ok(visitor) => visitor_said(&visitor, language, zone),
            Err(_) => (String::new(), Vec::new()),
        },
    }
}

fn visitor_said(visitor: &Visitor, language: Language, zone: &TimeZone) -> (String, Vec<String>) {
    let color = visitor.color.map_or(Key::ListAnyColor, Key::of_plate_color);
    let title = format!("{} {}", visitor.plate, language.text(color));
    let (from, until) = (
        to_minute(visitor.from, zone),
        to_minute(visitor.until, zone),
    );
    let mut said = vec![
        language.fill(Key::StrategyUntil, &[("from", &from), ("until", &until)]),
        language.fill(Key::RuleHost, &[("host", &visitor.host)]),
    ];
    if let Some(count) = visitor.per_day {
        said.push(language.fill(Key::RulePerDay, &[("count", &count)]));
    }
    said.extend(Some(visitor.reason.clone()).filter(|reason| !reason.is_empty()));
    (title, said)
}

fn rule_state(rule: &RuleView, language: Language, zone: &TimeZone) -> String {
    let state = language.named(Group::Rule, rule.state.as_str());
    let time = to_minute(rule.at, zone);
    let (who, why) = (&rule.who, &rule.why);
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("state", &state),
        ("who", who),
        ("time", &time),
        ("why", why),
    ];
    let said = language.fill(Key::RuleBy, &values);
    match rule.downlink.filter(|_| rule.state != RuleState::Rejected) {
        Some(id) => format!(
            "{said}  {}",
            language.fill(Key::RuleFrom, &[("number", &id)])
        ),
        None => said,
    }
}

/// An entry of a platform's list, and below it what people said of it.
#[must_use]
pub fn over_limit_lines(
    entry: &DownlinkView,
    reviews: &[ReviewView],
    language: Language,
    zone: &TimeZone,
) -> Vec<String> {
    let mut lines = vec![downlink_line(entry, None, language, zone)];
    let own = reviews.iter().filter(|review| review.downlink == entry.id);
    lines.extend(own.map(|review| {
        let answer = language.named(Group::Review, review.answer.as_str());
        let told = match &review.told {
            Some((at, _)) => {
                let time = to_minute(*at, zone);
                language.fill(Key::RuleTold, &[("time", &time)])
            }
            None => language.text(Key::RuleUntold).to_owned(),
        };
        let (time, who, why) = (to_minute(review.at, zone), &review.who, &review.why);
        let evidence = review.evidence.as_deref().unwrap_or_default();
        let line = format!("    {answer}  {time}  {who}  {why}  {told}  {evidence}");
        line.trim_end().to_owned()
    }));
    lines
}

/// How many passages would have been decided otherwise, and each of the first ones.
#[must_use]
pub fn replay_lines(replay: &Replay, language: Language, zone: &TimeZone) -> Vec<String> {
    let summary = language.fill(
        Key::RuleReplay,
        &[
            ("looked_at", &replay.looked_at),
            ("changed", &replay.changed),
            ("denied", &replay.denied),
            ("asked", &replay.asked),
            ("allowed", &replay.allowed),
        ],
    );
    let mut lines = vec![summary];
    lines.extend(replay.passages.iter().map(|changed| {
        let (reason, grounds) = (changed.now.reason.as_str(), &changed.now.grounds);
        let why = policy::explain(reason, grounds, language, zone).join("  ");
        let now = language.named(Group::Decision, changed.now.verdict.as_str());
        let line = passage_line(&changed.passage, zone, language);
        format!("{line}\n    → {now}  {why}")
    }));
    let told = replay.passages.len() as u64;
    if told < replay.changed {
        let more = replay.changed - told;
        lines.push(language.fill(Key::RuleMore, &[("count", &more)]));
    }
    lines
}
