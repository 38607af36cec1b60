//! A CSV table for each register: what is taken is stored in one form only, so that exported and
//! imported again it is the same, and whoever typed it hears of every mistake.
#![no_main]

use std::io::Cursor;

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use passage::Register;
use records::{Cell, Rules, Severity, TableFormat, TableReader, TableWriter, import, items};
use words::Language;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(table) = TableReader::read(rest, TableFormat::Csv) else {
        return;
    };
    let register = Register::ALL[usize::from(*first) % Register::ALL.len()];
    let language = [Language::Zh, Language::En][usize::from(first >> 7)];
    let rules = Rules::on(date(2026, 3, 1));
    let Ok((records, found)) = import(&table, register, &rules) else {
        return;
    };
    for finding in &found {
        assert!(finding.value.chars().count() <= 80);
        assert!(finding.text(language).chars().count() < 2000);
    }
    let wrong = found.iter().any(|f| f.severity == Severity::Wrong);
    if wrong || records.is_empty() || records.iter().any(|record| !record.files.is_empty()) {
        return;
    }
    let items = items(register);
    let heads: Vec<&str> = items.iter().map(|item| item.label(language)).collect();
    let mut out = TableWriter::new(Cursor::new(Vec::new()), TableFormat::Csv, "sheet", &heads)
        .expect("memory");
    for record in &records {
        let shown = items
            .iter()
            .map(|item| item.shown(record.values.get(item.name), language));
        out.row(&shown.collect::<Vec<Cell>>()).expect("a row");
    }
    let bytes = out.finish().expect("a table").into_inner();
    let table = TableReader::read(&bytes, TableFormat::Csv).expect("what we wrote");
    let (again, found) = import(&table, register, &rules).expect("our own heads");
    let wrong: Vec<String> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Wrong)
        .map(|finding| finding.text(language))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(records.len(), again.len());
    for (before, after) in records.iter().zip(&again) {
        let known = |values: &records::Values| {
            let mut values = values.clone();
            values.retain(|_, value| !value.is_null());
            values
        };
        assert_eq!(before.identity, after.identity);
        assert_eq!(known(&before.values), known(&after.values));
    }
});
