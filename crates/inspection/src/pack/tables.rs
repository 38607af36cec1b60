//! The workbook of what was drawn. Heads are Chinese first, then English: inspectors and others read the same
//! file.

use jiff::Timestamp;
use ledger::DrawnKind;
use passage::{RecordView, Register};
use records::cells::{both, count, named, text};
use records::{Book, Cell};
use words::{Group, Key, Language, to_second};

use super::Parts;
use crate::days::missing;
use crate::{Error, Sheet};

pub(super) fn book(parts: &Parts<'_>) -> Result<Vec<u8>, Error> {
    let mut book = Book::default();
    records(&mut book, parts);
    items(&mut book, parts);
    photos(&mut book, parts);
    history(&mut book, parts);
    uploads(&mut book, parts);
    days(&mut book, parts);
    gaps(&mut book, parts);
    let registers = [
        (
            Key::InspectHeadSheetVehicles,
            DrawnKind::Vehicle,
            Register::InPlantVehicle,
            &parts.vehicles,
        ),
        (
            Key::InspectHeadSheetMachines,
            DrawnKind::Machine,
            Register::Machine,
            &parts.machines,
        ),
    ];
    for (name, kind, register, found) in registers {
        register_sheet(&mut book, parts, (name, kind, register), found);
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    book.write(&mut bytes)?;
    Ok(bytes.into_inner())
}

fn sheet(book: &mut Book, parts: &Parts<'_>, name: Key, heads: &[Key]) {
    let notes = vec![
        (both(Key::InspectHeadSite), text(&parts.freeze.site)),
        (
            both(Key::InspectHeadSpanWord),
            text(format!("{} — {}", parts.freeze.from, parts.freeze.until)),
        ),
        (both(Key::InspectHeadFrozenAt), time(parts.freeze.at, parts)),
        (both(Key::InspectHeadCode), text(&parts.inspection.code)),
        (both(Key::InspectHeadSeedWord), text(&parts.drawn.seed)),
        (
            both(Key::InspectHeadDrawnBy),
            text(parts.inspection.draw.as_ref().map_or("", |draw| &draw.who)),
        ),
    ];
    book.sheet(
        &both(name),
        notes,
        heads.iter().map(|key| both(*key)).collect(),
    );
}

/// What the inspector said of one thing, in three cells.
fn mark(parts: &Parts<'_>, kind: DrawnKind, subject: &str) -> [Cell; 3] {
    match parts.inspection.mark_of(kind, subject) {
        Some(mark) => [
            named(Group::InspectMark, mark.mark.as_str()),
            text(&mark.remark),
            text(&mark.who),
        ],
        None => [Cell::Empty, Cell::Empty, Cell::Empty],
    }
}

fn records(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::InspectHeadNumber,
        Key::InspectHeadPassageNumber,
        Key::ColumnTime,
        Key::ColumnEntrance,
        Key::ColumnLane,
        Key::ColumnDirection,
        Key::InspectHeadPlate,
        Key::ColumnColor,
        Key::InspectHeadStage,
        Key::ColumnDecision,
        Key::InspectHeadRule,
        Key::InspectHeadSource,
        Key::ColumnCargo,
        Key::InspectHeadComplete,
        Key::InspectHeadResult,
        Key::InspectHeadRemark,
        Key::InspectHeadWho,
    ];
    sheet(book, parts, Key::InspectHeadSheetRecords, &heads);
    for (n, one) in parts.sheets.iter().enumerate() {
        let p = &one.passage;
        let shown = |name: &str| {
            let item = one.items.iter().find(|item| item.name == name);
            let shown = item.and_then(|item| item.shown.as_ref());
            Cell::text(shown.map(|shown| shown[0].clone()))
        };
        let source = p.grounds.source.as_ref();
        let mut row = vec![
            text(n + 1),
            text(p.id),
            time(p.decided_at, parts),
            text(&p.entrance),
            text(&p.lane),
            named(Group::Direction, p.direction.as_str()),
            shown("plateNo"),
            shown("plateColor"),
            shown("emissionStandard"),
            named(Group::Decision, p.decision.as_str()),
            named(Group::Reason, &p.reason),
            Cell::text(source.map(|source| {
                let by = source.by.as_deref().unwrap_or_default();
                format!("{} {by}", source.name).trim_end().to_owned()
            })),
            shown("cargoWeight"),
            text(format!("{}/{}", one.present(), one.items.len())),
        ];
        row.extend(mark(parts, DrawnKind::Passage, &p.id.to_string()));
        book.row(row);
    }
}

fn items(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::InspectHeadPassageNumber,
        Key::InspectHeadItem,
        Key::InspectHeadValue,
        Key::InspectHeadThere,
    ];
    sheet(book, parts, Key::InspectHeadSheetItems, &heads);
    for (one, item) in parts
        .sheets
        .iter()
        .flat_map(|one| one.items.iter().map(move |i| (one, i)))
    {
        let there = match item.value {
            Some(_) => Key::InspectHeadYes,
            None => Key::InspectHeadNo,
        };
        let label = Language::ALL.map(|language| item.label(language));
        book.row(vec![
            text(one.passage.id),
            text(label.join(" ")),
            Cell::text(item.shown.as_ref().map(|shown| shown[0].clone())),
            text(both(there)),
        ]);
    }
}

