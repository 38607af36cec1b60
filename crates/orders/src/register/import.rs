//! A table into a register: all of it, or none and a report on every row.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use passage::{RecordState, RecordView, Register};
use records::{Imported, RowFinding, Severity, TableFormat, TableReader, ValueKind};

use super::change::{file_bytes, hash_to_come, revision, values_of};
use super::{By, Registers};
use crate::{Attachment, Error, RecordChange};

/// A table read whole, within the limits of [`TableReader`].
///
/// # Errors
/// When the file can't be read, is too large, or is no table.
pub fn table(path: &Path, format: TableFormat) -> Result<TableReader, Error> {
    let failed = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    // One byte more than a table has, so that a larger one is refused as such.
    let mut bounded = file.take(records::LARGEST_FILE_BYTES + 1);
    let mut bytes = Vec::new();
    bounded.read_to_end(&mut bytes).map_err(failed)?;
    Ok(TableReader::read(&bytes, format)?)
}

/// What a table brings.
#[derive(Debug)]
pub struct Import {
    rows: Vec<Imported>,
    /// Everything there is to say about its cells.
    pub findings: Vec<RowFinding>,
}

impl Import {
    /// Reads the rows for a register.
    ///
    /// # Errors
    /// When the table's heads don't fit.
    pub fn read(
        table: &TableReader,
        register: Register,
        registers: &Registers,
    ) -> Result<Self, Error> {
        let (rows, findings) = records::import(table, register, &registers.rules)?;
        Ok(Self { rows, findings })
    }

    /// Rows that can be taken.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Mistakes in it. With one of them nothing is imported.
    #[must_use]
    pub fn mistakes(&self) -> usize {
        let wrong = |finding: &&RowFinding| finding.severity == Severity::Wrong;
        self.findings.iter().filter(wrong).count()
    }
}

impl Registers {
    /// The revisions that a table without mistakes asks for: one order, one commit. Rows that say
    /// nothing new bring none. Files that cells name are read from `folder`; without one no cell may
    /// name a file.
    ///
    /// # Errors
    /// When a row can't be taken.
    pub fn import(
        &self,
        register: Register,
        import: Import,
        folder: Option<&Path>,
        by: By<'_>,
    ) -> Result<Vec<RecordChange>, Error> {
        let mut known: HashMap<String, RecordView> = HashMap::new();
        for record in self.records(register) {
            let record = record?;
            if record.state != RecordState::Retired {
                known.insert(record.identity.clone(), record);
            }
        }
        let mut revisions = Vec::new();
        for row in import.rows {
            let (number, before) = (row.row, known.get(&row.identity));
            let change = self.row(register, row, before, folder, by);
            revisions.extend(change.map_err(|e| Error::Row(number, Box::new(e)))?);
        }
        Ok(revisions)
    }

    /// The revision that a row asks for; none when it says nothing new.
    fn row(
        &self,
        register: Register,
        row: Imported,
        before: Option<&RecordView>,
        folder: Option<&Path>,
        by: By<'_>,
    ) -> Result<Option<RecordChange>, Error> {
        let mut values = values_of(before);
        let mut files = Vec::new();
        for (item, name) in &row.files {
            let folder = folder.ok_or(Error::NoSuchFile(item))?;
            let bytes = file_bytes(&folder.join(name))?;
            files.push(Attachment::kept(item.name, bytes)?);
            values.insert(item.name.to_owned(), hash_to_come());
        }
        for (name, value) in row.values {
            let kept = values.get(&name).and_then(|value| value.as_str());
            let file =
                records::item(register, &name).filter(|item| matches!(item.kind, ValueKind::File));
            // A hash is only the name of a file that this record has.
            if let Some(item) = file
                && !value.is_null()
                && kept != value.as_str()
            {
                return Err(Error::NoSuchFile(item));
            }
            values.insert(name, value);
        }
        if before.is_some_and(|record| record.values == values) && files.is_empty() {
            return Ok(None);
        }
        let state = self.state_of(register, &values)?;
        let change = revision(register, before, row.identity, values, state, by);
        Ok(Some(RecordChange { files, ..change }))
    }
}
