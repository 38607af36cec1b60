//! Writing a table row by row.

use std::fmt;
use std::io::{Seek, Write};

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook, Worksheet};

use super::formula::marked;
use super::{TableError, TableFormat};

/// Rows of one sheet; Excel takes 1,048,576 and the head is one of them.
const SHEET_ROWS: u32 = 1_000_000;
/// Widths of columns in characters; a Chinese character is as wide as two others.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=60;
/// How Excel shows days and times.
const DAY_STYLE: &str = "yyyy-mm-dd";
const TIME_STYLE: &str = "yyyy-mm-dd hh:mm:ss";
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
    /// A day; a date in a workbook, so that it sorts and filters as one.
    Day(Date),
    /// A day with its time.
    Time(DateTime),
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

/// As it stands in a CSV, and as a person reads it.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Time(at) => write!(f, "{}", at.strftime("%Y-%m-%d %H:%M:%S")),
        }
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
    Xlsx(Box<Sheets<W>>),
}

/// A workbook that goes on on a further sheet where one is full.
struct Sheets<W> {
    workbook: Workbook,
    name: String,
    sheet: usize,
    row: u32,
    widths: Vec<usize>,
    out: W,
}

impl<W: Write + Seek + Send> TableWriter<W> {
    /// Begins a table with one head a column; `name` is that of a workbook's sheet.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn new(
        mut out: W,
        format: TableFormat,
        name: &str,
        heads: &[&str],
    ) -> Result<Self, TableError> {
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
                let mut sheets = Sheets {
                    workbook: Workbook::new(),
                    name: sheet_name(name),
                    sheet: 0,
                    row: 0,
                    widths: Vec::new(),
                    out,
                };
                sheets.begin(&heads)?;
                Target::Xlsx(Box::new(sheets))
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
            Target::Xlsx(sheets) => sheets.add(cells, &self.heads)?,
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
            Target::Xlsx(mut sheets) => {
                sheets.end()?;
                sheets.workbook.save_to_writer(&mut sheets.out)?;
                Ok(sheets.out)
            }
        }
    }
}

impl<W> Sheets<W> {
    fn begin(&mut self, heads: &[String]) -> Result<(), TableError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory();
        match self.sheet {
            0 => sheet.set_name(&self.name)?,
            further => sheet.set_name(format!("{} {}", self.name, further + 1))?,
        };
        write_heads(sheet, 0, heads)?;
        self.widths = heads.iter().map(|head| text_width(head)).collect();
        self.row = 1;
        Ok(())
    }

    fn add(&mut self, cells: &[Cell], heads: &[String]) -> Result<(), TableError> {
        if self.row > SHEET_ROWS {
            self.end()?;
            self.sheet += 1;
            self.begin(heads)?;
        }
        write_row(
            self.workbook.worksheet_from_index(self.sheet)?,
            self.row,
            cells,
        )?;
        for (widest, cell) in self.widths.iter_mut().zip(cells) {
            *widest = (*widest).max(cell_width(cell));
        }
        self.row += 1;
        Ok(())
    }

    /// Columns as wide as what stands in them, and a filter over all of it.
    fn end(&mut self) -> Result<(), TableError> {
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        finish_sheet(sheet, 0, self.row - 1, &self.widths)
    }
}

/// What Excel takes as a sheet's name.
pub(super) fn sheet_name(name: &str) -> String {
    // What Excel does not take in a name, and its 31 characters with room for a number.
    let fits = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    name.chars().filter(fits).take(28).collect()
}

pub(super) fn write_heads(
    sheet: &mut Worksheet,
    row: u32,
    heads: &[String],
) -> Result<(), TableError> {
    let bold = Style::new().set_bold();
    sheet.set_freeze_panes(row + 1, 0)?;
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string_with_format(row, column, head, &bold)?;
    }
    Ok(())
}

/// Sets the widths of columns, and a filter over the heads in row `first` and what follows to `last`.
pub(super) fn finish_sheet(
    sheet: &mut Worksheet,
    first: u32,
    last: u32,
    widths: &[usize],
) -> Result<(), TableError> {
    for (column, widest) in (0_u16..).zip(widths) {
        // With room for the filter's button.
        let width = (widest + 3).clamp(*WIDTHS.start(), *WIDTHS.end());
        sheet.set_column_width(column, u32::try_from(width).unwrap_or(16))?;
    }
    if let Some(column) = u16::try_from(widths.len())
        .ok()
        .and_then(|n| n.checked_sub(1))
    {
        sheet.autofilter(first, 0, last, column)?;
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
            Cell::Day(day) => match excel_day(*day) {
                Some(date) => {
                    let style = Style::new().set_num_format(DAY_STYLE);
                    sheet.write_datetime_with_format(row, column, date, &style)?;
                }
                None => drop(sheet.write_string(row, column, cell.to_string())?),
            },
            Cell::Time(at) => match excel_time(*at) {
                Some(at) => {
                    let style = Style::new().set_num_format(TIME_STYLE);
                    sheet.write_datetime_with_format(row, column, at, &style)?;
                }
                None => drop(sheet.write_string(row, column, cell.to_string())?),
            },
        }
    }
    Ok(())
}

/// A day as Excel counts it; `None` for one of before its calendar.
fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let part = |part: i8| part.unsigned_abs();
    ExcelDateTime::from_ymd(
        day.year().unsigned_abs(),
        part(day.month()),
        part(day.day()),
    )
    .ok()
}

fn excel_time(at: DateTime) -> Option<ExcelDateTime> {
    let part = |part: i8| part.unsigned_abs();
    let (hour, minute) = (u16::from(part(at.hour())), part(at.minute()));
    let day = excel_day(at.date())?;
    day.and_hms(hour, minute, f64::from(at.second())).ok()
}

/// How wide a cell is, in characters.
pub(super) fn cell_width(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Text(text) => text_width(text),
        other => other.to_string().len(),
    }
}

pub(super) fn text_width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// One line of a CSV, without its end: for whoever writes line by line.
///
/// # Errors
/// When a text is no UTF-8, which none of ours is.
pub fn csv_line(cells: &[Cell]) -> Result<String, TableError> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(cells.iter().map(csv_text))?;
    let bytes = csv
        .into_inner()
        .map_err(|e| TableError::Io(e.into_error()))?;
    let line = String::from_utf8_lossy(&bytes);
    Ok(line.trim_end_matches('\n').to_owned())
}

/// Texts are marked where a spreadsheet would run them; reading takes the mark off again.
fn csv_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => marked(text).into_owned(),
        other => other.to_string(),
    }
}
