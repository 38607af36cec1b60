//! Whether a strategy binds a vehicle, as far as is known of it.

use passage::{Lacks, Otherwise, VehicleFacts};
use plate::Color;

use crate::SeenVehicle;
use crate::strategy::{Ban, Strategy};

/// China VI, from which on vehicles can be connected to the environmental platform.
const NETWORKED_FROM: u8 = 6;

/// Kinds whose vehicles carry yellow plates by GA 36: what has a blue or a small green plate is none
/// of them, registered or not.
const LARGE: [&str; 9] = ["B1", "B2", "H1", "H2", "K1", "Q1", "Q2", "Z1", "Z5"];

/// Yes, no, or what would have to be known to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Binds {
    No,
    /// And what would spare the vehicle.
    Yes(Vec<Otherwise>),
    /// Nobody knows without these.
    Unclear(Vec<Otherwise>),
}

/// One condition.
enum Holds {
    No,
    Yes,
    /// Nobody knows without this.
    Unknown(Otherwise),
}

pub(crate) fn lacking(lacks: Lacks, value: impl Into<String>) -> Otherwise {
    Otherwise {
        lacks,
        value: value.into(),
    }
}

impl Holds {
    fn when(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    fn of_item(known: Option<bool>, item: &str) -> Self {
        known.map_or_else(|| Self::Unknown(lacking(Lacks::Item, item)), Self::when)
    }
}

/// Whether `strategy` binds the vehicle. `listed` says whether an allow list has it; the strategy's
/// time is the caller's.
pub(crate) fn binds(
    strategy: &Strategy,
    seen: SeenVehicle<'_>,
    facts: Option<&VehicleFacts>,
    listed: bool,
) -> Binds {
    let elsewhere = !strategy.lanes.is_empty() && !strategy.lanes.iter().any(|l| l == seen.lane);
    let other_way = (strategy.direction.zip(seen.direction)).is_some_and(|(of, way)| of != way);
    if elsewhere || other_way || (strategy.spares_allow_list && listed) {
        return Binds::No;
    }
    let none = VehicleFacts::default();
    let facts_or_none = facts.unwrap_or(&none);
    let new_energy = is_new_energy(seen.color, facts_or_none);
    if strategy.spares_new_energy && matches!(new_energy, Holds::Yes) {
        return Binds::No;
    }
    let mut unclear = Vec::new();
    for ban in &strategy.bans {
        match of_ban(ban, strategy.networked_only, seen, facts_or_none) {
            Binds::No => {}
            Binds::Unclear(lacks) => unclear.extend(lacks),
            Binds::Yes(mut spared) => {
                if strategy.spares_new_energy {
                    if let Holds::Unknown(lacks) = new_energy {
                        return Binds::Unclear(vec![lacks]);
                    }
                    spared.push(lacking(Lacks::NewEnergy, ""));
                }
                if strategy.spares_allow_list {
                    spared.push(lacking(Lacks::AllowList, ""));
                }
                return Binds::Yes(spared);
            }
        }
    }
    if unclear.is_empty() {
        return Binds::No;
    }
    if facts.is_none() {
        // All of it is known at once when the vehicle is registered.
        let lacks = match seen.color {
            Color::Unknown => Lacks::Color,
            _ => Lacks::Registered,
        };
        unclear = vec![lacking(lacks, "")];
    }
    unclear.sort_by(|a, b| a.value.cmp(&b.value));
    unclear.dedup();
    Binds::Unclear(unclear)
}

fn of_ban(ban: &Ban, networked_only: bool, seen: SeenVehicle<'_>, facts: &VehicleFacts) -> Binds {
    let mut spared = Vec::new();
    let conditions = [
        of_emission(ban, networked_only, facts, &mut spared),
        of_fuel(ban, facts),
        of_kind(ban, seen.color, facts),
        of_cargo(ban, seen.cargo),
    ];
    let mut unclear = Vec::new();
    for holds in conditions {
        match holds {
            Holds::No => return Binds::No,
            Holds::Yes => {}
            Holds::Unknown(lacks) => unclear.push(lacks),
        }
    }
    if unclear.is_empty() {
        Binds::Yes(spared)
    } else {
        Binds::Unclear(unclear)
    }
}

fn of_emission(
    ban: &Ban,
    networked_only: bool,
    facts: &VehicleFacts,
    spared: &mut Vec<Otherwise>,
) -> Holds {
    if ban.emission_up_to.is_none() && !networked_only {
        return Holds::Yes;
    }
    let unknown = || Holds::Unknown(lacking(Lacks::Item, "emissionStandard"));
    let stage: u8 = match facts.emission.as_deref() {
        Some("D") => return Holds::No,
        Some(code) => match code.parse() {
            Ok(stage) => stage,
            // 无排放阶段: nobody has said which one it meets.
            Err(_) => return unknown(),
        },
        None => return unknown(),
    };
    let most = ban.emission_up_to.unwrap_or(NETWORKED_FROM - 1);
    if stage <= most && (ban.emission_up_to.is_some() || !networked_only) {
        spared.push(lacking(Lacks::Emission, (most + 1).to_string()));
        return Holds::Yes;
    }
    if networked_only && stage >= NETWORKED_FROM {
        spared.push(lacking(Lacks::Networked, ""));
        return Holds::of_item(facts.networked.map(|on| !on), "networkStatus");
    }
    Holds::No
}

fn of_fuel(ban: &Ban, facts: &VehicleFacts) -> Holds {
    if ban.fuels.is_empty() {
        return Holds::Yes;
    }
    let fuel = facts.fuel.as_ref();
    Holds::of_item(fuel.map(|fuel| ban.fuels.contains(fuel)), "fuelType")
}

fn of_kind(ban: &Ban, color: Color, facts: &VehicleFacts) -> Holds {
    if ban.kinds.is_empty() {
        return Holds::Yes;
    }
    let is_meant = |kind: &String| ban.kinds.iter().any(|code| kind.starts_with(code.as_str()));
    let known = facts.kind.as_ref().map(is_meant);
    let is_small = matches!(color, Color::Blue | Color::Green);
    let is_large = |code: &String| LARGE.iter().any(|large| code.starts_with(large));
    if known.is_none() && is_small && ban.kinds.iter().all(is_large) {
        return Holds::No;
    }
    Holds::of_item(known, "vehicleType")
}

/// What is carried is hardly ever known while a truck stands at the barrier.
fn of_cargo(ban: &Ban, cargo: Option<&str>) -> Holds {
    if ban.cargoes.is_empty() {
        return Holds::Yes;
    }
    let is_meant = |cargo: &str| ban.cargoes.iter().any(|name| cargo.contains(name.as_str()));
    Holds::of_item(cargo.map(is_meant), "cargoName")
}

/// By law such a vehicle carries a green plate. The register counts as well, for plates that are
/// changed late.
fn is_new_energy(color: Color, facts: &VehicleFacts) -> Holds {
    let green = matches!(color, Color::Green | Color::YellowGreen);
    let electric = facts.emission.as_deref() == Some("D");
    let drive = matches!(facts.fuel.as_deref(), Some("C" | "P"));
    if green || electric || drive {
        return Holds::Yes;
    }
    match color {
        Color::Unknown => Holds::Unknown(lacking(Lacks::Color, "")),
        _ => Holds::No,
    }
}
