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
}

impl Grounds {
    /// Whether the rule alone decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
