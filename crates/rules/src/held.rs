//! What is held of the ledger, brought up to date by what has changed in it.

use std::sync::Arc;

use ledger::Reader;
use passage::{RuleKind, RuleState, RuleView};
use policy::{InForce, Rulebook, Vehicles, facts_of};
use serde::de::DeserializeOwned;

use crate::Listing;
use crate::lists::{self, Fetches};

/// Changes of the register that are read at a time.
const CHANGES: usize = 2000;

/// What is held of the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    book: Rulebook,
    fetches: Option<Fetches>,
    rules: Vec<RuleView>,
    vehicles: Arc<Vehicles>,
    /// Up to where the register was read.
    place: i64,
}

/// The rules in force now, for one question.
///
/// # Errors
/// What the ledger's reader says.
pub fn read(reader: &Reader, site: &Rulebook, platforms: &[Listing]) -> ledger::Result<Rulebook> {
    let mut held = Held::new(site.clone());
    held.update(reader, platforms)?;
    Ok(held.book)
}

impl Held {
    pub(crate) fn new(site: Rulebook) -> Self {
        Self {
            book: site,
            fetches: None,
            rules: Vec::new(),
            vehicles: Arc::default(),
            place: 0,
        }
    }

    pub(crate) fn book(&self) -> &Rulebook {
        &self.book
    }

    /// Reads what has changed, and says whether anything has.
    pub(crate) fn update(
        &mut self,
        reader: &Reader,
        platforms: &[Listing],
    ) -> ledger::Result<bool> {
        let lists = self.update_lists(reader, platforms)?;
        let rules = self.update_rules(reader)?;
        let vehicles = self.update_vehicles(reader)?;
        Ok(lists || rules || vehicles)
    }

    fn update_lists(&mut self, reader: &Reader, platforms: &[Listing]) -> ledger::Result<bool> {
        let fetches = lists::fetches(reader)?;
        if self.fetches.as_ref() == Some(&fetches) {
            return Ok(false);
        }
        let lists = lists::lists(reader, platforms, &fetches)?;
        self.book = self.book.with(lists);
        self.fetches = Some(fetches);
        Ok(true)
    }

    fn update_rules(&mut self, reader: &Reader) -> ledger::Result<bool> {
        let mut rules = reader.rules(RuleKind::Strategy)?;
        rules.extend(reader.rules(RuleKind::Visitor)?);
        if self.rules == rules {
            return Ok(false);
        }
        let book = self
            .book
            .with_strategies(in_force(&rules, RuleKind::Strategy));
        self.book = book.with_visitors(in_force(&rules, RuleKind::Visitor));
        self.rules = rules;
        Ok(true)
    }

    /// Only what was approved or retired since the last time is read.
    fn update_vehicles(&mut self, reader: &Reader) -> ledger::Result<bool> {
        let before = self.place;
        loop {
            let changes = reader.vehicle_changes(self.place, CHANGES)?;
            let Some(last) = changes.last() else {
                break;
            };
            self.place = last.place;
            let vehicles = Arc::make_mut(&mut self.vehicles);
            for change in &changes {
                vehicles.set(&change.name, change.values.as_ref().map(facts_of));
            }
        }
        if self.place != before {
            self.book = self.book.with_vehicles(Arc::clone(&self.vehicles));
        }
        Ok(self.place != before)
    }
}

/// What of these is in force. A rule that this program can't read binds nobody, and is told.
fn in_force<T: DeserializeOwned>(rules: &[RuleView], kind: RuleKind) -> Vec<InForce<T>> {
    let held = rules
        .iter()
        .filter(|rule| rule.kind == kind && rule.state == RuleState::InForce);
    let read = held.filter_map(|rule| {
        let content = serde_json::from_value(rule.content.clone());
        let told = content.inspect_err(|error| {
            tracing::error!(rule = %rule.key, %error, "a rule in force can't be read");
        });
        Some(InForce {
            key: rule.key.to_string(),
            rule: told.ok()?,
            by: rule.who.clone(),
            since: rule.at,
        })
    });
    read.collect()
}
