//! The rules, in the order in which the crate's first page lists them.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use passage::{Decision, Grounds, ListAge, ListKind, LookAlike, Reason, Verdict};
use plate::{Color, Form};

use crate::list::Standing;
use crate::{Age, Entry, EntryError, List};

const MOST_LOOK_ALIKES: usize = 3;
const LOCAL: &str = "local";

/// What a site sets.
#[derive(Debug, Clone, PartialEq)]
pub struct RulebookSettings {
    /// For plates that were surely read and are on no list.
    pub read: Verdict,
    /// For vehicles without a plate or with one that was not surely read.
    pub unread: Verdict,
    /// A list from elsewhere is called out of date when it is older than this many hours.
    pub stale_after_hours: u32,
    /// Vehicles that may pass.
    pub allow: Vec<Entry>,
    /// Vehicles that may not.
    pub deny: Vec<Entry>,
}

impl Default for RulebookSettings {
    fn default() -> Self {
        Self {
            read: Verdict::Allow,
            unread: Verdict::Ask,
            stale_after_hours: 24,
            allow: Vec::new(),
            deny: Vec::new(),
        }
    }
}

/// One mistake in the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct RulebookProblem {
    /// Where: `allow[0]`, `deny[3]`, counted from 0.
    pub key: String,
    /// What is wrong.
    #[source]
    pub problem: EntryError,
}

/// What is known of the vehicle at the barrier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenVehicle<'a> {
    /// Plate number without dots; empty when there is none.
    pub plate: &'a str,
    /// Its colour, `Unknown` when it was not surely read.
    pub color: Color,
    /// Whether the plate is sure enough to act on.
    pub accepted: bool,
}

/// The rules and lists that hold. It never changes: other lists make another one, which is handed to
/// all lanes in its place.
#[derive(Debug, Clone)]
pub struct Rulebook {
    read: Verdict,
    unread: Verdict,
    stale_after: SignedDuration,
    lists: Vec<Arc<List>>,
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
            read: settings.read,
            unread: settings.unread,
            stale_after: SignedDuration::try_from(hours).unwrap_or(SignedDuration::MAX),
            lists,
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

    /// May the vehicle pass?
    #[must_use]
    pub fn decide(&self, seen: SeenVehicle<'_>, now: Timestamp) -> Decision {
        let (verdict, reason, entry) = self.judge(seen, now);
        Decision {
            verdict,
            reason,
            grounds: Grounds {
                detail: entry.map(|e| e.reason.clone()).unwrap_or_default(),
                look_alikes: self.look_alikes(seen, now),
                lists: self.ages(now),
            },
        }
    }

    fn judge(&self, seen: SeenVehicle<'_>, now: Timestamp) -> (Verdict, Reason, Option<&Entry>) {
        if seen.plate.is_empty() {
            return (self.unread, no_plate(self.unread), None);
        }
        if !seen.accepted {
            return (self.unread, uncertain(self.unread), None);
        }
        let emergency_form = Form::of(seen.plate).any(Form::is_emergency);
        let listed_emergency = || {
            self.of_kind(ListKind::Allow)
                .any(|list| list.is_emergency(seen.plate, seen.color, now))
        };
        if emergency_form || listed_emergency() {
            return (Verdict::Allow, Reason::Emergency, None);
        }
        match self.standing(ListKind::Deny, seen, now) {
            Standing::Listed(entry) => return (Verdict::Deny, Reason::OnDenyList, Some(entry)),
            Standing::ColorUnknown(entry) => {
                return (Verdict::Ask, Reason::ListColorUnknown, Some(entry));
            }
            Standing::NotValid(_) | Standing::Absent => {}
        }
        match self.standing(ListKind::Allow, seen, now) {
            Standing::Listed(entry) => (Verdict::Allow, Reason::OnAllowList, Some(entry)),
            Standing::ColorUnknown(entry) if self.read != Verdict::Allow => {
                (Verdict::Ask, Reason::ListColorUnknown, Some(entry))
            }
            Standing::NotValid(entry) if self.read != Verdict::Allow => {
                (self.read, Reason::AllowNotValid, Some(entry))
            }
            _ => (self.read, read(self.read), None),
        }
    }

    fn of_kind(&self, kind: ListKind) -> impl Iterator<Item = &List> {
        self.lists
            .iter()
            .map(Arc::as_ref)
            .filter(move |list| list.kind == kind)
    }

    /// The strongest standing on any list of `kind`.
    fn standing(&self, kind: ListKind, seen: SeenVehicle<'_>, now: Timestamp) -> Standing<'_> {
        self.of_kind(kind)
            .map(|list| list.standing(seen.plate, seen.color, now))
            .max_by_key(|standing| standing.strength())
            .unwrap_or(Standing::Absent)
    }

    fn look_alikes(&self, seen: SeenVehicle<'_>, now: Timestamp) -> Vec<LookAlike> {
        let mut found = Vec::new();
        if seen.plate.is_empty() {
            return found;
        }
        for kind in [ListKind::Deny, ListKind::Allow] {
            let near = self
                .of_kind(kind)
                .flat_map(|list| list.near(seen.plate, now));
            let mut near: Vec<_> = near
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

const fn read(verdict: Verdict) -> Reason {
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
