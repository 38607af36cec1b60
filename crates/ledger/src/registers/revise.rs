//! The writer's side of registers.

use passage::RecordView;
use words::Key;

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::registers::NewRevision;
use crate::registers::write::{Refusal, write};
use crate::writer::Writer;

impl Writer {
    /// Appends revisions of register records, their files first: all of them or, after any error,
    /// none. What is approved or retired is queued for the sinks that take its register. Gives
    /// them as they are now.
    ///
    /// # Errors
    /// `Conflict`, naming the record, when it was changed since the revision named as base, or
    /// when another one is called so; `Invalid` for a file that is not a JPEG, PNG or PDF, or a
    /// revision without identity, person or reason; else see [`ErrorKind`].
    pub fn write_records(&mut self, revisions: &[NewRevision]) -> Result<Vec<RecordView>> {
        for new in revisions {
            let missing = [&new.identity, &new.who, &new.why];
            if missing.iter().any(|text| text.trim().is_empty()) {
                let why = Key::LedgerRecordNeeds;
                return Err(Error::refused(ErrorKind::Invalid, why));
            }
        }
        let mut kept = Vec::with_capacity(revisions.len());
        for new in revisions {
            let files: Result<Vec<_>> = new.files.iter().map(|file| self.keep_file(file)).collect();
            kept.push(files?);
        }
        let sinks = self.sinks().to_vec();
        let mut conflict = None;
        let written = self.committed(
            "could not write register records",
            &[Topic::Registers, Topic::Outbox, Topic::Passages],
            |to| {
                let written: std::result::Result<Vec<_>, _> = revisions
                    .iter()
                    .zip(&kept)
                    .map(|(new, kept)| write(to, new, kept, &sinks))
                    .collect();
                written.map_err(|refusal| match refusal {
                    Refusal::Sql(error) => error,
                    Refusal::Conflict(why) => {
                        conflict = Some(why);
                        rusqlite::Error::QueryReturnedNoRows
                    }
                })
            },
        );
        match conflict {
            Some(why) => Err(Error::refused(ErrorKind::Conflict, why)),
            None => written,
        }
    }
}
