//! The combined query, measured on a ledger of the size that it will have.

use std::time::Instant;

use jiff::{Timestamp, ToSpan as _};
use ledger::trial::{Dice, PROVINCES};
use ledger::{Filter, PlatePart, Reader, Result, UploadState};
use passage::{Direction, Verdict};
use serde::Serialize;

/// One kind of query.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// What was asked.
    pub query: &'static str,
    /// How often, with other values each time.
    pub runs: usize,
    /// Passages that the pages held in all.
    pub found: usize,
    /// Half of the runs took no longer, milliseconds.
    pub p50_ms: f64,
    /// 95 of 100 took no longer.
    pub p95_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

const PAGE: usize = 50;

/// Asks each kind of query `runs` times for a page of 50, after a round that warms up. The values
/// come from passages that are there.
///
/// # Errors
/// See [`ledger::ErrorKind`].
pub fn measure(reader: &Reader, end: Timestamp, days: u32, runs: usize) -> Result<Vec<Measured>> {
    let mut all = Vec::new();
    for (index, (query, make)) in KINDS.iter().enumerate() {
        let mut dice = Dice::new(index as u64 + 7);
        let mut times = Vec::with_capacity(runs);
        let mut found = 0;
        for run in 0..runs + 2 {
            let example = Example::of(reader, &mut dice, end, days)?;
            let filter = make(&example);
            let begun = Instant::now();
            let mut page = reader.search(&filter, None, PAGE)?;
            if query.contains("20th") {
                for _ in 0..20 {
                    page = reader.search(&filter, page.next, PAGE)?;
                }
                // Only the last page is what a person waits for.
                let begun = Instant::now();
                page = reader.search(&filter, page.next, PAGE)?;
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            } else {
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            if run < 2 {
                times.clear();
            } else {
                found += page.passages.len();
            }
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| {
            let index = (times.len() * share).div_ceil(100).saturating_sub(1);
            times.get(index).copied().unwrap_or(0.0)
        };
        all.push(Measured {
            query,
            runs,
            found,
            p50_ms: at(50),
            p95_ms: at(95),
            max_ms: at(100),
        });
    }
    Ok(all)
}

/// Something that is there to be asked for.
struct Example {
    plate: Vec<char>,
    month: (Timestamp, Timestamp),
    direction: Direction,
    lane: String,
    other_lane: &'static str,
    province: char,
}

impl Example {
    fn of(reader: &Reader, dice: &mut Dice, end: Timestamp, days: u32) -> Result<Self> {
        let day = i64::try_from(dice.below(u64::from(days.max(1)))).unwrap_or(0);
        let until = end.checked_sub((day * 24).hours()).unwrap_or(end);
        let from = until.checked_sub((31 * 24).hours()).unwrap_or(until);
        let some = Filter {
            until: Some(until),
            unknown: Some(false),
            ..Filter::default()
        };
        let page = reader.search(&some, None, 9)?;
        let passage = page.passages.last();
        Ok(Self {
            plate: passage.map_or_else(Vec::new, |p| p.reading.plate.chars().collect()),
            month: (from, until),
            direction: passage.map_or(Direction::In, |p| p.direction),
            lane: passage.map_or_else(String::new, |p| p.lane.clone()),
            other_lane: dice.pick(&["north-in", "south-in"]),
            province: dice.pick(&PROVINCES),
        })
    }

    fn part(&self, range: std::ops::Range<usize>, similar: bool) -> Filter {
        let whole = range.len() >= self.plate.len();
        let chars = self.plate.get(range).unwrap_or(&self.plate);
        Filter {
            plate: Some(PlatePart {
                text: chars.iter().collect(),
                whole,
                similar,
            }),
            ..Filter::default()
        }
    }

    fn in_month(&self, filter: Filter) -> Filter {
        Filter {
            from: Some(self.month.0),
            until: Some(self.month.1),
            ..filter
        }
    }
}

fn emission(code: &str) -> Filter {
    Filter {
        emission: Some(code.to_owned()),
        ..Filter::default()
    }
}

type Make = fn(&Example) -> Filter;

const KINDS: [(&str, Make); 20] = [
    ("newest page", |_| Filter::default()),
    ("a month", |e| e.in_month(Filter::default())),
    ("a month, 20th page", |e| e.in_month(Filter::default())),
    ("whole plate", |e| e.part(0..7, false)),
    ("whole plate, similar characters", |e| e.part(0..7, true)),
    ("3 characters of a plate", |e| e.part(4..7, false)),
    ("4 characters, similar", |e| e.part(3..7, true)),
    ("first 3 characters of a plate", |e| e.part(0..3, false)),
    ("2 characters within a month", |e| {
        e.in_month(e.part(5..7, false))
    }),
    ("a plate that never came", |_| Filter {
        plate: Some(PlatePart {
            text: "港QQQ".to_owned(),
            ..PlatePart::default()
        }),
        ..Filter::default()
    }),
    ("rare emission standard", |_| emission("2")),
    ("common emission standard", |_| emission("6")),
    ("rare standard, denied", |_| Filter {
        decision: Some(Verdict::Deny),
        ..emission("3")
    }),
    ("gas, asked, going out", |_| Filter {
        fuel: Some("E".to_owned()),
        decision: Some(Verdict::Ask),
        direction: Some(Direction::Out),
        ..Filter::default()
    }),
    ("denied by a list", |_| Filter {
        reason: Some("on_deny_list".to_owned()),
        ..Filter::default()
    }),
    ("waiting for upload", |_| Filter {
        upload: Some(UploadState::Waiting),
        ..Filter::default()
    }),
    ("refused by the platform", |_| Filter {
        upload: Some(UploadState::Refused),
        ..Filter::default()
    }),
    ("plate unknown", |_| Filter {
        unknown: Some(true),
        ..Filter::default()
    }),
    ("six conditions in a month", |e| Filter {
        lane: Some(e.lane.clone()),
        direction: Some(e.direction),
        color: Some(plate::Color::Yellow),
        emission: Some("5".to_owned()),
        fuel: Some("B".to_owned()),
        decision: Some(Verdict::Allow),
        ..e.in_month(e.part(1..4, true))
    }),
    ("what never happens, all time", |e| Filter {
        lane: Some(e.other_lane.to_owned()),
        direction: Some(Direction::Out),
        color: Some(plate::Color::Yellow),
        plate: Some(PlatePart {
            text: format!("{}A", e.province),
            whole: false,
            similar: false,
        }),
        ..e.in_month(Filter::default())
    }),
];
