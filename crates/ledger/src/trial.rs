//! A ledger of the size it has after two years, filled in minutes, for measuring queries on it.
//! Photos have rows and no files.

use std::path::Path;

use jiff::{Timestamp, ToSpan as _};
use passage::{RecordKey, RecordState, Register};
use rusqlite::{Transaction, params};
use serde_json::json;

use crate::error::{Error, Result};
use crate::open;
use crate::options::Options;
use crate::passages::facts::plate_id;
use crate::registers::NewRevision;
use crate::writer::Writer;
use crate::{OutboxSink, Takes};

/// How much there shall be.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Days up to `end`.
    pub days: u32,
    /// Passages a day.
    pub per_day: u32,
    /// Registered vehicles that come again and again.
    pub vehicles: u32,
    /// The last day's end.
    pub end: Timestamp,
}

/// Numbers that look random and are the same each time.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The same seed gives the same numbers.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `limit` - 1.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit.max(1)
    }

    /// One of `of`, which must not be empty.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap_or(0)]
    }
}

/// Where the vehicles are from.
pub const PROVINCES: [char; 6] = ['苏', '浙', '皖', '鲁', '豫', '云'];
const SERIAL: [char; 34] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
];

fn plate(dice: &mut Dice) -> String {
    let mut plate = String::from(dice.pick(&PROVINCES));
    plate.push(dice.pick(&SERIAL[10..22]));
    for _ in 0..5 {
        // Digits are commoner than letters.
        let most = if dice.below(4) == 0 { 34 } else { 10 };
        plate.push(dice.pick(&SERIAL[..most]));
    }
    plate
}

#[derive(Clone)]
struct Truck {
    plate: String,
    plate_id: Option<i64>,
    color: &'static str,
    emission: Option<&'static str>,
    fuel: Option<&'static str>,
}

/// Fills an empty folder.
///
/// # Errors
/// See [`crate::ErrorKind`].
pub fn fill(folder: &Path, trial: &Trial) -> Result<()> {
    let options = Options {
        sinks: vec![OutboxSink {
            name: "regulator:trial".to_owned(),
            wait: std::time::Duration::ZERO,
            takes: Takes::default(),
        }],
        ..Options::default()
    };
    let mut writer = Writer::open(folder, options)?;
    writer.transacted("could not prepare a trial", &[], |to| {
        to.execute_batch("PRAGMA cache_size = -200000")
    })?;
    let mut dice = Dice::new(1321);
    let first = trial
        .end
        .checked_sub((i64::from(trial.days) * 24).hours())
        .unwrap_or(trial.end);
    let mut trucks = register(&mut writer, &mut dice, trial.vehicles, first)?;
    writer.transacted("could not fill a trial", &[], |to| {
        for truck in &mut trucks {
            truck.plate_id = plate_id(to, &truck.plate)?;
        }
        Ok(())
    })?;
    for day in 0..trial.days {
        let start = first.as_millisecond() + i64::from(day) * 86_400_000;
        writer.transacted("could not fill a trial", &[], |to| {
            let step = 86_400_000 / i64::from(trial.per_day.max(1));
            for n in 0..trial.per_day {
                let at = start + i64::from(n) * step;
                let truck = come(to, &mut dice, &trucks)?;
                let is_last = day + 1 == trial.days && n + 300 > trial.per_day;
                insert(to, &mut dice, at, &truck, is_last)?;
            }
            Ok(())
        })?;
    }
    let database = open::database(folder);
    writer
        .transacted("could not end a trial", &[], |to| {
            to.execute_batch("PRAGMA optimize")
        })
        .map_err(|e| Error::new(e.kind(), "could not end a trial").at(database))
}

/// Four in a hundred passages are of vehicles that come once.
fn come(to: &Transaction<'_>, dice: &mut Dice, trucks: &[Truck]) -> rusqlite::Result<Truck> {
    if dice.below(100) >= 4 && !trucks.is_empty() {
        let index = usize::try_from(dice.below(trucks.len() as u64)).unwrap_or(0);
        return Ok(trucks[index].clone());
    }
    let plate = plate(dice);
    Ok(Truck {
        plate_id: plate_id(to, &plate)?,
        plate,
        color: "blue",
        emission: None,
        fuel: None,
    })
}

