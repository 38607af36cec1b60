//! The rules, in the order in which the crate's first page lists them.

use std::sync::Arc;

use jiff::Timestamp;
use passage::{Lacks, ListAge, ListKind, Otherwise, Reason, RuleSource, VehicleFacts, Verdict};
use plate::Form;

use crate::binds::{Binds, binds, lacking};
use crate::list::Standing;
use crate::rulebook::{InForce, LOCAL};
use crate::site::Defaults;
use crate::strategy::{Action, Strategy};
use crate::visitor::Visitor;
use crate::{Age, Entry, List, SeenVehicle};

/// Uses (GA/T 16.3) of vehicles that always pass: police, fire engines, ambulances.
const EMERGENCY_USES: [&str; 3] = ["H", "I", "J"];

/// One vehicle before the rules.
pub(crate) struct Bench<'a> {
    pub(crate) defaults: Defaults,
    pub(crate) lists: &'a [Arc<List>],
    pub(crate) strategies: &'a [InForce<Strategy>],
    pub(crate) visitors: &'a [InForce<Visitor>],
    /// A list that is out of date, if there is one.
    pub(crate) stale: Option<&'a ListAge>,
    pub(crate) facts: Option<&'a VehicleFacts>,
    pub(crate) seen: SeenVehicle<'a>,
    pub(crate) now: Timestamp,
}

/// What the rules say.
pub(crate) struct Ruling {
    pub(crate) verdict: Verdict,
    pub(crate) reason: Reason,
    pub(crate) detail: String,
    pub(crate) source: Option<RuleSource>,
    pub(crate) otherwise: Vec<Otherwise>,
}

impl Ruling {
    fn new(verdict: Verdict, reason: Reason) -> Self {
        Self {
            verdict,
            reason,
            detail: String::new(),
            source: None,
            otherwise: Vec::new(),
        }
    }

    fn lacks(mut self, lacks: Lacks, value: impl Into<String>) -> Self {
        if self.verdict != Verdict::Allow {
            self.otherwise.push(lacking(lacks, value));
        }
        self
    }

    fn listed(mut self, (list, entry): (&List, &Entry)) -> Self {
        self.detail.clone_from(&entry.reason);
        self.source = Some(RuleSource {
            name: list.name.clone(),
            key: None,
            by: (list.name != LOCAL).then(|| list.name.clone()),
            since: match list.age {
                Age::AsOf(at) => Some(at),
                Age::Local | Age::Never => None,
            },
        });
        self
    }
}

