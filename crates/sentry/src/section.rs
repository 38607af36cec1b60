//! `[alarms]`, read and shown.

use std::time::Duration;

use alarm::CauseKind;
use jiff::SignedDuration;
use plate::PlateNumber;
use settings::{Printer, Section};
use words::{Key, Said};

/// What a driver and the guard beside the lane have to know at once. A denied vehicle that comes is not among
/// them: its decision stands there already.
const AT_LANE: [CauseKind; 4] = [
    CauseKind::DeniedPassed,
    CauseKind::Followed,
    CauseKind::LiftUnused,
    CauseKind::BarrierFailed,
];

fn kinds_at_lane(section: &Section) -> Vec<CauseKind> {
    if !section.has("at_lane") {
        return AT_LANE.to_vec();
    }
    let shape = "[\"denied_passed\", \"followed\"]";
    let named: Vec<String> = section.typed("at_lane", shape).unwrap_or_default();
    let may = |kind: &&CauseKind| Key::find("sign_alarm", kind.as_str()).is_some();
    let known: Vec<_> = CauseKind::ALL.iter().filter(may).copied().collect();
    let kind = |code: &String| {
        let found = known.iter().find(|kind| kind.as_str() == code).copied();
        if found.is_none() {
            let known: Vec<_> = known.iter().map(|kind| kind.as_str()).collect();
            let said = Said::with(Key::NotifyKind, "code", code);
            section.problem("at_lane", said.and("known", known.join(", ")));
        }
        found
    };
    named.iter().filter_map(kind).collect()
}

/// When something is an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmSettings {
    /// Longest time that a vehicle may stay on the site; none where nobody wants to know.
    pub overstay: Option<SignedDuration>,
    /// Vehicles with another limit; the first that fits holds.
    pub stays: Vec<StayRule>,
    /// A denied vehicle that passed so soon after the one before it followed it.
    pub close: SignedDuration,
    /// A vehicle that passes within this time after an arm was raised by hand belongs to that lift.
    pub lift_window: SignedDuration,
    /// A jump of the clock by so much.
    pub clock_step: SignedDuration,
    /// Kinds that are shown and said at their lane at once.
    pub at_lane: Vec<CauseKind>,
    /// A list is too old after this; as the gate takes it (`[gate] stale_after_hours`).
    pub lists_stale_after: SignedDuration,
}

/// Some vehicles and how long they may stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayRule {
    /// Names of the lanes by which they came; empty for all.
    pub lanes: Vec<String>,
    /// Plates; empty for all.
    pub plates: Vec<PlateNumber>,
    /// Longest time; zero for no limit.
    pub limit: SignedDuration,
}

impl AlarmSettings {
    /// Reads `[alarms]` of a site with these lanes; when lists are too old, the gate knows.
    #[must_use]
    pub fn read(section: &Section, stale_after_hours: u32, lanes: &[&str]) -> Self {
        let signed =
            |length: Duration| SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
        let length = |key: &str, default| signed(section.length(key, Duration::from_secs(default)));
        let length_or_zero =
            |section: &Section, key: &str| signed(section.length_or_zero(key, Duration::ZERO));
        let named = |section: &Section, key: &str, shape: &str| {
            section.typed::<Vec<String>>(key, shape).unwrap_or_default()
        };
        let overstay = length_or_zero(section, "overstay");
        let stays = section.tables("stay", |stay| {
            for name in named(stay, "lanes", "[\"north-in\"]") {
                if !lanes.contains(&name.as_str()) {
                    stay.problem("lanes", Said::with(Key::MistakeNoLane, "name", name));
                }
            }
            Some(StayRule {
                lanes: named(stay, "lanes", "[\"north-in\"]"),
                plates: named(stay, "plates", "[\"苏A12345\"]")
                    .iter()
                    .map(|plate| PlateNumber::normalise(plate))
                    .collect(),
                limit: length_or_zero(stay, "limit"),
            })
        });
        let at_lane = kinds_at_lane(section);
        Self {
            at_lane,
            overstay: Some(overstay).filter(SignedDuration::is_positive),
            stays,
            close: length("close", 10),
            lift_window: length("lift_window", 60),
            clock_step: length("clock_step", 2),
            lists_stale_after: SignedDuration::from_hours(stale_after_hours.into()),
        }
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        let show = |printer: &mut Printer, key: &str, length: SignedDuration| {
            printer.length(key, Duration::try_from(length).unwrap_or_default());
        };
        show(printer, "overstay", self.overstay.unwrap_or_default());
        show(printer, "close", self.close);
        show(printer, "lift_window", self.lift_window);
        show(printer, "clock_step", self.clock_step);
        let kinds = self.at_lane.iter().map(|kind| kind.as_str());
        printer.value("at_lane", kinds.collect::<Vec<_>>());
        for stay in &self.stays {
            printer.one_of_tables("stay", |p| {
                p.value("lanes", stay.lanes.clone());
                let plates = stay.plates.iter().map(PlateNumber::to_string);
                p.value("plates", plates.collect::<Vec<_>>());
                show(p, "limit", stay.limit);
            });
        }
    }

    /// How long a vehicle may stay that came by this lane; none without a limit.
    pub(crate) fn stay_of(&self, lane: &str, plate: &str) -> Option<SignedDuration> {
        let plate = PlateNumber::normalise(plate);
        let fits = |rule: &&StayRule| {
            let of_lane = rule.lanes.is_empty() || rule.lanes.iter().any(|name| name == lane);
            let of_plate = rule.plates.is_empty() || rule.plates.contains(&plate);
            of_lane && of_plate
        };
        let rule = self.stays.iter().find(fits).map(|rule| rule.limit);
        let limit = rule.or(self.overstay)?;
        Some(limit).filter(SignedDuration::is_positive)
    }

    /// The shortest of all limits; none where there is no limit at all.
    pub(crate) fn shortest_stay(&self) -> Option<SignedDuration> {
        let rules = self.stays.iter().map(|rule| rule.limit);
        rules
            .chain(self.overstay)
            .filter(SignedDuration::is_positive)
            .min()
    }
}
