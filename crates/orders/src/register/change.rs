//! Changing one record, and reviewing what was changed.

use std::collections::BTreeMap;
use std::path::Path;

use passage::{RecordKey, RecordState, RecordView, Register};
use records::{Finding, RegisterItem, Severity, ValueKind, Values};
use serde_json::Value;

use super::{By, Registers};
use crate::{Attachment, Error, RecordChange};

/// The largest file that is taken, such as the picture of a licence.
const FILE_BYTES: u64 = 10 << 20;

impl Registers {
    /// The revision that gives a record these items, each `ITEM=VALUE` by canonical or Chinese name;
    /// a file item takes the path of a picture. It is of the record called `name`, or of the one
    /// whose name the items give, which may be new.
    ///
    /// # Errors
    /// When an item or value is wrong, no record is meant, or it can't be read.
    pub fn set(
        &self,
        register: Register,
        name: Option<&str>,
        items: &[String],
        by: By<'_>,
    ) -> Result<RecordChange, Error> {
        let mut changed = Values::new();
        let mut files = Vec::new();
        for pair in items {
            let (item, text) = named(register, pair)?;
            let value = if matches!(item.kind, ValueKind::File) && !text.is_empty() {
                files.push(Attachment::kept(item.name, file_bytes(Path::new(text))?)?);
                hash_to_come()
            } else {
                self.value(register, item, text)?
            };
            changed.insert(item.name.to_owned(), value);
        }
        let before = match name {
            Some(name) => Some(self.called(register, name)?),
            None => self.existing(register, &changed)?,
        };
        let change = self.changed(register, before.as_ref(), changed, by)?;
        Ok(RecordChange { files, ..change })
    }

    /// The revision that gives `before`, or a new record, these items, each by canonical name as it was
    /// typed. What is typed of every item is looked at before it is refused.
    ///
    /// # Errors
    /// When items or values are wrong, or a new record would have no name.
    pub fn edit(
        &self,
        register: Register,
        before: Option<&RecordView>,
        typed: &BTreeMap<String, String>,
        by: By<'_>,
    ) -> Result<RecordChange, Error> {
        let (mut changed, mut wrong) = (Values::new(), Vec::new());
        for (name, text) in typed {
            let Some(item) = records::item(register, name) else {
                return Err(Error::NoItem(name.clone()));
            };
            // A file comes as a file, and a hash that is typed names none.
            if matches!(item.kind, ValueKind::File) && !text.is_empty() {
                return Err(Error::NoSuchFile(item));
            }
            match records::parse(register, item, text, &self.rules) {
                Ok(value) => {
                    changed.insert(item.name.to_owned(), value);
                }
                Err(said) => wrong.push(Finding {
                    severity: Severity::Wrong,
                    item,
                    said,
                }),
            }
        }
        if !wrong.is_empty() {
            return Err(Error::Wrong(wrong));
        }
        self.changed(register, before, changed, by)
    }

    /// The revision that gives `before` a file: a picture (JPEG, PNG), which is encoded anew, or a PDF.
    ///
    /// # Errors
    /// When the item is none that is a file, the file is none of these, or other values of the record can't be true.
    pub fn attach(
        &self,
        before: &RecordView,
        item: &str,
        bytes: &[u8],
        by: By<'_>,
    ) -> Result<RecordChange, Error> {
        let register = before.register;
        let file = records::item(register, item);
        let file = file.filter(|item| matches!(item.kind, ValueKind::File));
        let item = file.ok_or_else(|| Error::NoItem(item.to_owned()))?;
        let mut changed = Values::new();
        changed.insert(item.name.to_owned(), hash_to_come());
        let change = self.changed(register, Some(before), changed, by)?;
        let files = vec![Attachment::kept(item.name, bytes.to_owned())?];
        Ok(RecordChange { files, ..change })
    }

    fn changed(
        &self,
        register: Register,
        before: Option<&RecordView>,
        changed: Values,
        by: By<'_>,
    ) -> Result<RecordChange, Error> {
        let mut values = values_of(before);
        values.extend(changed);
        let identity = records::identity(register, &values).ok_or(Error::NoIdentity(register))?;
        let state = self.state_of(register, &values)?;
        Ok(revision(register, before, identity, values, state, by))
    }

