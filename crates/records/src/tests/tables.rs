//! Tables out and in again, and tables that must be refused.

use std::io::{Cursor, Write as _};

use passage::Register;
use proptest::prelude::*;
use serde_json::json;
use words::{Key, Language};

use super::{rules, truck};
use crate::*;

fn written(format: TableFormat, heads: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut table = TableWriter::new(Cursor::new(Vec::new()), format, "车辆", heads).unwrap();
    for row in rows {
        table.row(row).unwrap();
    }
    table.finish().unwrap().into_inner()
}

fn text(text: &str) -> Cell {
    Cell::text(Some(text))
}

fn read(bytes: &[u8], format: TableFormat) -> (Vec<Imported>, Vec<RowFinding>) {
    let table = TableReader::read(bytes, format).unwrap();
    import(&table, Register::Vehicle, &rules()).unwrap()
}

fn refusal(bytes: &[u8], format: TableFormat) -> Key {
    let imported = TableReader::read(bytes, format)
        .and_then(|table| import(&table, Register::Vehicle, &rules()));
    match imported.map(|_| ()).unwrap_err() {
        TableError::Refused(said) => said.key(),
        other => panic!("{other}"),
    }
}

const HEADS: [&str; 4] = ["车牌号码", "号牌颜色", "VIN", "注册登记日期"];

#[test]
fn a_plate_is_stored_the_same_however_a_table_writes_it() {
    for plate in [
        "苏Ａ１２３４５",
        "苏A·12345",
        " 苏a－12345",
        "苏A\u{3000}12345",
    ] {
        let rows = [vec![text(plate), text("黄"), Cell::Empty, Cell::Empty]];
        let (rows, _) = read(&written(TableFormat::Csv, &HEADS, &rows), TableFormat::Csv);
        assert_eq!(rows[0].values["plateNo"], "苏A12345", "{plate:?}");
        assert_eq!(rows[0].identity, "苏A12345|yellow");
    }
}

#[test]
fn heads_of_earlier_exports_and_of_a_driving_licence_are_understood() {
    for (register, old, item) in [
        (Register::Vehicle, "品牌型号", "vehicleModel"),
        (Register::Vehicle, "车辆（品牌）型号", "vehicleModel"),
        (Register::Vehicle, "Model", "vehicleModel"),
        (Register::InPlantVehicle, "车辆所有人", "owner"),
        (Register::Machine, "所属人（单位）", "owner"),
        (Register::Camera, "设备序列号", "serialNo"),
    ] {
        let identity: Vec<_> = crate::items(register)
            .iter()
            .filter(|item| item.need == Need::Identity)
            .collect();
        let heads = identity.iter().map(|item| item.zh).chain([old]);
        let row = |item: &&RegisterItem| match item.kind {
            ValueKind::Plate => text("苏A12345"),
            ValueKind::Code(_) => text("黄"),
            _ => text("A1"),
        };
        let row = identity.iter().map(row).chain([text("值")]);
        let heads: Vec<_> = heads.collect();
        let table = written(TableFormat::Csv, &heads, &[row.collect()]);
        let table = TableReader::read(&table, TableFormat::Csv).unwrap();
        let (rows, _) = import(&table, register, &rules()).unwrap();
        assert_eq!(rows[0].values[item], "值", "{old}");
    }
}

#[test]
fn what_is_written_is_read_again_in_both_formats() {
    let rows = [
        vec![
            text("苏A12345"),
            text("黄"),
            text("LFWSRXSJ7M1E12345"),
            text("2021-06-30"),
        ],
        vec![text("苏B54321"), text("蓝"), Cell::Empty, Cell::Empty],
    ];
    for format in [TableFormat::Xlsx, TableFormat::Csv] {
        let (records, found) = read(&written(format, &HEADS, &rows), format);
        assert!(
            found.iter().all(|f| f.severity < Severity::Wrong),
            "{found:?}"
        );
        assert_eq!(records.len(), 2);
        assert_eq!((records[0].row, records[1].row), (2, 3));
        assert_eq!(records[0].identity, "苏A12345|yellow");
        assert_eq!(records[0].values["registerDate"], json!("2021-06-30"));
        assert_eq!(records[1].values.get("vin"), None, "unknown stays unknown");
    }
}

