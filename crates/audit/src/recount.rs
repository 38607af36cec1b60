//! A lane's recording read again, and compared with its rows.

use std::path::{Path, PathBuf};

use ::recount::{Asked, Compared, Eyes, Hole, Judgement, Recount, page};
use clap::Args;
use config::{Config, ConfigArgs};
use controller::LaneSetup;
use jiff::{SignedDuration, Timestamp};
use ledger::{Filter, Reader};
use passage::{PassageView, PhotoKind};
use recorder::{INDEX_FILE, VideoIndex, VideoSpan};
use serde_json::{Value, json};
use vision::Models;
use words::{Key, Said};

use crate::video_proof::{Scope, VideoProof};
use crate::{Error, Report};

/// All vehicles of the time are held with their pictures, so a month is several questions.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24 + 1);
/// The minute that is being recorded is in no file yet.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(3);
/// The lowest priority: lanes that read live go before.
const NICEST: i32 = 19;

/// Whose recording is read again, and what is made of it.
#[derive(Debug, Args)]
pub struct RecountArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Lane name.
    #[arg(long)]
    pub(crate) lane: String,
    /// From this day or time on, by the site's clock.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: String,
    /// Up to this day (included) or time, at most seven days after --from.
    #[arg(long, alias = "to", value_name = "TIME")]
    pub(crate) until: String,
    /// A page with a small picture of each vehicle.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads a recording again, as fast as the computer allows and behind whatever else it does, and compares it with the ledger;
