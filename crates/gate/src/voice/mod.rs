//! What is said at the entrance, in Mandarin, through the sound card of this computer.
//!
//! `espeak-ng` makes the sound and `aplay` plays it: both are Debian packages and programs of their own, so
//! neither can hold up or bring down the gate. What is newer takes the place of what is being said.

mod program;
mod queue;
mod section;

use passage::Verdict;
use words::{Key, Language};

pub use queue::{VoiceQueue, VoiceView};
pub use section::VoiceSettings;

/// What is said of a decision: plate, verdict, and the reason where it may not pass. In Mandarin whatever
/// language the pages have, for drivers are spoken to.
#[must_use]
pub fn prompt(plate: &str, verdict: Verdict, reason: &str) -> String {
    let key = match verdict {
        Verdict::Allow => Key::VoiceAllow,
        Verdict::Deny => Key::VoiceDeny,
        Verdict::Ask => Key::VoiceAsk,
    };
    let plate = match plate {
        "" => Language::Zh.text(Key::VoiceNoPlate).to_owned(),
        plate => spelled(plate),
    };
    Language::Zh.fill(key, &[("plate", &plate), ("reason", &reason)])
}

/// A plate as it is read out: each character by itself, digits as Mandarin has them.
fn spelled(plate: &str) -> String {
    let digits: Vec<char> = Language::Zh.text(Key::VoiceDigits).chars().collect();
    let said = plate.chars().map(|c| {
        let digit = c.to_digit(10).and_then(|digit| digits.get(digit as usize));
        digit.copied().unwrap_or(c)
    });
    said.flat_map(|c| [c, ' '])
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_is_spelled_and_the_decision_said() {
        let said = prompt("冀A12305", Verdict::Allow, "");
        assert_eq!(said, "冀 A 一 二 三 零 五，请通行");
        let said = prompt("冀A12345", Verdict::Deny, "在禁行名单上");
        assert!(
            said.contains("禁止通行") && said.contains("在禁行名单上"),
            "{said}"
        );
        assert!(!prompt("", Verdict::Ask, "").is_empty());
    }
}
