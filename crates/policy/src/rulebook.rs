//! The rules and lists that hold, put together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use passage::{Decision, Direction, Grounds, ListAge, ListKind, LookAlike, VehicleFacts};
use plate::Color;

use crate::judge::Bench;
use crate::site::{Defaults, LaneDefaults, RulebookProblem, RulebookSettings};
use crate::strategy::Strategy;
use crate::visitor::Visitor;
use crate::{Age, Entry, List, Vehicles};

const MOST_LOOK_ALIKES: usize = 3;
pub(crate) const LOCAL: &str = "local";

/// What is known of the vehicle at the barrier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenVehicle<'a> {
    /// Plate number without dots; empty when there is none.
    pub plate: &'a str,
    /// Its colour, `Unknown` when it was not surely read.
    pub color: Color,
    /// Whether the plate is sure enough to act on.
    pub accepted: bool,
    /// Name of the lane that it stands in.
    pub lane: &'a str,
    /// The lane's way; none where that is not known, and then rules for one way hold.
    pub direction: Option<Direction>,
    /// What it carries, if anybody knows.
    pub cargo: Option<&'a str>,
    /// How often it has come in today; none where nobody counted.
    pub entries_today: Option<u32>,
}

impl<'a> SeenVehicle<'a> {
    /// A plate that was surely read, with nothing else known.
    #[must_use]
    pub const fn sure(plate: &'a str, color: Color) -> Self {
        Self {
            plate,
            color,
            accepted: true,
            lane: "",
            direction: None,
            cargo: None,
            entries_today: None,
        }
    }
}

/// A rule that a person has put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce<T> {
    /// Its name, for ever.
    pub key: String,
    /// The rule.
    pub rule: T,
    /// Who put it in force.
    pub by: String,
    /// When.
    pub since: Timestamp,
}

/// The rules and lists that hold. It never changes: other lists make another one, which is handed to
/// all lanes in its place.
#[derive(Debug, Clone)]
pub struct Rulebook {
    defaults: Defaults,
    lanes: BTreeMap<String, LaneDefaults>,
    stale_after: SignedDuration,
    lists: Vec<Arc<List>>,
    strategies: Arc<Vec<InForce<Strategy>>>,
    visitors: Arc<Vec<InForce<Visitor>>>,
    vehicles: Arc<Vehicles>,
}

impl Rulebook {
    /// The rules of `settings`, with no lists but theirs.
    ///
    /// # Errors
    /// Every mistake in the settings.
    pub fn new(settings: RulebookSettings) -> Result<Self, Vec<RulebookProblem>> {
        let mut errors = Vec::new();
        let mut list = |kind, key: &str, entries: Vec<Entry>| {
            let mut good = Vec::new();
            for (i, entry) in entries.into_iter().enumerate() {
                match entry.checked() {
                    Ok(entry) => good.push(entry),
                    Err(problem) => errors.push(RulebookProblem {
                        key: format!("{key}[{i}]"),
                        problem,
                    }),
                }
            }
            Arc::new(List::new(kind, LOCAL, Age::Local, good))
        };
        let lists = vec![
            list(ListKind::Allow, "allow", settings.allow),
            list(ListKind::Deny, "deny", settings.deny),
        ];
        if !errors.is_empty() {
            return Err(errors);
        }
        let hours = Duration::from_secs(u64::from(settings.stale_after_hours) * 3600);
        Ok(Self {
            defaults: settings.defaults,
            lanes: settings.lanes,
            stale_after: SignedDuration::try_from(hours).unwrap_or(SignedDuration::MAX),
            lists,
            strategies: Arc::default(),
            visitors: Arc::default(),
            vehicles: Arc::default(),
        })
    }

    /// The same rules with lists from elsewhere, each in place of the one of its kind and name.
    #[must_use]
    pub fn with(&self, lists: impl IntoIterator<Item = List>) -> Self {
        let mut book = self.clone();
        for list in lists {
            let is_other = |old: &Arc<List>| (old.kind, &old.name) != (list.kind, &list.name);
            book.lists.retain(is_other);
            book.lists.push(Arc::new(list));
        }
        book
    }

