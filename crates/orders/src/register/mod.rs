//! Looking at the registers, and what may be changed in them.

mod change;
mod import;
mod lines;
mod names;

use std::path::Path;

use ledger::Reader;
use passage::{RecordState, RecordView, Register};
use records::{Finding, Need, Rules};

use crate::Error;

pub use change::file_bytes;
pub use import::{Import, table};
pub use lines::{finding_lines, item_lines};
pub use names::{severity_name, state_name};

/// Who changes something and why; kept with the change for good.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who says so.
    pub who: &'a str,
    /// Why.
    pub why: &'a str,
}

/// The registers of a site, with the rules that hold today.
pub struct Registers {
    /// A ledger that is not there yet has no records.
    reader: Option<Reader>,
    rules: Rules,
}

impl Registers {
    /// Those of the ledger in `data`.
    ///
    /// # Errors
    /// When there is a ledger and it can't be read.
    pub fn open(data: &Path, rules: Rules) -> Result<Self, Error> {
        let reader = match Reader::open(data) {
            Ok(reader) => Some(reader),
            Err(e) if e.kind() == ledger::ErrorKind::Missing => None,
            Err(e) => return Err(e.into()),
        };
        Ok(Self { reader, rules })
    }

    /// Every record of a register, each in its newest revision.
    pub fn records(&self, register: Register) -> impl Iterator<Item = ledger::Result<RecordView>> {
        let reader = self.reader.iter();
        reader.flat_map(move |reader| reader.every_record(register))
    }

    /// Every revision of a record, the newest first.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn history(&self, record: &RecordView) -> Result<Vec<RecordView>, Error> {
        match &self.reader {
            Some(reader) => Ok(reader.record_history(record.key)?),
            None => Ok(Vec::new()),
        }
    }

    /// What the validators say of a record.
    #[must_use]
    pub fn findings(&self, record: &RecordView) -> Vec<Finding> {
        records::validate(record.register, &record.values, &self.rules)
    }

    /// Known items of a record, and all that it should have.
    #[must_use]
    pub fn completeness(&self, record: &RecordView) -> (usize, usize) {
        records::completeness(record.register, &record.values, &self.rules)
    }

    /// The record that a person calls `name`: its whole identity, or the first part of it if only
    /// one begins so. `苏A12345` finds `苏A12345|yellow`.
    ///
    /// # Errors
    /// When none or several are called so, or the ledger can't be read.
    pub fn called(&self, register: Register, name: &str) -> Result<RecordView, Error> {
        let wanted = self.canonical(register, name);
        let mut found: Vec<RecordView> = Vec::new();
        for record in self.records(register) {
            let record = record?;
            let begins = record.identity.strip_prefix(&wanted);
            let live = record.state != RecordState::Retired;
            if live && begins.is_some_and(|rest| rest.is_empty() || rest.starts_with('|')) {
                found.push(record);
            }
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::NoRecord(name.to_owned())),
            _ => Err(Error::ManyRecords {
                name: name.to_owned(),
                names: found.into_iter().map(|r| r.identity).collect(),
            }),
        }
    }

    /// The parts of a name as they are stored: `苏a·12345|黄` is `苏A12345|yellow`.
    fn canonical(&self, register: Register, name: &str) -> String {
        let items = records::items(register).iter();
        let identity = items.filter(|item| item.need == Need::Identity);
        let parts: Vec<String> = name
            .split(['|', ',', '，'])
            .zip(identity)
            .map(|(part, item)| {
                let value = records::parse(register, item, part, &self.rules);
                let text = value.ok().and_then(|v| v.as_str().map(str::to_owned));
                text.unwrap_or_else(|| part.trim().to_owned())
            })
            .collect();
        parts.join("|")
    }
}