impl Bench<'_> {
    pub(crate) fn judge(&self) -> Ruling {
        self.unread()
            .or_else(|| self.emergency())
            .or_else(|| self.denied())
            .or_else(|| self.strategies())
            .or_else(|| self.visitor())
            .or_else(|| self.allowed())
            .unwrap_or_else(|| self.default())
    }

    /// 1 and 2.
    fn unread(&self) -> Option<Ruling> {
        let verdict = self.defaults.unread;
        let reason = if self.seen.plate.is_empty() {
            no_plate(verdict)
        } else if !self.seen.accepted {
            uncertain(verdict)
        } else {
            return None;
        };
        Some(Ruling::new(verdict, reason).lacks(Lacks::Plate, ""))
    }

    /// 3.
    fn emergency(&self) -> Option<Ruling> {
        let seen = self.seen;
        let by_form = || {
            Form::of(seen.plate)
                .any(|form| form.is_emergency() || matches!(form, Form::Police | Form::ArmedPolice))
        };
        let by_use = || {
            let usage = self.facts.and_then(|facts| facts.usage.as_deref());
            usage.is_some_and(|usage| EMERGENCY_USES.contains(&usage))
        };
        let by_list = || {
            let mut lists = self.of_kind(ListKind::Allow);
            lists.any(|list| list.is_emergency(seen.plate, seen.color, self.now))
        };
        (by_form() || by_use() || by_list()).then(|| Ruling::new(Verdict::Allow, Reason::Emergency))
    }

    /// 4 to 6.
    fn denied(&self) -> Option<Ruling> {
        let standing = self.standing(ListKind::Deny);
        if let Some((list, Standing::Listed(entry))) = standing {
            let ruling = Ruling::new(Verdict::Deny, Reason::OnDenyList).listed((list, entry));
            return Some(off(ruling, list));
        }
        let vin = self.facts.and_then(|facts| facts.vin.as_deref());
        let by_vin = |list| vin.and_then(|vin| List::of_vin(list, vin, self.now));
        let mut lists = self.of_kind(ListKind::Deny);
        if let Some((list, entry)) = lists.find_map(|list| Some((list, by_vin(list)?))) {
            let ruling = Ruling::new(Verdict::Deny, Reason::VinDenied).listed((list, entry));
            return Some(off(ruling, list));
        }
        match standing {
            Some((list, Standing::ColorUnknown(entry))) => {
                let ruling = Ruling::new(Verdict::Ask, Reason::ListColorUnknown);
                Some(ruling.listed((list, entry)).lacks(Lacks::Color, ""))
            }
            _ => None,
        }
    }

    /// 7: what forbids goes before what asks, and both before what is not clear.
    fn strategies(&self) -> Option<Ruling> {
        let listed = matches!(
            self.standing(ListKind::Allow),
            Some((_, Standing::Listed(_)))
        );
        let mut best: Option<(u8, Ruling)> = None;
        let held = self
            .strategies
            .iter()
            .filter(|s| s.rule.is_valid_at(self.now));
        for strategy in held {
            let unclear = self.defaults.unclear;
            let (verdict, reason, otherwise) =
                match binds(&strategy.rule, self.seen, self.facts, listed) {
                    Binds::No => continue,
                    Binds::Yes(otherwise) => {
                        let (verdict, reason) = acts(strategy.rule.action);
                        (verdict, reason, otherwise)
                    }
                    Binds::Unclear(otherwise) => match unclear {
                        Verdict::Allow => continue,
                        Verdict::Deny => (unclear, Reason::StrategyUnclearDenied, otherwise),
                        Verdict::Ask => (unclear, Reason::StrategyUnclearAsks, otherwise),
                    },
                };
            let rank = rank(reason);
            if best.as_ref().is_some_and(|(held, _)| *held >= rank) {
                continue;
            }
            let ruling = Ruling {
                source: Some(put_in_force(strategy, &strategy.rule.title)),
                otherwise,
                ..Ruling::new(verdict, reason)
            };
            let ruling = match strategy.rule.until {
                Some(until) => ruling.lacks(Lacks::Until, until.to_string()),
                None => ruling.lacks(Lacks::Ended, &strategy.rule.title),
            };
            best = Some((rank, ruling));
        }
        best.map(|(_, ruling)| ruling)
    }

    /// 8.
    fn visitor(&self) -> Option<Ruling> {
        let seen = self.seen;
        let expected = |visitor: &&InForce<Visitor>| {
            let rule = &visitor.rule;
            rule.plate == seen.plate
                && rule.color.is_none_or(|color| color == seen.color)
                && rule.is_valid_at(self.now)
        };
        let mut over: Option<Ruling> = None;
        for visitor in self.visitors.iter().filter(expected) {
            let rule = &visitor.rule;
            let is_exit = seen.direction == Some(passage::Direction::Out);
            let ruling = match (rule.per_day.filter(|_| !is_exit), seen.entries_today) {
                (Some(_), None) => Ruling::new(Verdict::Ask, Reason::VisitorUncounted),
                (Some(most), Some(came)) if came >= most => {
                    Ruling::new(Verdict::Ask, Reason::VisitorQuota)
                        .lacks(Lacks::Tomorrow, most.to_string())
                }
                _ => Ruling::new(Verdict::Allow, Reason::Visitor),
            };
            let ruling = Ruling {
                detail: rule.reason.clone(),
                source: Some(put_in_force(visitor, &rule.host)),
                ..ruling
            };
            if ruling.verdict == Verdict::Allow {
                return Some(ruling);
            }
            over.get_or_insert(ruling);
        }
        over
    }

    /// 9 to 11.
    fn allowed(&self) -> Option<Ruling> {
        let read = self.defaults.read;
        match self.standing(ListKind::Allow)? {
            (list, Standing::Listed(entry)) => {
                Some(Ruling::new(Verdict::Allow, Reason::OnAllowList).listed((list, entry)))
            }
            (list, Standing::ColorUnknown(entry)) if read != Verdict::Allow => {
                let ruling = Ruling::new(Verdict::Ask, Reason::ListColorUnknown);
                Some(ruling.listed((list, entry)).lacks(Lacks::Color, ""))
            }
            (list, Standing::NotValid(entry)) if read != Verdict::Allow => {
                let ruling = Ruling::new(read, Reason::AllowNotValid);
                Some(ruling.listed((list, entry)).lacks(Lacks::AllowList, ""))
            }
            _ => None,
        }
    }

    /// 12 to 14.
    fn default(&self) -> Ruling {
        let Defaults {
            read,
            stale,
            unregistered,
            ..
        } = self.defaults;
        if read != Verdict::Allow {
            return Ruling::new(read, read_as(read)).lacks(Lacks::AllowList, "");
        }
        if let Some(list) = self.stale.filter(|_| stale != Verdict::Allow) {
            let reason = match stale {
                Verdict::Deny => Reason::StaleDenied,
                _ => Reason::StaleAsks,
            };
            return Ruling::new(stale, reason).lacks(Lacks::Fetched, &list.name);
        }
        let reason = match unregistered.filter(|_| self.facts.is_none()) {
            Some(Verdict::Deny) => Reason::UnregisteredDenied,
            Some(Verdict::Ask) => Reason::UnregisteredAsks,
            Some(Verdict::Allow) | None => return Ruling::new(read, Reason::ReadAllowed),
        };
        Ruling::new(unregistered.unwrap_or(read), reason).lacks(Lacks::Registered, "")
    }

    fn of_kind(&self, kind: ListKind) -> impl Iterator<Item = &List> {
        let lists = self.lists.iter().map(Arc::as_ref);
        lists.filter(move |list| list.kind == kind)
    }

    /// The strongest standing on any list of `kind`.
    fn standing(&self, kind: ListKind) -> Option<(&List, Standing<'_>)> {
        let (plate, color) = (self.seen.plate, self.seen.color);
        self.of_kind(kind)
            .map(|list| (list, list.standing(plate, color, self.now)))
            .max_by_key(|(_, standing)| standing.strength())
    }
}

