//! What a receiver is told.

use alarm::AlarmView;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::PassageView;
use serde_json::{Value, json};
use words::{Group, Key, Language, to_second};

/// Whose gate it is, and in which words.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Code of the site, for programs.
    pub code: String,
    /// Name of the site, for people.
    pub name: String,
    /// Its clock.
    pub zone: TimeZone,
    /// That of texts for people.
    pub language: Language,
}

/// One thing that is told.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The same for the same thing told again.
    pub(crate) id: String,
    /// `menjin.alarm.raised`, `menjin.passage.finished`, …
    pub(crate) kind: String,
    source: String,
    at: Timestamp,
    /// In a few words.
    pub(crate) title: String,
    /// For people: a line each.
    lines: Vec<String>,
    /// For programs.
    data: Value,
    /// JPEG.
    pub(crate) picture: Option<Vec<u8>>,
}

impl Message {
    /// What happened to an alarm: `what` is `raised`, `again`, `seen` or `cleared`.
    pub(crate) fn alarm(place: i64, what: &str, alarm: &AlarmView, from: &Sender) -> Self {
        let language = from.language;
        let happened = alarm.what(language);
        let (at, title) = match (what, alarm.cleared()) {
            ("cleared", Some(cleared)) => {
                let title = language.fill(Key::NotifyCleared, &[("what", &happened)]);
                (cleared.at, title)
            }
            _ => (alarm.raised_at, happened),
        };
        let mut lines = vec![from.line(at)];
        if what == "raised" {
            let next = alarm.cause.next_step(language);
            lines.push(language.fill(Key::AlarmsNext, &[("next", &next)]));
        }
        if let Some(seen) = alarm.seen() {
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("who", &seen.who),
                ("time", &to_second(seen.at, &from.zone)),
                ("why", &seen.why),
            ];
            lines.push(language.fill(Key::AlarmsSeen, &values));
        }
        Self {
            data: json!({"what": what, "alarm": alarm.json()}),
            ..from.message(place, &format!("alarm.{what}"), at, title, lines)
        }
    }

    /// What became of a passage: `what` is `finished` or `corrected`.
    pub(crate) fn passage(place: i64, what: &str, passage: &PassageView, from: &Sender) -> Self {
        let language = from.language;
        let reading = &passage.reading;
        let plate = match reading.plate.as_str() {
            "" => language.text(Key::CaptionUnread),
            plate => plate,
        };
        let named = |group, code: &str| language.named(group, code).to_owned();
        let title = format!(
            "{plate} {} {} {}",
            named(Group::PlateColor, reading.color.as_str()),
            named(Group::Direction, passage.direction.as_str()),
            named(Group::Decision, passage.decision.as_str()),
        );
        let lines = vec![
            from.line(passage.decided_at),
            format!(
                "{} {} {}",
                passage.lane,
                named(Group::Reason, &passage.reason),
                passage.finished.map_or_else(String::new, |end| {
                    named(Group::Outcome, end.outcome.as_str())
                })
            ),
        ];
        let data = json!({"what": what, "passage": seen(passage)});
        Self {
            data,
            ..from.message(
                place,
                &format!("passage.{what}"),
                passage.decided_at,
                title,
                lines,
            )
        }
    }

    /// The event as CloudEvents 1.0 has it; `docs/notify.zh.md` describes `data`.
    pub(crate) fn event(&self) -> Value {
        json!({
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.kind,
            "time": self.at,
            "datacontenttype": "application/json",
            "data": self.data,
        })
    }

    /// For people, without any form.
    pub(crate) fn plain(&self) -> String {
        format!("{}\n{}\n", self.title, self.lines.join("\n"))
    }

    /// For people, in the markdown that both robots understand, no longer than so many bytes.
    pub(crate) fn markdown(&self, most: usize) -> String {
        let lines = self.lines.iter().map(|line| escaped(line));
        let mut text = format!(
            "**{}**\n\n{}",
            escaped(&self.title),
            lines.collect::<Vec<_>>().join("\n\n")
        );
        let mut end = most.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    }
}

impl Sender {
    fn message(
        &self,
        place: i64,
        kind: &str,
        at: Timestamp,
        title: String,
        lines: Vec<String>,
    ) -> Message {
        Message {
            id: format!("{}-{place}", self.code),
            kind: format!("menjin.{kind}"),
            source: format!("/menjin/{}", self.code),
            at,
            title,
            lines,
            data: Value::Null,
            picture: None,
        }
    }

    fn line(&self, at: Timestamp) -> String {
        format!("{} {}", self.name, to_second(at, &self.zone))
    }
}

/// What people typed is text: it makes no link and mentions nobody.
fn escaped(text: &str) -> String {
    let is_form = |c: char| matches!(c, '*' | '_' | '[' | ']' | '<' | '>' | '`' | '#' | '@');
    text.chars()
        .map(|c| if is_form(c) { ' ' } else { c })
        .collect()
}

/// The fields under the names that they have in `docs/mqtt.md`.
fn seen(p: &PassageView) -> Value {
    json!({
        "number": p.id,
        "serial": p.key,
        "lane": p.lane,
        "entrance": p.entrance,
        "barrier": p.barrier,
        "direction": p.direction,
        "entered_at": p.entered_at,
        "decided_at": p.decided_at,
        "plate": Some(&p.reading.plate).filter(|plate| !plate.is_empty()),
        "color": p.reading.color,
        "confidence": p.reading.confidence,
        "recognised": p.reading.recognised,
        "decision": p.decision,
        "reason": p.reason,
        "reason_detail": p.grounds.detail,
        "outcome": p.finished.map(|end| end.outcome),
        "finished_at": p.finished.map(|end| end.at),
    })
}
