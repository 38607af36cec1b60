//! `menjin read`: the plates on photos and videos.

use std::io::{self, Write};
use std::path::Path;

use watch::{FoundPlate, files_to_read, plates_in_file};
use words::{Key, Language, Said};

use crate::cli::ReadArgs;
use crate::exit::{Failure, Outcome};
use crate::models;
use config::languages;

pub(crate) fn main(args: &ReadArgs) -> Outcome {
    let mut recognizer = models::open(&args.models)?.recognizer()?;
    let languages = languages(None);
    let mut failed = false;
    for named in &args.files {
        let found = match files_to_read(named) {
            Ok(found) => found,
            Err(why) => {
                complain(named, &why, &languages);
                failed = true;
                continue;
            }
        };
        for file in &found.files {
            let mut tell = |plate: FoundPlate| {
                if !args.crop && !plate.is_judgeable() {
                    complain(file, &plate.too_small(), &languages);
                    return Ok(());
                }
                let line = if args.json {
                    plate.json(file).map_err(io::Error::from)?
                } else {
                    plate.line(file, &languages)
                };
                Ok(writeln!(io::stdout().lock(), "{line}")?)
            };
            match plates_in_file(&mut recognizer, file, args.crop, &mut tell) {
                Ok(()) => {}
                // Whoever reads our output has seen enough.
                Err(ReadError::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => {
                    return Ok(());
                }
                Err(ReadError::Output(e)) => return Err(e.into()),
                Err(ReadError::File(why)) => {
                    complain(file, &why, &languages);
                    failed = true;
                }
            }
        }
        if found.strangers > 0 {
            let why = Said::with(Key::RecordingPassedOver, "count", found.strangers);
            complain(named, &why, &languages);
        }
    }
    if failed { Err(Failure::Told) } else { Ok(()) }
}

enum ReadError {
    File(Said),
    Output(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<camera::Error> for ReadError {
    fn from(error: camera::Error) -> Self {
        Self::File(error.said())
    }
}

impl From<vision::Error> for ReadError {
    fn from(error: vision::Error) -> Self {
        Self::File(error.said())
    }
}

#[expect(clippy::print_stderr, reason = "one bad file must not stop the others")]
fn complain(file: &Path, why: &Said, languages: &[Language]) {
    let name = file.display().to_string();
    for &language in languages {
        let text = why.text(language);
        if text.contains(&name) {
            eprintln!("menjin: {text}");
        } else {
            eprintln!(
                "menjin: {}",
                Said::about(&name, Said::other(text)).text(language)
            );
        }
    }
}
