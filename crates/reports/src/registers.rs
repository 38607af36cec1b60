//! A register as a table, which can be imported again.

use std::io::{Seek, Write};

use passage::{RecordState, RecordView, Register};
use records::{Cell, TableFormat, TableWriter};
use words::{Group, Language};

use crate::Error;

/// Writes the records of a register, and gives how many that is. One without records gives an empty
/// form. Retired ones only when asked for.
///
/// # Errors
/// When the table can't be written or a record can't be read.
pub fn register<W: Write + Seek + Send>(
    register: Register,
    all: impl Iterator<Item = ledger::Result<RecordView>>,
    with_retired: bool,
    (out, format): (W, TableFormat),
    language: Language,
) -> Result<(W, usize), Error> {
    let items = records::items(register);
    let heads: Vec<&str> = items.iter().map(|item| item.label(language)).collect();
    let kind = language.named(Group::Kind, "record");
    let name = format!("{kind} {register}");
    let mut table = TableWriter::new(out, format, &name, &heads)?;
    let mut count = 0;
    for record in all {
        let record = record?;
        if record.state == RecordState::Retired && !with_retired {
            continue;
        }
        count += 1;
        let cells: Vec<Cell> = items
            .iter()
            .map(|item| item.shown(record.values.get(item.name), language))
            .collect();
        table.row(&cells)?;
    }
    Ok((table.finish()?, count))
}
