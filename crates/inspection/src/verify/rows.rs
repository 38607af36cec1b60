//! What was frozen, drawn and recorded, against each other.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use jiff::civil::Date;
use ledger::{DrawnKind, EvidenceRow, FrozenDay};
use serde::de::DeserializeOwned;
use words::{Group, Key, Language, Said};

use super::PackVerdict;
use super::archive::{Archive, unreadable};
use super::chain::{self, Proved, Wanted};
use super::files::Files;
use crate::freeze::{over, sha256};
use crate::pack::names;
use crate::{Drawn, DrawnPassage, DrawnRecord, Freeze, RecordsFrozen, draw};

/// Rows of one file.
const MOST_ROWS: usize = 2_000_000;

/// The passages of a drawn day.
pub(super) struct Day {
    pub(super) frozen: FrozenDay,
    /// Their numbers, in the order in which they are drawn.
    pub(super) numbers: Vec<i64>,
    /// Numbers of passages between them that are none of the day.
    pub(super) others: HashSet<i64>,
}

pub(super) fn check<R: Read + Seek>(
    archive: &mut Archive<R>,
    files: &Files,
    verdict: &mut PackVerdict,
) -> Result<(), Said> {
    let bytes = archive.whole(names::FREEZE)?;
    let code = sha256(&bytes);
    verdict.code.clone_from(&code);
    let freeze: Freeze = parsed(names::FREEZE, &bytes)?;
    if freeze.form > 1 {
        return Err(Said::with(Key::PackForm, "form", freeze.form));
    }
    verdict.freeze = Some(freeze.clone());
    let drawn_bytes = archive.whole(names::DRAW)?;
    let drawn: Drawn = parsed(names::DRAW, &drawn_bytes)?;
    verdict.drawn = Some(drawn.clone());
    let mut wanted = Wanted::default();
    let own = rows(archive, names::INSPECTION)?;
    let is = |table: &str, column: &str, bytes: &[u8]| {
        let mut of = own.iter().filter(|row| row.table == table);
        of.any(|row| row.text(column).map(str::as_bytes) == Some(bytes))
    };
    let same = is("inspections", "content", &bytes) && is("inspections", "code", code.as_bytes());
    if !same || !is("inspection_draws", "content", &drawn_bytes) {
        verdict.add(Key::PackFrozenOtherwise);
    }
    wanted.add(names::INSPECTION, own, Proved::Link);
    let mut days = Vec::new();
    for &day in &drawn.days {
        days.extend(of_day(archive, &freeze, day, &mut wanted, verdict)?);
    }
    let vehicles = register(archive, names::VEHICLES, &freeze.vehicles, verdict)?;
    let machines = register(archive, names::MACHINES, &freeze.machines, verdict)?;
    again(
        &freeze,
        &drawn,
        &code,
        &days,
        (&vehicles, &machines),
        verdict,
    );
    wanted.add(names::VEHICLES, vehicles, Proved::Freeze);
    wanted.add(names::MACHINES, machines, Proved::Freeze);
    let mut photos = HashSet::new();
    for passage in &drawn.passages {
        of_passage(archive, files, passage, (&mut wanted, &mut photos), verdict)?;
    }
    for name in files.found.keys() {
        if name.starts_with("photos/") && !photos.contains(name) {
            verdict.add(Said::with(Key::PackUnknown, "path", name));
        }
    }
    verdict.rows = wanted.len();
    chain::check(archive, &freeze, &days, wanted, verdict)
}

/// The passages of a drawn day: as many and the very ones that were frozen.
fn of_day<R: Read + Seek>(
    archive: &mut Archive<R>,
    freeze: &Freeze,
    day: Date,
    wanted: &mut Wanted,
    verdict: &mut PackVerdict,
) -> Result<Option<Day>, Said> {
    let Some(frozen) = freeze.day(day).cloned() else {
        verdict.add(drawn_otherwise(DrawnKind::Day));
        return Ok(None);
    };
    let name = names::population(day);
    let found = rows(archive, &name)?;
    let in_day = |row: &EvidenceRow| is_in(row, &frozen, freeze);
    let digest = over(found.iter().map(EvidenceRow::content));
    let order: Vec<_> = found
        .iter()
        .map(|row| (row.integer("decided_at_ms"), row.integer("id")))
        .collect();
    let whole = found.len() as u64 == frozen.passages
        && digest == frozen.sha256
        && found.iter().all(in_day)
        && order.is_sorted();
    if !whole {
        let said = Said::with(Key::PackPopulation, "day", day).and("frozen", frozen.passages);
        verdict.add(said.and("found", found.len()));
    }
    let numbers = found.iter().filter_map(|row| row.integer("id")).collect();
    wanted.add(&name, found, Proved::Freeze);
    let name = names::others(day);
    let between = if archive.has(&name) {
        rows(archive, &name)?
    } else {
        Vec::new()
    };
    for row in between.iter().filter(|row| in_day(row)) {
        let said = Said::with(Key::PackLeftOut, "day", day);
        verdict.add(said.and("number", row.integer("id").unwrap_or(0)));
    }
    let others = between.iter().filter_map(|row| row.integer("id")).collect();
    wanted.add(&name, between, Proved::Link);
    Ok(Some(Day {
        frozen,
        numbers,
        others,
    }))
}

