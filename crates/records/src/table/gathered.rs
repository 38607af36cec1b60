//! Rows as they are found in a file, within what memory bears.

use std::collections::BTreeMap;

use words::{Key, Said};

use super::TableError;

/// Cells in all, with the blank ones before them: each takes memory. A register has 22 columns at
/// most.
const CELLS: usize = 8_000_000;
/// Text in all. One that many cells share stands in a workbook once.
const TEXT_BYTES: usize = 256 << 20;

/// Row numbers, counted from 1, and their cells, in order.
pub(super) type Rows = Vec<(u32, Vec<String>)>;

/// Gathers cells, in whatever order a file has them.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    rows: BTreeMap<u32, Vec<String>>,
    cells: usize,
    bytes: usize,
}

impl Gathered {
    /// A cell of a workbook; the last one of its place stays.
    pub(super) fn cell(&mut self, row: u32, column: usize, text: String) -> Result<(), TableError> {
        let cells = self.rows.entry(row).or_default();
        self.bytes += text.len();
        if cells.len() <= column {
            self.cells += column + 1 - cells.len();
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
        self.within_bounds()
    }

    /// A whole row.
    pub(super) fn row(&mut self, row: u32, cells: Vec<String>) -> Result<(), TableError> {
        self.cells += cells.len();
        self.bytes += cells.iter().map(String::len).sum::<usize>();
        self.rows.insert(row, cells);
        self.within_bounds()
    }

    pub(super) fn into_rows(self) -> Rows {
        self.rows.into_iter().collect()
    }

    fn within_bounds(&self) -> Result<(), TableError> {
        if self.cells > CELLS || self.bytes > TEXT_BYTES {
            let said = Said::with(Key::TableTooLarge, "mib", TEXT_BYTES >> 20);
            return Err(TableError::Refused(said));
        }
        Ok(())
    }
}
