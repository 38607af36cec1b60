//! A weighbridge's records as a table.

use jiff::tz::TimeZone;
use passage::Weighing;
use plate::PlateNumber;
use records::{TableReader, narrow, number};
use words::Key;

use super::{Misplaced, TableMistakes, WeighingError, sound, time, whole_kg};

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

fn column(head: &str) -> Result<Column, WeighingError> {
    let head = narrow(head).to_ascii_lowercase();
    let head: String = head.chars().filter(|c| !c.is_whitespace()).collect();
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
        _ => Err(WeighingError::NoUnit { head }),
    }
}

/// The weighings of a table, with times on the clock of `zone`.
///
/// # Errors
/// Every mistake in it.
pub fn from_table(table: &TableReader, zone: &TimeZone) -> Result<Vec<Weighing>, TableMistakes> {
    let mut rows = table.rows();
    let Some((_, heads)) = rows.next() else {
        return Err(TableMistakes(vec![Misplaced::All(WeighingError::NoHead)]));
    };
    let columns = columns(heads)?;
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for (row, cells) in rows {
        match weighing(&columns, cells, zone) {
            Ok(weighing) => found.push(weighing),
            Err(mistake) => mistakes.push(Misplaced::Row(row, mistake)),
        }
    }
    if mistakes.is_empty() {
        Ok(found)
    } else {
        Err(TableMistakes(mistakes))
    }
}

fn columns(heads: &[String]) -> Result<Vec<Column>, TableMistakes> {
    let (mut columns, mut mistakes) = (Vec::new(), Vec::new());
    for head in heads {
        match column(head) {
            Ok(column) => columns.push(column),
            Err(mistake) => mistakes.push(Misplaced::All(mistake)),
        }
    }
    for (needed, name) in [
        (Column::Plate, Key::WeighingColumnPlate),
        (Column::Time, Key::WeighingColumnTime),
    ] {
        if !columns.contains(&needed) {
            mistakes.push(Misplaced::All(WeighingError::NoColumn(name)));
        }
    }
    if mistakes.is_empty() {
        Ok(columns)
    } else {
        Err(TableMistakes(mistakes))
    }
}

fn weighing(
    columns: &[Column],
    cells: &[String],
    zone: &TimeZone,
) -> Result<Weighing, WeighingError> {
    let mut new = Weighing {
        plate: PlateNumber::default(),
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
            Column::Plate => new.plate = PlateNumber::normalise(cell),
            Column::Time => {
                let wrong = || WeighingError::CellTime {
                    cell: cell.to_owned(),
                };
                new.weighed_at = time(cell, zone).ok_or_else(wrong)?;
                timed = true;
            }
            Column::Ticket => new.ticket = narrow(cell).chars().take(60).collect(),
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
        return Err(WeighingError::NoTime);
    }
    // A person reads this and can look at the ticket.
    if let Some(meant) = new.plate.perhaps_meant() {
        return Err(WeighingError::PlatePerhaps {
            plate: new.plate,
            meant,
        });
    }
    sound(new)
}

fn mass_kg(cell: &str, kg: i64) -> Result<i64, WeighingError> {
    #[expect(clippy::cast_precision_loss, reason = "1 or 1000")]
    let mass = number(cell).map(|mass| mass * kg as f64);
    mass.and_then(whole_kg).ok_or_else(|| WeighingError::Mass {
        what: cell.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::TableFormat;

    fn read(csv: &str) -> Result<Vec<Weighing>, Vec<String>> {
        let table = TableReader::read(csv.as_bytes(), TableFormat::Csv).expect("a table");
        from_table(&table, &TimeZone::UTC)
            .map_err(|mistakes| mistakes.0.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn masses_are_taken_in_the_unit_that_the_head_names() {
        let found = read("车牌号码,称重时间,毛重（吨）,皮重(kg),磅单号,司机\n苏ａ·12345,2026/03/01 08:30:00,49.02,17500,B1,老王\n").expect("fine");
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
            problems.iter().map(|p| &p[..3]).collect::<String>(),
            "2: 3: 4: 5: 6: "
        );
    }
}
