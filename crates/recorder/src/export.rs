//! A span of time as one file, for whoever has to be handed it: cut at key pictures, and not coded anew.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::container::{FragmentPlace, Walked, coded_alike, retimed, walk};
use crate::error::{Error, Result};
use crate::index::VideoRow;

/// Files follow each other without a hole when their times do to this: a picture may take so long.
const SEAM_SECONDS: u64 = 1;

/// A file that was exported.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ExportedVideo {
    /// Where it is.
    pub file: PathBuf,
    /// When its first picture was taken: at or before what was asked for, for it begins with a key picture.
    pub from: Timestamp,
    /// When its last picture ends.
    pub until: Timestamp,
    /// How many pictures it has.
    pub pictures: u64,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// The files that it was made from.
    pub sources: Vec<PathBuf>,
}

/// Writes what `videos` have of the time from `from` to `until` into `to`. A position in it is the time since its first
/// picture, also behind what is missing. Where the coding changes on the way another file begins, `NAME-2.mp4`.
///
/// # Errors
/// When a file can't be read or written, or `to` is there already. What was begun is removed then.
pub fn export(
    videos: &[VideoRow],
    from: Timestamp,
    until: Timestamp,
    to: &Path,
) -> Result<Vec<ExportedVideo>> {
    let mut outputs: Vec<Output> = Vec::new();
    let written = videos
        .iter()
        .filter(|video| video.gone.is_none() && video.start < until && video.end() > from)
        .try_for_each(|video| copy(video, from, until, to, &mut outputs))
        .and_then(|()| outputs.iter_mut().try_for_each(|output| output.sync()));
    if let Err(error) = written {
        for output in &outputs {
            // The first error is the one that tells.
            let _ = fs::remove_file(&output.told.file);
        }
        return Err(error);
    }
    Ok(outputs.into_iter().map(Output::done).collect())
}

fn copy(
    video: &VideoRow,
    from: Timestamp,
    until: Timestamp,
    to: &Path,
    outputs: &mut Vec<Output>,
) -> Result<()> {
    let failed = |e| Error::io("reading", &video.file)(e);
    let mut file = File::open(&video.file).map_err(failed)?;
    let walked = walk(&mut file).map_err(failed)?;
    let header = part(&mut file, 0, walked.header_bytes).map_err(failed)?;
    let wanted = wanted(&walked, from, until);
    let Some(first) = wanted.first() else {
        return Ok(());
    };
    let goes_on = outputs
        .last()
        .is_some_and(|output| coded_alike(&output.header, &header));
    if !goes_on {
        let path = numbered(to, outputs.len());
        outputs.push(Output::create(
            path,
            header,
            walked.ticks_hz,
            first.captured,
        )?);
    }
    let Some(output) = outputs.last_mut() else {
        return Ok(());
    };
    output.told.sources.push(video.file.clone());
    let mut at = output.seam(first.captured);
    let mut before = first.decode_ticks;
    for place in wanted {
        let bytes = part(&mut file, place.offset, place.bytes).map_err(failed)?;
        at = at.saturating_add(place.decode_ticks.saturating_sub(before));
        before = place.decode_ticks;
        output.add(place, &bytes, at)?;
    }
    Ok(())
}

/// The fragments that show some of the time, from one on with which decoding can begin.
fn wanted(walked: &Walked, from: Timestamp, until: Timestamp) -> &[FragmentPlace] {
    let places = &walked.fragments;
    let end = places.partition_point(|place| place.captured < until);
    let shows = |place: &FragmentPlace| place.captured <= from && place.begins_with_key;
    let begin = places[..end].iter().rposition(shows).unwrap_or(0);
    &places[begin.min(end)..end]
}

fn part(file: &mut File, offset: u64, bytes: u64) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut part = Vec::new();
    file.take(bytes).read_to_end(&mut part)?;
    Ok(part)
}

fn numbered(to: &Path, before: usize) -> PathBuf {
    if before == 0 {
        return to.to_owned();
    }
    let stem = to.file_stem().unwrap_or_default().to_string_lossy();
    to.with_file_name(format!("{stem}-{}.mp4", before + 1))
}

struct Output {
    file: File,
    header: Vec<u8>,
    ticks_hz: u64,
    number: u32,
    end_ticks: u64,
    sha256: Sha256,
    told: ExportedVideo,
}

impl Output {
    fn create(path: PathBuf, header: Vec<u8>, ticks_hz: u32, from: Timestamp) -> Result<Self> {
        let file = File::create_new(&path).map_err(Error::io("making", &path))?;
        let mut output = Self {
            file,
            header: Vec::new(),
            ticks_hz: ticks_hz.into(),
            number: 0,
            end_ticks: 0,
            sha256: Sha256::new(),
            told: ExportedVideo {
                file: path,
                from,
                until: from,
                pictures: 0,
                bytes: 0,
                sha256: String::new(),
                sources: Vec::new(),
            },
        };
        output.append(&header)?;
        output.header = header;
        Ok(output)
    }

    /// Where a file goes on whose first picture was taken at `captured`.
    fn seam(&self, captured: Timestamp) -> u64 {
        let apart = captured.duration_since(self.told.from).as_millis();
        let apart = u64::try_from(apart).unwrap_or(0);
        let by_clock = apart.saturating_mul(self.ticks_hz) / 1000;
        let seam = self.end_ticks.saturating_add(SEAM_SECONDS * self.ticks_hz);
        let is_hole = by_clock > seam;
        if is_hole { by_clock } else { self.end_ticks }
    }

    fn add(&mut self, place: &FragmentPlace, bytes: &[u8], at: u64) -> Result<()> {
        self.number += 1;
        let fragment = retimed(bytes, self.number, at)?;
        self.append(&fragment)?;
        self.end_ticks = at.saturating_add(place.ticks);
        self.told.pictures += u64::from(place.pictures);
        let lasts_ms = place.ticks.saturating_mul(1000) / self.ticks_hz.max(1);
        let lasts = std::time::Duration::from_millis(lasts_ms);
        self.told.until = place.captured.checked_add(lasts).unwrap_or(place.captured);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(Error::io("writing", &self.told.file))?;
        self.told.bytes += bytes.len() as u64;
        self.sha256.update(bytes);
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        self.file
            .sync_all()
            .map_err(Error::io("syncing", &self.told.file))
    }

    fn done(self) -> ExportedVideo {
        ExportedVideo {
            sha256: hex::encode(self.sha256.finalize()),
            ..self.told
        }
    }
}
