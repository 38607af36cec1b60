//! Where arms are and which gates are held open, whether a daemon runs or not.

use std::collections::BTreeMap;

use gate::ArmState;
use housekeeping::Standing;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Reader;
use passage::LanePlace;
use words::{Group, Key, Language, to_second};

/// A line for each lane: where its arm is, and by whom it is held open. `arms` are codes by lane, as the daemon
/// knows them; what is not among them is not known.
///
/// # Errors
/// When the ledger cannot be read.
pub fn arm_standing(
    reader: &Reader,
    lanes: &[LanePlace],
    arms: &BTreeMap<String, String>,
    language: Language,
    zone: &TimeZone,
) -> ledger::Result<Standing> {
    let holds = reader.holds_in_force(Timestamp::now())?;
    let lines = lanes.iter().map(|place| {
        let code = arms.get(&place.lane).map(String::as_str);
        let arm = language.named(Group::Arm, code.unwrap_or(ArmState::Unknown.code()));
        match holds.iter().rfind(|hold| hold.hold.lane == place.lane) {
            None => language.fill(Key::HoldArm, &[("lane", &place.lane), ("arm", &arm)]),
            Some(hold) => language.fill(
                Key::HoldNow,
                &[
                    ("lane", &place.lane),
                    ("until", &to_second(hold.hold.until, zone)),
                    ("who", &hold.hold.who),
                    ("why", &hold.hold.why),
                    ("arm", &arm),
                ],
            ),
        }
    });
    Ok(Standing {
        fine: lines.collect(),
        wrong: Vec::new(),
    })
}
