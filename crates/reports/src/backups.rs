//! Backups and restores, in words.

use std::fmt::Display;
use std::path::Path;

use jiff::tz::TimeZone;
use ledger::{BackedUp, BackupView, Damaged, Restore};
use words::{Key, Language, to_second};

/// Damaged files that are shown; the manifest has more of them.
const MOST_SHOWN: usize = 20;

/// A backup in one line.
#[must_use]
pub fn backup_line(backup: &BackupView, language: Language, zone: &TimeZone) -> String {
    let manifest = &backup.manifest;
    let passages = manifest.tables.get("passages").copied().unwrap_or(0);
    language.fill(
        Key::BackupOne,
        &[
            ("name", &backup.name),
            ("time", &to_second(manifest.made_at, zone)),
            ("passages", &passages),
            ("photos", &manifest.photos.count),
        ],
    )
}

/// What a backup brought to `place`, and which photos it could not.
#[must_use]
pub fn backed_up(done: &BackedUp, place: &dyn Display, language: Language) -> Vec<String> {
    let manifest = &done.manifest;
    let passages = manifest.tables.get("passages").copied().unwrap_or(0);
    let megabytes = done.copied.size_bytes / 1_000_000;
    let mut lines = vec![language.fill(
        Key::BackupDone,
        &[
            ("name", &done.name),
            ("folder", &place),
            ("passages", &passages),
            ("photos", &manifest.photos.count),
            ("new", &done.copied.count),
            ("megabytes", &megabytes),
        ],
    )];
    if manifest.damaged_count > 0 {
        let count = manifest.damaged_count;
        lines.push(language.fill(Key::BackupDamaged, &[("count", &count)]));
        lines.extend(named(&manifest.damaged));
    }
    lines
}

/// What a restore brought into `folder`, row by row of what was backed up, and what is not there.
#[must_use]
pub fn restored(done: &Restore, folder: &Path, language: Language, zone: &TimeZone) -> Vec<String> {
    let mut lines = vec![
        language.fill(Key::RestoreDone, &[("folder", &folder.display())]),
        backup_line(&done.backup, language, zone),
        language.text(Key::RestoreCounts).to_owned(),
    ];
    let tables = done.tables.iter().filter(|(_, rows)| rows.restored > 0);
    lines.extend(tables.map(|(table, rows)| {
        let sign = if rows.backup == rows.restored {
            "="
        } else {
            "→"
        };
        format!("  {table} {} {sign} {}", rows.backup, rows.restored)
    }));
    lines.push(language.fill(Key::RestoreFiles, &[("count", &done.files)]));
    if done.missing_count > 0 {
        let count = done.missing_count;
        lines.push(language.fill(Key::RestoreMissing, &[("count", &count)]));
        lines.extend(named(&done.missing));
    }
    let gap = &done.gap;
    let (from, until) = (
        to_second(gap.made_at, zone),
        to_second(gap.restored_at, zone),
    );
    lines.push(language.fill(Key::RestoreGap, &[("from", &from), ("until", &until)]));
    lines.push(language.fill(
        Key::RestoreNumbers,
        &[("last", &gap.last_passage), ("next", &gap.first_free)],
    ));
    lines.push(language.text(Key::RestoreNext).to_owned());
    lines
}

fn named(files: &[Damaged]) -> impl Iterator<Item = String> {
    let first = files.iter().take(MOST_SHOWN);
    first.map(|file| format!("  {} — {}", file.path, file.why))
}
