//! An alarm as it is sent and shown to programs: one shape for commands, MQTT, receivers of webhooks.

use serde_json::{Value, json};
use words::Language;

use crate::{AlarmStep, AlarmView};

impl AlarmView {
    /// `open` while nobody has seen it, `seen`, `cleared`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match (self.cleared(), self.seen()) {
            (Some(_), _) => "cleared",
            (None, Some(_)) => "seen",
            (None, None) => "open",
        }
    }

    /// All of it; `docs/mqtt.md` describes it.
    #[must_use]
    pub fn json(&self) -> Value {
        let cause = &self.cause;
        let text = |told: &dyn Fn(Language) -> String| json!({"zh": told(Language::Zh), "en": told(Language::En)});
        let seen = |step: &AlarmStep| json!({"who": step.who, "why": step.why, "at": step.at});
        json!({
            "version": 1,
            "alarm": self.id,
            "kind": cause.kind,
            "state": self.state(),
            "drill": self.drill,
            "subject": cause.subject,
            "lane": cause.lane,
            "passage": cause.passage,
            "plate": Some(&cause.plate).filter(|plate| !plate.is_empty()),
            "detail": Some(&cause.detail).filter(|detail| !detail.is_empty()),
            "times": self.times(),
            "raised_at": self.raised_at,
            "seen": self.seen().map(seen),
            "cleared_at": self.cleared().map(|step| step.at),
            "text": text(&|language| self.what(language)),
            "next_step": text(&|language| cause.next_step(language)),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{AlarmId, Cause, CauseKind, StepKind};

    #[test]
    fn an_alarm_is_told_with_its_state_and_in_both_languages() {
        let mut alarm = AlarmView {
            id: AlarmId(4),
            cause: Cause::of(CauseKind::DiskShort, "disk"),
            drill: true,
            raised_at: Timestamp::UNIX_EPOCH,
            steps: Vec::new(),
        };
        let told = alarm.json();
        assert_eq!(
            (&told["state"], &told["plate"]),
            (&"open".into(), &Value::Null)
        );
        assert!(
            told["text"]["zh"]
                .as_str()
                .is_some_and(|text| text.contains("演练"))
        );
        for (step, state) in [(StepKind::Seen, "seen"), (StepKind::Cleared, "cleared")] {
            alarm.steps.push(AlarmStep {
                step,
                at: Timestamp::UNIX_EPOCH,
                who: "Li".to_owned(),
                why: "practice".to_owned(),
                times: 1,
            });
            assert_eq!(alarm.json()["state"], state);
        }
        assert_eq!(alarm.json()["seen"]["who"], "Li");
    }
}