#[test]
fn heads_may_be_chinese_english_or_canonical_with_blanks_and_brackets() {
    for heads in [
        ["车牌 号码", "号牌颜色*", "序号", "车辆识别代号"],
        ["Plate Number", "plate colour", "备注", "VIN"],
        ["plateNo", "plateColor", "No.", "vin"],
    ] {
        let row = vec![
            text("苏A12345"),
            text("yellow"),
            text("7"),
            text("LFWSRXSJ7M1E12345"),
        ];
        let (records, _) = read(&written(TableFormat::Csv, &heads, &[row]), TableFormat::Csv);
        assert_eq!(records[0].values.len(), 3);
    }
}

#[test]
fn a_csv_of_chinese_excel_is_gbk() {
    let text = "车牌号码,号牌颜色\r\n苏A12345,黄\r\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    for bytes in [gbk.as_ref(), text.as_bytes()] {
        assert_eq!(
            read(bytes, TableFormat::Csv).0[0].identity,
            "苏A12345|yellow"
        );
    }
    assert_eq!(
        refusal(b"\xFF\xFE\x00a", TableFormat::Csv),
        Key::TableNotText
    );
}

#[test]
fn every_mistake_is_told_with_row_column_value_and_reason() {
    let rows = [
        vec![
            text("苏A12345"),
            text("2"),
            text("SHORT"),
            text("2030-01-01"),
        ],
        vec![text("苏B54321"), text("蓝")],
        vec![text("苏B54321"), text("蓝色")],
        vec![Cell::Empty, text("蓝")],
    ];
    for format in [TableFormat::Xlsx, TableFormat::Csv] {
        let rows: Vec<Vec<Cell>> = rows
            .iter()
            .map(|row| {
                let mut row = row.clone();
                row.resize(4, Cell::Empty);
                row
            })
            .collect();
        let (records, found) = read(&written(format, &HEADS, &rows), format);
        assert_eq!(records.len(), 1, "{records:?}");
        let wrong: Vec<_> = found
            .iter()
            .filter(|f| f.severity == Severity::Wrong)
            .map(|f| (f.row, f.column.as_deref(), f.said.key()))
            .collect();
        assert_eq!(
            wrong,
            [
                (2, Some("B"), Key::FindingColorByNumber),
                (2, Some("C"), Key::FindingVinLength),
                (4, None, Key::TableRowTwice),
                (5, Some("A"), Key::FindingMissing),
            ]
        );
        let line = found[1].text(Language::Zh);
        assert_eq!(
            line,
            "第 2 行 C 列 车辆识别代号“SHORT”：车辆识别代号应为 17 位，现为 5 位"
        );
    }
}

#[test]
fn a_cell_that_says_so_makes_an_item_unknown_and_a_blank_one_leaves_it() {
    let row = vec![text("苏A12345"), text("黄"), text("清空"), Cell::Empty];
    let (records, _) = read(
        &written(TableFormat::Xlsx, &HEADS, &[row]),
        TableFormat::Xlsx,
    );
    assert_eq!(records[0].values["vin"], serde_json::Value::Null);
    assert_eq!(records[0].values.get("registerDate"), None);
}

#[test]
fn a_cell_of_a_photo_names_a_file_or_what_is_kept() {
    let heads = ["车牌号码", "号牌颜色", "行驶证", "随车清单"];
    let hash = "ab".repeat(32);
    let row = vec![
        text("苏A12345"),
        text("黄"),
        text("扫描/1.jpg"),
        text(&hash),
    ];
    let (records, found) = read(&written(TableFormat::Csv, &heads, &[row]), TableFormat::Csv);
    assert!(
        found.iter().all(|f| f.severity < Severity::Wrong),
        "{found:?}"
    );
    let files: Vec<_> = records[0]
        .files
        .iter()
        .map(|(i, n)| (i.name, n.as_str()))
        .collect();
    assert_eq!(files, [("drivingLicensePhoto", "扫描/1.jpg")]);
    assert_eq!(records[0].values["vehicleListPhoto"], json!(hash));
}

