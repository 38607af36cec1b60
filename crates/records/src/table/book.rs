//! A workbook of a few small sheets, such as a report: each with its own heads, wide enough to read.

use std::io::{Seek, Write};

use rust_xlsxwriter::Workbook;

use super::TableError;
use super::write::{
    Cell, cell_width, finish_sheet, sheet_name, text_width, write_heads, write_row,
};

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
    notes: Vec<(String, Cell)>,
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Book {
    /// Begins the next sheet; rows go to it from now on.
    pub fn sheet(&mut self, name: &str, notes: Vec<(String, Cell)>, heads: Vec<String>) {
        self.sheets.push(Sheet {
            name: sheet_name(name),
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
        let sheet = workbook.add_worksheet();
        sheet.set_name(&self.name)?;
        let mut next = 0;
        for (word, value) in &self.notes {
            write_row(
                sheet,
                next,
                &[Cell::text(Some(word.as_str())), value.clone()],
            )?;
            next += 1;
        }
        write_heads(sheet, next, &self.heads)?;
        let first = next;
        let mut widths: Vec<_> = self.heads.iter().map(|head| text_width(head)).collect();
        for cells in &self.rows {
            next += 1;
            write_row(sheet, next, cells)?;
            for (widest, cell) in widths.iter_mut().zip(cells) {
                *widest = (*widest).max(cell_width(cell));
            }
        }
        finish_sheet(sheet, first, next, &widths)
    }
}
