//! From a table to records: every row is looked at, and every mistake is told at once.

use std::collections::HashMap;

use passage::Register;
use serde_json::Value;
use words::{Key, Language, Said};

use crate::table::column_name;
use crate::{Need, RegisterItem, Rules, Severity, TableError, TableReader, ValueKind};
use crate::{Values, identity, parse, validate};

/// Columns that people add for themselves.
const IGNORED: [&str; 6] = ["序号", "备注", "no.", "no", "#", "remark"];
/// Written into a cell it makes a known item unknown; a blank cell leaves it as it is.
const CLEAR: [&str; 2] = ["清空", "clear"];

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Its number in the file, counted from 1.
    pub row: u32,
    /// What the record is called.
    pub identity: String,
    /// Items with a value; null where the cell says 清空.
    pub values: Values,
    /// File items whose cell names a file instead of the hash of one that is kept.
    pub files: Vec<(&'static RegisterItem, String)>,
}

/// Something about one cell of the table.
#[derive(Debug, Clone)]
pub struct RowFinding {
    /// Row in the file, counted from 1.
    pub row: u32,
    /// Column, as Excel shows it, when it is about one.
    pub column: Option<String>,
    /// The item, when it is about one.
    pub item: Option<&'static RegisterItem>,
    /// What stands there.
    pub value: String,
    /// How bad it is. One that is [`Severity::Wrong`] stops the whole import.
    pub severity: Severity,
    /// Why, and what is allowed.
    pub said: Said,
}

impl RowFinding {
    /// `第 3 行 C 列 VIN "LSV123"：…`.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let column = self.column.as_deref().unwrap_or("-");
        let label = self.item.map_or("", |item| item.label(language));
        let said = self.said.text(language);
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("row", &self.row),
            ("column", &column),
            ("label", &label),
            ("value", &self.value),
            ("said", &said),
        ];
        language.fill(Key::TableRow, &values)
    }
}

/// The records of a table with everything there is to say about them. A row with a finding of
/// [`Severity::Wrong`] is not among the records; import nothing then.
///
/// # Errors
/// When the table can't be read at all or its heads don't fit.
pub fn import(
    table: &TableReader,
    register: Register,
    rules: &Rules,
) -> Result<(Vec<Imported>, Vec<RowFinding>), TableError> {
    let Some(((_, heads), rows)) = table.rows.split_first() else {
        return Err(TableError::Refused(Said::plain(Key::TableEmpty)));
    };
    let columns = columns(heads, register)?;
    let mut records = Vec::new();
    let mut found = Vec::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (row, cells) in rows {
        let mut reading = Reading {
            register,
            rules,
            row: *row,
            found: Vec::new(),
        };
        let record = reading.record(&columns, cells, &mut seen);
        let wrong = reading.found.iter().any(|f| f.severity == Severity::Wrong);
        found.append(&mut reading.found);
        records.extend(record.filter(|_| !wrong));
    }
    Ok((records, found))
}

/// What a head may look like apart from blanks, brackets and case.
fn plain(head: &str) -> String {
    head.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '\u{feff}'))
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// The item of each column.
fn columns(
    heads: &[String],
    register: Register,
) -> Result<Vec<Option<&'static RegisterItem>>, TableError> {
    let refused = |said| Err(TableError::Refused(said));
    let items = crate::items(register);
    let mut columns: Vec<Option<&'static RegisterItem>> = Vec::new();
    for head in heads {
        let name = plain(head);
        if name.is_empty() || IGNORED.contains(&name.as_str()) {
            columns.push(None);
            continue;
        }
        let item = items
            .iter()
            .find(|item| item.names().any(|n| plain(n) == name));
        let Some(item) = item else {
            let allowed: Vec<_> = items.iter().map(|item| item.zh).collect();
            let said = Said::with(Key::TableUnknownColumn, "column", head)
                .and("allowed", allowed.join("、"));
            return refused(said);
        };
        if columns
            .iter()
            .flatten()
            .any(|known| known.name == item.name)
        {
            return refused(Said::with(Key::TableColumnTwice, "column", head));
        }
        columns.push(Some(item));
    }
    let has = |item: &RegisterItem| {
        columns
            .iter()
            .flatten()
            .any(|known| known.name == item.name)
    };
    let lacking = items
        .iter()
        .find(|item| item.need == Need::Identity && !has(item));
    if let Some(item) = lacking {
        return refused(Said::with(Key::TableNoColumn, "column", item.zh));
    }
    Ok(columns)
}