    fn value(
        &self,
        register: Register,
        item: &'static RegisterItem,
        text: &str,
    ) -> Result<Value, Error> {
        records::parse(register, item, text, &self.rules).map_err(|said| Error::Value {
            item,
            text: text.to_owned(),
            said,
        })
    }

    fn existing(&self, register: Register, values: &Values) -> Result<Option<RecordView>, Error> {
        match (records::identity(register, values), &self.reader) {
            (Some(identity), Some(reader)) => Ok(reader.record_called(register, &identity)?),
            _ => Ok(None),
        }
    }

    /// The revisions that bring these records of one register into a state. A record is approved
    /// only when the validators find nothing wrong or missing.
    ///
    /// # Errors
    /// When one of them can't be approved.
    pub fn review(
        &self,
        chosen: &[RecordView],
        state: RecordState,
        by: By<'_>,
    ) -> Result<Vec<RecordChange>, Error> {
        let one = |record: &RecordView| {
            let register = record.register;
            if state == RecordState::Approved
                && self.state_of(register, &record.values)? != RecordState::Checked
            {
                return Err(Error::Incomplete {
                    name: record.identity.clone(),
                    findings: self.findings(record),
                });
            }
            let (name, values) = (record.identity.clone(), record.values.clone());
            Ok(revision(register, Some(record), name, values, state, by))
        };
        chosen.iter().map(one).collect()
    }

    /// Every record in which the validators found nothing wrong or missing.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn checked(&self, register: Register) -> Result<Vec<RecordView>, Error> {
        let is_checked = |record: &ledger::Result<RecordView>| {
            let record = record.as_ref();
            record.map_or(true, |record| record.state == RecordState::Checked)
        };
        let checked: ledger::Result<_> = self.records(register).filter(is_checked).collect();
        Ok(checked?)
    }

    /// What the validators make of values: checked, or a draft that lacks something; wrong is
    /// refused.
    pub(super) fn state_of(
        &self,
        register: Register,
        values: &Values,
    ) -> Result<RecordState, Error> {
        let found = records::validate(register, values, &self.rules);
        let is_missing = found.iter().any(|f| f.severity == Severity::Missing);
        let wrong: Vec<_> = found
            .into_iter()
            .filter(|f| f.severity == Severity::Wrong)
            .collect();
        if !wrong.is_empty() {
            return Err(Error::Wrong(wrong));
        }
        Ok(if is_missing {
            RecordState::Draft
        } else {
            RecordState::Checked
        })
    }
}

fn named(register: Register, pair: &str) -> Result<(&'static RegisterItem, &str), Error> {
    let Some((name, text)) = pair.split_once('=') else {
        return Err(Error::NotAPair(pair.to_owned()));
    };
    let item = records::items(register)
        .iter()
        .find(|item| item.names().any(|known| known == name.trim()));
    match item {
        Some(item) => Ok((item, text)),
        None => Err(Error::NoItem(name.to_owned())),
    }
}

/// A revision of a record, or of a new one.
pub(super) fn revision(
    register: Register,
    before: Option<&RecordView>,
    identity: String,
    values: Values,
    state: RecordState,
    by: By<'_>,
) -> RecordChange {
    RecordChange {
        key: before.map_or_else(RecordKey::random, |record| record.key),
        register,
        base: before.map_or(0, |record| record.revision),
        identity,
        values,
        state,
        who: by.who.to_owned(),
        why: by.why.to_owned(),
        files: Vec::new(),
    }
}

pub(super) fn values_of(record: Option<&RecordView>) -> Values {
    record.map_or_else(Values::new, |record| record.values.clone())
}

/// Takes the place of a file's hash until the ledger knows it.
pub(super) fn hash_to_come() -> Value {
    Value::String("0".repeat(64))
}

/// The bytes of a file of limited size.
///
/// # Errors
/// When it is no file, too large, or can't be read.
pub fn file_bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    let meta = std::fs::metadata(path).map_err(failed)?;
    if !meta.is_file() || meta.len() > FILE_BYTES {
        return Err(Error::FileTooLarge {
            path: path.to_owned(),
            mib: FILE_BYTES >> 20,
        });
    }
    std::fs::read(path).map_err(failed)
}
