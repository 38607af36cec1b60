//! Registers as tables: in, with a report on every row, and out.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use ledger::{RecordState, RecordView, Register};
use records::{Cell, Format, Imported, Severity, TableReader, TableWriter, Values};
use serde_json::Value;
use words::Key;

use super::change::{file_bytes, revision, state_of};
use super::{each, rules, say};
use crate::cli::register::{ExportArgs, ImportArgs};
use crate::config::Config;
use crate::control::{Done, FileWire, Order, submit};
use crate::exit::{Failure, Outcome};

/// What kind of table a file is.
pub(crate) fn format(path: &Path) -> Result<Format, Failure> {
    Format::of(path).ok_or_else(|| Failure::usage(format!("{}: use .xlsx or .csv", path.display())))
}

/// A table read whole, within the limits of [`TableReader`].
pub(crate) fn table(config: &Config, path: &Path) -> Result<TableReader, Failure> {
    let said = |text: String| Failure::Job(format!("{}: {text}", path.display()));
    let size = std::fs::metadata(path)
        .map_err(|e| said(e.to_string()))?
        .len();
    if size > records::LARGEST_FILE_BYTES {
        let mib = records::LARGEST_FILE_BYTES >> 20;
        return Err(said(
            config.language.fill(Key::TableTooLarge, &[("mib", &mib)]),
        ));
    }
    let bytes = std::fs::read(path).map_err(|e| said(e.to_string()))?;
    TableReader::read(&bytes, format(path)?).map_err(|e| said(e.text(config.language)))
}

pub(super) fn import(config: &Config, args: &ImportArgs) -> Outcome {
    let register = args.register;
    let table = table(config, &args.file)?;
    let (rows, found) = records::import(&table, register, &rules(config)).map_err(|e| {
        Failure::Job(format!(
            "{}: {}",
            args.file.display(),
            e.text(config.language)
        ))
    })?;
    let mut wrong = 0;
    for finding in &found {
        let is_wrong = finding.severity == Severity::Wrong;
        wrong += usize::from(is_wrong);
        if is_wrong || args.all_findings {
            let mark = super::severity_name(config.language, finding.severity);
            say(&format!("[{mark}] {}", finding.text(config.language)))?;
        }
    }
    if wrong > 0 {
        let words = config
            .language
            .fill(Key::ConsoleNothingImported, &[("count", &wrong)]);
        return Err(Failure::Job(words));
    }
    let mut known: HashMap<String, RecordView> = HashMap::new();
    each(config, register, |record| {
        if record.state != RecordState::Retired {
            known.insert(record.identity.clone(), record);
        }
        Ok(())
    })?;
    let (mut revisions, mut same) = (Vec::new(), 0);
    for row in rows {
        let before = known.get(&row.identity);
        match one(config, register, args, row, before)? {
            Some(wire) => revisions.push(wire),
            None => same += 1,
        }
    }
    let count = revisions.len();
    if count > 0 {
        // One order, one commit: all of it or nothing.
        let Done::Records(_) = submit(config, Order::Records { revisions })? else {
            return Err(Failure::Job(
                "the daemon answered something else".to_owned(),
            ));
        };
    }
    let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("same", &same)];
    say(&config.language.fill(Key::ConsoleImported, &values))
}

/// The revision that a row asks for; none when it says nothing new.
fn one(
    config: &Config,
    register: Register,
    args: &ImportArgs,
    row: Imported,
    before: Option<&RecordView>,
) -> Result<Option<crate::control::RevisionWire>, Failure> {
    let mut values = before.map_or_else(Values::new, |record| record.values.clone());
    let mut files = Vec::new();
    for (item, name) in &row.files {
        let folder = args.file.parent().unwrap_or(Path::new("."));
        let bytes = file_bytes(&folder.join(name)).map_err(|e| match e {
            Failure::Job(text) => Failure::Job(format!("row {}: {text}", row.row)),
            other => other,
        })?;
        files.push(FileWire::of(item.name, &bytes));
        values.insert(item.name.to_owned(), Value::String("0".repeat(64)));
    }
    for (name, value) in row.values {
        let kept = values.get(&name).and_then(Value::as_str);
        let is_file = register
            .item(&name)
            .is_some_and(|item| matches!(item.kind, records::Kind::File));
        if is_file && !value.is_null() && kept != value.as_str() {
            // A hash is only the name of a file that this record has.
            return Err(Failure::Job(format!(
                "row {}: {name}: this record has no such file; write the name of a picture",
                row.row
            )));
        }
        values.insert(name, value);
    }
    if before.is_some_and(|record| record.values == values) && files.is_empty() {
        return Ok(None);
    }
    let state = state_of(config, register, &values).map_err(|e| match e {
        Failure::Job(text) => Failure::Job(format!("row {}: {text}", row.row)),
        other => other,
    })?;
    let by = (args.by.who.as_str(), args.by.why.as_str());
    let mut wire = revision(register, before, row.identity, values, state, by);
    wire.files = files;
    Ok(Some(wire))
}

pub(super) fn export(config: &Config, args: &ExportArgs) -> Outcome {
    let items = args.register.items();
    let language = args.language.unwrap_or(config.language);
    let heads: Vec<&str> = items.iter().map(|item| item.label(language)).collect();
    let failed = |text: String| Failure::Job(format!("{}: {text}", args.file.display()));
    let file = File::create(&args.file).map_err(|e| failed(e.to_string()))?;
    let mut table = TableWriter::new(BufWriter::new(file), format(&args.file)?, &heads)
        .map_err(|e| failed(e.text(language)))?;
    let mut count = 0;
    each(config, args.register, |record| {
        if record.state == RecordState::Retired && !args.retired {
            return Ok(());
        }
        count += 1;
        let cells: Vec<Cell> = items
            .iter()
            .map(|item| item.shown(record.values.get(item.name), language))
            .collect();
        table.row(&cells).map_err(|e| failed(e.text(language)))
    })?;
    let mut out = table.finish().map_err(|e| failed(e.text(language)))?;
    out.flush().map_err(|e| failed(e.to_string()))?;
    let path = args.file.display();
    let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("file", &path)];
    say(&config.language.fill(Key::ConsoleExported, &values))
}
