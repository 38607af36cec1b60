//! What is in a table that people open in Excel.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use jiff::civil::date;

use crate::*;

fn workbook() -> Vec<u8> {
    let out = Cursor::new(Vec::new());
    let heads = ["编号", "时间", "登记日期", "货物名称"];
    let mut table = TableWriter::new(out, TableFormat::Xlsx, "通行", &heads).unwrap();
    let long = "一种名字很长很长很长的货物";
    for (number, name) in [(1.0, long), (2.0, "=HYPERLINK(\"http://x\")")] {
        let row = [
            Cell::Number(number),
            Cell::Time(date(2026, 3, 1).at(8, 30, 15, 0)),
            Cell::Day(date(2021, 6, 30)),
            Cell::text(Some(name)),
        ];
        table.row(&row).unwrap();
    }
    table.finish().unwrap().into_inner()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn dates_are_dates_numbers_are_numbers_and_the_sheet_has_a_name() {
    let bytes = workbook();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["通行"]);
    let cells = book.worksheet_range("通行").unwrap();
    let cell = |column| cells.get_value((1, column)).unwrap();
    assert_eq!(cell(0), &Data::Float(1.0));
    let moment = |column| match cell(column) {
        Data::DateTime(at) => at.to_ymd_hms_milli(),
        other => panic!("{other:?} is no date"),
    };
    assert_eq!(moment(1), (2026, 3, 1, 8, 30, 15, 0));
    assert_eq!(moment(2), (2021, 6, 30, 0, 0, 0, 0));
    let table = TableReader::read(&bytes, TableFormat::Xlsx).unwrap();
    let (_, row) = table.rows().nth(1).unwrap();
    assert_eq!(row[1..3], ["2026-03-01 08:30:15", "2021-06-30"]);
}

#[test]
fn it_has_a_filter_and_columns_as_wide_as_what_stands_in_them() {
    let sheet = part(&workbook(), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<autoFilter ref=\"A1:D3\"/>"), "{sheet}");
    let widths: Vec<&str> = sheet
        .split("<col ")
        .skip(1)
        .filter_map(|column| column.split("width=\"").nth(1)?.split('.').next())
        .collect();
    assert_eq!(widths, ["8", "22", "13", "29"]);
}

#[test]
fn a_text_that_looks_like_a_formula_is_a_text_in_a_workbook() {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook())).unwrap();
    let cells = book.worksheet_range("通行").unwrap();
    let text = Data::String("=HYPERLINK(\"http://x\")".to_owned());
    assert_eq!(cells.get_value((2, 3)), Some(&text));
    let formulas = book.worksheet_formula("通行").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
}
