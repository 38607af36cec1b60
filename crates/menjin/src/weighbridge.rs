//! `menjin weighbridge import`: a weighbridge's records as a table.

use jiff::tz::TimeZone;
use ledger::Weighing;
use records::TableReader;
use words::Key;

use crate::cli::passages::WeighbridgeArgs;
use crate::config;
use crate::control::{Done, Order, submit};
use crate::exit::{Failure, Outcome};
use crate::passages::moment;
use crate::register::{exchange, say};

pub(crate) fn main(args: &WeighbridgeArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let language = config.language;
    let table = exchange::table(&config, &args.file)?;
    let weighings = weighings(&table, &config.site.zone).map_err(|problems| {
        let count = problems.len();
        let list = problems.join("\n");
        let none = language.fill(Key::ConsoleNothingImported, &[("count", &count)]);
        Failure::Job(format!("{}\n{list}\n{none}", args.file.display()))
    })?;
    let order = Order::Weighings {
        weighings,
        source: args.source.clone(),
        window_s: args.window_minutes.saturating_mul(60),
        who: args.who.clone(),
    };
    let Done::Weighed(weighed) = submit(&config, order)? else {
        return Err(Failure::Job(
            "the daemon answered something else".to_owned(),
        ));
    };
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("kept", &weighed.kept),
        ("known", &weighed.known),
        ("matched", &weighed.matched),
        ("unmatched", &weighed.unmatched),
    ];
    say(&language.fill(Key::ConsoleWeighed, &values))
}

/// What a column holds. A mass has its unit in its head: nobody guesses between kg and t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Plate,
    Time,
    Ticket,
    Cargo,
    Mass(Mass, i64),
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mass {
    Gross,
    Tare,
    Net,
}

fn column(head: &str) -> Result<Column, String> {
    let head: String = head
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            c => c.to_ascii_lowercase(),
        })
        .collect();
    let (name, unit) = match head.split_once('(') {
        Some((name, rest)) => (name, Some(rest.trim_end_matches(')'))),
        None => (head.as_str(), None),
    };
    let mass = match name {
        "毛重" | "gross" => Mass::Gross,
        "皮重" | "tare" => Mass::Tare,
        "净重" | "net" => Mass::Net,
        "车牌" | "车牌号" | "车牌号码" | "plate" => return Ok(Column::Plate),
        "称重时间" | "过磅时间" | "时间" | "time" => return Ok(Column::Time),
        "磅单号" | "单号" | "ticket" => return Ok(Column::Ticket),
        "货物名称" | "货名" | "货物" | "cargo" => return Ok(Column::Cargo),
        _ => return Ok(Column::Other),
    };
    match unit {
        Some("kg" | "千克" | "公斤") => Ok(Column::Mass(mass, 1)),
        Some("t" | "吨") => Ok(Column::Mass(mass, 1000)),
        _ => Err(format!(
            "{head}: 请在表头写明单位，如 毛重(kg) 或 毛重(t) / write the unit, such as gross(kg) or gross(t)"
        )),
    }
}

/// The weighings of a table, or every mistake in it.
fn weighings(table: &TableReader, zone: &TimeZone) -> Result<Vec<Weighing>, Vec<String>> {
    let mut rows = table.rows();
    let Some((_, heads)) = rows.next() else {
        return Err(vec!["-".to_owned()]);
    };
    let columns: Vec<Result<Column, String>> = heads.iter().map(|head| column(head)).collect();
    let mut problems: Vec<String> = columns.iter().filter_map(|c| c.clone().err()).collect();
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|column| column.unwrap_or(Column::Other))
        .collect();
    for (needed, name) in [
        (Column::Plate, "车牌号码 / plate"),
        (Column::Time, "称重时间 / time"),
    ] {
        if !columns.contains(&needed) {
            problems.push(format!("? {name}"));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut found = Vec::new();
    for (row, cells) in rows {
        match weighing(&columns, cells, zone) {
            Ok(weighing) => found.push(weighing),
            Err(problem) => problems.push(format!("{row}: {problem}")),
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems)
    }
}

fn weighing(columns: &[Column], cells: &[String], zone: &TimeZone) -> Result<Weighing, String> {
    let mut new = Weighing {
        plate: String::new(),
        weighed_at: jiff::Timestamp::UNIX_EPOCH,
        ticket: String::new(),
        cargo: None,
        gross_kg: None,
        tare_kg: None,
        net_kg: None,
    };
    let mut timed = false;
    for (column, cell) in columns.iter().zip(cells) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        match column {
            Column::Plate => new.plate = bare(cell),
            Column::Time => {
                let text = cell.replace('/', "-");
                new.weighed_at = moment(&text, zone, false)
                    .map_err(|_| format!("{cell}: 2026-03-01 08:30:00"))?;
                timed = text.len() > 10;
            }
            Column::Ticket => new.ticket = cell.chars().take(60).collect(),
            Column::Cargo => new.cargo = Some(cell.chars().take(60).collect()),
            Column::Mass(mass, kg) => {
                let value = mass_kg(cell, *kg)?;
                match mass {
                    Mass::Gross => new.gross_kg = Some(value),
                    Mass::Tare => new.tare_kg = Some(value),
                    Mass::Net => new.net_kg = Some(value),
                }
            }
            Column::Other => {}
        }
    }
    if !timed {
        return Err("称重时间 / time: 2026-03-01 08:30:00".to_owned());
    }
    sound(new)
}