fn register(writer: &mut Writer, dice: &mut Dice, count: u32, at: Timestamp) -> Result<Vec<Truck>> {
    let mut trucks = Vec::new();
    let mut revisions = Vec::new();
    let mut names = std::collections::HashSet::new();
    while trucks.len() < count as usize {
        let plate = plate(dice);
        if !names.insert(plate.clone()) {
            continue;
        }
        let (emission, fuel) = match dice.below(1000) {
            0..2 => ("2", "B"),
            2..15 => ("3", "B"),
            15..120 => ("4", "B"),
            120..560 => ("5", "B"),
            560..940 => ("6", "B"),
            940..990 => ("6", "E"),
            _ => ("D", "C"),
        };
        let values = json!({
            "plateNo": plate, "plateColor": "yellow", "fuelType": fuel,
            "emissionStandard": emission, "vehicleType": "Q11", "useCharacter": "F",
        });
        revisions.push(NewRevision {
            key: RecordKey::random(),
            register: Register::Vehicle,
            base: 0,
            identity: format!("{plate}|yellow"),
            values: values.as_object().cloned().unwrap_or_default(),
            state: RecordState::Approved,
            at,
            who: "trial".to_owned(),
            why: "trial".to_owned(),
            files: Vec::new(),
        });
        trucks.push(Truck {
            plate,
            plate_id: None,
            color: "yellow",
            emission: Some(emission),
            fuel: Some(fuel),
        });
    }
    writer.write_records(&revisions)?;
    Ok(trucks)
}

/// One passage with all its rows. The last few hundred wait for their sink.
fn insert(
    to: &Transaction<'_>,
    dice: &mut Dice,
    at: i64,
    truck: &Truck,
    is_last: bool,
) -> rusqlite::Result<()> {
    let (entrance, lane, direction) = dice.pick(&[
        ("A", "north-in", "in"),
        ("A", "north-out", "out"),
        ("B", "south-in", "in"),
        ("B", "south-out", "out"),
    ]);
    let unread = dice.below(200) == 0;
    let (decision, reason) = match dice.below(1000) {
        0..3 => ("deny", "on_deny_list"),
        3..10 => ("ask", "uncertain_asks"),
        10..200 => ("allow", "on_allow_list"),
        _ => ("allow", "read_allowed"),
    };
    let shown = if unread { "" } else { &truck.plate };
    let color = if unread { "unknown" } else { truck.color };
    let key = format!("{:016x}{:016x}", dice.below(u64::MAX), dice.below(u64::MAX));
    let id = to
        .prepare_cached(
            "INSERT INTO passages (key, lane, entrance, barrier, direction, entered_at_ms,
                 decided_at_ms, clock, clock_trusted, camera, decision, reason)
             VALUES (?, ?, ?, '01', ?, ?, ?, 'camera_ntp', 1, ?, ?, ?)",
        )?
        .insert(params![
            key,
            lane,
            entrance,
            direction,
            at - 3000,
            at,
            lane,
            decision,
            reason
        ])?;
    to.prepare_cached(
        "INSERT INTO readings VALUES (?, 'decided', ?, ?, 0.99, 'single', 0.97, ?,
             '[{\"char\":\"A\",\"p\":0.97,\"alternatives\":[]}]', '[[1,2],[3,4],[5,6],[7,8]]', NULL)",
    )?
    .execute(params![id, shown, color, !unread])?;
    to.prepare_cached("INSERT INTO passage_outcomes VALUES (?, 'passed', ?)")?
        .execute(params![id, at + 9000])?;
    let mut photo = to.prepare_cached(
        "INSERT INTO photos (passage_id, kind, path, sha256, size_bytes, camera, taken_at_ms)
         VALUES (?, ?, ?, ?, 200000, ?, ?)",
    )?;
    for kind in ["head", "body"] {
        let path = format!("photos/trial/{key}-{kind}.jpg");
        photo.execute(params![id, kind, path, format!("{key}{key}"), lane, at])?;
    }
    let state = if is_last {
        "new"
    } else if dice.below(5000) == 0 {
        "refused"
    } else {
        "acknowledged"
    };
    let settled = (state != "new").then_some(at + 12_000);
    to.prepare_cached(
        "INSERT INTO outbox (sink, kind, passage_id, generated_at_ms, due_at_ms, state, attempts,
             answer, settled_at_ms)
         VALUES ('regulator:trial', 'passage', ?, ?, 0, ?, ?, 'ok', ?)",
    )?
    .execute(params![id, at, state, i64::from(state != "new"), settled])?;
    to.prepare_cached("INSERT INTO passage_facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            at,
            id,
            truck.plate_id.filter(|_| !unread),
            color,
            lane,
            entrance,
            direction,
            decision,
            reason,
            !unread,
            truck.emission.filter(|_| !unread),
            truck.fuel.filter(|_| !unread),
        ])?;
    Ok(())
}
