//! Drawing: which of what was frozen is looked at. Nothing but the code of the freeze and the seed decides.

use std::collections::HashSet;

use jiff::civil::Date;
use ledger::{FrozenRecord, InspectionView, Reader};
use passage::{RecordKey, Register};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use words::{Group, Key, Language, Said};

use crate::{Error, Freeze};

/// Longest seed.
pub const MOST_SEED_CHARS: usize = 100;

/// How many of what, as the checklist of HJ 1321-2023 asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawCounts {
    /// Passages, 5 to 10.
    pub passages: usize,
    /// In-plant vehicles, 10 or more.
    pub vehicles: usize,
    /// Machines, 10 or more.
    pub machines: usize,
    /// Days, 3 to 5.
    pub days: usize,
}

impl Default for DrawCounts {
    fn default() -> Self {
        Self {
            passages: 10,
            vehicles: 10,
            machines: 10,
            days: 5,
        }
    }
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// What the inspector typed.
    pub seed: String,
    /// The code of the freeze.
    pub code: String,
    /// How many were asked for.
    pub counts: DrawCounts,
    /// Days, in their order.
    pub days: Vec<Date>,
    /// Passages of these days, as drawn.
    pub passages: Vec<DrawnPassage>,
    /// In-plant vehicles, as drawn.
    pub vehicles: Vec<DrawnRecord>,
    /// Machines, as drawn.
    pub machines: Vec<DrawnRecord>,
}

/// A passage that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnPassage {
    /// Its number.
    pub number: i64,
    /// Its day.
    pub day: Date,
}

/// A record of a register that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnRecord {
    /// Its key.
    pub key: RecordKey,
    /// Which revision held.
    pub revision: u32,
    /// What people call it.
    pub identity: String,
}

impl Drawn {
    /// What was drawn of an inspection.
    ///
    /// # Errors
    /// When nothing was, or it can't be understood.
    pub fn of(inspection: &InspectionView) -> Result<Self, Error> {
        let id = inspection.id;
        let none = || Error::asked(Said::with(Key::InspectNotDrawn, "id", id));
        let draw = inspection.draw.as_ref().ok_or_else(none)?;
        serde_json::from_str(&draw.content).map_err(|error| Error::Kept {
            id,
            why: error.to_string(),
        })
    }

    /// Whether this was drawn.
    #[must_use]
    pub fn has(&self, kind: ledger::DrawnKind, subject: &str) -> bool {
        use ledger::DrawnKind::{Day, Machine, Passage, Vehicle};
        match kind {
            Passage => self
                .passages
                .iter()
                .any(|p| p.number.to_string() == subject),
            Vehicle => self.vehicles.iter().any(|r| r.key.to_string() == subject),
            Machine => self.machines.iter().any(|r| r.key.to_string() == subject),
            Day => self.days.iter().any(|day| day.to_string() == subject),
        }
    }
}

/// Numbers from 0 to `among` - 1 without repetition, in the order in which they are drawn; all of them, in
/// their order, when no more are there than asked for.
///
/// The n-th candidate (from 0) is the first eight bytes, most significant first, of the SHA-256 over the text
/// `menjin-draw-1`, code, seed, label and n, each on a line of its own without a line feed at the end. Candidates
/// that are not below the largest multiple of `among` that 64 bits hold are skipped, the others are taken modulo
/// `among`; what was drawn before is skipped.
#[must_use]
pub fn pick(code: &str, seed: &str, label: &str, among: u64, count: usize) -> Vec<u64> {
    if among <= count as u64 {
        return (0..among).collect();
    }
    // 2^64 mod among, without leaving 64 bits.
    let beyond = (u64::MAX % among + 1) % among;
    let mut known = HashSet::new();
    let mut picked = Vec::with_capacity(count);
    for n in 0_u64.. {
        if picked.len() == count {
            break;
        }
        let text = format!("menjin-draw-1\n{code}\n{seed}\n{label}\n{n}");
        let hash = Sha256::digest(text.as_bytes());
        let first = hash.iter().take(8);
        let candidate = first.fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
        if candidate > u64::MAX - beyond {
            continue;
        }
        let number = candidate % among;
        if known.insert(number) {
            picked.push(number);
        }
    }
    picked
}

/// The days that are drawn: of those that have passages, in their order.
pub(crate) fn days(freeze: &Freeze, code: &str, seed: &str, count: usize) -> Vec<Date> {
    let with: Vec<Date> = freeze
        .days
        .iter()
        .filter(|day| day.passages > 0)
        .map(|day| day.day)
        .collect();
    let mut days: Vec<Date> = pick(code, seed, "days", with.len() as u64, count)
        .into_iter()
        .filter_map(|n| with.get(usize::try_from(n).ok()?).copied())
        .collect();
    days.sort();
    days
}

