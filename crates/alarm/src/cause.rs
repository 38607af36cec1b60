//! What an alarm is about, and how it is told.

use std::fmt::Display;

use passage::PassageId;
use words::{Group, Key, Language};

use crate::CauseKind;

/// What stands behind the detail where the gate was held open.
const HELD: &str = " held_open";

/// What gives rise to an alarm, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What kind.
    pub kind: CauseKind,
    /// What exactly: name of a camera, lane or platform, number of a passage. There is one alarm of a
    /// kind about it at a time.
    pub subject: String,
    /// The lane, where it is about one.
    pub lane: Option<String>,
    /// The passage, where it is about one.
    pub passage: Option<PassageId>,
    /// The vehicle's plate; empty where it is about none or it is not known.
    pub plate: String,
    /// More of it, as [`CauseKind`] says.
    pub detail: String,
}

impl Cause {
    /// One about the site's thing of this name.
    #[must_use]
    pub fn of(kind: CauseKind, subject: &str) -> Self {
        Self {
            kind,
            subject: subject.to_owned(),
            lane: None,
            passage: None,
            plate: String::new(),
            detail: String::new(),
        }
    }

    /// With more of it.
    #[must_use]
    pub fn with(mut self, detail: impl Display) -> Self {
        self.detail = detail.to_string();
        self
    }

    /// It was at a gate that was held open.
    #[must_use]
    pub fn at_held_gate(mut self) -> Self {
        self.detail.push_str(HELD);
        self
    }

    /// In this lane.
    #[must_use]
    pub fn in_lane(mut self, lane: &str) -> Self {
        self.lane = Some(lane.to_owned());
        self
    }

    /// What happened, in a sentence.
    #[must_use]
    pub fn what(&self, language: Language) -> String {
        self.told(Group::Cause, language)
    }

    /// What to do.
    #[must_use]
    pub fn next_step(&self, language: Language) -> String {
        if self.kind == CauseKind::CameraDown {
            return language.named(Group::CameraNext, &self.detail).to_owned();
        }
        self.told(Group::CauseNext, language)
    }

    fn told(&self, group: Group, language: Language) -> String {
        let detail = self.detail_in(language);
        let plate = match self.plate.as_str() {
            "" => language.named(Group::Cause, "no_plate"),
            plate => plate,
        };
        let lane = self.lane.as_deref().unwrap_or(&self.subject);
        let values: [(&str, &dyn Display); 4] = [
            ("subject", &self.subject),
            ("lane", &lane),
            ("plate", &plate),
            ("detail", &detail),
        ];
        language.named_with(group, self.kind.as_str(), &values)
    }

    /// Why a vehicle was denied: what its list says, or the rule.
    fn why_denied(&self, language: Language) -> String {
        let held = self.detail.strip_suffix(HELD);
        let code = held.unwrap_or(&self.detail);
        let of_list = language.named(Group::ListReason, code);
        let why = if of_list == code {
            language.named(Group::Reason, code)
        } else {
            of_list
        };
        match held {
            Some(_) => language.fill(Key::CauseHeld, &[("detail", &why)]),
            None => why.to_owned(),
        }
    }

    /// The detail where it is a code: in words.
    fn detail_in(&self, language: Language) -> String {
        let group = match self.kind {
            CauseKind::CameraDown => Group::CameraWhy,
            CauseKind::DeniedCame | CauseKind::DeniedPassed | CauseKind::Followed => {
                return self.why_denied(language);
            }
            CauseKind::ScaleDown => Group::ScaleLine,
            CauseKind::VideoStopped => Group::VideoGap,
            CauseKind::ManualLift | CauseKind::LiftUnused => Group::LiftWay,
            CauseKind::BarrierFailed => {
                let barrier: [(&str, &dyn Display); 1] = [("barrier", &self.subject)];
                return language.named_with(Group::Alarm, &self.detail, &barrier);
            }
            _ => return self.detail.clone(),
        };
        language.named(group, &self.detail).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(kind: CauseKind) -> Cause {
        let detail = match kind {
            CauseKind::CameraDown => "stalled",
            CauseKind::BarrierFailed => "timed_out",
            CauseKind::DeniedPassed => "on_deny_list",
            CauseKind::ScaleDown => "silent",
            CauseKind::VideoStopped => "disk_full",
            CauseKind::ManualLift | CauseKind::LiftUnused => "button",
            _ => "24",
        };
        Cause {
            plate: "云A12345".to_owned(),
            ..Cause::of(kind, "north").with(detail).in_lane("north-in")
        }
    }

    #[test]
    fn every_kind_says_what_happened_and_what_to_do_in_both_languages() {
        for &kind in CauseKind::ALL {
            for language in Language::ALL {
                let cause = example(kind);
                for text in [cause.what(language), cause.next_step(language)] {
                    assert!(!text.contains(['{', '_']), "{kind} {language}: {text}");
                    assert!(text.chars().count() > 4, "{kind} {language}: {text}");
                    let has_chinese = !text.replace("云A12345", "").is_ascii();
                    assert_eq!(has_chinese, language == Language::Zh, "{kind}: {text}");
                }
            }
        }
    }

    #[test]
    fn codes_are_told_in_words_with_what_they_are_about() {
        let barrier = example(CauseKind::BarrierFailed).what(Language::Zh);
        assert!(barrier.contains("道闸 north 没有应答"), "{barrier}");
        let camera = example(CauseKind::CameraDown);
        assert!(camera.what(Language::En).contains("north"));
        let without = Cause {
            plate: String::new(),
            ..example(CauseKind::Followed)
        };
        assert!(without.what(Language::Zh).contains("未识别到号牌"));
        let held = example(CauseKind::DeniedPassed).at_held_gate();
        let (zh, en) = (held.what(Language::Zh), held.what(Language::En));
        assert!(zh.contains("禁行名单") && zh.contains("道闸常开"), "{zh}");
        assert!(en.contains("held open") && !en.contains('_'), "{en}");
    }
}
