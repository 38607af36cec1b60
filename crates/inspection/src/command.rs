//! The command line's way to an inspection.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{DrawnKind, InspectionView, NewMark, Reader};
use passage::PassageId;
use words::{Group, Key, Language, Said, to_second};

use crate::{
    DrawCounts, Drawn, Error, Freeze, InspectKind, InspectionAct, compare, sheet, write_pack,
};

/// What is known of the site.
#[derive(Debug, Clone, Copy)]
pub struct InspectSite<'a> {
    /// Its ledger and photos.
    pub data_folder: &'a Path,
    /// Its clock.
    pub zone: &'a TimeZone,
    /// Its language.
    pub language: Language,
}

/// Does what was asked for and gives lines to print. `submit` has what is kept kept, and gives the number of
/// the inspection.
///
/// # Errors
/// Why it was not done.
pub fn command(
    what: InspectKind,
    site: &InspectSite<'_>,
    submit: &mut dyn FnMut(InspectionAct) -> Result<i64, Said>,
) -> Result<Vec<String>, Error> {
    let mut keep = |act| submit(act).map_err(Error::Refused);
    let open = || Ok::<_, Error>(Reader::open(site.data_folder)?);
    match what {
        InspectKind::List { json } => list(&open()?, site, json),
        InspectKind::Freeze {
            from,
            until,
            entrances,
            who,
        } => {
            let id = keep(InspectionAct::Freeze {
                from,
                until,
                entrances,
                who,
            })?;
            let frozen = known(&open()?, id)?;
            Ok(vec![frozen_line(&frozen)?.text(site.language)])
        }
        InspectKind::Draw {
            id,
            seed,
            passages,
            days,
            who,
        } => {
            let counts = DrawCounts {
                passages,
                days,
                ..DrawCounts::default()
            };
            keep(InspectionAct::Draw {
                inspection: id,
                seed,
                counts,
                who,
            })?;
            drawn_lines(&known(&open()?, id)?, site.language)
        }
        InspectKind::Show { id, json } => show(&open()?, id, site, json),
        InspectKind::Mark {
            id,
            kind,
            subject,
            mark,
            remark,
            who,
        } => {
            keep(InspectionAct::Mark(NewMark {
                inspection: id,
                kind,
                subject,
                mark,
                remark,
                who,
            }))?;
            Ok(vec![site.language.text(Key::InspectKept).to_owned()])
        }
        InspectKind::Pack { id, to } => pack(&open()?, id, site, &to),
    }
}

fn known(reader: &Reader, id: i64) -> Result<InspectionView, Error> {
    let found = reader.inspection(id)?;
    found.ok_or_else(|| Error::asked(Said::with(Key::InspectNone, "id", id)))
}

fn frozen_line(inspection: &InspectionView) -> Result<Said, Error> {
    let freeze = Freeze::of(inspection)?;
    Ok(Said::with(Key::InspectFrozen, "id", inspection.id)
        .and("days", freeze.days.len())
        .and("passages", freeze.passages())
        .and("vehicles", freeze.vehicles.count)
        .and("machines", freeze.machines.count)
        .and("code", &inspection.code))
}

fn list(reader: &Reader, site: &InspectSite<'_>, json: bool) -> Result<Vec<String>, Error> {
    let all = reader.inspections()?;
    if json {
        return Ok(all
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()?);
    }
    if all.is_empty() {
        return Ok(vec![site.language.text(Key::InspectNothing).to_owned()]);
    }
    let mut lines = Vec::new();
    for one in &all {
        let freeze = Freeze::of(one)?;
        let line = Said::with(Key::InspectLine, "id", one.id)
            .and("from", freeze.from)
            .and("until", freeze.until)
            .and("time", to_second(one.at, site.zone))
            .and("who", &one.who)
            .and("passages", freeze.passages())
            .and("code", &one.code);
        lines.push(line.text(site.language));
        if !freeze.entrances.is_empty() {
            let entrances = freeze.entrances.join(", ");
            let said = Said::with(Key::InspectEntrances, "entrances", entrances);
            lines.push(format!("  {}", said.text(site.language)));
        }
        let drawn = match &one.draw {
            Some(draw) => Said::with(Key::InspectLineDrawn, "time", to_second(draw.at, site.zone))
                .and("who", &draw.who)
                .and("seed", &draw.seed),
            None => Key::InspectLineOpen.into(),
        };
        lines.push(format!("  {}", drawn.text(site.language)));
    }
    Ok(lines)
}

