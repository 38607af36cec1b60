//! What the platform has for us and how it is read.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::{Field, Operation};

/// The kinds of things that platforms send down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DownlinkKind {
    /// 排放超标车辆: vehicles over the limit, and their release.
    OverLimit,
    /// 管控策略: control strategies.
    Strategy,
    /// 违规通行车辆: passages that the platform holds against rules.
    Violation,
}

impl DownlinkKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::OverLimit, Self::Strategy, Self::Violation];

    /// Its name in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OverLimit => "over_limit",
            Self::Strategy => "strategy",
            Self::Violation => "violation",
        }
    }
}

/// One list to be fetched.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Downlink {
    /// How it is asked for. The items that can be asked with are those of a heartbeat.
    pub ask: Operation,
    /// Where the list is in the answer, names joined with dots.
    pub list_at: String,
    /// Our item to the platform's field in each entry, with code maps used backwards.
    pub fields: BTreeMap<String, Field>,
    /// The platform's own number of an entry, when it has one. Otherwise what an entry says is its
    /// name.
    pub id_field: Option<String>,
    /// How often it is fetched.
    #[serde(deserialize_with = "settings::serde_length")]
    pub every: Duration,
}

impl Default for Downlink {
    fn default() -> Self {
        Self {
            ask: Operation::default(),
            list_at: "data".to_owned(),
            fields: BTreeMap::new(),
            id_field: None,
            every: Duration::from_secs(600),
        }
    }
}

/// Everything that is fetched.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Downlinks {
    /// Over-limit vehicles.
    pub over_limit: Option<Downlink>,
    /// Control strategies.
    pub strategy: Option<Downlink>,
    /// Violating passages.
    pub violation: Option<Downlink>,
    /// How a strategy is confirmed, once.
    pub confirm: Option<Operation>,
    /// How it is told what people say of its list of vehicles over the limit.
    pub review: Option<Operation>,
}

impl Downlinks {
    /// Those that are there.
    pub(crate) fn all(&self) -> impl Iterator<Item = (DownlinkKind, &Downlink)> {
        [
            (DownlinkKind::OverLimit, &self.over_limit),
            (DownlinkKind::Strategy, &self.strategy),
            (DownlinkKind::Violation, &self.violation),
        ]
        .into_iter()
        .filter_map(|(kind, list)| Some((kind, list.as_ref()?)))
    }
}