/// `progress` hears how far it is.
///
/// # Errors
/// Why not, for a person.
pub fn recount(args: &RecountArgs, progress: &(dyn Fn(&str) + Sync)) -> Result<Report, Error> {
    let config = config::load(&args.config.config)?;
    let named = |lane: &&LaneSetup| lane.name == args.lane;
    let Some(lane) = config.lanes.iter().find(named) else {
        let names: Vec<_> = config.lanes.iter().map(|lane| &*lane.name).collect();
        let said = Said::with(Key::RecountNoLane, "lane", &args.lane);
        return Err(Error::Asked(said.and("lanes", names.join(", "))));
    };
    let (asked, span) = asked(args, &config)?;
    let failed = |error: ledger::Error| Error::Failed(error.explained());
    let reader = Reader::open(&config.data_folder).map_err(failed)?;
    let rows = rows(&reader, &asked).map_err(failed)?;
    let models = Models::open(&config.models_folder, config.onnxruntime.as_deref());
    let eyes = Eyes {
        models: models.map_err(|error| Error::Failed(error.said()))?,
        settings: lane.settings.clone(),
        fps: config.detection.fps,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    // Threads that begin from now on have it too. Where that is refused, it is only less polite.
    let _ = rustix::process::setpriority_process(None, NICEST);
    let language = config.language;
    let told = |done: usize, of: usize| {
        let said = Said::with(Key::RecountProgress, "done", done).and("of", of);
        progress(&said.text(language));
    };
    let told = eyes.read(&asked, &span.videos, &told);
    let told = told.map_err(|error| Error::Failed(error.said()))?;
    let recount = Recount::of(&asked, &span, rows, told);
    let scope = Scope::Span(&asked.lane, asked.from, asked.until);
    let chain = VideoProof::of(&reader, &config, scope, true)?;
    let mut lines = match args.json {
        true => vec![as_json(&recount, chain.as_ref()).to_string()],
        false => recount.lines(language, &config.site.zone),
    };
    if let (Some(chain), false) = (&chain, args.json) {
        lines.extend(chain.lines(language));
    }
    if let Some(path) = &args.html {
        let photo = |row: &PassageView| photo_of(&reader, row);
        let html = page(&recount, language, &config.site.zone, &photo);
        write(path, &html)?;
        if !args.json {
            let said = Said::with(Key::RecountPage, "file", path.display());
            lines.push(said.text(language));
        }
    }
    Ok(Report {
        lines,
        fine: recount.is_fine() && chain.is_none_or(|chain| chain.is_good()),
    })
}

/// What is asked for, and the recording of it.
fn asked(args: &RecountArgs, config: &Config) -> Result<(Asked, VideoSpan), Error> {
    if !config.data_folder.join(INDEX_FILE).exists() {
        return Err(Error::Asked(Said::plain(Key::VideoNoRecorder)));
    }
    let (zone, now) = (&config.site.zone, Timestamp::now());
    let not_a_time = |error: records::NotATime| Error::Asked(error.said());
    let from = records::range_start(&args.from, zone, now).map_err(not_a_time)?;
    let until = records::range_end(&args.until, zone, now).map_err(not_a_time)?;
    if until.duration_since(from) > LONGEST {
        return Err(Error::Asked(Said::plain(Key::RecountTooLong)));
    }
    let failed = |error: recorder::Error| Error::Failed(error.said());
    let index = VideoIndex::open_to_read(&config.data_folder).map_err(failed)?;
    let lane = args.lane.clone();
    let mut asked = Asked { lane, from, until };
    let (first, last) = asked.with_margin();
    let span = index.span(&asked.lane, first, last).map_err(failed)?;
    let there = span.videos.iter().filter(|video| video.gone.is_none());
    let Some(last) = there.map(recorder::VideoRow::end).max() else {
        let none = Said::with(Key::RecountNone, "lane", &asked.lane);
        return Err(Error::Failed(none));
    };
    if until > now - UNDER_WAY && last > from {
        asked.until = until.min(last);
    }
    Ok((asked, span))
}

fn rows(reader: &Reader, asked: &Asked) -> Result<Vec<PassageView>, ledger::Error> {
    let (from, until) = asked.with_margin();
    let filter = Filter {
        from: Some(from),
        until: Some(until),
        lane: Some(asked.lane.clone()),
        oldest_first: true,
        ..Filter::default()
    };
    let mut rows = Vec::new();
    reader.each(&filter, |row| {
        rows.push(row);
        true
    })?;
    Ok(rows)
}

/// The row's photo; none where it was removed or is gone.
fn photo_of(reader: &Reader, row: &PassageView) -> Option<Vec<u8>> {
    reader.photo_bytes(row.photo(PhotoKind::Head)?).ok()
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |error| Error::Failed(Said::about(path.display(), Said::of_io(&error)));
    std::fs::write(path, text).map_err(failed)
}

fn as_json(recount: &Recount, chain: Option<&VideoProof>) -> Value {
    let counts: serde_json::Map<_, _> = Judgement::ALL
        .iter()
        .map(|judgement| {
            (
                judgement.code().to_owned(),
                recount.count(*judgement).into(),
            )
        })
        .collect();
    let each = recount.compared.iter().map(|one: &Compared| {
        let read = one.seen.as_ref().and_then(|seen| seen.read.as_ref());
        json!({
            "code": one.judgement.code(),
            "at": one.at(),
            "video": one.seen.as_ref().map(|seen| json!({
                "entered": seen.entered, "decided": seen.decided, "left": seen.left,
                "plate": read.map(|read| &read.plate), "color": read.map(|read| read.color),
                "confidence": read.map(|read| read.confidence), "accepted": seen.accepted,
            })),
            "passage": one.row.as_ref().map(|row| json!({
                "id": row.id, "plate": row.reading.plate, "color": row.reading.color,
            })),
        })
    });
    let hole = |hole: &Hole| {
        json!({"from": hole.from, "until": hole.until, "reason": hole.reason.map(recorder::GapReason::code),
               "file": hole.file, "finding": hole.is_finding()})
    };
    json!({
        "lane": recount.asked.lane, "from": recount.asked.from, "until": recount.asked.until,
        "fine": recount.is_fine(), "counts": counts, "vehicles": each.collect::<Vec<_>>(),
        "holes": recount.holes.iter().map(hole).collect::<Vec<_>>(),
        "unreadable": recount.unreadable.iter().map(|file| &file.file).collect::<Vec<_>>(),
        "video_s": recount.shown.as_secs_f64(), "pictures": recount.pictures,
        "chain": chain.map(VideoProof::json),
    })
}