    /// The same with these strategies in place of those that were in force.
    #[must_use]
    pub fn with_strategies(&self, strategies: Vec<InForce<Strategy>>) -> Self {
        Self {
            strategies: Arc::new(strategies),
            ..self.clone()
        }
    }

    /// The same with these visitors in place of those that were expected.
    #[must_use]
    pub fn with_visitors(&self, visitors: Vec<InForce<Visitor>>) -> Self {
        Self {
            visitors: Arc::new(visitors),
            ..self.clone()
        }
    }

    /// The same with another register of vehicles.
    #[must_use]
    pub fn with_vehicles(&self, vehicles: Arc<Vehicles>) -> Self {
        Self {
            vehicles,
            ..self.clone()
        }
    }

    /// The strategies in force.
    #[must_use]
    pub fn strategies(&self) -> &[InForce<Strategy>] {
        &self.strategies
    }

    /// What the register holds of a vehicle.
    #[must_use]
    pub fn facts(&self, plate: &str, color: Color) -> Option<&VehicleFacts> {
        self.vehicles.get(plate, color)
    }

    /// Whether it has to be known how often this plate has come in today.
    #[must_use]
    pub fn counts(&self, plate: &str, now: Timestamp) -> bool {
        let of_plate = |v: &&InForce<Visitor>| v.rule.plate == plate && v.rule.is_valid_at(now);
        let mut visits = self.visitors.iter().filter(of_plate);
        visits.any(|visitor| visitor.rule.per_day.is_some())
    }

    /// May the vehicle pass?
    #[must_use]
    pub fn decide(&self, seen: SeenVehicle<'_>, now: Timestamp) -> Decision {
        let lists = self.ages(now);
        let facts = self.facts(seen.plate, seen.color).filter(|_| seen.accepted);
        let defaults = match self.lanes.get(seen.lane) {
            Some(lane) => self.defaults.with(lane),
            None => self.defaults,
        };
        let bench = Bench {
            defaults,
            lists: &self.lists,
            strategies: &self.strategies,
            visitors: &self.visitors,
            stale: lists.iter().find(|list| list.stale),
            facts,
            seen,
            now,
        };
        let ruling = bench.judge();
        Decision {
            verdict: ruling.verdict,
            reason: ruling.reason,
            grounds: Grounds {
                detail: ruling.detail,
                look_alikes: self.look_alikes(seen, now),
                source: ruling.source,
                otherwise: ruling.otherwise,
                facts: facts.cloned(),
                lists,
            },
        }
    }

    fn look_alikes(&self, seen: SeenVehicle<'_>, now: Timestamp) -> Vec<LookAlike> {
        let mut found = Vec::new();
        if seen.plate.is_empty() {
            return found;
        }
        for kind in [ListKind::Deny, ListKind::Allow] {
            let lists = self.lists.iter().filter(|list| list.kind == kind);
            let mut near: Vec<_> = lists
                .flat_map(|list| list.near(seen.plate, now))
                .filter(|entry| !(seen.accepted && is_same(entry, seen)))
                .map(|entry| LookAlike {
                    plate: entry.plate.clone(),
                    color: entry.color,
                    list: kind,
                })
                .collect();
            near.sort_by(|a, b| (&a.plate, a.color).cmp(&(&b.plate, b.color)));
            near.dedup();
            found.extend(near);
        }
        found.truncate(MOST_LOOK_ALIKES);
        found
    }

    fn ages(&self, now: Timestamp) -> Vec<ListAge> {
        let age_of = |list: &Arc<List>| {
            let (as_of, stale) = match list.age {
                Age::Local => return None,
                Age::AsOf(as_of) => (Some(as_of), now.duration_since(as_of) > self.stale_after),
                Age::Never => (None, true),
            };
            Some(ListAge {
                name: list.name.clone(),
                as_of,
                stale,
            })
        };
        self.lists.iter().filter_map(age_of).collect()
    }
}

/// Whether the entry is about the very vehicle seen, so that the rules have dealt with it.
fn is_same(entry: &Entry, seen: SeenVehicle<'_>) -> bool {
    let same_color = seen.color == Color::Unknown || entry.color.is_none_or(|c| c == seen.color);
    entry.plate == seen.plate && same_color
}