#[test]
fn tables_that_do_not_fit_are_refused_with_what_to_do() {
    let csv = |text: &str| refusal(text.as_bytes(), TableFormat::Csv);
    assert_eq!(csv(""), Key::TableEmpty);
    assert_eq!(csv("\n\n , \n"), Key::TableEmpty);
    assert_eq!(csv("车牌号码,号牌颜色,重量\n"), Key::TableUnknownColumn);
    assert_eq!(csv("车牌号码,号牌颜色,plateNo\n"), Key::TableColumnTwice);
    assert_eq!(csv("车牌号码,VIN\n"), Key::TableNoColumn);
    let (_, found) = read(
        "车牌号码,号牌颜色\n苏A12345,黄,多余\n".as_bytes(),
        TableFormat::Csv,
    );
    assert_eq!(found[0].said.key(), Key::TableNoHead);
    assert_eq!(
        refusal(b"no zip at all", TableFormat::Xlsx),
        Key::TableDamaged
    );
    assert_eq!(
        refusal(&vec![b'a'; 101 << 20], TableFormat::Csv),
        Key::TableTooLarge
    );
    let wide = "a,".repeat(300);
    assert_eq!(csv(&wide), Key::TableTooMany);
    for end in ["\n", "\r", "\r\n"] {
        let long = end.repeat(3) + &format!("x,y{end}").repeat(200_001);
        assert_eq!(csv(&long), Key::TableTooMany, "{end:?}");
    }
}

/// A workbook with one sheet of the given XML.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    workbook_with(
        sheet,
        b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>",
    )
}

/// The same with texts that its cells share.
fn workbook_with(sheet: &[u8], shared: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 6] = [
        ("[Content_Types].xml", br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#),
        ("_rels/.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", shared),
    ];
    for (name, content) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#).into_bytes()
}

#[test]
fn a_workbook_with_a_cell_in_its_last_corner_costs_nothing() {
    let far = sheet(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    assert_eq!(
        refusal(&workbook(&far), TableFormat::Xlsx),
        Key::TableTooMany
    );
}

#[test]
fn a_workbook_that_unpacks_to_gigabytes_is_refused() {
    let mut bomb = sheet("");
    bomb.resize(300 << 20, b' ');
    let packed = workbook(&bomb);
    assert!(packed.len() < 4 << 20, "{} bytes", packed.len());
    assert_eq!(refusal(&packed, TableFormat::Xlsx), Key::TableTooLarge);
}

#[test]
fn a_workbook_of_more_parts_than_any_has_is_refused_before_they_are_listed() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..66_000 {
        let plain = zip::write::SimpleFileOptions::default();
        zip.start_file(number.to_string(), plain).unwrap();
    }
    let many = zip.finish().unwrap().into_inner();
    // A second end that is wrong, behind which readers look for the first one.
    let wrong = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x09\0\0\0\x09\0\0\0\0\0";
    for zip in [many.clone(), [many, wrong.to_vec()].concat()] {
        let error = TableReader::read(&zip, TableFormat::Xlsx).expect_err("a bomb");
        assert!(error.to_string().contains("65,535 parts"), "{error}");
    }
}

