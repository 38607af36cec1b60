//! `menjin read`: the plates on photos and videos.

use std::io::{self, Write};
use std::path::Path;

use plate::CharRead;
use serde::Serialize;
use watch::{FoundPlate, files_to_read, plates_in_file};

use crate::cli::ReadArgs;
use crate::exit::{Failure, Outcome};
use crate::models;

/// One plate, as printed.
#[derive(Debug, Serialize)]
struct Line<'a> {
    file: &'a str,
    /// Position in a video of the best view of this plate.
    #[serde(skip_serializing_if = "Option::is_none")]
    t_ms: Option<u64>,
    plate: &'a str,
    color: plate::Color,
    layout: plate::Layout,
    confidence: f32,
    /// False: a plate was found, and `plate` is only the likeliest of what it may say.
    sure: bool,
    chars: &'a [CharRead],
    corners: [[f32; 2]; 4],
}

pub(crate) fn main(args: &ReadArgs) -> Outcome {
    let mut recognizer = models::open(&args.models)?
        .recognizer()
        .map_err(|e| Failure::job(&e))?;
    let mut failed = false;
    let out = Output { json: args.json };
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
            let mut tell = |plate: FoundPlate| Ok(out.plate(file, &plate)?);
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

struct Output {
    json: bool,
}

impl Output {
    fn plate(&self, file: &Path, found: &FoundPlate) -> io::Result<()> {
        let (t_ms, read) = (found.at.map(|at| at.as_ms()), &found.read);
        let mut out = io::stdout().lock();
        let file = file.to_string_lossy();
        if !self.json {
            let at = t_ms.map_or_else(String::new, |ms| format!(" {:.1}s", ms as f64 / 1000.0));
            let (told, doubt) = if found.is_sure() {
                (read.plate.clone(), "")
            } else {
                (found.marked(), "  found, not sure 已找到，读不准")
            };
            return writeln!(
                out,
                "{file}{at}  {told}  {}  {}  {:.1}%{doubt}",
                read.color,
                read.layout,
                read.confidence * 100.0
            );
        }
        let line = Line {
            file: &file,
            t_ms,
            plate: &read.plate,
            color: read.color,
            layout: read.layout,
            confidence: read.confidence,
            sure: found.is_sure(),
            chars: &read.chars,
            corners: found.best.quad.0.map(|p| [p.x, p.y]),
        };
        serde_json::to_writer(&mut out, &line)?;
        writeln!(out)
    }
}