/// The passages that are drawn: of all of the drawn days, one day after the other.
pub(crate) fn passages(
    of: &[(Date, Vec<i64>)],
    code: &str,
    seed: &str,
    count: usize,
) -> Vec<DrawnPassage> {
    let all: u64 = of.iter().map(|(_, numbers)| numbers.len() as u64).sum();
    let picked = pick(code, seed, "passages", all, count);
    let find = |n: u64| {
        let mut before = usize::try_from(n).ok()?;
        for (day, numbers) in of {
            match numbers.get(before) {
                Some(&number) => return Some(DrawnPassage { number, day: *day }),
                None => before -= numbers.len(),
            }
        }
        None
    };
    picked.into_iter().filter_map(find).collect()
}

/// The records that are drawn.
pub(crate) fn records(
    of: &[FrozenRecord],
    code: &str,
    seed: &str,
    (label, count): (&str, usize),
) -> Vec<DrawnRecord> {
    pick(code, seed, label, of.len() as u64, count)
        .into_iter()
        .filter_map(|n| of.get(usize::try_from(n).ok()?))
        .map(|record| DrawnRecord {
            key: record.key,
            revision: record.revision,
            identity: record.identity.clone(),
        })
        .collect()
}

/// Draws of what was frozen, and gives what is to be kept: a JSON text.
///
/// # Errors
/// When the seed or the counts can't be, or the ledger can't be read.
pub fn drawn(
    reader: &Reader,
    inspection: &InspectionView,
    seed: &str,
    counts: DrawCounts,
) -> Result<(Drawn, String), Error> {
    let freeze = Freeze::of(inspection)?;
    let chars = seed.chars().count();
    if chars == 0
        || chars > MOST_SEED_CHARS
        || seed.trim() != seed
        || seed.contains(char::is_control)
    {
        return Err(Error::asked(Said::with(
            Key::InspectSeed,
            "most",
            MOST_SEED_CHARS,
        )));
    }
    fits("passage", counts.passages, 5, 10)?;
    fits("vehicle", counts.vehicles, 10, 100)?;
    fits("machine", counts.machines, 10, 100)?;
    fits("day", counts.days, 3, 5)?;
    let code = inspection.code.as_str();
    let days = days(&freeze, code, seed, counts.days);
    let mut of = Vec::new();
    for day in days.iter().filter_map(|day| freeze.day(*day)) {
        of.push((day.day, reader.population(&freeze.population(day))?));
    }
    let register = |register, label, count| -> Result<Vec<DrawnRecord>, Error> {
        let all = reader.frozen_records(register, freeze.last_revision)?;
        Ok(records(&all, code, seed, (label, count)))
    };
    let drawn = Drawn {
        seed: seed.to_owned(),
        code: code.to_owned(),
        counts,
        passages: passages(&of, code, seed, counts.passages),
        vehicles: register(Register::InPlantVehicle, "vehicles", counts.vehicles)?,
        machines: register(Register::Machine, "machines", counts.machines)?,
        days,
    };
    let content = serde_json::to_string(&drawn)?;
    Ok((drawn, content))
}

fn fits(what: &'static str, count: usize, least: usize, most: usize) -> Result<(), Error> {
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let said = Said::with(Key::InspectCount, "least", least).and("most", most);
    let named = move |language: Language| language.named(Group::Drawn, what).to_owned();
    Err(Error::asked(said.and_each("what", named)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_code_and_seed_draw_the_same_and_nothing_twice() {
        let code = "ab".repeat(32);
        let first = pick(&code, "雨天 7", "passages", 1_000_000, 10);
        assert_eq!(first, pick(&code, "雨天 7", "passages", 1_000_000, 10));
        assert_ne!(first, pick(&code, "雨天 8", "passages", 1_000_000, 10));
        assert_ne!(first, pick(&code, "雨天 7", "vehicles", 1_000_000, 10));
        let few = pick(&code, "x", "days", 11, 10);
        let mut sorted = few.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!((few.len(), sorted.len()), (10, 10));
        assert_eq!(pick(&code, "x", "days", 3, 5), [0, 1, 2]);
        assert!(pick(&code, "x", "days", 0, 5).is_empty());
    }

    /// Worked out with Python's hashlib from the description alone.
    #[test]
    fn the_draw_is_the_one_that_is_published() {
        let code = "0".repeat(64);
        assert_eq!(pick(&code, "2026", "days", 31, 5), PUBLISHED);
    }

    const PUBLISHED: [u64; 5] = [28, 12, 10, 8, 13];

    #[test]
    fn each_is_drawn_about_as_often_as_any_other() {
        let mut times = [0_u32; 20];
        for seed in 0..2000 {
            for n in pick("code", &seed.to_string(), "passages", 20, 5) {
                times[usize::try_from(n).expect("small")] += 1;
            }
        }
        // 500 each; four standard deviations are 78.
        assert!(times.iter().all(|t| (420..580).contains(t)), "{times:?}");
    }
}
