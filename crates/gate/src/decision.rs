//! What was decided and why, in codes for machines and words for people.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use plate::{Color, PlateNumber};
use serde::{Deserialize, Serialize};
use words::{Key, Language};

use crate::ListKind;

/// May it pass?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The barrier opens.
    Allow,
    /// The barrier stays as it is.
    Deny,
    /// A person decides.
    Ask,
}

impl Verdict {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Ask => "ask",
        }
    }

    /// Its words.
    #[must_use]
    pub const fn key(self) -> Key {
        match self {
            Self::Allow => Key::DecisionAllow,
            Self::Deny => Key::DecisionDeny,
            Self::Ask => Key::DecisionAsk,
        }
    }
}

macro_rules! reasons {
    ($( $(#[$doc:meta])* $variant:ident => $key:ident, )+) => {
        /// The rule that decided.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason { $( $(#[$doc])* $variant, )+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its words.
            #[must_use]
            pub const fn key(self) -> Key {
                match self { $(Self::$variant => Key::$key),+ }
            }
        }
    };
}

reasons! {
    /// Fire engine, ambulance: always passes.
    Emergency => ReasonEmergency,
    /// On a deny list.
    OnDenyList => ReasonOnDenyList,
    /// On an allow list.
    OnAllowList => ReasonOnAllowList,
    /// On a list for one colour, and the colour was not read.
    ListColorUnknown => ReasonListColorUnknown,
    /// On an allow list that does not hold now.
    AllowNotValid => ReasonAllowNotValid,
    /// Read plates may pass here.
    ReadAllowed => ReasonReadAllowed,
    /// Only listed plates may pass here.
    ReadDenied => ReasonReadDenied,
    /// The guard decides on plates that are not listed.
    ReadAsks => ReasonReadAsks,
    /// Vehicles without a plate may pass here.
    NoPlateAllowed => ReasonNoPlateAllowed,
    /// Vehicles without a plate may not pass here.
    NoPlateDenied => ReasonNoPlateDenied,
    /// The guard decides on vehicles without a plate.
    NoPlateAsks => ReasonNoPlateAsks,
    /// Vehicles with an uncertain plate may pass here.
    UncertainAllowed => ReasonUncertainAllowed,
    /// Vehicles with an uncertain plate may not pass here.
    UncertainDenied => ReasonUncertainDenied,
    /// The guard decides on uncertain plates.
    UncertainAsks => ReasonUncertainAsks,
}

impl Reason {
    /// The stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let name = self.key().as_str();
        name.split_once('.').map_or(name, |(_, code)| code)
    }
}

/// A listed plate that the one seen might be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Similar {
    /// The plate on the list.
    pub plate: PlateNumber,
    /// The colour on the list; `None` for any.
    pub color: Option<Color>,
    /// Which kind of list.
    pub list: ListKind,
}

/// How old a list from elsewhere was when it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListAge {
    /// Name of the list.
    pub name: String,
    /// When it was right; `None` if it was never received.
    pub as_of: Option<Timestamp>,
    /// Older than the site allows, or never received.
    pub stale: bool,
}

/// May it pass, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// May it pass?
    pub verdict: Verdict,
    /// The rule that decided.
    pub reason: Reason,
    /// What the list says about this vehicle; empty when no list decided.
    pub detail: String,
    /// Listed plates that differ in one character, or in colour: for the guard to compare, at
    /// most three, denied ones first.
    pub similar: Vec<Similar>,
    /// Age of each list that comes from elsewhere.
    pub lists: Vec<ListAge>,
}

impl Decision {
    /// For the guard: the reason, what the list says, what to compare and which lists are out of
    /// date, one sentence an item.
    #[must_use]
    pub fn explain(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let mut said = vec![language.text(self.reason.key()).to_owned()];
        if !self.detail.is_empty() {
            said.push(self.detail.clone());
        }
        for similar in &self.similar {
            let color = similar.color.map_or(Key::ListAnyColor, Key::of_plate_color);
            let key = match similar.list {
                ListKind::Allow => Key::ListSimilarAllow,
                ListKind::Deny => Key::ListSimilarDeny,
            };
            let color = language.text(color);
            said.push(language.fill(key, &[("plate", &similar.plate), ("color", &color)]));
        }
        for list in self.lists.iter().filter(|list| list.stale) {
            said.push(list.explain(language, zone));
        }
        said
    }
}

impl ListAge {
    /// How old the list is, in words, with times in `zone`.
    #[must_use]
    pub fn explain(&self, language: Language, zone: &TimeZone) -> String {
        let Some(as_of) = self.as_of else {
            return language.fill(Key::ListNever, &[("list", &self.name)]);
        };
        let time = as_of.to_zoned(zone.clone());
        let time = time.strftime("%Y-%m-%d %H:%M");
        let key = if self.stale {
            Key::ListStale
        } else {
            Key::ListAsOf
        };
        language.fill(key, &[("list", &self.name), ("time", &time)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_stored_under_the_name_of_its_words() {
        for &reason in Reason::ALL {
            let stored = serde_json::to_value(reason).expect("a name");
            assert_eq!(stored, reason.as_str());
            assert_eq!(Key::find("reason", reason.as_str()), Some(reason.key()));
        }
        let worded = Key::ALL
            .iter()
            // Of what came from paper no gate has decided.
            .filter(|k| k.as_str().starts_with("reason.") && **k != Key::ReasonPaper);
        assert_eq!(worded.count(), Reason::ALL.len());
    }
}