/// What holds of every weighing, wherever it comes from.
pub(crate) fn sound(new: Weighing) -> Result<Weighing, String> {
    if !(7..=8).contains(&new.plate.chars().count()) {
        return Err(format!("车牌号码 / plate \"{}\"", new.plate));
    }
    if let (Some(gross), Some(tare)) = (new.gross_kg, new.tare_kg)
        && (gross < tare || new.net_kg.is_some_and(|net| (gross - tare - net).abs() > 1))
    {
        return Err(format!(
            "毛重 - 皮重 ≠ 净重 / gross {gross} - tare {tare} ≠ net"
        ));
    }
    Ok(new)
}

/// A plate as it is stored.
pub(crate) fn bare(plate: &str) -> String {
    plate.trim().replace(['·', ' '], "").to_uppercase()
}

/// No vehicle on a road weighs more than 200 t.
fn mass_kg(cell: &str, kg: i64) -> Result<i64, String> {
    #[expect(clippy::cast_precision_loss, reason = "1 or 1000")]
    let mass = cell.parse::<f64>().map(|mass| mass * kg as f64);
    mass.ok()
        .and_then(whole_kg)
        .ok_or_else(|| format!("{cell}: 0 … 200000 kg"))
}

/// A mass that a vehicle can have.
pub(crate) fn whole_kg(kg: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "within 200,000")]
    (0.0..=200_000.0).contains(&kg).then(|| kg.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::Format;

    fn read(csv: &str) -> Result<Vec<Weighing>, Vec<String>> {
        let table = TableReader::read(csv.as_bytes(), Format::Csv).expect("a table");
        weighings(&table, &TimeZone::UTC)
    }

    #[test]
    fn masses_are_taken_in_the_unit_that_the_head_names() {
        let found = read("车牌号码,称重时间,毛重（吨）,皮重(kg),磅单号,司机\n苏A·12345,2026/03/01 08:30:00,49.02,17500,B1,老王\n").expect("fine");
        assert_eq!(found[0].plate, "苏A12345");
        assert_eq!(
            (found[0].gross_kg, found[0].tare_kg),
            (Some(49_020), Some(17_500))
        );
        assert_eq!(found[0].weighed_at.to_string(), "2026-03-01T08:30:00Z");
        let problems =
            read("plate,time,gross\n苏A12345,2026-03-01 08:30,49\n").expect_err("no unit");
        assert!(problems[0].contains("gross(kg)"), "{problems:?}");
    }

    #[test]
    fn every_bad_row_is_told_and_none_is_taken() {
        let head = "plate,time,gross(kg),tare(kg),net(kg)\n";
        let rows = "苏A12345,2026-03-01 08:30,1,2,\n苏A12345,2026-03-01,5,2,3\n苏A12345,2026-03-01 08:30,9,2,3\nX,2026-03-01 08:30,9,2,7\n苏A12345,2026-03-01 08:30,-1,2,\n";
        let problems = read(&format!("{head}{rows}")).expect_err("all wrong");
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert_eq!(
            problems.iter().map(|p| &p[..1]).collect::<String>(),
            "23456"
        );
    }
}
