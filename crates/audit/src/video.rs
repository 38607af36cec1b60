//! Recorded video on the command line: what there is, a span of it as a file, and whether it is what was recorded.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use config::{Config, ConfigArgs, OrderTaker};
use jiff::Timestamp;
use ledger::Reader;
use passage::{CLIP_AFTER, CLIP_BEFORE, PassageId};
use recorder::{Gap, INDEX_FILE, VideoIndex, VideoRow, VideoSpan, export, video_hash, walk};
use serde_json::json;
use words::{Key, Said, to_second};

use crate::clips::{self, ClipArgs, ClipsArgs};
use crate::{Error, Report};

/// Recorded video.
#[derive(Debug, Args)]
pub struct VideoArgs {
    #[command(subcommand)]
    pub(crate) what: VideoKind,
}

/// What is done with it.
#[derive(Debug, Subcommand)]
pub enum VideoKind {
    /// What there is of a lane, and what is missing and why.
    List(SpanArgs),
    /// A span as one MP4, cut at key pictures and not coded anew, with its times and hash.
    Export(ExportArgs),
    /// Whether each file is whole and what the index says; reads all of it.
    Check(SpanArgs),
    /// Keep the video of a passage apart from the recording, for as long as the passage's photos.
    Clip(ClipArgs),
    /// Clips that are kept apart: of lifts, alarms, denied and forced passages, and those asked for.
    Clips(ClipsArgs),
}

/// Which video.
#[derive(Debug, Args)]
pub struct SpanArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Lane name.
    #[arg(long, required_unless_present = "passage")]
    pub(crate) lane: Option<String>,
    /// From this day or time on, by the site's clock.
    #[arg(long, value_name = "TIME", required_unless_present = "passage")]
    pub(crate) from: Option<String>,
    /// Up to this day (included) or time.
    #[arg(long, value_name = "TIME", required_unless_present = "passage")]
    pub(crate) until: Option<String>,
    /// The video of this passage: from 10 s before it came to 60 s after its decision.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["lane", "from", "until"],
          value_parser = records::typed::<i64>)]
    pub(crate) passage: Option<i64>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which video, and where to.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    pub(crate) span: SpanArgs,
    /// The file to write; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// Lists, exports, checks, or keeps apart.
///
/// # Errors
/// Why not, for a person.
pub fn video(args: &VideoArgs, submit: OrderTaker<'_>) -> Result<Report, Error> {
    match &args.what {
        VideoKind::List(args) => Asked::of(args)?.list(),
        VideoKind::Export(args) => Asked::of(&args.span)?.export(&args.to),
        VideoKind::Check(args) => Asked::of(args)?.check(),
        VideoKind::Clip(args) => clips::keep(args, submit),
        VideoKind::Clips(args) => clips::list(args),
    }
}

/// A span of a lane's video, as somebody asked for it.
struct Asked<'a> {
    args: &'a SpanArgs,
    config: Config,
    lane: String,
    from: Timestamp,
    until: Timestamp,
    span: VideoSpan,
}

impl<'a> Asked<'a> {
    fn of(args: &'a SpanArgs) -> Result<Self, Error> {
        let config = config::load(&args.config.config)?;
        if !config.data_folder.join(INDEX_FILE).exists() {
            return Err(Error::Asked(Said::plain(Key::VideoNoRecorder)));
        }
        let (lane, from, until) = span_of(args, &config)?;
        let index = VideoIndex::open_to_read(&config.data_folder).map_err(failed)?;
        let span = index.span(&lane, from, until).map_err(failed)?;
        Ok(Self {
            args,
            config,
            lane,
            from,
            until,
            span,
        })
    }

    fn list(&self) -> Result<Report, Error> {
        let mut lines: Vec<(Timestamp, String)> = Vec::new();
        for video in &self.span.videos {
            lines.push((video.start, self.video_line(video)));
        }
        for gap in &self.span.gaps {
            lines.push((gap.from, self.gap_line(gap)));
        }
        lines.sort_by_key(|(from, _)| *from);
        let mut lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        if lines.is_empty() {
            return Err(Error::Failed(self.none()));
        }
        if !self.args.json {
            let sum =
                |of: fn(&VideoRow) -> u64| self.span.videos.iter().map(of).sum::<u64>() as f64;
            let said = Said::with(Key::VideoSum, "files", self.span.videos.len())
                .and("hours", format!("{:.2}", sum(|v| v.duration_ms) / 3.6e6))
                .and("gigabytes", format!("{:.2}", sum(|v| v.bytes) / 1e9))
                .and("gaps", self.span.gaps.len());
            lines.push(said.text(self.config.language));
        }
        Ok(Report { lines, fine: true })
    }

