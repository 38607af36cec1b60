//! `menjin verify`: was the ledger changed past the program?

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{
    Anchor, Break, BreakKind, CheckOptions, Finding, Reader, Removals, Verdict, VerifyOptions,
};
use serde_json::json;
use words::{Key, Language};

use crate::backup::print;
use crate::cli::VerifyArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::keeping::removed;

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
    let found = prove(&reader, &options, args.rows_only)?;
    let mut lines = if args.json {
        let all =
            json!({"verdict": found.verdict, "photos": found.photos, "removals": found.removals});
        vec![serde_json::to_string_pretty(&all).map_err(|e| Failure::job(&e))?]
    } else {
        found.told(config.language, &config.site.zone)
    };
    if let (Some(mqtt), false) = (&config.mqtt, args.json) {
        let (left, waiting) = reader
            .anchors_at(&mqtt.name)
            .map_err(|e| Failure::job(&e))?;
        lines.extend(elsewhere(&mqtt.name, &left, &waiting, config.language));
    }
    print(&lines)?;
    if found.verdict.breaks.is_empty() && found.photos.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

/// What there is to say about a ledger.
pub(crate) struct Found {
    pub(crate) verdict: Verdict,
    pub(crate) photos: Vec<Finding>,
    removals: Removals,
}

/// Walks the chain, then the photos.
pub(crate) fn prove(
    reader: &Reader,
    options: &VerifyOptions,
    rows_only: bool,
) -> Result<Found, Failure> {
    let verdict = reader.verify(options).map_err(|e| Failure::job(&e))?;
    let photos = if rows_only {
        Vec::new()
    } else {
        let found = reader.check_photos(&CheckOptions::default());
        found.map_err(|e| Failure::job(&e))?
    };
    let removals = reader.removals().map_err(|e| Failure::job(&e))?;
    Ok(Found {
        verdict,
        photos,
        removals,
    })
}

impl Found {
    pub(crate) fn told(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let mut lines = told(&self.verdict, language);
        lines.extend(gaps(&self.verdict, language, zone));
        lines.extend(removed(&self.removals, language, zone));
        if !self.photos.is_empty() {
            let count = self.photos.len();
            lines.push(language.fill(Key::VerifyPhotos, &[("count", &count)]));
            lines.extend(self.photos.iter().map(|f| {
                let path = f.path.as_deref().unwrap_or_default();
                format!("  {} {path} {}", f.code, f.detail)
            }));
        }
        lines
    }
}

/// Restores from backups: what was written in their gaps is not here, and no forgery.
fn gaps(verdict: &Verdict, language: Language, zone: &TimeZone) -> Vec<String> {
    let time = |at: Timestamp| {
        at.to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string()
    };
    let mut lines: Vec<_> = verdict
        .restores
        .iter()
        .map(|gap| {
            let (from, until) = (time(gap.made_at), time(gap.restored_at));
            language.fill(Key::VerifyGap, &[("from", &from), ("until", &until)])
        })
        .collect();
    lines.extend(verdict.lost_anchors.iter().map(|anchor| {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("day", &anchor.day), ("links", &anchor.links)];
        format!("  {}", language.fill(Key::VerifyLostAnchor, &values))
    }));
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_whose_anchor_has_not_left_are_named() {
        let anchor = |day: &str| Anchor {
            day: day.parse().expect("a day"),
            links: 1,
            head: "ab".repeat(32),
            branch: None,
        };
        let all = ["2026-03-01", "2026-03-02", "2026-03-03"].map(anchor);
        let said = |left, waiting| elsewhere("mqtt", left, waiting, Language::En).join("\n");
        let some = said(&all[..1], &all[1..]);
        assert!(some.contains("1 anchors, up to 2026-03-01"), "{some}");
        assert!(some.contains("2026-03-02 to 2026-03-03 have not"), "{some}");
        assert!(said(&[], &all).contains("No anchor has reached mqtt"));
        assert!(!said(&all, &[]).contains("not"), "nothing is missing");
    }
}
