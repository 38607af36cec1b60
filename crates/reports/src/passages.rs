//! Passages: a table of the items of table C.3 with what explains them, a row at a time, and one in
//! a line.

use std::io::{Seek, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Filter, Reader, Visit};
use passage::{DeliveryState, PassageId, PassageView, PhotoKind, Register};
use plate::PlateNumber;
use records::{Cell, TableFormat, TableWriter};
use words::{Group, Key, Language, to_second};

use crate::{Error, clock};

/// Items of the vehicle register that belong to a row of the ledger.
const VEHICLE: [&str; 11] = [
    "vehicleType",
    "vin",
    "registerDate",
    "vehicleModel",
    "engineModel",
    "engineMaker",
    "engineNo",
    "fuelType",
    "emissionStandard",
    "useCharacter",
    "networkStatus",
];

/// Nothing found is an answer too: it tells what was looked for.
#[must_use]
pub fn nothing_found(filter: &Filter, language: Language) -> String {
    let Some(part) = &filter.plate else {
        return language.text(Key::ConsoleNoneFound).to_owned();
    };
    let plate = PlateNumber::normalise(&part.text);
    let said = language.fill(Key::ConsoleSearchedPlate, &[("plate", &plate)]);
    match plate.perhaps_meant() {
        Some(plate) => {
            let perhaps = language.fill(Key::FindingPlatePerhaps, &[("plate", &plate)]);
            format!("{said}; {perhaps}")
        }
        None => said,
    }
}

/// Writes what `filter` finds, oldest first, and gives how many rows that is.
///
/// # Errors
/// When the filter asks for too much, the ledger can't be read or the table can't be written.
pub fn passages<W: Write + Seek + Send>(
    reader: &Reader,
    filter: &Filter,
    (out, format): (W, TableFormat),
    zone: &TimeZone,
    language: Language,
) -> Result<(W, usize), Error> {
    let mut table = table(out, format, language)?;
    let mut rows = 0;
    each(reader, filter, |passage| {
        rows += 1;
        Ok(table.row(&cells(passage, zone, language))?)
    })?;
    Ok((table.finish()?, rows))
}

/// The table of passages, still without rows.
pub(crate) fn table<W: Write + Seek + Send>(
    out: W,
    format: TableFormat,
    language: Language,
) -> Result<TableWriter<W>, Error> {
    let heads = heads(language);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let name = language.named(Group::Kind, "passage");
    Ok(TableWriter::new(out, format, name, &heads)?)
}

/// Hands over what `filter` finds, oldest first, until something can't be taken.
pub(crate) fn each(
    reader: &Reader,
    filter: &Filter,
    mut take: impl FnMut(&PassageView) -> Result<(), Error>,
) -> Result<(), Error> {
    let filter = Filter {
        oldest_first: true,
        ..filter.clone()
    };
    let mut error = None;
    let found = reader.each(&filter, |passage| {
        error = take(&passage).err();
        error.is_none()
    });
    // What could not be taken is the reason for whatever else was wrong.
    error.map_or(Ok(()), Err)?;
    Ok(found?)
}

fn heads(language: Language) -> Vec<String> {
    const FIRST: [Key; 9] = [
        Key::ColumnNumber,
        Key::ColumnSerial,
        Key::ColumnEntrance,
        Key::ColumnBarrier,
        Key::ColumnLane,
        Key::ColumnDirection,
        Key::ColumnTime,
        Key::ColumnPlate,
        Key::ColumnColor,
    ];
    const LAST: [Key; 14] = [
        Key::ColumnCargo,
        Key::ColumnAmount,
        Key::ColumnUnit,
        Key::ColumnFleet,
        Key::ColumnDecision,
        Key::ColumnReason,
        Key::ColumnOutcome,
        Key::ColumnSource,
        Key::ColumnFirstRead,
        Key::ColumnConfidence,
        Key::ColumnCorrectedBy,
        Key::ColumnUpload,
        Key::ColumnHeadHash,
        Key::ColumnBodyHash,
    ];
    let text = |key: &Key| language.text(*key).to_owned();
    let vehicle = VEHICLE
        .iter()
        .filter_map(|name| records::item(Register::Vehicle, name))
        .map(|item| item.label(language).to_owned());
    let first = FIRST.iter().map(text);
    first.chain(vehicle).chain(LAST.iter().map(text)).collect()
}

