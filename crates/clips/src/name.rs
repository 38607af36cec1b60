//! What the file of a clip is called: time, entrance, barrier, plate, and what it is of.

use jiff::tz::TimeZone;
use passage::{ClipKind, LanePlace, WantedClip};

/// More of a name tells nobody more.
const LONGEST: usize = 24;

/// `20261130-085900_A_01_苏A12345_p4711`, by the site's clock. The last part makes it one of its kind.
pub(crate) fn of(clip: &WantedClip, places: &[LanePlace], zone: &TimeZone) -> String {
    let place = places.iter().find(|place| place.lane == clip.lane);
    let or = |own: &str, of_lane: Option<&String>| match own {
        "" => of_lane.cloned().unwrap_or_default(),
        own => own.to_owned(),
    };
    let at = clip.at.to_zoned(zone.clone()).strftime("%Y%m%d-%H%M%S");
    let mut parts = vec![
        at.to_string(),
        or(&clip.entrance, place.map(|place| &place.entrance)),
        or(&clip.barrier, place.map(|place| &place.barrier)),
        clip.plate.clone(),
    ];
    let of = match clip.of.kind {
        ClipKind::Passage => "p",
        ClipKind::Forced => "f",
        ClipKind::Lift => "l",
        ClipKind::Alarm => "a",
    };
    parts.push(format!("{of}{}", clip.of.subject));
    let parts = parts.iter().map(|part| plain(part));
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

/// Letters, digits and hyphens: what is typed into a register or read off a plate leads nowhere as a path.
fn plain(part: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() { c } else { '-' };
    part.chars().take(LONGEST).map(safe).collect()
}

#[cfg(test)]
mod tests {
    use passage::{ClipOf, PassageId};

    use super::*;

    #[test]
    fn a_name_tells_time_place_and_plate_and_leads_nowhere_else() {
        let at = "2026-11-30T00:59:00Z".parse().expect("a time");
        let clip = WantedClip {
            of: ClipOf::passage(PassageId(4711)),
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "../01".to_owned(),
            plate: "苏A12345".to_owned(),
            at,
            from: at,
            until: at,
        };
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        assert_eq!(
            of(&clip, &[], &zone),
            "20261130-085900_A_---01_苏A12345_p4711"
        );
        let unread = WantedClip {
            entrance: String::new(),
            barrier: String::new(),
            plate: String::new(),
            of: ClipOf {
                kind: ClipKind::Alarm,
                subject: 7,
            },
            ..clip
        };
        assert_eq!(of(&unread, &[], &zone), "20261130-085900_a7");
    }
}
