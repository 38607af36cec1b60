//! A table that somebody else made, `.xlsx` or CSV by the first byte: what is taken lies within the
//! limits, and written by us it is read as the same again.
#![no_main]

use std::io::Cursor;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use records::{Cell, TableFormat, TableReader, TableWriter};
use words::Language;

const FORMATS: [TableFormat; 2] = [TableFormat::Csv, TableFormat::Xlsx];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let format = FORMATS[usize::from(first % 2)];
    let table = match TableReader::read(rest, format) {
        Ok(table) => table,
        Err(error) => {
            assert!(error.text(Language::Zh).chars().count() < 1000, "{error}");
            return;
        }
    };
    let rows: Vec<(u32, Vec<String>)> =
        table.rows().map(|(n, cells)| (n, cells.to_vec())).collect();
    assert!(!rows.is_empty());
    assert!(rows.is_sorted_by(|a, b| a.0 < b.0), "a row for each number");
    assert!(
        rows.iter()
            .all(|(n, cells)| *n <= 200_000 && cells.len() <= 200)
    );
    let weighings = orders::weighing::from_table(&table, &TimeZone::UTC);
    for weighing in weighings.unwrap_or_default() {
        for kg in [weighing.gross_kg, weighing.tare_kg, weighing.net_kg] {
            assert!((0..=200_000).contains(&kg.unwrap_or_default()));
        }
        assert!(weighing.ticket.chars().count() <= 60);
    }
    // Not each time: a workbook takes a millisecond to write.
    let again = if rest.len() % 8 == 0 {
        FORMATS[1]
    } else {
        FORMATS[0]
    };
    written_and_read(&rows, again);
});

fn written_and_read(rows: &[(u32, Vec<String>)], format: TableFormat) {
    let columns = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(1);
    let heads = vec!["head"; columns];
    let mut table =
        TableWriter::new(Cursor::new(Vec::new()), format, "sheet", &heads).expect("memory");
    for (_, cells) in rows {
        let text = |column: usize| Cell::text(cells.get(column).map(String::as_str));
        table
            .row(&(0..columns).map(text).collect::<Vec<Cell>>())
            .expect("a row");
    }
    let bytes = table.finish().expect("a table").into_inner();
    let read = TableReader::read(&bytes, format).expect("what we wrote");
    let plain = |cells: &[String]| -> Vec<String> {
        let whole = cells
            .iter()
            .rposition(|cell| !cell.is_empty())
            .map_or(0, |at| at + 1);
        cells[..whole].to_vec()
    };
    let before: Vec<_> = rows.iter().map(|(_, cells)| plain(cells)).collect();
    let after: Vec<_> = read.rows().skip(1).map(|(_, cells)| plain(cells)).collect();
    assert_eq!(before, after, "{format:?}");
}
