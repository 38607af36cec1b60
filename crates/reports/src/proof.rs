//! Was the ledger changed past the program?

use jiff::tz::TimeZone;
use ledger::{
    Anchor, Break, BreakKind, CheckFinding, CheckOptions, Reader, Removals, Verification,
    VerifyOptions,
};
use serde::Serialize;
use words::{Group, Key, Language, to_second};

use crate::Error;

/// What there is to say about a ledger.
#[derive(Debug, Serialize)]
pub struct Proof {
    /// What the chain of hashes says.
    pub verdict: Verification,
    /// What is wrong with photos; nothing when they were not looked at.
    pub photos: Vec<CheckFinding>,
    /// What retention removed.
    pub removals: Removals,
}

impl Proof {
    /// Walks the chain, then the photos unless only rows are wanted.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn of(reader: &Reader, options: &VerifyOptions, rows_only: bool) -> Result<Self, Error> {
        let verdict = reader.verify(options)?;
        let photos = if rows_only {
            Vec::new()
        } else {
            reader.check_photos(&CheckOptions::default())?
        };
        Ok(Self {
            verdict,
            photos,
            removals: reader.removals()?,
        })
    }

    /// In words.
    #[must_use]
    pub fn told(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let mut lines = told(&self.verdict, language);
        lines.extend(gaps(&self.verdict, language, zone));
        lines.extend(housekeeping::removed(&self.removals, language, zone));
        if !self.photos.is_empty() {
            let count = self.photos.len();
            lines.push(language.fill(Key::VerifyPhotos, &[("count", &count)]));
            lines.extend(self.photos.iter().map(|f| {
                let path = f.path.as_deref().unwrap_or_default();
                let code = language.named(Group::LedgerFinding, f.code.as_str());
                format!("  {code} {path} {}", f.detail.text(language))
            }));
        }
        lines
    }
}

/// Restores from backups: what was written in their gaps is not here, and no forgery.
fn gaps(verdict: &Verification, language: Language, zone: &TimeZone) -> Vec<String> {
    let mut lines: Vec<_> = verdict
        .restores
        .iter()
        .map(|gap| {
            let (from, until) = (
                to_second(gap.made_at, zone),
                to_second(gap.restored_at, zone),
            );
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

fn told(verdict: &Verification, language: Language) -> Vec<String> {
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
#[must_use]
pub fn elsewhere(
    sink: &str,
    left: &[Anchor],
    waiting: &[Anchor],
    language: Language,
) -> Vec<String> {
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
            return format!("{} — {}", language.text(key), found.detail.text(language));
        }
    };
    format!(
        "{} — {}",
        language.fill(key, &[("what", &what)]),
        found.detail.text(language)
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
        assert!(some.contains("1 anchor, up to 2026-03-01"), "{some}");
        assert!(some.contains("2026-03-02 to 2026-03-03 have not"), "{some}");
        assert!(said(&[], &all).contains("No anchor has reached mqtt"));
        assert!(!said(&all, &[]).contains("not"), "nothing is missing");
    }
}
