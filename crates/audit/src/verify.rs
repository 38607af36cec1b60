//! Was the ledger, or a pack, changed past the program?

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use config::ConfigArgs;
use ledger::{Reader, VerifyOptions};
use reports::Proof;
use words::{Language, Said};

use crate::clip_proof::ClipProof;
use crate::video_proof::{Scope, VideoProof};
use crate::{Error, Report};

/// What to verify, and against what.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Verify this pack of an inspection instead, on any computer, without a ledger.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["anchors", "rows_only", "json"])]
    pub pack: Option<PathBuf>,
    /// Anchors kept elsewhere: a copy of the file that `storage.anchors_file` names.
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// Skip the photos; verify only the rows.
    #[arg(long)]
    pub rows_only: bool,
    /// Hash each file of recorded video as well; that takes as long as reading the disks.
    #[arg(long, conflicts_with = "rows_only")]
    pub video: bool,
    /// Print the verdict as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Verifies the ledger, or a pack in these languages.
///
/// # Errors
/// Why it could not be looked at, for a person.
pub fn verify(args: &VerifyArgs, languages: &[Language]) -> Result<Report, Error> {
    match &args.pack {
        Some(pack) => of_pack(pack, languages),
        None => of_ledger(args),
    }
}

fn of_pack(path: &Path, languages: &[Language]) -> Result<Report, Error> {
    let asked = |error| Error::Asked(Said::about(path.display(), Said::of_io(&error)));
    let file = File::open(path).map_err(asked)?;
    let verdict = inspection::verify_pack(BufReader::new(file));
    let told = languages
        .iter()
        .flat_map(|language| verdict.lines(*language));
    Ok(Report {
        lines: told.collect(),
        fine: verdict.is_good(),
    })
}

fn of_ledger(args: &VerifyArgs) -> Result<Report, Error> {
    let config = config::load(&args.config.config)?;
    let anchors = match &args.anchors {
        Some(path) => housekeeping::read_anchors(path).map_err(|e| Error::Asked(e.said()))?,
        None => Vec::new(),
    };
    let failed = |error: ledger::Error| Error::Failed(error.explained());
    let reader = Reader::open(&config.data_folder).map_err(failed)?;
    let options = VerifyOptions {
        anchors,
        ..VerifyOptions::default()
    };
    let proof = Proof::of(&reader, &options, args.rows_only);
    let proof =
        proof.map_err(|error| Error::Failed(Said::in_each(|language| error.text(language))))?;
    let (of_video, of_clips) = if args.rows_only {
        (None, None)
    } else {
        let video = VideoProof::of(&reader, &config, Scope::All, args.video)?;
        (video, ClipProof::of(&reader, &config)?)
    };
    let mut lines = if args.json {
        let json = serde_json::to_value(&proof).map(|mut json| {
            if let Some(video) = &of_video {
                json["video"] = video.json();
            }
            if let Some(clips) = &of_clips {
                json["clips"] = clips.json();
            }
            format!("{json:#}")
        });
        vec![json.map_err(|error| Error::Failed(Said::other(error)))?]
    } else {
        let mut lines = proof.told(config.language, &config.site.zone);
        lines.extend(
            of_video
                .iter()
                .flat_map(|video| video.lines(config.language)),
        );
        lines.extend(
            of_clips
                .iter()
                .flat_map(|clips| clips.lines(config.language)),
        );
        lines
    };
    if let (Some(mqtt), false) = (&config.mqtt, args.json) {
        let (left, waiting) = reader.anchors_at(&mqtt.name).map_err(failed)?;
        let told = reports::elsewhere(&mqtt.name, &left, &waiting, config.language);
        lines.extend(told);
    }
    Ok(Report {
        lines,
        fine: proof.verdict.breaks.is_empty()
            && proof.photos.is_empty()
            && of_video.is_none_or(|video| video.is_good())
            && of_clips.is_none_or(|clips| clips.is_good()),
    })
}
