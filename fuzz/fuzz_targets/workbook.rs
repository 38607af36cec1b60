//! The parts of a workbook as text, between lines of `===`: sheet, shared texts, styles, workbook.
//! They are packed here, so that what is tried is what stands in them and not the checksums.
#![no_main]

use std::io::{Cursor, Write as _};

use libfuzzer_sys::fuzz_target;
use records::{TableFormat, TableReader};
use words::Language;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split("\n===\n");
    let mut next = |default| {
        parts
            .next()
            .filter(|part| !part.is_empty())
            .unwrap_or(default)
    };
    let files = [
        ("xl/worksheets/sheet1.xml", next("")),
        ("xl/sharedStrings.xml", next("")),
        ("xl/styles.xml", next("")),
        ("xl/workbook.xml", next(WORKBOOK)),
        ("xl/_rels/workbook.xml.rels", next(RELATIONS)),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in files.iter().filter(|(_, text)| !text.is_empty()) {
        archive.start_file(*name, stored).expect("memory");
        archive.write_all(text.as_bytes()).expect("memory");
    }
    let packed = archive.finish().expect("memory").into_inner();
    match TableReader::read(&packed, TableFormat::Xlsx) {
        Ok(table) => {
            let numbers: Vec<u32> = table.rows().map(|(number, _)| number).collect();
            assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
            assert!(
                table
                    .rows()
                    .all(|(n, cells)| n <= 200_000 && cells.len() <= 200)
            );
        }
        Err(error) => assert!(error.text(Language::En).chars().count() < 1000, "{error}"),
    }
});
