//! What the outbox should do, said as simply as possible.

use passage::{DeliveryState, OutboxKind};

use super::{HOUR_MS, LIVE_MS};

/// What one row of the outbox should be; its place in the list is its id less one.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) passage: i64,
    pub(super) kind: OutboxKind,
    pub(super) state: DeliveryState,
    pub(super) attempts: u32,
    pub(super) generated: i64,
    pub(super) due: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) rows: Vec<Row>,
    /// Per passage: finished or not.
    pub(super) finished: Vec<bool>,
    /// Per passage: the sink has been handed its end.
    pub(super) end_delivered: Vec<bool>,
    pub(super) now: i64,
}

impl Model {
    pub(super) fn push(&mut self, passage: i64, kind: OutboxKind, due: Option<i64>) {
        let state = DeliveryState::New;
        self.rows.push(Row {
            passage,
            kind,
            state,
            attempts: 0,
            generated: self.now,
            due,
        });
    }

    pub(super) fn finish(&mut self, passage: i64) {
        let first = self
            .rows
            .iter_mut()
            .find(|row| row.passage == passage && row.kind == OutboxKind::Passage)
            .unwrap();
        if first.attempts > 0 {
            self.push(passage, OutboxKind::PassageFinished, None);
        } else {
            first.due = None;
        }
    }

    pub(super) fn claim(&mut self, limit: usize, backlog_limit: usize) -> Vec<usize> {
        let waits = |row: &Row| matches!(row.state, DeliveryState::New | DeliveryState::Sending);
        let due = |index: &usize| {
            let row = &self.rows[*index];
            row.state == DeliveryState::New
                && row
                    .due
                    .is_none_or(|due| due <= self.now || due > self.now + HOUR_MS)
                && !self.rows[..*index]
                    .iter()
                    .any(|r| r.passage == row.passage && waits(r))
        };
        let is_live = |index: &usize| self.rows[*index].generated >= self.now - LIVE_MS;
        let (live, backlog): (Vec<usize>, Vec<usize>) =
            (0..self.rows.len()).filter(due).partition(is_live);
        let mut all: Vec<usize> = live.into_iter().take(limit).collect();
        all.extend(
            backlog
                .into_iter()
                .take(backlog_limit.min(limit - all.len())),
        );
        for index in &all {
            self.rows[*index].state = DeliveryState::Sending;
            self.rows[*index].attempts += 1;
        }
        all
    }

    pub(super) fn nth(&self, state: DeliveryState, n: usize) -> Option<usize> {
        let all: Vec<usize> = (0..self.rows.len())
            .filter(|i| self.rows[*i].state == state)
            .collect();
        (!all.is_empty()).then(|| all[n % all.len()])
    }

    pub(super) fn count(&self, state: DeliveryState) -> u64 {
        self.rows.iter().filter(|row| row.state == state).count() as u64
    }
}
