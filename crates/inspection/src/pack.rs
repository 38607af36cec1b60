//! The pack: everything of an inspection in one zip that can be checked without the ledger.

mod chain;
mod form;
mod out;
mod tables;

use std::io::{Seek, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{EvidenceRow, FrozenRecord, InspectionView, Reader};
use passage::{PassageId, RecordView, Register};
use words::{Key, Language, Said, to_second};

use crate::days::compare;
use crate::{Drawn, DrawnRecord, Error, Freeze, Sheet, sheet};
pub(crate) use chain::run;
use out::Out;

/// Files of a pack that both sides know by name.
pub(crate) mod names {
    pub(crate) const READ_ME: &str = "README.txt";
    pub(crate) const FREEZE: &str = "freeze.json";
    pub(crate) const DRAW: &str = "draw.json";
    pub(crate) const MARKS: &str = "marks.json";
    pub(crate) const DAYS: &str = "days.json";
    pub(crate) const ANCHORS: &str = "anchors.json";
    pub(crate) const FORM: &str = "form.xlsx";
    pub(crate) const RECORDS: &str = "records.xlsx";
    pub(crate) const VEHICLES: &str = "registers/vehicles.jsonl";
    pub(crate) const MACHINES: &str = "registers/machines.jsonl";
    pub(crate) const INSPECTION: &str = "rows/inspection.jsonl";
    pub(crate) const HASHES: &str = "hashes.txt";

    pub(crate) fn rows(passage: i64) -> String {
        format!("rows/{passage}.jsonl")
    }

    pub(crate) fn population(day: jiff::civil::Date) -> String {
        format!("population/{day}.jsonl")
    }

    pub(crate) fn others(day: jiff::civil::Date) -> String {
        format!("population/{day}-others.jsonl")
    }

    /// Where a photo of a passage is in the pack, by its kind and revision.
    pub(crate) fn photo(passage: i64, kind: &str, revision: i64) -> String {
        format!("photos/{passage}/{kind}-r{revision}.jpg")
    }

    /// The links after this one.
    pub(crate) fn chain(after: i64) -> String {
        format!("chain/{after}.txt")
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Files in it.
    pub files: usize,
    /// Their size, unpacked.
    pub bytes: u64,
}

/// All that goes into it.
pub(crate) struct Parts<'a> {
    pub(crate) inspection: &'a InspectionView,
    pub(crate) freeze: &'a Freeze,
    pub(crate) drawn: &'a Drawn,
    pub(crate) sheets: &'a [Sheet],
    pub(crate) vehicles: Vec<RecordView>,
    pub(crate) machines: Vec<RecordView>,
    pub(crate) enterprise: Option<RecordView>,
    pub(crate) days: Vec<crate::ComparedDay>,
    pub(crate) zone: &'a TimeZone,
}

/// Writes the pack of an inspection that was drawn, as of `now`. A photo that can't be read is left out, which
/// its check tells.
///
/// # Errors
/// When nothing was drawn, the ledger can't be read, or the pack can't be written.
pub fn write_pack(
    reader: &Reader,
    id: i64,
    zone: &TimeZone,
    now: Timestamp,
    to: &mut (impl Write + Seek),
) -> Result<Packed, Error> {
    let found = reader.inspection(id)?;
    let inspection = found.ok_or_else(|| Error::asked(Said::with(Key::InspectNone, "id", id)))?;
    let (freeze, drawn) = (Freeze::of(&inspection)?, Drawn::of(&inspection)?);
    if reader.hash_at(freeze.links)?.as_deref() != Some(freeze.head.as_str()) {
        return Err(Error::HeadGone(id));
    }
    let mut out = Out::new(to);
    let mut sheets = Vec::new();
    for passage in &drawn.passages {
        sheets.extend(sheet(reader, PassageId(passage.number), zone, now)?);
    }
    read_me(&mut out, &inspection, &freeze, &drawn, zone)?;
    out.text(names::FREEZE, &inspection.content)?;
    let draw = inspection.draw.as_ref().map_or("", |draw| &draw.content);
    out.text(names::DRAW, draw)?;
    out.text(
        names::MARKS,
        &serde_json::to_string_pretty(&inspection.marks)?,
    )?;
    for sheet in &sheets {
        of_passage(reader, &mut out, sheet)?;
    }
    let mut needed = own_rows(reader, &mut out, &inspection)?;
    needed.extend(
        sheets
            .iter()
            .flat_map(|sheet| sheet.evidence.iter().map(|row| row.seq)),
    );
    let (vehicles, machines) = registers(reader, &mut out, &freeze, &drawn)?;
    chain::write(reader, &mut out, &freeze, &drawn, &needed)?;
    let parts = Parts {
        inspection: &inspection,
        freeze: &freeze,
        drawn: &drawn,
        sheets: &sheets,
        vehicles,
        machines,
        enterprise: reader
            .records(Register::Enterprise, passage::RecordId(0), 1)?
            .pop(),
        days: compare(reader, &freeze, &drawn)?,
        zone,
    };
    out.text(names::DAYS, &serde_json::to_string_pretty(&parts.days)?)?;
    out.bytes(names::FORM, &form::book(&parts)?)?;
    out.bytes(names::RECORDS, &tables::book(&parts)?)?;
    out.finish()
}

fn read_me<W: Write + Seek>(
    out: &mut Out<'_, W>,
    inspection: &InspectionView,
    freeze: &Freeze,
    drawn: &Drawn,
    zone: &TimeZone,
) -> Result<(), Error> {
    let said = Said::with(Key::PackReadMe, "site", &freeze.site)
        .and("id", inspection.id)
        .and("frozen_at", to_second(freeze.at, zone))
        .and("from", freeze.from)
        .and("until", freeze.until)
        .and("seed", &drawn.seed)
        .and("code", &inspection.code);
    let texts = Language::ALL.map(|language| said.text(language));
    // With a mark and Windows' line ends: Notepad opens it wherever it is.
    let text = format!("\u{feff}{}\n", texts.join("\n\n")).replace('\n', "\r\n");
    out.text(names::READ_ME, &text)
}

/// A drawn passage: its sheet, its rows, its photos.
fn of_passage<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    sheet: &Sheet,
) -> Result<(), Error> {
    let number = sheet.passage.id.0;
    out.text(
        &format!("records/{number}.json"),
        &serde_json::to_string_pretty(sheet)?,
    )?;
    out.lines(&names::rows(number), sheet.evidence.iter())?;
    for proof in &sheet.photos {
        let photo = &proof.photo;
        let name = names::photo(number, photo.kind.as_str(), i64::from(photo.revision));
        if let Ok(bytes) = std::fs::read(reader.photo_file(photo)) {
            out.bytes(&name, &bytes)?;
        }
    }
    Ok(())
}

