//! The rules, in the order in which the crate's first page lists them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plate::{Color, Form};
use serde::Deserialize;

use crate::list::Standing;
use crate::{Age, Decision, Entry, EntryError, List, ListAge, ListKind, Reason, Similar, Verdict};

const MOST_SIMILAR: usize = 3;
const LOCAL: &str = "local";

/// What a site sets.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
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

impl Default for Settings {
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
pub struct SettingsError {
    /// Where: `allow[0]`, `deny[3]`, counted from 0.
    pub key: String,
    /// What is wrong.
    #[source]
    pub problem: EntryError,
}

/// What is known of the vehicle at the barrier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen<'a> {
    /// Plate number without dots; empty when there is none.
    pub plate: &'a str,
    /// Its colour, `Unknown` when it was not surely read.
    pub color: Color,
    /// Whether the plate is sure enough to act on.
    pub accepted: bool,
}

/// Decides from settings and lists.
#[derive(Debug, Clone)]
pub struct Policy {
    read: Verdict,
    unread: Verdict,
    stale_after: SignedDuration,
    lists: Vec<List>,
}

impl Policy {
    /// The policy of `settings`, or every mistake in them.
    pub fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let mut errors = Vec::new();
        let mut list = |kind, key: &str, entries: Vec<Entry>| {
            let mut good = Vec::new();
            for (i, entry) in entries.into_iter().enumerate() {
                match entry.checked() {
                    Ok(entry) => good.push(entry),
                    Err(problem) => errors.push(SettingsError {
                        key: format!("{key}[{i}]"),
                        problem,
                    }),
                }
            }
            List::new(kind, LOCAL, Age::Local, good)
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

    /// Takes a list from elsewhere into use, in place of the one of the same kind and name.
    pub fn replace(&mut self, list: List) {
        self.lists
            .retain(|old| (old.kind, &old.name) != (list.kind, &list.name));
        self.lists.push(list);
    }

    /// May the vehicle pass?
    #[must_use]
    pub fn decide(&self, seen: Seen<'_>, now: Timestamp) -> Decision {
        let (verdict, reason, entry) = self.judge(seen, now);
        Decision {
            verdict,
            reason,
            detail: entry.map(|e| e.reason.clone()).unwrap_or_default(),
            similar: self.similar(seen, now),
            lists: self.ages(now),
        }
    }

    fn judge(&self, seen: Seen<'_>, now: Timestamp) -> (Verdict, Reason, Option<&Entry>) {
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
        self.lists.iter().filter(move |list| list.kind == kind)
    }

    /// The strongest standing on any list of `kind`.
    fn standing(&self, kind: ListKind, seen: Seen<'_>, now: Timestamp) -> Standing<'_> {
        self.of_kind(kind)
            .map(|list| list.standing(seen.plate, seen.color, now))
            .max_by_key(|standing| standing.strength())
            .unwrap_or(Standing::Absent)
    }

    fn similar(&self, seen: Seen<'_>, now: Timestamp) -> Vec<Similar> {
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
                .map(|entry| Similar {
                    plate: entry.plate.clone(),
                    color: entry.color,
                    list: kind,
                })
                .collect();
            near.sort_by(|a, b| (&a.plate, a.color).cmp(&(&b.plate, b.color)));
            near.dedup();
            found.extend(near);
        }
        found.truncate(MOST_SIMILAR);
        found
    }

    fn ages(&self, now: Timestamp) -> Vec<ListAge> {
        let age_of = |list: &List| {
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
fn is_same(entry: &Entry, seen: Seen<'_>) -> bool {
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
