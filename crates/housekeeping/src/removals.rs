//! What retention removed, and what it would remove.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{HeldBack, Reader, Removable, Removals, Space};
use words::{Key, Language};

use crate::RetentionPlan;
use crate::round::{Ages, oldest};

/// Rows that are read at a time.
const PAGE: usize = 5000;

/// How much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pile {
    passages: u64,
    photos: u64,
    bytes: u64,
}

impl Pile {
    fn add(&mut self, more: &Removable) {
        self.passages += 1;
        self.photos += u64::from(more.photos);
        self.bytes += more.size_bytes;
    }
}

/// What would be removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Coming {
    /// Old enough and announced for long enough.
    pub now: Pile,
    /// Old enough within the time of a notice.
    pub soon: Pile,
    /// The next one of these was decided then.
    pub next: Option<Timestamp>,
    /// Old enough within that time, and kept all the same.
    pub held: HeldBack,
    /// For want of space.
    pub for_space: Pile,
}

impl Coming {
    /// What a round would find now in the ledger in `data`.
    ///
    /// # Errors
    /// When the disk or the ledger can't be read.
    pub fn look(
        plan: &RetentionPlan,
        data: &Path,
        zone: &TimeZone,
        reader: &Reader,
        now: Timestamp,
    ) -> ledger::Result<Self> {
        let mut coming = Self {
            now: Pile::default(),
            soon: Pile::default(),
            next: None,
            held: HeldBack::default(),
            for_space: Pile::default(),
        };
        if let Some(ages) = Ages::at(now, plan, zone) {
            let announced = reader.announced_by_age(now, plan.notice)?;
            let due = announced.map(|announced| announced.min(ages.now));
            coming.held = reader.held(ages.ahead)?;
            let mut after = None;
            loop {
                let page = reader.removable(ages.ahead, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = Some(*last);
                for passage in &page {
                    if due.is_some_and(|due| passage.decided_at < due) {
                        coming.now.add(passage);
                    } else {
                        coming.next = coming.next.or(Some(passage.decided_at));
                        coming.soon.add(passage);
                    }
                }
            }
        }
        let free = Space::of(data)?.free_bytes;
        if free < plan.keep_free_bytes {
            let due = oldest(reader, now, plan.keep_free_bytes - free)?;
            due.iter().for_each(|passage| coming.for_space.add(passage));
        }
        Ok(coming)
    }

    /// In words.
    #[must_use]
    pub fn told(&self, plan: &RetentionPlan, language: Language) -> Vec<String> {
        let months = plan.photos_months;
        let days = plan.notice.as_secs() / 86_400;
        let pile = |key, pile: &Pile| {
            let gigabytes = gigabytes(pile.bytes);
            language.fill(
                key,
                &[
                    ("passages", &pile.passages),
                    ("photos", &pile.photos),
                    ("gigabytes", &gigabytes),
                    ("months", &months),
                    ("days", &days),
                ],
            )
        };
        let mut lines = vec![
            pile(Key::RetentionNow, &self.now),
            pile(Key::RetentionSoon, &self.soon),
        ];
        if self.for_space != Pile::default() {
            lines.push(pile(Key::RetentionForSpace, &self.for_space));
        }
        let held = &self.held;
        lines.push(language.fill(
            Key::RetentionHeld,
            &[
                ("waiting", &held.waiting),
                ("refused", &held.refused),
                ("unknown", &held.unknown_plate),
                ("open", &held.open),
            ],
        ));
        lines
    }
}

/// What retention removed so far; nothing when it removed nothing.
#[must_use]
pub fn removed(all: &Removals, language: Language, zone: &TimeZone) -> Option<String> {
    let until = all.until?.to_zoned(zone.clone());
    let gigabytes = gigabytes(all.size_bytes);
    Some(language.fill(
        Key::RetentionRemoved,
        &[
            ("photos", &all.photos),
            ("passages", &all.passages),
            ("gigabytes", &gigabytes),
            ("day", &until.strftime("%Y-%m-%d")),
        ],
    ))
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.2}", bytes as f64 / 1e9)
}
