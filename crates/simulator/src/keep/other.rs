//! Registers, confirmations, and what is published to clients.

use std::io;

use jiff::Timestamp;
use serde_json::Value;

use super::{Keep, Record, Recorded};
use crate::faults::Endpoint;

impl Keep {
    /// Keeps a row of a register; the same row again is a repeat.
    pub(crate) fn record(&self, register: &str, items: Value) -> io::Result<Recorded> {
        let mut inner = self.inner();
        let same = |r: &Record| r.register == register && r.items == items;
        if inner.records.iter().any(same) {
            inner.counts.repeats += 1;
            return Ok(Recorded::Repeat);
        }
        inner.counts.records += 1;
        inner.records.push(Record {
            received_at: Timestamp::now(),
            register: register.to_owned(),
            items,
        });
        Ok(Recorded::New)
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.inner().records.clone()
    }

    /// Counts a strategy as confirmed, each time it is.
    pub(crate) fn confirmed(&self, id: &str, value: Value) -> Recorded {
        let mut inner = self.inner();
        inner.counts.confirmations += 1;
        let repeat = inner.confirmed.iter().any(|(known, _)| known == id);
        inner.confirmed.push((id.to_owned(), value));
        if repeat {
            Recorded::Repeat
        } else {
            Recorded::New
        }
    }

    pub(crate) fn confirmations(&self) -> Vec<(String, Value)> {
        self.inner().confirmed.clone()
    }

    /// What clients get when they ask for a list, from now on.
    pub(crate) fn publish(&self, list: Endpoint, entries: Vec<Value>) {
        self.inner().published.insert(list, entries);
    }

    pub(crate) fn published(&self, list: Endpoint) -> Vec<Value> {
        self.inner()
            .published
            .get(&list)
            .cloned()
            .unwrap_or_default()
    }
}
