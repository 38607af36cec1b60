//! Tables as files: `.xlsx` and CSV, read with limits and written in constant memory.

mod book;
pub mod cells;
mod depth;
mod formula;
mod gathered;
mod read;
mod write;
mod zip64;

use std::path::{Path, PathBuf};

use words::{Key, Language, Said};

pub use book::Book;
pub(crate) use read::column_name;
pub use read::{LARGEST_FILE_BYTES, TableReader};
pub use write::{Cell, TableWriter, csv_line};
pub use zip64::is_zip64;

/// What kind of file a table is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Excel 2007 and later.
    Xlsx,
    /// Comma-separated: written as UTF-8 with a mark that Excel knows, read as UTF-8 or GBK.
    Csv,
}

impl TableFormat {
    /// By the end of the file's name.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?.to_ascii_lowercase();
        match end.as_str() {
            "xlsx" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// The path of a workbook that is to be written: a file of another name would be opened as something else.
///
/// # Errors
/// In words, when its name does not end in `.xlsx`.
pub fn xlsx_file(path: &str) -> Result<PathBuf, String> {
    named(path, ".xlsx")
}

/// The path of a table of comma-separated values that is to be written.
///
/// # Errors
/// In words, when its name does not end in `.csv`.
pub fn csv_file(path: &str) -> Result<PathBuf, String> {
    named(path, ".csv")
}

/// The file of a zip to be written.
///
/// # Errors
/// In words, when its name does not end in `.zip`.
pub fn zip_file(path: &str) -> Result<PathBuf, String> {
    named(path, ".zip")
}

fn named(path: &str, ending: &str) -> Result<PathBuf, String> {
    if path.to_ascii_lowercase().ends_with(ending) {
        Ok(PathBuf::from(path))
    } else {
        Err(format!(
            "文件名须以 {ending} 结尾 / the name must end in {ending}"
        ))
    }
}

/// A table could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file is not what it should be; in the words of the catalogue.
    #[error("{}", .0.text(Language::En))]
    Refused(Said),
    /// Writing failed.
    #[error("the table could not be written")]
    Io(#[from] std::io::Error),
    /// Excel's format could not be written.
    #[error("the workbook could not be written")]
    Workbook(#[source] Box<rust_xlsxwriter::XlsxError>),
}

impl From<rust_xlsxwriter::XlsxError> for TableError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Workbook(Box::new(error))
    }
}

impl From<csv::Error> for TableError {
    fn from(error: csv::Error) -> Self {
        Self::Io(error.into())
    }
}

fn not_written(why: Said) -> Said {
    Said::plain(Key::TableNotWritten).and_said("why", why)
}

impl TableError {
    /// For a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Refused(said) => said.text(language),
            Self::Io(error) => not_written(Said::of_io(error)).text(language),
            Self::Workbook(error) => not_written(Said::other(error)).text(language),
        }
    }
}