    fn video_line(&self, video: &VideoRow) -> String {
        if self.args.json {
            return json!({"video": video}).to_string();
        }
        let zone = &self.config.site.zone;
        Said::with(Key::VideoLine, "from", to_second(video.start, zone))
            .and("until", to_second(video.end(), zone))
            .and("megabytes", megabytes(video.bytes))
            .and("pictures", video.pictures)
            .and("file", video.file.display())
            .text(self.config.language)
    }

    fn gap_line(&self, gap: &Gap) -> String {
        if self.args.json {
            return json!({"gap": gap}).to_string();
        }
        let (zone, language) = (&self.config.site.zone, self.config.language);
        let until = gap.until.map_or_else(
            || language.text(Key::VideoOpen).to_owned(),
            |until| to_second(until, zone),
        );
        let why = language.named(words::Group::VideoGap, gap.reason.code());
        Said::with(Key::VideoGapLine, "from", to_second(gap.from, zone))
            .and("until", until)
            .and("why", why)
            .text(language)
    }

    fn export(&self, to: &std::path::Path) -> Result<Report, Error> {
        let exported = export(&self.span.videos, self.from, self.until, to).map_err(failed)?;
        if exported.is_empty() {
            return Err(Error::Failed(self.none()));
        }
        let zone = &self.config.site.zone;
        let line = |told: &recorder::ExportedVideo| {
            if self.args.json {
                return json!(told).to_string();
            }
            Said::with(Key::VideoExported, "file", told.file.display())
                .and("from", to_second(told.from, zone))
                .and("until", to_second(told.until, zone))
                .and("pictures", told.pictures)
                .and("megabytes", megabytes(told.bytes))
                .and("hash", &told.sha256)
                .text(self.config.language)
        };
        Ok(Report {
            lines: exported.iter().map(line).collect(),
            fine: true,
        })
    }

    fn check(&self) -> Result<Report, Error> {
        let (mut files, mut bytes) = (0_u64, 0);
        let mut wrong = Vec::new();
        for video in &self.span.videos {
            match fault(video) {
                Some((code, said)) => wrong.push((code, video, said)),
                None => {
                    files += 1;
                    bytes += video.bytes;
                }
            }
        }
        let fine = wrong.is_empty();
        let lines = if self.args.json {
            let found: Vec<_> = wrong
                .iter()
                .map(|(code, video, _)| json!({"code": code, "file": video.file}))
                .collect();
            vec![json!({"files": files, "bytes": bytes, "findings": found}).to_string()]
        } else {
            let good = Said::with(Key::VideoGood, "files", files)
                .and("gigabytes", format!("{:.2}", bytes as f64 / 1e9));
            let said = wrong.into_iter().map(|(.., said)| said).chain([good]);
            said.map(|said| said.text(self.config.language)).collect()
        };
        Ok(Report { lines, fine })
    }

    fn none(&self) -> Said {
        Said::with(Key::VideoNone, "lane", &self.lane)
    }
}

/// Lane and times that were asked for, by themselves or by a passage.
fn span_of(args: &SpanArgs, config: &Config) -> Result<(String, Timestamp, Timestamp), Error> {
    if let Some(number) = args.passage {
        let reader = Reader::open(&config.data_folder);
        let reader = reader.map_err(|error| Error::Failed(error.explained()))?;
        let passage = orders::passage(&reader, PassageId(number));
        let passage =
            passage.map_err(|e| Error::Asked(Said::in_each(|language| e.text(language))))?;
        let from = passage.entered_at - CLIP_BEFORE;
        return Ok((passage.lane, from, passage.decided_at + CLIP_AFTER));
    }
    let (zone, now) = (&config.site.zone, Timestamp::now());
    let asked = |error: records::NotATime| Error::Asked(error.said());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let from = records::range_start(&text(&args.from), zone, now).map_err(asked)?;
    let until = records::range_end(&text(&args.until), zone, now).map_err(asked)?;
    Ok((text(&args.lane), from, until))
}

/// What is wrong with a file, by code and in words.
fn fault(video: &VideoRow) -> Option<(&'static str, Said)> {
    let of = |key| Said::with(key, "file", video.file.display());
    if !video.file.exists() {
        return Some(("removed", of(Key::VideoRemoved)));
    }
    let unreadable = |why| ("unreadable", of(Key::VideoUnreadable).and_said("why", why));
    let walked = std::fs::File::open(&video.file).and_then(|mut file| walk(&mut file));
    match walked {
        Err(error) => Some(unreadable(Said::of_io(&error))),
        Ok(walked) if !walked.is_whole() => Some(("strange", of(Key::VideoStrange))),
        Ok(_) => match video_hash(&video.file) {
            Err(error) => Some(unreadable(error.said())),
            Ok(hash) => (hash != video.sha256).then(|| ("changed", of(Key::VideoChanged))),
        },
    }
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

fn failed(error: recorder::Error) -> Error {
    Error::Failed(error.said())
}