/// What would take the vehicle off a deny list.
fn off(ruling: Ruling, list: &List) -> Ruling {
    if list.name == LOCAL {
        ruling.lacks(Lacks::Unlisted, "")
    } else {
        ruling.lacks(Lacks::Release, &list.name)
    }
}

fn put_in_force<T>(rule: &InForce<T>, name: &str) -> RuleSource {
    RuleSource {
        name: name.to_owned(),
        key: Some(rule.key.clone()),
        by: Some(rule.by.clone()),
        since: Some(rule.since),
    }
}

const fn acts(action: Action) -> (Verdict, Reason) {
    match action {
        Action::Deny => (Verdict::Deny, Reason::StrategyDenied),
        Action::Ask => (Verdict::Ask, Reason::StrategyAsks),
    }
}

/// Which of several strategies is told.
const fn rank(reason: Reason) -> u8 {
    match reason {
        Reason::StrategyDenied => 4,
        Reason::StrategyUnclearDenied => 3,
        Reason::StrategyAsks => 2,
        _ => 1,
    }
}

const fn read_as(verdict: Verdict) -> Reason {
    match verdict {
        Verdict::Allow => Reason::ReadAllowed,
        Verdict::Deny => Reason::ReadDenied,
        Verdict::Ask => Reason::ReadAsks,
    }
}

const fn no_plate(verdict: Verdict) -> Reason {
    match verdict {
        Verdict::Allow => Reason::NoPlateAllowed,
        Verdict::Deny => Reason::NoPlateDenied,
        Verdict::Ask => Reason::NoPlateAsks,
    }
}

const fn uncertain(verdict: Verdict) -> Reason {
    match verdict {
        Verdict::Allow => Reason::UncertainAllowed,
        Verdict::Deny => Reason::UncertainDenied,
        Verdict::Ask => Reason::UncertainAsks,
    }
}
