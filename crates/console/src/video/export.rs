//! A span of a lane's video to take away.

use std::fs::File;
use std::io;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use recorder::ExportedVideo;
use serde::Deserialize;
use utoipa::IntoParams;
use words::{Key, Said};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::take_away;

/// It is made beside the evidence, which must never find the disk full because of it.
const MOST_BYTES: u64 = 2 << 30;
const LONGEST: SignedDuration = SignedDuration::from_hours(4);
const HASH: HeaderName = HeaderName::from_static("x-sha256");

/// From when until when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SpanAsked {
    /// By the site's clock, or in UTC with a `Z`.
    from: String,
    /// The same.
    until: String,
}

/// A span as MP4, cut at key pictures and not coded anew; `X-SHA256` has its hash. Its name has lane, times in UTC
/// and the beginning of the hash. Where the coding changes on the way, a zip of several with their hashes.
#[utoipa::path(get, path = "/api/video/{lane}/export", params(("lane" = String, Path), SpanAsked), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn take_video(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
    Asked(asked): Asked<SpanAsked>,
) -> Result<Response, Refusal> {
    let from = desk.moment(&asked.from, "from")?;
    let until = desk.moment(&asked.until, "until")?;
    if until <= from || until.duration_since(from) > LONGEST {
        let hours = LONGEST.as_hours();
        return Err(Refusal::invalid(Said::with(Key::WebVideoSpan, "hours", hours)).of("until"));
    }
    let name = lane.clone();
    let span = desk
        .video(move |index| index.span(&name, from, until))
        .await?;
    let bytes: u64 = span.videos.iter().map(|video| video.bytes).sum();
    if bytes > MOST_BYTES {
        let said = Said::with(Key::WebVideoLarge, "gib", MOST_BYTES >> 30);
        return Err(Refusal::invalid(said).of("until"));
    }
    let work = move || {
        let folder = tempfile::tempdir().map_err(|error| Refusal::failed(&error))?;
        let to = folder.path().join("video.mp4");
        let made = recorder::export(&span.videos, from, until, &to);
        let made = made.map_err(|error| Refusal::failed(&error))?;
        match &made[..] {
            [] => Err(Refusal::not_found()),
            [one] => Ok((open(one)?, name_of(&lane, one), one.sha256.clone())),
            several => {
                let zip = zipped(&lane, several).map_err(|error| Refusal::failed(&error))?;
                let first = name_of(&lane, &several[0]);
                Ok((zip, first.replace(".mp4", ".zip"), String::new()))
            }
        }
    };
    let (mut answer, hash) = take_away::file(&desk, work).await?;
    if let Ok(hash) = HeaderValue::from_str(&hash) {
        answer.headers_mut().insert(HASH, hash);
    }
    Ok(answer)
}

fn open(video: &ExportedVideo) -> Result<File, Refusal> {
    File::open(&video.file).map_err(|error| Refusal::failed(&error))
}

fn name_of(lane: &str, video: &ExportedVideo) -> String {
    let at = |moment: Timestamp| moment.strftime("%Y%m%dT%H%M%SZ").to_string();
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let lane: String = lane.chars().map(safe).collect();
    let hash = video.sha256.get(..16).unwrap_or_default();
    format!("{lane}_{}_{}_{hash}.mp4", at(video.from), at(video.until))
}

fn zipped(lane: &str, videos: &[ExportedVideo]) -> io::Result<File> {
    let stored = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .large_file(true);
    let mut zip = ZipWriter::new(tempfile::tempfile()?);
    let mut hashes = String::new();
    for video in videos {
        let name = name_of(lane, video);
        zip.start_file(&name, stored)?;
        io::copy(&mut File::open(&video.file)?, &mut zip)?;
        hashes += &format!("{}  {name}\n", video.sha256);
    }
    zip.start_file("SHA256SUMS", stored)?;
    io::Write::write_all(&mut zip, hashes.as_bytes())?;
    Ok(zip.finish()?)
}
