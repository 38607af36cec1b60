//! Writing a table row by row.

use std::io::{Seek, Write};

use rust_xlsxwriter::{Format as Style, Workbook, Worksheet};

use super::{TableError, TableFormat};

/// Rows of one sheet; Excel takes 1,048,576 and the head is one of them.
const SHEET_ROWS: u32 = 1_000_000;
/// Excel refuses longer texts.
const CELL_CHARS: usize = 32_767;

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// A text, never taken for a formula.
    Text(String),
    /// A number.
    Number(f64),
}

impl Cell {
    /// A text, or nothing.
    #[must_use]
    pub fn text(text: Option<impl Into<String>>) -> Self {
        match text.map(Into::into) {
            Some(text) if !text.is_empty() => Self::Text(text),
            _ => Self::Empty,
        }
    }

    /// A number, or nothing.
    #[must_use]
    pub fn number(number: Option<f64>) -> Self {
        number
            .filter(|n| n.is_finite())
            .map_or(Self::Empty, Self::Number)
    }
}

/// A table that is being written. A workbook's rows go to a temporary file, so a month of passages
/// needs no more memory than a day.
pub struct TableWriter<W: Write + Seek + Send> {
    to: Target<W>,
    heads: Vec<String>,
}

enum Target<W: Write + Seek + Send> {
    Csv(Box<csv::Writer<W>>),
    Xlsx {
        workbook: Box<Workbook>,
        sheet: usize,
        row: u32,
        out: W,
    },
}

impl<W: Write + Seek + Send> TableWriter<W> {
    /// Begins a table with one head a column.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn new(mut out: W, format: TableFormat, heads: &[&str]) -> Result<Self, TableError> {
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        let to = match format {
            TableFormat::Csv => {
                // Without the mark Excel takes the file for the computer's old code page.
                out.write_all("\u{feff}".as_bytes())?;
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(&heads)?;
                Target::Csv(Box::new(csv))
            }
            TableFormat::Xlsx => {
                let mut workbook = Box::new(Workbook::new());
                begin_sheet(workbook.add_worksheet_with_constant_memory(), &heads)?;
                Target::Xlsx {
                    workbook,
                    sheet: 0,
                    row: 1,
                    out,
                }
            }
        };
        Ok(Self { to, heads })
    }

    /// Appends a row.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), TableError> {
        match &mut self.to {
            Target::Csv(csv) => csv.write_record(cells.iter().map(csv_text))?,
            Target::Xlsx {
                workbook,
                sheet,
                row,
                ..
            } => {
                if *row > SHEET_ROWS {
                    begin_sheet(workbook.add_worksheet_with_constant_memory(), &self.heads)?;
                    (*sheet, *row) = (*sheet + 1, 1);
                }
                write_row(workbook.worksheet_from_index(*sheet)?, *row, cells)?;
                *row += 1;
            }
        }
        Ok(())
    }

    /// Ends the table and gives back what it was written to. A table that is dropped without this
    /// is cut off.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(self) -> Result<W, TableError> {
        match self.to {
            Target::Csv(csv) => csv.into_inner().map_err(|e| TableError::Io(e.into_error())),
            Target::Xlsx {
                mut workbook,
                mut out,
                ..
            } => {
                workbook.save_to_writer(&mut out)?;
                Ok(out)
            }
        }
    }
}

fn begin_sheet(sheet: &mut Worksheet, heads: &[String]) -> Result<(), TableError> {
    let bold = Style::new().set_bold();
    sheet.set_freeze_panes(1, 0)?;
    for (column, head) in (0_u16..).zip(heads) {
        sheet.set_column_width(column, 16)?;
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    Ok(())
}

pub(super) fn write_row(sheet: &mut Worksheet, row: u32, cells: &[Cell]) -> Result<(), TableError> {
    for (column, cell) in (0_u16..).zip(cells) {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) if text.chars().count() > CELL_CHARS => {
                let cut: String = text.chars().take(CELL_CHARS).collect();
                sheet.write_string(row, column, cut)?;
            }
            Cell::Text(text) => {
                sheet.write_string(row, column, text)?;
            }
            Cell::Number(number) => {
                sheet.write_number(row, column, *number)?;
            }
        }
    }
    Ok(())
}

/// A text that a spreadsheet would run as a formula gets the apostrophe with which people mark
/// texts; reading takes it off again.
fn csv_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\'']) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
    }
}