#[test]
fn a_workbook_whose_cells_would_fill_the_memory_is_refused() {
    // Each cell brings 199 blank ones before it; told out of order, rows begin again and again.
    let pair =
        r#"<row r="1"><c r="GR1"><v>1</v></c></row><row r="2"><c r="GR2"><v>1</v></c></row>"#;
    let table = TableReader::read(&workbook(&sheet(&pair.repeat(50_000))), TableFormat::Xlsx);
    assert_eq!(table.unwrap().rows().count(), 2);
    let wide: String = (1..=50_000)
        .map(|n| format!(r#"<row r="{n}"><c r="GR{n}"><v>1</v></c></row>"#))
        .collect();
    let packed = workbook(&sheet(&wide));
    assert!(packed.len() < 1 << 20, "{} bytes", packed.len());
    assert_eq!(refusal(&packed, TableFormat::Xlsx), Key::TableTooLarge);
    assert_eq!(
        refusal(
            &format!("{}\n", ",".repeat(199)).repeat(50_000).into_bytes(),
            TableFormat::Csv
        ),
        Key::TableTooLarge
    );
    // A text that every cell has stands in the file once.
    let text = format!(
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>{}</t></si></sst>",
        "长".repeat(10_000)
    );
    let cells = r#"<row><c t="s"><v>0</v></c></row>"#.repeat(9_000);
    let packed = workbook_with(&sheet(&cells), text.as_bytes());
    assert!(packed.len() < 1 << 20, "{} bytes", packed.len());
    assert_eq!(refusal(&packed, TableFormat::Xlsx), Key::TableTooLarge);
}

#[test]
fn elements_without_end_and_entities_that_multiply_cost_nothing() {
    let deep = |around: &str| {
        let (open, close) = ("<a>".repeat(3_000_000), "</a>".repeat(3_000_000));
        around.replace("{}", &format!("{open}{close}"))
    };
    let cell = r#"<row r="1"><c r="A1" t="str"><v>{}</v></c></row>"#;
    let shared = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si>{}</si></sst>";
    for packed in [
        workbook(&sheet(&deep("{}"))),
        workbook(&sheet(&deep(cell))),
        workbook_with(&sheet(""), deep(shared).as_bytes()),
    ] {
        assert!(packed.len() < 1 << 20, "{} bytes", packed.len());
        assert_eq!(refusal(&packed, TableFormat::Xlsx), Key::TableDamaged);
    }
    let laughs: String = (1..=9)
        .map(|n| format!(r#"<!ENTITY l{n} "{}">"#, format!("&l{};", n - 1).repeat(10)))
        .collect();
    for (entities, used) in [
        (format!(r#"<!ENTITY l0 "ha">{laughs}"#), "&l9;"),
        (
            r#"<!ENTITY l0 SYSTEM "file:///etc/hostname">"#.to_owned(),
            "&l0;",
        ),
    ] {
        let head = format!(r#"<!DOCTYPE worksheet [{entities}]><worksheet"#);
        let text = String::from_utf8(sheet(&cell.replace("{}", used))).unwrap();
        let bytes = workbook(text.replace("<worksheet", &head).as_bytes());
        // Refused, or the name of the entity stays what it is.
        if let Ok(table) = TableReader::read(&bytes, TableFormat::Xlsx) {
            let texts = table.rows().flat_map(|(_, cells)| cells);
            assert!(texts.map(String::len).sum::<usize>() < 10);
        }
    }
}

#[test]
fn a_number_that_excel_has_cut_is_refused_with_its_cell() {
    let cut = sheet(r#"<row r="1"><c r="B1"><v>123456789012345680</v></c></row>"#);
    let error = TableReader::read(&workbook(&cut), TableFormat::Xlsx).unwrap_err();
    assert!(error.text(Language::Zh).contains("单元格 B1"), "{error}");
    let formula = sheet(r#"<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>"#);
    assert_eq!(
        refusal(&workbook(&formula), TableFormat::Xlsx),
        Key::TableCellError
    );
}

#[test]
fn a_text_is_never_a_formula_and_comes_back_as_it_was() {
    let heads = ["车牌号码", "号牌颜色", "品牌型号"];
    for model in ["=1+1", "+cmd", "-x", "@y", "'=z", "普通"] {
        let row = vec![text("苏A12345"), text("黄"), text(model)];
        let bytes = written(TableFormat::Csv, &heads, std::slice::from_ref(&row));
        let shown = String::from_utf8(bytes.clone()).unwrap();
        assert!(!shown.contains(",=") && !shown.contains(",+"), "{shown}");
        assert_eq!(
            read(&bytes, TableFormat::Csv).0[0].values["vehicleModel"],
            json!(model)
        );
        let bytes = written(TableFormat::Xlsx, &heads, &[row]);
        assert_eq!(
            read(&bytes, TableFormat::Xlsx).0[0].values["vehicleModel"],
            json!(model)
        );
    }
}

#[test]
fn an_exported_vehicle_is_imported_unchanged() {
    let items = crate::items(Register::Vehicle);
    for language in Language::ALL {
        let heads: Vec<_> = items.iter().map(|item| item.label(language)).collect();
        let cells = items
            .iter()
            .map(|item| item.shown(truck().get(item.name), language))
            .collect();
        for format in [TableFormat::Xlsx, TableFormat::Csv] {
            let bytes = written(format, &heads, &[Vec::clone(&cells)]);
            let (records, found) = read(&bytes, format);
            assert!(
                found.iter().all(|f| f.severity < Severity::Missing),
                "{found:?}"
            );
            assert_eq!(records[0].values, truck());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [TableFormat::Xlsx, TableFormat::Csv] {
            if let Ok(table) = TableReader::read(&bytes, format) {
                let _ = import(&table, Register::Vehicle, &rules());
            }
        }
    }

    #[test]
    fn no_flipped_byte_of_a_workbook_makes_reading_panic(place in any::<usize>(), byte in any::<u8>()) {
        let row = vec![text("苏A12345"), text("黄"), text("x"), text("2021-06-30")];
        let mut bytes = written(TableFormat::Xlsx, &HEADS, &[row]);
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(table) = TableReader::read(&bytes, TableFormat::Xlsx) {
            let _ = import(&table, Register::Vehicle, &rules());
        }
    }

    #[test]
    fn no_text_makes_an_item_panic(text in "\\PC{0,40}") {
        for register in Register::ALL {
            for item in crate::items(register) {
                let _ = parse(register, item, &text, &rules());
            }
        }
    }
}

#[test]
fn a_report_keeps_its_sheets_and_texts_stay_texts() {
    let mut book = Book::default();
    let heads = || vec!["日期 Day".to_owned(), "平台原话 Words".to_owned()];
    let notes = vec![(
        "截至 As of".to_owned(),
        Cell::Day(jiff::civil::date(2026, 5, 1)),
    )];
    book.sheet("传输率 [rates]", notes, heads());
    book.row(vec![text("2026-05-01"), text("=HYPERLINK(\"http://x\")")]);
    book.sheet("拒收", Vec::new(), heads());
    book.row(vec![Cell::number(Some(94.9)), Cell::Empty]);
    let mut out = Cursor::new(Vec::new());
    book.write(&mut out).unwrap();

    let mut read: calamine::Xlsx<_> = calamine::Reader::new(out).unwrap();
    use calamine::Reader as _;
    assert_eq!(read.sheet_names(), ["传输率 rates", "拒收"]);
    let first = read.worksheet_range("传输率 rates").unwrap();
    let cell = |at| first.get_value(at).unwrap().to_string();
    let as_of = first.get_value((0, 1)).unwrap();
    assert!(matches!(as_of, calamine::Data::DateTime(_)), "{as_of:?}");
    assert_eq!(cell((1, 0)), "日期 Day");
    assert_eq!(cell((2, 1)), "=HYPERLINK(\"http://x\")");
    let formulas = read.worksheet_formula("传输率 rates").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn a_table_that_cannot_be_written_says_why_in_the_reader_s_language() {
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    let workbook = || rust_xlsxwriter::XlsxError::from(full());
    for error in [TableError::from(full()), TableError::from(workbook())] {
        let text = error.text(Language::Zh);
        assert!(text.starts_with("表格写不出"), "{text}");
        assert!(!text.contains("could not"), "{text}");
    }
}