pub(crate) fn cells(p: &PassageView, zone: &TimeZone, language: Language) -> Vec<Cell> {
    let text = |text: &str| Cell::text(Some(text));
    let named = |group, code: &str| Cell::text(Some(language.named(group, code)));
    let plate = p.plate();
    let mut cells = vec![
        #[expect(clippy::cast_precision_loss, reason = "no ledger has 2^53 passages")]
        Cell::Number(p.id.0 as f64),
        text(&p.key.to_string()),
        text(&p.entrance),
        text(&p.barrier),
        text(&p.lane),
        named(Group::Direction, p.direction.as_str()),
        clock(p.decided_at, zone),
        Cell::text(plate.map(|(plate, _)| plate)),
        Cell::text(plate.map(|(_, color)| language.text(Key::of_color(color)))),
    ];
    cells.extend(VEHICLE.iter().map(|name| {
        let value = p
            .vehicle
            .as_ref()
            .and_then(|vehicle| vehicle.values.get(*name));
        records::item(Register::Vehicle, name)
            .map_or(Cell::Empty, |item| item.shown(value, language))
    }));
    let cargo = p.cargo.as_ref();
    let fleet = p.vehicle.as_ref().and_then(|v| v.text("fleetName"));
    let source = if p.paper.is_some() {
        Key::PassagePaper
    } else {
        Key::PassageCamera
    };
    let first = p.first_reading.as_ref().unwrap_or(&p.reading);
    let hash = |kind| Cell::text(p.photo(kind).map(|photo| photo.sha256.as_str()));
    cells.extend([
        Cell::text(cargo.and_then(|c| c.name.as_deref())),
        Cell::number(cargo.and_then(|c| c.amount)),
        Cell::text(cargo.and_then(|c| c.amount.map(|_| c.unit.as_str()))),
        Cell::text(fleet),
        named(Group::Decision, p.decision.as_str()),
        named(Group::Reason, &p.reason),
        Cell::text(
            p.finished
                .map(|end| language.named(Group::Outcome, end.outcome.as_str())),
        ),
        text(language.text(source)),
        text(&first.plate),
        Cell::number(p.paper.is_none().then(|| f64::from(p.reading.confidence))),
        Cell::text(Some(corrected_by(p, zone))),
        Cell::text(upload(p).map(|state| language.named(Group::Upload, state))),
        hash(PhotoKind::Head),
        hash(PhotoKind::Body),
    ]);
    cells
}

/// Who corrected it and why, the first one first; a correction of several items is one.
fn corrected_by(p: &PassageView, zone: &TimeZone) -> String {
    let mut said = Vec::new();
    let mut last = None;
    for c in &p.corrections {
        if last.replace(c.revision) != Some(c.revision) {
            said.push(format!("{} {} {}", to_second(c.at, zone), c.who, c.why));
        }
    }
    said.join("; ")
}

/// The least advanced of its deliveries.
fn upload(p: &PassageView) -> Option<&'static str> {
    let order = [
        DeliveryState::Refused,
        DeliveryState::New,
        DeliveryState::Sending,
        DeliveryState::Acknowledged,
    ];
    let state = order
        .into_iter()
        .find(|state| p.deliveries.iter().any(|d| d.state == *state))?;
    Some(state.as_str())
}

/// A passage in one line.
#[must_use]
pub fn passage_line(passage: &PassageView, zone: &TimeZone, language: Language) -> String {
    let (plate, color) = passage.plate().map_or_else(
        || (language.text(Key::CaptionUnread), ""),
        |(plate, color)| (plate, language.text(Key::of_color(color))),
    );
    let marks = [
        passage.paper.as_ref().map(|_| Key::PassagePaper),
        (!passage.corrections.is_empty()).then_some(Key::PassageCorrected),
    ];
    let marks: Vec<_> = marks
        .into_iter()
        .flatten()
        .map(|k| language.text(k))
        .collect();
    let mut why = policy::explain(&passage.reason, &passage.grounds, language, zone);
    why.extend(
        passage
            .hold
            .map(|id| language.fill(Key::HoldPassage, &[("id", &id)])),
    );
    let why = why.join("  ");
    format!(
        "{}  {}  {}  {}  {plate} {color}  {}  {why}  {}",
        passage.id,
        to_second(passage.decided_at, zone),
        passage.lane,
        language.named(Group::Direction, passage.direction.as_str()),
        language.named(Group::Decision, passage.decision.as_str()),
        marks.join(" ")
    )
    .trim_end()
    .to_owned()
}

