//! A workbook of a few small sheets, such as a report: each with its own heads, wide enough to read.

use std::io::{Seek, Write};

use rust_xlsxwriter::{Format as Style, Workbook};

use super::TableError;
use super::write::{Cell, write_row};

/// Widths of columns in characters; a Chinese character is as wide as two others.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=60;

/// A workbook that is put together in memory; for tables of any length there is
/// [`super::TableWriter`].
#[derive(Debug, Default)]
pub struct Book {
    sheets: Vec<Sheet>,
}

#[derive(Debug)]
struct Sheet {
    name: String,
    /// Lines above the table: a word and its value.
    notes: Vec<(String, String)>,
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Book {
    /// Begins the next sheet; rows go to it from now on.
    pub fn sheet(&mut self, name: &str, notes: Vec<(String, String)>, heads: Vec<String>) {
        // What Excel does not take in a name, and its 31 characters.
        let fits = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
        self.sheets.push(Sheet {
            name: name.chars().filter(fits).take(31).collect(),
            notes,
            heads,
            rows: Vec::new(),
        });
    }

    /// Appends a row to the last sheet.
    pub fn row(&mut self, cells: Vec<Cell>) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.rows.push(cells);
        }
    }

    /// Writes it as `.xlsx`. Texts are texts there, whatever they begin with.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(self, to: &mut (impl Write + Seek + Send)) -> Result<(), TableError> {
        let mut workbook = Workbook::new();
        for sheet in self.sheets {
            sheet.write(&mut workbook)?;
        }
        Ok(workbook.save_to_writer(to)?)
    }
}

impl Sheet {
    fn write(self, workbook: &mut Workbook) -> Result<(), TableError> {
        let bold = Style::new().set_bold();
        let sheet = workbook.add_worksheet();
        sheet.set_name(&self.name)?;
        let mut next = 0;
        for (word, value) in &self.notes {
            sheet.write_string(next, 0, word)?;
            sheet.write_string(next, 1, value)?;
            next += 1;
        }
        for (column, head) in (0_u16..).zip(&self.heads) {
            sheet.write_string_with_format(next, column, head, &bold)?;
            let own = self
                .rows
                .iter()
                .filter_map(|row| row.get(usize::from(column)));
            let widest = own.map(width).max().unwrap_or(0).max(text_width(head));
            let width = (widest + 2).clamp(*WIDTHS.start(), *WIDTHS.end());
            sheet.set_column_width(column, u32::try_from(width).unwrap_or(16))?;
        }
        sheet.set_freeze_panes(next + 1, 0)?;
        for (row, cells) in (next + 1..).zip(&self.rows) {
            write_row(sheet, row, cells)?;
        }
        Ok(())
    }
}

fn width(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Number(number) => number.to_string().len(),
        Cell::Text(text) => text_width(text),
    }
}

fn text_width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
