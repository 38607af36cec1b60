//! Files that are whole or not there.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::Error;

/// Writes a file that appears under its name only when it is whole. `write` is handed an empty one
/// and gives it back.
///
/// # Errors
/// When the file can't be made, or `write` fails.
pub fn whole_file<T>(
    path: &Path,
    write: impl FnOnce(BufWriter<File>) -> Result<(BufWriter<File>, T), Error>,
) -> Result<T, Error> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let made = File::create(part).map_err(Error::from);
    let written = made.and_then(|file| {
        let (mut out, made) = write(BufWriter::new(file))?;
        out.flush()?;
        std::fs::rename(part, path)?;
        Ok(made)
    });
    written.map_err(|error| {
        let _ = std::fs::remove_file(part);
        match error {
            // The ledger's own words are about the ledger.
            Error::Ledger(_) | Error::Calendar(_) => error,
            error => Error::File {
                path: path.to_owned(),
                error: Box::new(error),
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_fails_half_way_is_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("table.csv");
        let failed = whole_file(&path, |mut out| {
            out.write_all(b"half")?;
            Err::<(_, ()), _>(std::io::Error::other("the disk is full").into())
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0);
        whole_file(&path, |mut out| {
            out.write_all(b"all of it")?;
            Ok((out, ()))
        })
        .expect("written");
        assert_eq!(std::fs::read(&path).expect("there"), b"all of it");
    }
}