/// An entry with the exit that belongs to it, in one line.
#[must_use]
pub fn visit_line(visit: &Visit, zone: &TimeZone, language: Language) -> String {
    let side = |side: Option<(PassageId, Timestamp)>| {
        side.map_or_else(
            || "-".to_owned(),
            |(id, at)| format!("{} #{id}", to_second(at, zone)),
        )
    };
    let (entered, left) = (side(visit.entered), side(visit.left));
    let color = language.text(Key::of_color(visit.color));
    let unseen = visit.left_unseen_at.map(|at| {
        let time = to_second(at, zone);
        language.fill(Key::VisitLeftUnseen, &[("time", &time)])
    });
    let left = unseen.unwrap_or(left);
    let said = visit.mark.map_or_else(String::new, |id| {
        format!("  {}", language.fill(Key::VisitBySaid, &[("id", &id)]))
    });
    format!("{} {color}  {entered}  {left}{said}", visit.plate)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use ledger::{Options, Writer};
    use passage::{
        Cargo, CargoSource, CargoUnit, Change, Correction, Direction, PaperEntry, PaperPassage,
        PassageKey,
    };
    use records::TableReader;

    use super::*;

    fn cargo(name: &str) -> Cargo {
        Cargo {
            name: Some(name.to_owned()),
            amount: Some(31.5),
            unit: CargoUnit::Tonne,
            source: CargoSource::Typed,
            gross_t: None,
            tare_t: None,
            net_t: None,
            ticket: None,
            weighed_at: None,
        }
    }

    /// A ledger of one passage from paper, whose plate was corrected twice.
    fn ledger(folder: &std::path::Path) -> Writer {
        let mut writer = Writer::open(folder, Options::default()).expect("a ledger");
        let at: Timestamp = "2026-03-01T00:30:15Z".parse().expect("a time");
        let paper = PaperPassage {
            key: PassageKey::random(),
            entry: PaperEntry {
                lane: String::new(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                direction: Direction::In,
                passed_at: at,
                plate: "苏A12345".into(),
                color: plate::Color::Yellow,
                cargo: Some(cargo("=HYPERLINK(\"http://x\")")),
                who: "李工".to_owned(),
                why: "停电".to_owned(),
            },
            entered_at: at,
        };
        let id = writer.enter_paper(&paper, &[]).expect("entered");
        for (before, after, who, why) in [
            ("苏A12345", "苏A12346", "张三", "看照片"),
            ("苏A12346", "苏A12347", "李四", "再看"),
        ] {
            let correction = Correction {
                changes: vec![Change {
                    item: passage::CorrectedItem::Plate,
                    replaces: Some(before.to_owned()),
                    value: after.to_owned(),
                }],
                who: who.to_owned(),
                why: why.to_owned(),
                at,
            };
            writer.correct(id, &correction, &[]).expect("corrected");
        }
        writer
    }

    fn exported(format: TableFormat) -> (Vec<u8>, Vec<(String, String)>) {
        let folder = tempfile::tempdir().expect("a folder");
        let reader = ledger(folder.path()).reader().expect("a ledger");
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let out = Cursor::new(Vec::new());
        let filter = Filter::default();
        let (out, rows) =
            passages(&reader, &filter, (out, format), &zone, Language::Zh).expect("written");
        assert_eq!(rows, 1);
        let bytes = out.into_inner();
        let table = TableReader::read(&bytes, format).expect("a table");
        let mut rows = table.rows().map(|(_, cells)| cells.to_vec());
        let (heads, row) = (rows.next().expect("heads"), rows.next().expect("a row"));
        (bytes, heads.into_iter().zip(row).collect())
    }

    #[test]
    fn a_row_begins_with_the_number_that_commands_ask_for_and_tells_every_correction() {
        for format in [TableFormat::Xlsx, TableFormat::Csv] {
            let (bytes, row) = exported(format);
            let of = |head: &str| {
                let cell = row.iter().find(|(name, _)| name == head);
                cell.map(|(_, cell)| cell.as_str()).unwrap_or_default()
            };
            assert_eq!(row[0], ("编号".to_owned(), "1".to_owned()));
            assert_eq!(of("时间"), "2026-03-01 08:30:15");
            let corrected = of("更正人及原因");
            assert!(
                corrected.contains("张三 看照片; ") && corrected.ends_with("李四 再看"),
                "{corrected}"
            );
            assert_eq!(of("运输货物名称"), "=HYPERLINK(\"http://x\")", "as it was");
            if format == TableFormat::Csv {
                let csv = String::from_utf8(bytes).expect("text");
                assert!(csv.contains("\"'=HYPERLINK("), "marked: {csv}");
            }
        }
    }
}
