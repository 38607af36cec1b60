//! The report as a workbook: rates, passages, refused rows and gaps, each on a sheet of its own.
//! Heads are Chinese first, then English, whatever the site's language: inspectors and integrators
//! read the same file.

use std::io::{Seek, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{Delivered, Reader, RefusedView, Restored, Tally};
use records::cells::{both, count, named, text};
use records::{Book, Cell};
use words::{Group, Key, to_second};

use crate::delivery::bounds;
use crate::{Error, clock};

/// What was found of one day.
struct Day {
    day: Date,
    delivered: Vec<Delivered>,
    tallies: Vec<Tally>,
    lost: Vec<ledger::Lost>,
    restored: Vec<Restored>,
}

/// Writes the report of these days as of `now`, `.xlsx`.
///
/// # Errors
/// When the ledger can't be read or the workbook can't be written.
pub fn workbook(
    reader: &Reader,
    days: &[Date],
    zone: &TimeZone,
    now: Timestamp,
    out: &mut (impl Write + Seek + Send),
) -> Result<(), Error> {
    Ok(book(reader, days, zone, now)?.write(out)?)
}

fn book(reader: &Reader, days: &[Date], zone: &TimeZone, now: Timestamp) -> Result<Book, Error> {
    let restores = reader.restores()?;
    let born = reader.first_passage_at()?;
    let mut found = Vec::new();
    for &day in days {
        let (from, until) = bounds(day, zone)?;
        // A day that has not begun has no gap, nor has one of before the ledger's first passage.
        if from > now || born.is_none_or(|born| until <= born) {
            continue;
        }
        found.push(Day {
            day,
            delivered: reader.delivered(from, until)?,
            tallies: reader.tally(from, until)?,
            lost: reader.lost(from, until)?,
            restored: restores
                .iter()
                .filter(|gap| gap.made_at < until && gap.restored_at >= from)
                .cloned()
                .collect(),
        });
    }
    let refused = reader.refused(u32::MAX)?;
    let mut book = Book::default();
    let mut as_of = vec![(both(Key::ReportAsOf), clock(now, zone))];
    as_of.extend(born.map(|born| (both(Key::ReportBorn), clock(born, zone))));
    rates(&mut book, as_of.clone(), &found);
    passages(&mut book, as_of.clone(), &found);
    let of_these_days = refused.iter().filter(|row| {
        let day = row.generated_at.to_zoned(zone.clone()).date();
        days.contains(&day)
    });
    refusals(&mut book, as_of.clone(), of_these_days, zone);
    gaps(&mut book, as_of, &found, zone);
    Ok(book)
}

type Notes = Vec<(String, Cell)>;

/// Transmission rate and completeness by the day on which rows were generated.
fn rates(book: &mut Book, as_of: Notes, days: &[Day]) {
    let heads = [
        Key::ReportDay,
        Key::ReportSink,
        Key::ReportKind,
        Key::ReportGenerated,
        Key::ReportAcknowledged,
        Key::ReportRefused,
        Key::ReportWaiting,
        Key::ReportRate,
        Key::ReportItems,
        Key::ReportItemsThere,
        Key::ReportCompleteness,
    ];
    book.sheet(&both(Key::ReportRates), as_of, heads.map(both).into());
    for (day, d) in days
        .iter()
        .flat_map(|day| day.delivered.iter().map(move |d| (day.day, d)))
    {
        let waiting = d.generated.saturating_sub(d.acknowledged + d.refused);
        book.row(vec![
            Cell::Day(day),
            text(d.sink.trim_start_matches("platform:")),
            named(Group::Kind, d.kind.as_str()),
            count(d.generated),
            count(d.acknowledged),
            count(d.refused),
            count(waiting),
            percent(d.rate()),
            count(d.items_expected),
            count(d.items_present),
            percent(d.completeness()),
        ]);
    }
}

fn passages(book: &mut Book, as_of: Notes, days: &[Day]) {
    let heads = [
        Key::ReportDay,
        Key::ColumnLane,
        Key::ColumnDirection,
        Key::ColumnDecision,
        Key::ReportCount,
        Key::ReportUnread,
        Key::ReportManual,
        Key::ReportCorrected,
        Key::ReportPaper,
    ];
    book.sheet(&both(Key::ReportPassages), as_of, heads.map(both).into());
    for (day, t) in days
        .iter()
        .flat_map(|day| day.tallies.iter().map(move |t| (day.day, t)))
    {
        book.row(vec![
            Cell::Day(day),
            text(&t.lane),
            named(Group::Direction, t.direction.as_str()),
            named(Group::Decision, t.decision.as_str()),
            count(t.passages),
            count(t.unread),
            count(t.manual),
            count(t.corrected),
            count(t.paper),
        ]);
    }
}

/// What platforms refused and nobody has repaired yet, in their own words.
fn refusals<'a>(
    book: &mut Book,
    as_of: Notes,
    refused: impl Iterator<Item = &'a RefusedView>,
    zone: &TimeZone,
) {
    let heads = [
        Key::ReportDay,
        Key::ReportSink,
        Key::ReportKind,
        Key::ReportAbout,
        Key::ReportWords,
        Key::ReportRefusedAt,
        Key::ReportResent,
        Key::ReportRow,
    ];
    book.sheet(&both(Key::ReportRefused), as_of, heads.map(both).into());
    for row in refused {
        let day = row.generated_at.to_zoned(zone.clone()).date();
        let resent = row.resent.as_ref();
        book.row(vec![
            Cell::Day(day),
            text(row.sink.trim_start_matches("platform:")),
            named(Group::Kind, row.kind.as_str()),
            text(row.about),
            text(&row.words),
            clock(row.at, zone),
            Cell::text(resent.map(|(at, words)| format!("{} {words}", to_second(*at, zone)))),
            text(row.id),
        ]);
    }
}

/// What is not in the ledger: what was written between a backup and its restore, vehicles that were lost,
/// and days on which nothing came.
fn gaps(book: &mut Book, as_of: Notes, days: &[Day], zone: &TimeZone) {
    let heads = [
        Key::ReportDay,
        Key::ColumnTime,
        Key::ColumnLane,
        Key::ReportWhat,
        Key::ColumnReason,
    ];
    book.sheet(&both(Key::ReportGaps), as_of, heads.map(both).into());
    for day in days {
        if day.tallies.is_empty() {
            let what = text(both(Key::ReportNothing));
            book.row(vec![Cell::Day(day.day), Cell::Empty, Cell::Empty, what]);
        }
        for gap in &day.restored {
            let (made, restored) = (
                to_second(gap.made_at, zone),
                to_second(gap.restored_at, zone),
            );
            book.row(vec![
                Cell::Day(day.day),
                text(format!("{made} — {restored}")),
                Cell::Empty,
                text(both(Key::ReportRestored)),
                text(&gap.backup),
            ]);
        }
        for lost in &day.lost {
            book.row(vec![
                Cell::Day(day.day),
                clock(lost.at, zone),
                text(&lost.lane),
                text(both(Key::ReportLost)),
                text(&lost.reason),
            ]);
        }
    }
}

/// Rounded down: 94.96 % is not 95 %.
fn percent(share: Option<f64>) -> Cell {
    Cell::number(share.map(|share| (share * 1000.0).floor() / 10.0))
}