/// Whether a passage's row belongs to a frozen day.
fn is_in(row: &EvidenceRow, day: &FrozenDay, freeze: &Freeze) -> bool {
    let at = row.integer("decided_at_ms");
    let here = row.text("entrance").is_some_and(|entrance| {
        freeze.entrances.is_empty() || freeze.entrances.iter().any(|one| one == entrance)
    });
    row.table == "passages"
        && here
        && at.is_some_and(|at| (day.from_ms..day.until_ms).contains(&at))
        && row
            .integer("id")
            .is_some_and(|id| id <= freeze.last_passage)
}

fn register<R: Read + Seek>(
    archive: &mut Archive<R>,
    name: &str,
    frozen: &RecordsFrozen,
    verdict: &mut PackVerdict,
) -> Result<Vec<EvidenceRow>, Said> {
    let found = rows(archive, name)?;
    let same = found.len() as u64 == frozen.count
        && over(found.iter().map(EvidenceRow::content)) == frozen.sha256;
    if !same {
        verdict.add(Said::with(Key::PackRecords, "path", name));
    }
    Ok(found)
}

/// Draws again from what was frozen.
fn again(
    freeze: &Freeze,
    drawn: &Drawn,
    code: &str,
    days: &[Day],
    (vehicles, machines): (&[EvidenceRow], &[EvidenceRow]),
    verdict: &mut PackVerdict,
) {
    let (seed, counts) = (drawn.seed.as_str(), drawn.counts);
    let most = 1000;
    if drawn.code != code || counts.days.max(counts.passages) > most {
        verdict.add(drawn_otherwise(DrawnKind::Day));
        return;
    }
    if draw::days(freeze, code, seed, counts.days) != drawn.days {
        verdict.add(drawn_otherwise(DrawnKind::Day));
    }
    let of: Vec<_> = days
        .iter()
        .map(|day| (day.frozen.day, day.numbers.clone()))
        .collect();
    if draw::passages(&of, code, seed, counts.passages) != drawn.passages {
        verdict.add(drawn_otherwise(DrawnKind::Passage));
    }
    for (kind, label, count, rows, drawn) in [
        (
            DrawnKind::Vehicle,
            "vehicles",
            counts.vehicles,
            vehicles,
            &drawn.vehicles,
        ),
        (
            DrawnKind::Machine,
            "machines",
            counts.machines,
            machines,
            &drawn.machines,
        ),
    ] {
        let picked = draw::pick(code, seed, label, rows.len() as u64, count.min(most));
        let is = |(n, record): (&u64, &DrawnRecord)| {
            let row = usize::try_from(*n).ok().and_then(|n| rows.get(n));
            row.is_some_and(|row| {
                row.text("identity") == Some(record.identity.as_str())
                    && row.integer("revision") == Some(i64::from(record.revision))
            })
        };
        if picked.len() != drawn.len() || !picked.iter().zip(drawn).all(is) {
            verdict.add(drawn_otherwise(kind));
        }
    }
}

/// A drawn passage: its row is there, and its photos are those that its rows name.
fn of_passage<R: Read + Seek>(
    archive: &mut Archive<R>,
    files: &Files,
    passage: &DrawnPassage,
    (wanted, photos): (&mut Wanted, &mut HashSet<String>),
    verdict: &mut PackVerdict,
) -> Result<(), Said> {
    let number = passage.number;
    let name = names::rows(number);
    let found = rows(archive, &name)?;
    let own = |row: &&EvidenceRow| row.table == "passages" && row.integer("id") == Some(number);
    if !found.iter().any(|row| own(&row)) {
        let said = Said::with(Key::PackNoRow, "subject", number);
        verdict.add(kind_of(said, DrawnKind::Passage));
    }
    let of_it = |row: &&EvidenceRow| row.integer("passage_id") == Some(number);
    let removed = found
        .iter()
        .filter(|row| row.table == "photo_removals")
        .filter(of_it)
        .filter_map(|row| row.integer("last_photo"))
        .max()
        .unwrap_or(0);
    let mut seen: HashMap<String, ()> = HashMap::new();
    for row in found
        .iter()
        .filter(|row| row.table == "photos")
        .filter(of_it)
    {
        let (kind, revision) = (
            row.text("kind").unwrap_or_default(),
            row.integer("revision"),
        );
        let path = names::photo(number, kind, revision.unwrap_or(0));
        let recorded = row.text("sha256").unwrap_or_default();
        match files.found.get(&path) {
            Some(hash) if hash == recorded => {}
            Some(_) => verdict.add(Said::with(Key::PackPhoto, "path", &path)),
            None if row.integer("id").is_some_and(|id| id <= removed) => {}
            None => verdict.add(Said::with(Key::PackNoPhoto, "path", &path)),
        }
        seen.insert(path, ());
    }
    photos.extend(seen.into_keys());
    wanted.add(&name, found, Proved::LinkIfThere);
    Ok(())
}

fn drawn_otherwise(kind: DrawnKind) -> Said {
    kind_of(Said::plain(Key::PackDraw), kind)
}

fn kind_of(said: Said, kind: DrawnKind) -> Said {
    said.and_each("what", move |language: Language| {
        language.named(Group::Drawn, kind.as_str()).to_owned()
    })
}

fn parsed<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, Said> {
    serde_json::from_slice(bytes).map_err(|error| unreadable(name, &error))
}

fn rows<R: Read + Seek>(archive: &mut Archive<R>, name: &str) -> Result<Vec<EvidenceRow>, Said> {
    let mut found = Vec::new();
    archive.each_line(name, &mut |line| {
        if found.len() >= MOST_ROWS {
            return Err(Said::with(Key::PackMany, "most", MOST_ROWS));
        }
        let row = serde_json::from_str(line).map_err(|error| unreadable(name, &error))?;
        found.push(row);
        Ok(())
    })?;
    Ok(found)
}