/// Each thing that was drawn, with what was said of it.
fn drawn_lines(inspection: &InspectionView, language: Language) -> Result<Vec<String>, Error> {
    let drawn = Drawn::of(inspection)?;
    let line = |kind: DrawnKind, subject: String, name: String| {
        let mark = match inspection.mark_of(kind, &subject) {
            Some(mark) => {
                let word = language.named(Group::InspectMark, mark.mark.as_str());
                format!("{word} {}", mark.remark).trim_end().to_owned()
            }
            None => language.text(Key::InspectUnmarked).to_owned(),
        };
        let kind = language.named(Group::Drawn, kind.as_str());
        let said = Said::with(Key::InspectLineOne, "kind", kind);
        said.and("name", name).and("mark", mark).text(language)
    };
    let mut lines = Vec::new();
    for passage in &drawn.passages {
        let number = passage.number.to_string();
        lines.push(line(
            DrawnKind::Passage,
            number.clone(),
            format!("#{number} {}", passage.day),
        ));
    }
    for (kind, records) in [
        (DrawnKind::Vehicle, &drawn.vehicles),
        (DrawnKind::Machine, &drawn.machines),
    ] {
        for record in records {
            let key = record.key.to_string();
            lines.push(line(
                kind,
                key.clone(),
                format!("{} {key}", record.identity),
            ));
        }
    }
    for day in &drawn.days {
        lines.push(line(DrawnKind::Day, day.to_string(), day.to_string()));
    }
    Ok(lines)
}

fn show(
    reader: &Reader,
    id: i64,
    site: &InspectSite<'_>,
    json: bool,
) -> Result<Vec<String>, Error> {
    let inspection = known(reader, id)?;
    let (freeze, drawn) = (Freeze::of(&inspection)?, Drawn::of(&inspection)?);
    let mut lines = Vec::new();
    if !json {
        lines.extend(drawn_lines(&inspection, site.language)?);
    }
    for passage in &drawn.passages {
        let id = PassageId(passage.number);
        let Some(sheet) = sheet(reader, id, site.zone, Timestamp::now())? else {
            continue;
        };
        match json {
            true => lines.push(serde_json::to_string(&sheet)?),
            false => lines.extend(sheet.lines(site.language, site.zone)),
        }
    }
    for day in compare(reader, &freeze, &drawn)? {
        match json {
            true => lines.push(serde_json::to_string(&day)?),
            false => lines.extend(day.lines(site.language, site.zone)),
        }
    }
    Ok(lines)
}

fn pack(reader: &Reader, id: i64, site: &InspectSite<'_>, to: &Path) -> Result<Vec<String>, Error> {
    // It appears under its name only when it is whole.
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = File::create(part).map_err(Error::from).and_then(|file| {
        let mut out = BufWriter::new(file);
        let packed = write_pack(reader, id, site.zone, Timestamp::now(), &mut out)?;
        out.into_inner()
            .map_err(|e| Error::Io(e.into_error()))?
            .sync_all()?;
        std::fs::rename(part, to)?;
        Ok(packed)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(part);
    }
    let packed = written?;
    let said = Said::with(Key::InspectPacked, "path", to.display())
        .and("files", packed.files)
        .and("kib", packed.bytes / 1024);
    Ok(vec![said.text(site.language)])
}
