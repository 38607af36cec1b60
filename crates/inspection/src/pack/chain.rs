//! Which part of the chain goes into a pack: from the drawn days to the head that was frozen where that is not
//! too much, else each drawn day between two anchors.

use std::io::{Seek, Write};

use jiff::civil::Date;
use ledger::{Anchor, ChainLink, Reader};

use super::names;
use super::out::Out;
use crate::{Drawn, Error, Freeze};

/// Links of one pack up to which it reaches to the head; some 60 MiB unpacked.
const MOST_LINKS: i64 = 600_000;
/// Numbers that may lie between two passages of a day that are looked at as one run; what was entered from
/// paper weeks later is not part of it.
const RUN_GAP: i64 = 1000;
/// Links to an anchor up to which a part of the chain is made longer to reach it.
const TO_ANCHOR: i64 = 100_000;
/// Links after the last passage of a day that still are about it: how it ended, its body's photo.
const AFTER_DAY: i64 = 400;

/// A part of the chain: the links after the first number up to the second.
type Span = (i64, i64);

/// Writes the passages of the drawn days, what else lies between them, the part of the chain, and the anchors
/// in it.
pub(super) fn write<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    freeze: &Freeze,
    drawn: &Drawn,
    needed: &[i64],
) -> Result<(), Error> {
    let anchors = reader.anchors()?;
    let last = reader.last_place()?;
    let mut spans = Vec::new();
    for &day in &drawn.days {
        let run = population(reader, out, freeze, day)?;
        spans.extend(run.map(|run| of_day(run, &anchors, last)));
    }
    // The rows of freeze, draw and marks follow the head directly or soon after.
    spans.push((freeze.links, last.min(freeze.links + TO_ANCHOR)));
    let first = spans.iter().map(|span| span.0).min().unwrap_or(0);
    let own_last = needed.iter().copied().max().unwrap_or(freeze.links);
    if last - first <= MOST_LINKS {
        spans.push((first, last));
    } else if freeze.links - first <= MOST_LINKS {
        spans.push((first, own_last.min(first + MOST_LINKS).max(freeze.links)));
    }
    let spans = merged(spans);
    for &(after, until) in &spans {
        segment(reader, out, after, until)?;
    }
    let within = |anchor: &&Anchor| {
        spans
            .iter()
            .any(|(after, until)| (*after..=*until).contains(&anchor.links))
    };
    let anchors: Vec<_> = anchors.iter().filter(within).collect();
    out.text(names::ANCHORS, &serde_json::to_string_pretty(&anchors)?)
}

/// The passages of a day, and those between them that are none of it; gives the places of the first and the
/// last link of the run.
fn population<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    freeze: &Freeze,
    day: Date,
) -> Result<Option<Span>, Error> {
    let Some(frozen) = freeze.day(day) else {
        return Ok(None);
    };
    let numbers = reader.population(&freeze.population(frozen))?;
    rows(reader, out, &names::population(day), &numbers)?;
    let Some((first, last)) = run(&numbers) else {
        return Ok(None);
    };
    let known: std::collections::HashSet<_> = numbers.iter().copied().collect();
    let mut others = reader.passage_numbers(first, last)?;
    others.retain(|number| !known.contains(number));
    rows(reader, out, &names::others(day), &others)?;
    let place = |number| -> Result<Option<i64>, Error> {
        let row = reader.evidence_row("passages", &format!("[{number}]"))?;
        Ok(row.map(|row| row.seq).filter(|seq| *seq > 0))
    };
    Ok(place(first)?.zip(place(last)?))
}

/// The longest run of numbers that lie close together.
pub(crate) fn run(numbers: &[i64]) -> Option<Span> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted
        .chunk_by(|one, next| next - one <= RUN_GAP)
        .max_by_key(|run| run.len())
        .and_then(|run| Some((*run.first()?, *run.last()?)))
}

fn of_day((first, last): Span, anchors: &[Anchor], end: i64) -> Span {
    let before = anchors.iter().rev().find(|anchor| anchor.links < first);
    let after = match before {
        Some(anchor) if first - anchor.links <= TO_ANCHOR => anchor.links,
        _ => first - 1,
    };
    let behind = anchors
        .iter()
        .find(|anchor| anchor.links >= last + AFTER_DAY);
    let until = match behind {
        Some(anchor) if anchor.links - last <= TO_ANCHOR => anchor.links,
        _ => last + AFTER_DAY,
    };
    (after, until.min(end))
}

/// Spans that overlap or touch become one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut all: Vec<Span> = Vec::new();
    for (after, until) in spans {
        match all.last_mut() {
            Some(last) if after <= last.1 => last.1 = last.1.max(until),
            _ => all.push((after, until)),
        }
    }
    all
}

fn segment<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    after: i64,
    until: i64,
) -> Result<(), Error> {
    let before = reader.hash_at(after)?.unwrap_or_default();
    let end = reader.hash_at(until)?.unwrap_or_default();
    out.file(&names::chain(after), |to| {
        writeln!(to, "after {after} {before}")?;
        let mut each = |link: &ChainLink| {
            let content = hex::encode(link.content);
            writeln!(to, "{content} {} {}", link.table, link.key)
        };
        reader.each_link(after, until, &mut each)??;
        Ok(writeln!(to, "end {until} {end}")?)
    })
}

fn rows<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    name: &str,
    numbers: &[i64],
) -> Result<(), Error> {
    out.file(name, |to| {
        let mut each = |row: ledger::EvidenceRow| -> Result<(), Error> {
            serde_json::to_writer(&mut *to, &row)?;
            Ok(to.write_all(b"\n")?)
        };
        reader.each_passage_row(&mut numbers.iter().copied(), &mut each)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_weeks_later_is_no_part_of_a_days_run() {
        assert_eq!(run(&[10, 11, 13, 9_000]), Some((10, 13)));
        assert_eq!(run(&[]), None);
    }

    #[test]
    fn parts_that_touch_become_one() {
        assert_eq!(merged(vec![(5, 9), (0, 5), (20, 30)]), [(0, 9), (20, 30)]);
    }
}
