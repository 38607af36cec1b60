//! `menjin verify`: was the ledger changed past the program?

use std::io::Write as _;
use std::path::Path;

use ledger::{Anchor, Break, BreakKind, CheckOptions, FindingCode, Reader, Verdict, VerifyOptions};
use serde_json::json;
use words::{Key, Language};

use crate::cli::VerifyArgs;
use crate::config;
use crate::exit::{Failure, Outcome};

/// A file of anchors longer than this is none: a line a day for a century is shorter.
const MOST_BYTES: u64 = 10 << 20;

pub(crate) fn main(args: &VerifyArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let anchors = match &args.anchors {
        Some(path) => read_anchors(path).map_err(Failure::usage)?,
        None => Vec::new(),
    };
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let options = VerifyOptions {
        anchors,
        ..VerifyOptions::default()
    };
    let verdict = reader.verify(&options).map_err(|e| Failure::job(&e))?;
    let photos = if args.rows_only {
        Vec::new()
    } else {
        let found = reader.check(&CheckOptions::default());
        let mut found = found.map_err(|e| Failure::job(&e))?;
        found.retain(|f| {
            matches!(
                f.code,
                FindingCode::PhotoMissing | FindingCode::PhotoChanged | FindingCode::OrphanFile
            )
        });
        found
    };
    let text = if args.json {
        let all = json!({"verdict": verdict, "photos": photos});
        serde_json::to_string_pretty(&all).map_err(|e| Failure::job(&e))?
    } else {
        let mut lines = told(&verdict, config.language);
        if let Some(mqtt) = &config.mqtt {
            let (left, waiting) = reader
                .anchors_at(&mqtt.name)
                .map_err(|e| Failure::job(&e))?;
            lines.extend(elsewhere(&mqtt.name, &left, &waiting, config.language));
        }
        if !photos.is_empty() {
            let count = photos.len();
            lines.push(
                config
                    .language
                    .fill(Key::VerifyPhotos, &[("count", &count)]),
            );
            lines.extend(photos.iter().map(|f| {
                let path = f.path.as_deref().unwrap_or_default();
                format!("  {} {path} {}", f.code, f.detail)
            }));
        }
        lines.join("\n")
    };
    writeln!(std::io::stdout().lock(), "{text}").map_err(|e| Failure::job(&e))?;
    if verdict.breaks.is_empty() && photos.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

/// One anchor a line, as the daemon writes them.
pub(crate) fn read_anchors(path: &Path) -> Result<Vec<Anchor>, String> {
    let failed = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let size = std::fs::metadata(path).map_err(|e| failed(&e))?.len();
    if size > MOST_BYTES {
        return Err(failed(&"too large for a file of anchors"));
    }
    let text = std::fs::read_to_string(path).map_err(|e| failed(&e))?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty());
    lines
        .map(|(n, line)| {
            serde_json::from_str(line).map_err(|e| failed(&format!("line {}: {e}", n + 1)))
        })
        .collect()
}

fn told(verdict: &Verdict, language: Language) -> Vec<String> {
    let links = verdict.links;
    let mut lines = vec![if verdict.breaks.is_empty() {
        language.fill(Key::VerifyWhole, &[("links", &links)])
    } else {
        let breaks = verdict.breaks.len();
        language.fill(Key::VerifyBroken, &[("links", &links), ("breaks", &breaks)])
    }];
    lines.extend(
        verdict
            .breaks
            .iter()
            .map(|b| format!("  {}", one(b, language))),
    );
    match verdict.proved_until {
        Some(day) => {
            lines.push(language.fill(Key::VerifyProved, &[("day", &day)]));
            lines.push(language.fill(Key::VerifyAfter, &[("day", &day)]));
        }
        None => lines.push(language.text(Key::VerifyUnproved).to_owned()),
    }
    lines
}

/// Which anchors have left the computer, as far as it knows itself. It proves nothing: the copies do.
fn elsewhere(sink: &str, left: &[Anchor], waiting: &[Anchor], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    match left.last() {
        Some(last) => lines.push(language.fill(
            Key::VerifyLeft,
            &[("count", &left.len()), ("day", &last.day), ("sink", &sink)],
        )),
        None => lines.push(language.fill(Key::VerifyNoneLeft, &[("sink", &sink)])),
    }
    if let (Some(first), Some(last)) = (waiting.first(), waiting.last()) {
        lines.push(language.fill(
            Key::VerifyNotLeft,
            &[("first", &first.day), ("last", &last.day), ("sink", &sink)],
        ));
    }
    lines
}

fn one(found: &Break, language: Language) -> String {
    let passage = found
        .passage
        .map(|id| language.fill(Key::VerifyOfPassage, &[("number", &id)]));
    let row = format!("{} {}", found.source, found.key);
    let what = passage.map_or(row.clone(), |passage| format!("{passage} ({row})"));
    let key = match found.kind {
        BreakKind::RowChanged => Key::VerifyRowChanged,
        BreakKind::RowRemoved => Key::VerifyRowRemoved,
        BreakKind::RowInserted => Key::VerifyRowInserted,
        BreakKind::LinkRemoved | BreakKind::AnchorDiffers => {
            let key = if found.kind == BreakKind::LinkRemoved {
                Key::VerifyLinkRemoved
            } else {
                Key::VerifyAnchorDiffers
            };
            return format!("{} — {}", language.text(key), found.detail);
        }
    };
    format!(
        "{} — {}",
        language.fill(key, &[("what", &what)]),
        found.detail
    )
}