/// The rows of freeze, draw and marks; gives the places of their links.
fn own_rows<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    inspection: &InspectionView,
) -> Result<Vec<i64>, Error> {
    let mut rows = Vec::new();
    let key = format!("[{}]", inspection.id);
    rows.extend(reader.evidence_row("inspections", &key)?);
    rows.extend(reader.evidence_row("inspection_draws", &key)?);
    for mark in reader.mark_numbers(inspection.id)? {
        rows.extend(reader.evidence_row("inspection_marks", &format!("[{mark}]"))?);
    }
    out.lines(names::INSPECTION, rows.iter())?;
    Ok(rows.iter().map(|row| row.seq).collect())
}

/// Both registers as they were frozen, with the files of the records that were drawn.
fn registers<W: Write + Seek>(
    reader: &Reader,
    out: &mut Out<'_, W>,
    freeze: &Freeze,
    drawn: &Drawn,
) -> Result<(Vec<RecordView>, Vec<RecordView>), Error> {
    let mut one = |register, name: &str, of: &[DrawnRecord]| -> Result<Vec<RecordView>, Error> {
        let all: Vec<FrozenRecord> = reader.frozen_records(register, freeze.last_revision)?;
        let rows: Vec<&EvidenceRow> = all.iter().map(|record| &record.row).collect();
        out.lines(name, rows.into_iter())?;
        let mut views = Vec::new();
        for record in of {
            let history = reader.record_history(record.key)?;
            let held = history
                .into_iter()
                .find(|view| view.revision == record.revision);
            views.extend(held);
        }
        for file in views.iter().flat_map(|view| &view.files) {
            let ending = file.path.rsplit('.').next().unwrap_or("bin");
            let name = format!("registers/files/{}.{ending}", file.sha256);
            if let (Ok(bytes), false) = (reader.file_bytes(file), out.has(&name)) {
                out.bytes(&name, &bytes)?;
            }
        }
        Ok(views)
    };
    let vehicles = one(Register::InPlantVehicle, names::VEHICLES, &drawn.vehicles)?;
    let machines = one(Register::Machine, names::MACHINES, &drawn.machines)?;
    Ok((vehicles, machines))
}
