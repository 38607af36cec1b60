//! `menjin read`: the plates on photos and videos.

use std::io::{self, Write};
use std::path::Path;

use watch::{FoundPlate, files_to_read, plates_in_file};

use crate::cli::ReadArgs;
use crate::exit::{Failure, Outcome};
use crate::models;

pub(crate) fn main(args: &ReadArgs) -> Outcome {
    let mut recognizer = models::open(&args.models)?
        .recognizer()
        .map_err(|e| Failure::job(&e))?;
    let mut failed = false;
    for named in &args.files {
        let found = match files_to_read(named) {
            Ok(found) => found,
            Err(text) => {
                complain(named, &text);
                failed = true;
                continue;
            }
        };
        for file in &found.files {
            let mut tell = |plate: FoundPlate| {
                let line = if args.json {
                    plate.json(file).map_err(io::Error::from)?
                } else {
                    plate.line(file)
                };
                Ok(writeln!(io::stdout().lock(), "{line}")?)
            };
            match plates_in_file(&mut recognizer, file, args.crop, &mut tell) {
                Ok(()) => {}
                // Whoever reads our output has seen enough.
                Err(ReadError::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => {
                    return Ok(());
                }
                Err(ReadError::Output(e)) => return Err(Failure::job(&e)),
                Err(ReadError::File(text)) => {
                    complain(file, &text);
                    failed = true;
                }
            }
        }
        if found.strangers > 0 {
            let words = format!(
                "{} files that are neither pictures nor videos were passed over",
                found.strangers
            );
            complain(named, &words);
        }
    }
    if failed { Err(Failure::Told) } else { Ok(()) }
}

enum ReadError {
    File(String),
    Output(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<camera::Error> for ReadError {
    fn from(error: camera::Error) -> Self {
        Self::File(error.to_string())
    }
}

impl From<vision::Error> for ReadError {
    fn from(error: vision::Error) -> Self {
        Self::File(error.to_string())
    }
}

#[expect(clippy::print_stderr, reason = "one bad file must not stop the others")]
fn complain(file: &Path, text: &str) {
    let name = file.display().to_string();
    if text.contains(&name) {
        eprintln!("menjin: {text}");
    } else {
        eprintln!("menjin: {name}: {text}");
    }
}
