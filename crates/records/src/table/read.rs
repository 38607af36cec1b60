//! Reading a table that somebody else made: everything about it may be wrong.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use words::{Key, Said};

use super::depth::NestingGuard;
use super::formula::unmarked;
use super::gathered::{Gathered, Rows};
use super::zip64::is_zip64;
use super::{TableError, TableFormat};

/// Largest file that is looked at.
pub const LARGEST_FILE_BYTES: u64 = 100 << 20;
/// A workbook is a zip; unpacked it may be this large in all. A register of 20,000 vehicles is
/// about a fifth of it.
const UNPACKED_BYTES: u64 = 256 << 20;
const ROWS: u32 = 200_000;
const COLUMNS: u32 = 200;
const CELL_CHARS: usize = 32_767;
/// Above this a number kept by Excel has lost digits.
const EXACT: f64 = 9e15;

/// The rows of a table, texts as a person sees them. Read at once, within limits.
#[derive(Debug)]
pub struct TableReader {
    /// Row number in the file, counted from 1, and its cells.
    pub(crate) rows: Vec<(u32, Vec<String>)>,
}

impl TableReader {
    /// Reads the first sheet of a workbook, or a CSV in UTF-8 or GBK.
    ///
    /// # Errors
    /// `Refused`, in words, when it is too large, no such file, damaged, or holds numbers that have
    /// lost digits.
    pub fn read(bytes: &[u8], format: TableFormat) -> Result<Self, TableError> {
        if bytes.len() as u64 > LARGEST_FILE_BYTES {
            return Err(refused(Said::with(
                Key::TableTooLarge,
                "mib",
                LARGEST_FILE_BYTES >> 20,
            )));
        }
        let rows = match format {
            TableFormat::Xlsx => xlsx(bytes)?,
            TableFormat::Csv => csv(bytes)?,
        };
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        if rows.is_empty() {
            return Err(refused(Said::plain(Key::TableEmpty)));
        }
        Ok(Self { rows })
    }

    /// Every row that is not blank with its number in the file, counted from 1; the heads first.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &[String])> {
        self.rows
            .iter()
            .map(|(row, cells)| (*row, cells.as_slice()))
    }
}

fn refused(said: Said) -> TableError {
    TableError::Refused(said)
}

fn damaged(error: impl std::fmt::Display) -> TableError {
    refused(Said::with(Key::TableDamaged, "error", error))
}

fn too_many() -> TableError {
    refused(Said::with(Key::TableTooMany, "rows", ROWS).and("columns", COLUMNS))
}

/// Unpacks every part once without keeping it: what the zip says of its sizes proves nothing, and what
/// nests without end is refused.
fn prove_unpacked_size(bytes: &[u8]) -> Result<(), TableError> {
    if is_zip64(bytes).map_err(damaged)? {
        return Err(damaged("more than 65,535 parts"));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let mut guard = NestingGuard::default();
        let taken = std::io::copy(&mut part.take(left), &mut guard).map_err(damaged)?;
        left -= taken;
        if left == 0 {
            return Err(refused(Said::with(
                Key::TableTooLarge,
                "mib",
                UNPACKED_BYTES >> 20,
            )));
        }
    }
    Ok(())
}

fn xlsx(bytes: &[u8]) -> Result<Rows, TableError> {
    prove_unpacked_size(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = workbook.sheet_names();
    let Some(first) = names.first() else {
        return Err(refused(Said::plain(Key::TableEmpty)));
    };
    // Cell by cell: a sheet with one cell in its last corner would be gigabytes as a grid.
    let mut cells = workbook.worksheet_cells_reader(first).map_err(damaged)?;
    let mut gathered = Gathered::default();
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let text = cell_text(cell.get_value(), row, column)?;
        if text.is_empty() {
            continue;
        }
        if row >= ROWS || column >= COLUMNS {
            return Err(too_many());
        }
        gathered.cell(row + 1, column as usize, text)?;
    }
    Ok(gathered.into_rows())
}

fn cell_text(value: &DataRef<'_>, row: u32, column: u32) -> Result<String, TableError> {
    let place = || format!("{}{}", column_name(column as usize), row + 1);
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.abs() > EXACT => {
            let said = Said::with(Key::TableLostDigits, "cell", place());
            return Err(refused(said));
        }
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => {
            let said = Said::with(Key::TableCellError, "cell", place()).and("error", error);
            return Err(refused(said));
        }
    };
    if text.chars().count() > CELL_CHARS {
        return Err(refused(Said::with(Key::TableCellLong, "cell", place())));
    }
    Ok(text)
}

fn csv(bytes: &[u8]) -> Result<Rows, TableError> {
    let text = decoded(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut gathered = Gathered::default();
    let mut lines = Lines::of_text(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        let at = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(usize::try_from(at).unwrap_or(usize::MAX));
        if line > ROWS || record.len() > COLUMNS as usize {
            return Err(too_many());
        }
        let cells = record
            .iter()
            .map(|cell| unmarked(cell).to_owned())
            .collect();
        gathered.row(line, cells)?;
    }
    Ok(gathered.into_rows())
}

/// Numbers of lines. The reader's own are those of where the record before ended: with Windows' line
/// ends, and behind empty lines, they are too small.
struct Lines<'a> {
    text: &'a [u8],
    counted_to: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    const fn of_text(text: &'a [u8]) -> Self {
        Self {
            text,
            counted_to: 0,
            line: 1,
        }
    }

    /// The line of the first text at or behind byte `at`; asked from the front to the back.
    fn of(&mut self, at: usize) -> u32 {
        let rest = self.text.get(at..).unwrap_or_default();
        let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
        let start = at.min(self.text.len()) + blank.count();
        let passed = self.text.get(self.counted_to..start).unwrap_or_default();
        // Tables of old Macs, and of some weighing software, end their lines with the one alone.
        let is_end = |at: &usize| match passed[*at] {
            b'\r' => passed.get(at + 1) != Some(&b'\n'),
            byte => byte == b'\n',
        };
        let ends = (0..passed.len()).filter(is_end).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted_to = start.max(self.counted_to);
        self.line
    }
}

/// UTF-8 with or without its mark, else GBK, which is what Chinese Excel writes as CSV.
fn decoded(bytes: &[u8]) -> Result<String, TableError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(refused(Said::plain(Key::TableNotText)));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    encoding_rs::GBK
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| refused(Said::plain(Key::TableNotText)))
}

/// `A`, `B`, … `Z`, `AA`, as Excel shows columns.
pub(crate) fn column_name(mut column: usize) -> String {
    let mut name = String::new();
    loop {
        let letter = u8::try_from(column % 26).unwrap_or(0) + b'A';
        name.insert(0, char::from(letter));
        if column < 26 {
            return name;
        }
        column = column / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_line_where_a_person_finds_it() {
        for (text, lines) in [
            ("a,b\nc,d\ne,f\n", vec![1, 2, 3]),
            ("a,b\r\nc,d\r\ne,f\r\n", vec![1, 2, 3]),
            ("a,b\r\n\r\n\r\nc,d\r\n", vec![1, 4]),
            ("\na,b\n\n\"c\nc\",d\ne,f", vec![2, 4, 6]),
            ("a,b\rc,d\r\re,f\r\n\"g\rg\"\rh", vec![1, 2, 4, 5, 7]),
        ] {
            let rows = csv(text.as_bytes()).expect("a table");
            let found: Vec<u32> = rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(found, lines, "{text:?}");
        }
    }
}
