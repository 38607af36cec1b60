//! What was decided at the barrier, by which rule, and what the guard should compare.

use jiff::Timestamp;
use plate::{Color, PlateNumber};
use serde::{Deserialize, Serialize};

use crate::coded;

coded! {
    /// May it pass?
    pub enum Verdict {
        /// The barrier opens.
        Allow = "allow",
        /// The barrier stays as it is.
        Deny = "deny",
        /// A person decides.
        Ask = "ask",
    }
}

coded! {
    /// The rule that decided.
    pub enum Reason {
        /// Fire engine, ambulance: always passes.
        Emergency = "emergency",
        /// On a deny list.
        OnDenyList = "on_deny_list",
        /// On an allow list.
        OnAllowList = "on_allow_list",
        /// On a list for one colour, and the colour was not read.
        ListColorUnknown = "list_color_unknown",
        /// On an allow list that does not hold now.
        AllowNotValid = "allow_not_valid",
        /// The vehicle register knows it by a VIN that is on a deny list.
        VinDenied = "vin_denied",
        /// A control strategy forbids it.
        StrategyDenied = "strategy_denied",
        /// A control strategy leaves it to the guard.
        StrategyAsks = "strategy_asks",
        /// A control strategy may forbid it, and what would tell is not known; it does not pass.
        StrategyUnclearDenied = "strategy_unclear_denied",
        /// The same; the guard decides.
        StrategyUnclearAsks = "strategy_unclear_asks",
        /// A visitor in its time.
        Visitor = "visitor",
        /// A visitor that has come as often as it may today.
        VisitorQuota = "visitor_quota",
        /// A visitor that may come some times a day, and how often it came can't be told now.
        VisitorUncounted = "visitor_uncounted",
        /// A list from elsewhere is out of date, and this lane waits for it.
        StaleDenied = "stale_denied",
        /// A list from elsewhere is out of date, and the guard decides here.
        StaleAsks = "stale_asks",
        /// Vehicles that are not registered may not pass here.
        UnregisteredDenied = "unregistered_denied",
        /// The guard decides on vehicles that are not registered.
        UnregisteredAsks = "unregistered_asks",
        /// Read plates may pass here.
        ReadAllowed = "read_allowed",
        /// Only listed plates may pass here.
        ReadDenied = "read_denied",
        /// The guard decides on plates that are not listed.
        ReadAsks = "read_asks",
        /// Vehicles without a plate may pass here.
        NoPlateAllowed = "no_plate_allowed",
        /// Vehicles without a plate may not pass here.
        NoPlateDenied = "no_plate_denied",
        /// The guard decides on vehicles without a plate.
        NoPlateAsks = "no_plate_asks",
        /// Vehicles with an uncertain plate may pass here.
        UncertainAllowed = "uncertain_allowed",
        /// Vehicles with an uncertain plate may not pass here.
        UncertainDenied = "uncertain_denied",
        /// The guard decides on uncertain plates.
        UncertainAsks = "uncertain_asks",
    }
}

coded! {
    /// What being on a list means.
    pub enum ListKind {
        /// May pass.
        Allow = "allow",
        /// May not pass.
        Deny = "deny",
    }
}

/// A listed plate that the one seen might be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAlike {
    /// The plate on the list.
    pub plate: PlateNumber,
    /// The colour on the list; `None` for any.
    pub color: Option<Color>,
    /// Which kind of list.
    pub list: ListKind,
}

/// How old a list from elsewhere was when it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListAge {
    /// Name of the list.
    pub name: String,
    /// When it was right; `None` if it was never received.
    pub as_of: Option<Timestamp>,
    /// Older than the site allows, or never received.
    pub stale: bool,
}

/// What decided, where it comes from and since when it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSource {
    /// What people call it: a strategy's title, a list's name, whom a visitor visits.
    pub name: String,
    /// The key of the rule, for ever; none for what the configuration says.
    pub key: Option<String>,
    /// Who put it in force: a person, or the platform whose list it is.
    pub by: Option<String>,
    /// Since when: confirmed by a person, or fetched from a platform.
    pub since: Option<Timestamp>,
}

coded! {
    /// What would have to be otherwise for the vehicle to pass.
    pub enum Lacks {
        /// An emission standard of at least this code.
        Emission = "emission",
        /// To be connected to the environmental platform.
        Networked = "networked",
        /// To be a new energy vehicle.
        NewEnergy = "new_energy",
        /// A time from which on the rule holds no more.
        Until = "until",
        /// This item of the vehicle register.
        Item = "item",
        /// To be registered as a vehicle.
        Registered = "registered",
        /// The release by this platform.
        Release = "release",
        /// To be taken off this list.
        Unlisted = "unlisted",
        /// To be on an allow list.
        AllowList = "allow_list",
        /// The plate's colour, surely read.
        Color = "color",
        /// The plate, surely read.
        Plate = "plate",
        /// Another day: this many passages a day are allowed.
        Tomorrow = "tomorrow",
        /// This list, fetched anew.
        Fetched = "fetched",
        /// The end of a rule that a person put in force.
        Ended = "ended",
    }
}

/// One thing that would have changed a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// What is lacking.
    pub lacks: Lacks,
    /// Its value: a code, a time, a name; empty where there is none.
    pub value: String,
}

/// What the vehicle register held of a vehicle when it was decided. Unknown stays unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleFacts {
    /// Code of the emission standard.
    pub emission: Option<String>,
    /// Code of the fuel.
    pub fuel: Option<String>,
    /// Code of the vehicle type, GA/T 16.4.
    pub kind: Option<String>,
    /// Code of its use, GA/T 16.3.
    pub usage: Option<String>,
    /// Whether it is connected to the environmental platform.
    pub networked: Option<bool>,
    /// Its VIN.
    pub vin: Option<String>,
}

/// May it pass, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// May it pass?
    pub verdict: Verdict,
    /// The rule that decided.
    pub reason: Reason,
    /// What it rests on beside the rule.
    #[serde(flatten)]
    pub grounds: Grounds,
}

/// What a decision rests on beside its rule. Empty for what came from paper, and for passages of
/// before ledgers kept it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// What the list says about this vehicle; empty when no list decided.
    pub detail: String,
    /// Listed plates that differ in one character, or in colour: for the guard to compare, at
    /// most three, denied ones first.
    pub look_alikes: Vec<LookAlike>,
    /// Age of each list that comes from elsewhere.
    pub lists: Vec<ListAge>,
    /// The strategy, list or visitor that decided; none for the site's defaults.
    #[serde(default)]
    pub source: Option<RuleSource>,
    /// What would have let it pass; empty where it passed.
    #[serde(default)]
    pub otherwise: Vec<Otherwise>,
    /// What the vehicle register held; none where the vehicle is not registered.
    #[serde(default)]
    pub facts: Option<VehicleFacts>,
}

impl Grounds {
    /// Whether the rule alone decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
