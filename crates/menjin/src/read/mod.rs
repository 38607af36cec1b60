//! `menjin read`: the plates on photos and videos.

mod tracks;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use camera::{FileFrames, FileOptions, read_picture};
use plate::{CharRead, PlateRead};
use serde::Serialize;
use vision::{PlateReading, Recognizer};

use crate::cli::ReadArgs;
use crate::exit::{Failure, Outcome};
use crate::models;
use tracks::Tracks;

/// Something found is called a plate from this probability on.
const LEGIBLE: f32 = 0.5;
/// Below this probability of the weakest character it is lettering of some other kind: signs and
/// phone numbers fit no plate's grammar, real plates that are this unsure are not read right.
const CONFIDENT: f32 = 0.4;

/// Whether this is a plate that can be told to a person.
fn is_plate(read: &PlateRead) -> bool {
    read.legible >= LEGIBLE && read.confidence >= CONFIDENT
}

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
    chars: &'a [CharRead],
    corners: [[f32; 2]; 4],
}

pub(crate) fn main(args: &ReadArgs) -> Outcome {
    let mut recognizer = models::open(&args.models)?
        .recognizer()
        .map_err(|e| Failure::job(&e))?;
    let mut failed = false;
    let mut out = Output { json: args.json };
    for file in args.files.iter().flat_map(|f| expand(f)) {
        match read_file(&mut recognizer, &file, args.crop, &mut out) {
            Ok(()) => {}
            // Whoever reads our output has seen enough.
            Err(ReadError::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(ReadError::Output(e)) => return Err(Failure::job(&e)),
            Err(ReadError::File(text)) => {
                complain(&file, &text);
                failed = true;
            }
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

fn read_file(
    recognizer: &mut Recognizer,
    file: &Path,
    crop: bool,
    out: &mut Output,
) -> Result<(), ReadError> {
    if is_video(file) {
        return read_video(recognizer, file, out);
    }
    let picture = read_picture(file)?;
    if crop {
        let reading = recognizer.read_crop(&picture)?;
        return Ok(out.plate(file, None, &reading, &reading.read)?);
    }
    for reading in recognizer
        .recognize(&picture)?
        .iter()
        .filter(|r| is_plate(&r.read))
    {
        out.plate(file, None, reading, &reading.read)?;
    }
    Ok(())
}

fn read_video(recognizer: &mut Recognizer, file: &Path, out: &mut Output) -> Result<(), ReadError> {
    let mut tracks = Tracks::default();
    for frame in FileFrames::open(file, &FileOptions::default())? {
        let frame = frame?;
        let readings = recognizer.recognize(&frame.picture)?;
        for track in tracks.observe(frame.at, readings) {
            out.plate(
                file,
                Some(track.best_at.as_ms()),
                &track.best,
                &track.read(),
            )?;
        }
    }
    for track in tracks.close() {
        out.plate(
            file,
            Some(track.best_at.as_ms()),
            &track.best,
            &track.read(),
        )?;
    }
    Ok(())
}

fn is_video(file: &Path) -> bool {
    let extension = file
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    let videos = [
        "mp4", "mkv", "h264", "h265", "264", "265", "avi", "mov", "ts",
    ];
    videos.contains(&extension.to_ascii_lowercase().as_str())
}

/// A folder stands for the photos in it.
fn expand(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else {
        return vec![path.to_owned()];
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.is_file())
        .collect();
    files.sort();
    files
}

struct Output {
    json: bool,
}

impl Output {
    fn plate(
        &mut self,
        file: &Path,
        t_ms: Option<u64>,
        reading: &PlateReading,
        read: &PlateRead,
    ) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let file = file.to_string_lossy();
        if !self.json {
            let at = t_ms.map_or_else(String::new, |ms| format!(" {:.1}s", ms as f64 / 1000.0));
            return writeln!(
                out,
                "{file}{at}  {}  {}  {}  {:.1}%",
                read.plate,
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
            chars: &read.chars,
            corners: reading.quad.0.map(|p| [p.x, p.y]),
        };
        serde_json::to_writer(&mut out, &line)?;
        writeln!(out)
    }
}
