//! Clips on the command line: those there are, and one more.

use clap::Args;
use config::{Config, ConfigArgs, OrderTaker};
use jiff::Timestamp;
use ledger::{ClipFilter, Reader};
use orders::Order;
use passage::{ClipFile, ClipHole, ClipView, PassageId};
use serde_json::json;
use words::{Group, Key, Language, Said, to_second};

use crate::video::megabytes;
use crate::{Error, Report};

/// Clips that are shown at most.
const MOST: usize = 10_000;

/// Whose video is to be kept.
#[derive(Debug, Args)]
pub struct ClipArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Number of the passage: from 10 s before it came to 60 s after its decision.
    #[arg(long, value_name = "NUMBER", value_parser = records::typed::<i64>)]
    pub(crate) passage: i64,
    /// Who wants it kept.
    #[arg(long, value_name = "NAME")]
    pub(crate) who: String,
}

/// Which clips.
#[derive(Debug, Args)]
pub struct ClipsArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Only of this lane.
    #[arg(long)]
    pub(crate) lane: Option<String>,
    /// Only from this day or time on, by the site's clock.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Only up to this day (included) or time.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Has the video of a passage kept apart.
pub(crate) fn keep(args: &ClipArgs, submit: OrderTaker<'_>) -> Result<Report, Error> {
    let config = config::load(&args.config.config)?;
    let order = Order::KeepClip {
        passage: PassageId(args.passage),
        who: args.who.clone(),
    };
    let done = submit(&config, order)
        .map_err(|error| Error::Failed(Said::in_each(|language| error.text(language))))?;
    Ok(Report {
        lines: vec![done.text(config.language)],
        fine: true,
    })
}

/// Lists clips.
pub(crate) fn list(args: &ClipsArgs) -> Result<Report, Error> {
    let config = config::load(&args.config.config)?;
    let (zone, now) = (&config.site.zone, Timestamp::now());
    let asked = |error: records::NotATime| Error::Asked(error.said());
    let from = args.from.as_deref();
    let from = from.map(|text| records::range_start(text, zone, now).map_err(asked));
    let until = args.until.as_deref();
    let until = until.map(|text| records::range_end(text, zone, now).map_err(asked));
    let filter = ClipFilter {
        lane: args.lane.clone(),
        from: from.transpose()?,
        until: until.transpose()?,
    };
    let failed = |error: ledger::Error| Error::Failed(error.explained());
    let reader = Reader::open(&config.data_folder).map_err(failed)?;
    let clips = reader.clips(&filter, MOST).map_err(failed)?;
    let waiting = reader.waiting_clips().map_err(failed)?;
    let mut lines: Vec<String> = if args.json {
        clips.iter().map(|clip| json!(clip).to_string()).collect()
    } else {
        clips.iter().flat_map(|clip| told(clip, &config)).collect()
    };
    if clips.is_empty() && waiting == 0 {
        return Err(Error::Failed(Said::plain(Key::VideoNoClips)));
    }
    if !args.json {
        let files = clips.iter().filter(|clip| clip.removed.is_none());
        let files = files.flat_map(|clip| &clip.clip.files);
        let bytes: u64 = files.map(|file| file.size_bytes).sum();
        let said = Said::with(Key::VideoClipSum, "clips", clips.len())
            .and("gigabytes", format!("{:.2}", bytes as f64 / 1e9))
            .and("waiting", waiting);
        lines.push(said.text(config.language));
    }
    Ok(Report { lines, fine: true })
}

fn told(view: &ClipView, config: &Config) -> Vec<String> {
    let (language, zone) = (config.language, &config.site.zone);
    let clip = &view.clip;
    let mut lines = vec![
        Said::with(Key::VideoClipLine, "id", view.id)
            .and("lane", &clip.lane)
            .and("from", to_second(clip.from, zone))
            .and("until", to_second(clip.until, zone))
            .and("of", what(view, language))
            .and("state", state(view, language))
            .text(language),
    ];
    let file = |file: &ClipFile| {
        Said::with(Key::VideoClipFile, "file", &file.path)
            .and("megabytes", megabytes(file.size_bytes))
            .and("pictures", file.pictures)
            .text(language)
    };
    let hole = |hole: &ClipHole| {
        Said::with(Key::VideoClipHole, "from", to_second(hole.from, zone))
            .and("until", to_second(hole.until, zone))
            .and("why", language.named(Group::VideoGap, &hole.reason))
            .text(language)
    };
    let below = clip.files.iter().map(file);
    let below = below.chain(clip.missing.iter().map(hole));
    lines.extend(below.map(|line| format!("    {line}")));
    lines
}

fn what(view: &ClipView, language: Language) -> String {
    let of = view.clip.of;
    language.named_with(
        Group::ClipKind,
        of.kind.as_str(),
        &[("subject", &of.subject)],
    )
}

fn state(view: &ClipView, language: Language) -> &'static str {
    let code = match view.removed {
        Some(_) => "removed",
        None => view.clip.state.as_str(),
    };
    language.named(Group::ClipState, code)
}
