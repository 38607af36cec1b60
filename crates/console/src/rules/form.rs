//! A strategy as a page fills it in: codes, and times on the site's clock.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::{Ban, Strategy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::on_clock;
use crate::refusal::Refusal;

/// A strategy as a page fills it in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StrategyForm {
    /// What the guard reads.
    title: String,
    /// `1`, `2` or `3`.
    level: Option<String>,
    /// `yellow`, `orange` or `red`.
    warning: Option<String>,
    /// On the site's clock.
    from: String,
    /// On the site's clock; none: until somebody ends it.
    until: Option<String>,
    /// A vehicle is bound when all conditions of one of these hold.
    bans: Vec<BanForm>,
    /// China VI and later only if networked.
    networked_only: bool,
    spares_new_energy: bool,
    spares_allow_list: bool,
    /// Only in these; in all when there are none.
    lanes: Vec<String>,
    /// `in` or `out`; both without it.
    direction: Option<String>,
    /// `deny` or `ask`.
    action: String,
}

/// Conditions that all have to hold.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BanForm {
    /// This emission standard or lower.
    emission_up_to: Option<u8>,
    /// One of these fuels, by code.
    fuels: Vec<String>,
    /// One of these kinds, by the beginning of their code.
    kinds: Vec<String>,
    /// One of these cargoes, by a part of its name.
    cargoes: Vec<String>,
}

impl StrategyForm {
    pub(crate) fn of(strategy: &Strategy, zone: &TimeZone) -> Self {
        let ban = |ban: &Ban| BanForm {
            emission_up_to: ban.emission_up_to,
            fuels: ban.fuels.clone(),
            kinds: ban.kinds.clone(),
            cargoes: ban.cargoes.clone(),
        };
        Self {
            title: strategy.title.clone(),
            level: strategy.level.map(|level| level.to_string()),
            warning: strategy.warning.map(|warning| warning.to_string()),
            from: on_clock(strategy.from, zone),
            until: strategy.until.map(|until| on_clock(until, zone)),
            bans: strategy.bans.iter().map(ban).collect(),
            networked_only: strategy.networked_only,
            spares_new_energy: strategy.spares_new_energy,
            spares_allow_list: strategy.spares_allow_list,
            lanes: strategy.lanes.clone(),
            direction: strategy.direction.map(|direction| direction.to_string()),
            action: strategy.action.to_string(),
        }
    }

    /// As the rules take it; what is wrong in the rest is told when it is kept.
    pub(crate) fn strategy(self, zone: &TimeZone) -> Result<Strategy, Refusal> {
        let ban = |ban: BanForm| Ban {
            emission_up_to: ban.emission_up_to,
            fuels: ban.fuels,
            kinds: ban.kinds,
            cargoes: ban.cargoes,
        };
        Ok(Strategy {
            title: self.title,
            level: code(self.level.as_deref(), "level")?,
            warning: code(self.warning.as_deref(), "warning")?,
            from: time(&self.from, zone, "from")?,
            until: match self.until.as_deref().filter(|text| !text.is_empty()) {
                Some(text) => Some(time(text, zone, "until")?),
                None => None,
            },
            bans: self.bans.into_iter().map(ban).collect(),
            networked_only: self.networked_only,
            spares_new_energy: self.spares_new_energy,
            spares_allow_list: self.spares_allow_list,
            lanes: self.lanes,
            direction: code(self.direction.as_deref(), "direction")?,
            action: code(Some(&self.action), "action")?.unwrap_or(policy::Action::Deny),
        })
    }
}

/// A code, or none where nothing was chosen.
pub(crate) fn code<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: Option<&str>,
    field: &str,
) -> Result<Option<T>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let wrong = |error: T::Err| {
        let said = words::Said::with(words::Key::WebQuery, "why", error);
        Refusal::invalid(said).of(field)
    };
    text.parse().map(Some).map_err(wrong)
}

/// A time on the site's clock.
pub(crate) fn time(text: &str, zone: &TimeZone, field: &str) -> Result<Timestamp, Refusal> {
    records::moment(text, zone).map_err(|error| Refusal::invalid(error.said()).of(field))
}
