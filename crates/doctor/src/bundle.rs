//! The file that is sent.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::Timestamp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::clean::clean;

/// What is said to whoever opens it.
const ABOUT: &str = "about.txt";

/// A file that is being written. Every text in it has gone through [`clean`].
pub(crate) struct Bundle {
    zip: ZipWriter<File>,
    files: usize,
    failed: Option<io::Error>,
}

/// What was written.
pub(crate) struct Written {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

impl Bundle {
    /// Begins a new file that nobody else may read.
    pub(crate) fn begin(path: &Path, now: Timestamp) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let mut bundle = Self {
            zip: ZipWriter::new(file),
            files: 0,
            failed: None,
        };
        let about = format!(
            "How a gate is, gathered {now} by menjin {}.\n\n\
             Each file holds what one command, the running daemon or the system answered. There are no photos \
             and no secrets in it;\nwhatever might be a plate stands as [plate], persons as [person].\n",
            env!("CARGO_PKG_VERSION")
        );
        bundle.add(ABOUT, &about);
        Ok(bundle)
    }

    /// Adds a text. What can't be written is told at the end.
    pub(crate) fn add(&mut self, name: &str, text: &str) {
        if self.failed.is_some() {
            return;
        }
        let options = SimpleFileOptions::default().unix_permissions(0o600);
        let begun = self.zip.start_file(name, options).map_err(io::Error::from);
        let written = begun.and_then(|()| self.zip.write_all(clean(text).as_bytes()));
        match written {
            Ok(()) => self.files += 1,
            Err(error) => self.failed = Some(error),
        }
    }

    pub(crate) fn end(self) -> io::Result<Written> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let file = self.zip.finish().map_err(io::Error::from)?;
        file.sync_all()?;
        Ok(Written {
            files: self.files,
            bytes: file.metadata()?.len(),
        })
    }
}