struct Reading<'a> {
    register: Register,
    rules: &'a Rules,
    row: u32,
    found: Vec<RowFinding>,
}

impl Reading<'_> {
    fn say(
        &mut self,
        severity: Severity,
        column: Option<usize>,
        item: Option<&'static RegisterItem>,
        value: &str,
        said: Said,
    ) {
        self.found.push(RowFinding {
            row: self.row,
            column: column.map(column_name),
            item,
            value: value.chars().take(80).collect(),
            severity,
            said,
        });
    }

    fn record(
        &mut self,
        columns: &[Option<&'static RegisterItem>],
        cells: &[String],
        seen: &mut HashMap<String, u32>,
    ) -> Option<Imported> {
        let mut values = Values::new();
        let mut files = Vec::new();
        for (column, cell) in cells.iter().enumerate() {
            let cell = cell.trim();
            let Some(item) = columns.get(column).copied().flatten() else {
                if !cell.is_empty() && column >= columns.len() {
                    let said = Said::plain(Key::TableNoHead);
                    self.say(Severity::Wrong, Some(column), None, cell, said);
                }
                continue;
            };
            if CLEAR.iter().any(|word| word.eq_ignore_ascii_case(cell)) {
                values.insert(item.name.to_owned(), Value::Null);
                continue;
            }
            match parse(self.register, item, cell, self.rules) {
                Ok(Value::Null) => {}
                Ok(value) => {
                    values.insert(item.name.to_owned(), value);
                }
                Err(_) if matches!(item.kind, ValueKind::File) => {
                    files.push((item, cell.to_owned()));
                }
                Err(said) => self.say(Severity::Wrong, Some(column), Some(item), cell, said),
            }
        }
        let identity = self.identity(columns, &values, seen)?;
        self.judge(columns, cells, &values, &files);
        Some(Imported {
            row: self.row,
            identity,
            values,
            files,
        })
    }

    fn identity(
        &mut self,
        columns: &[Option<&'static RegisterItem>],
        values: &Values,
        seen: &mut HashMap<String, u32>,
    ) -> Option<String> {
        let Some(identity) = identity(self.register, values) else {
            for item in crate::items(self.register)
                .iter()
                .filter(|i| i.need == Need::Identity)
            {
                let column = columns
                    .iter()
                    .position(|c| c.is_some_and(|c| c.name == item.name));
                let known = values.get(item.name).is_some_and(|v| !v.is_null());
                if !known
                    && !self
                        .found
                        .iter()
                        .any(|f| f.item.is_some_and(|i| i.name == item.name))
                {
                    let said = Said::plain(Key::FindingMissing);
                    self.say(Severity::Wrong, column, Some(item), "", said);
                }
            }
            return None;
        };
        if let Some(first) = seen.insert(identity.clone(), self.row) {
            let said = Said::with(Key::TableRowTwice, "row", first);
            self.say(Severity::Wrong, None, None, &identity, said);
        }
        Some(identity)
    }

    /// What the items of the row say of each other. What is missing can be given later.
    fn judge(
        &mut self,
        columns: &[Option<&'static RegisterItem>],
        cells: &[String],
        values: &Values,
        files: &[(&'static RegisterItem, String)],
    ) {
        let mut whole = values.clone();
        for (item, name) in files {
            // The file is looked at by whoever can; that there is one is known here.
            whole.insert(item.name.to_owned(), Value::String(name.clone()));
        }
        for finding in validate(self.register, &whole, self.rules) {
            let is_file = matches!(finding.item.kind, ValueKind::File);
            let told = self
                .found
                .iter()
                .any(|f| f.item.is_some_and(|item| item.name == finding.item.name));
            if told || (is_file && finding.severity == Severity::Wrong) {
                continue;
            }
            let place =
                |item: &Option<&RegisterItem>| item.is_some_and(|i| i.name == finding.item.name);
            let column = columns.iter().position(place);
            let value = column.and_then(|column| cells.get(column)).cloned();
            let value = value.unwrap_or_default();
            let (severity, said) = (finding.severity, finding.said);
            self.say(severity, column, Some(finding.item), &value, said);
        }
    }
}