fn photos(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::InspectHeadPassageNumber,
        Key::InspectHeadPhoto,
        Key::InspectHeadRevision,
        Key::ColumnTime,
        Key::InspectHeadFile,
        Key::InspectHeadRecorded,
        Key::InspectHeadFound,
    ];
    sheet(book, parts, Key::InspectHeadSheetPhotos, &heads);
    for (one, proof) in each(parts, |one| &one.photos) {
        let photo = &proof.photo;
        let name = super::names::photo(
            one.passage.id.0,
            photo.kind.as_str(),
            i64::from(photo.revision),
        );
        book.row(vec![
            text(one.passage.id),
            text(photo.kind),
            text(photo.revision),
            time(photo.taken_at, parts),
            text(name),
            text(&photo.sha256),
            Cell::text(proof.sha256.as_deref()),
        ]);
    }
}

fn history(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::InspectHeadPassageNumber,
        Key::InspectHeadRevision,
        Key::ColumnTime,
        Key::InspectHeadItem,
        Key::InspectHeadBefore,
        Key::InspectHeadAfter,
        Key::InspectHeadWho,
        Key::InspectHeadWhy,
    ];
    sheet(book, parts, Key::InspectHeadSheetHistory, &heads);
    for (one, c) in each(parts, |one| &one.passage.corrections) {
        book.row(vec![
            text(one.passage.id),
            text(c.revision),
            time(c.at, parts),
            text(c.item),
            Cell::text(c.before.as_deref()),
            text(&c.after),
            text(&c.who),
            text(&c.why),
        ]);
    }
}

fn uploads(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::InspectHeadPassageNumber,
        Key::ReportSink,
        Key::ReportKind,
        Key::InspectHeadRevision,
        Key::ColumnUpload,
        Key::ColumnTime,
        Key::InspectHeadAnswer,
    ];
    sheet(book, parts, Key::InspectHeadSheetUploads, &heads);
    for (one, d) in each(parts, |one| &one.passage.deliveries) {
        book.row(vec![
            text(one.passage.id),
            text(d.sink.trim_start_matches("platform:")),
            named(Group::Kind, d.kind.as_str()),
            text(d.revision),
            named(Group::Upload, d.state.as_str()),
            d.settled_at.map_or(Cell::Empty, |at| time(at, parts)),
            Cell::text(d.answer.as_deref()),
        ]);
    }
}

fn days(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::ReportDay,
        Key::InspectHeadPassages,
        Key::InspectHeadUnqueued,
        Key::ReportSink,
        Key::InspectHeadQueued,
        Key::ReportAcknowledged,
        Key::InspectHeadLate,
        Key::ReportRefused,
        Key::InspectHeadMissingCount,
        Key::InspectHeadResult,
        Key::InspectHeadRemark,
        Key::InspectHeadWho,
    ];
    sheet(book, parts, Key::InspectHeadSheetDays, &heads);
    for day in &parts.days {
        let begin = || vec![Cell::Day(day.day), count(day.passages), count(day.unqueued)];
        let mut rows: Vec<Vec<Cell>> = day
            .sinks
            .iter()
            .map(|sink| {
                let mut row = begin();
                row.extend([
                    text(sink.sink.trim_start_matches("platform:")),
                    count(sink.queued),
                    count(sink.acknowledged),
                    count(sink.late),
                    count(sink.refused),
                    count(missing(sink)),
                ]);
                row
            })
            .collect();
        if rows.is_empty() {
            let mut row = begin();
            row.extend(vec![Cell::Empty; 6]);
            rows.push(row);
        }
        for mut row in rows {
            row.extend(mark(parts, DrawnKind::Day, &day.day.to_string()));
            book.row(row);
        }
    }
}

fn gaps(book: &mut Book, parts: &Parts<'_>) {
    let heads = [
        Key::ReportDay,
        Key::InspectHeadFrom,
        Key::InspectHeadUntil,
        Key::ReportWhat,
    ];
    sheet(book, parts, Key::InspectHeadSheetGaps, &heads);
    for day in &parts.days {
        for gap in &day.gaps {
            book.row(vec![
                Cell::Day(day.day),
                time(gap.from, parts),
                gap.until
                    .map_or_else(|| text(both(Key::InspectStill)), |at| time(at, parts)),
                text(gap.what.join(" ")),
            ]);
        }
        if let Some(silence) = day.silence {
            book.row(vec![
                Cell::Day(day.day),
                time(silence.from, parts),
                time(silence.until, parts),
                text(both(Key::InspectSilence)),
            ]);
        }
    }
}

fn register_sheet(
    book: &mut Book,
    parts: &Parts<'_>,
    (name, kind, register): (Key, DrawnKind, Register),
    found: &[RecordView],
) {
    sheet(book, parts, name, &[]);
    let items = records::items(register);
    let mut heads = vec![
        text(both(Key::InspectHeadNumber)),
        text(both(Key::InspectHeadIdentity)),
    ];
    heads.extend(
        items
            .iter()
            .map(|item| text(format!("{} {}", item.zh, item.en))),
    );
    heads.extend(
        [
            Key::InspectHeadResult,
            Key::InspectHeadRemark,
            Key::InspectHeadWho,
        ]
        .map(|key| text(both(key))),
    );
    book.row(heads);
    for (n, record) in found.iter().enumerate() {
        let mut row = vec![text(n + 1), text(&record.identity)];
        row.extend(
            items
                .iter()
                .map(|item| item.shown(record.values.get(item.name), Language::Zh)),
        );
        row.extend(mark(parts, kind, &record.key.to_string()));
        book.row(row);
    }
}

fn each<'a, T: 'a>(
    parts: &'a Parts<'_>,
    of: impl Fn(&'a Sheet) -> &'a Vec<T> + 'a,
) -> impl Iterator<Item = (&'a Sheet, &'a T)> {
    parts
        .sheets
        .iter()
        .flat_map(move |one| of(one).iter().map(move |thing| (one, thing)))
}

fn time(at: Timestamp, parts: &Parts<'_>) -> Cell {
    text(to_second(at, parts.zone))
}
