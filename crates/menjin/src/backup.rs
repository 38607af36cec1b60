//! `menjin backup`: a backup beside the running daemon, or a list of those that are there.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{BackedUp, BackupOptions, BackupView, Damaged, Reader, backups};
use words::{Key, Language};

use crate::cli::keep::BackupArgs;
use crate::config::{self, Config};
use crate::exit::{Failure, Outcome};

/// Databases that are kept where no `[backup]` says how many.
const KEEP: u32 = 14;

/// Damaged files that are shown.
const MOST_SHOWN: usize = 20;

/// A command is ended by its signal, which a backup survives.
static NEVER: AtomicBool = AtomicBool::new(false);

pub(crate) fn main(args: &BackupArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let folder = folder(args, &config)?;
    if args.list {
        return list(&folder, &config);
    }
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let keep = args.keep.or(config.backup.as_ref().map(|b| b.keep));
    let options = BackupOptions {
        at: Timestamp::now(),
        keep: keep.unwrap_or(KEEP) as usize,
        prepare: true,
        stop: &NEVER,
    };
    let done = reader
        .back_up(&folder, &options)
        .map_err(|e| Failure::job(&e))?;
    print(&told(&done, &folder, config.language))?;
    if done.manifest.damaged_count > 0 {
        return Err(Failure::Told);
    }
    Ok(())
}

fn folder(args: &BackupArgs, config: &Config) -> Result<PathBuf, Failure> {
    let planned = config.backup.as_ref().map(|backup| backup.folder.clone());
    args.to.clone().or(planned).ok_or_else(|| {
        Failure::usage("where to? give --to DIR, or set [backup] folder in the configuration")
    })
}

fn list(folder: &Path, config: &Config) -> Outcome {
    let all = backups(folder).map_err(|e| Failure::job(&e))?;
    let lines: Vec<_> = all
        .iter()
        .map(|backup| one(backup, &config.site.zone, config.language))
        .collect();
    print(&lines)
}

/// A backup in one line.
pub(crate) fn one(backup: &BackupView, zone: &TimeZone, language: Language) -> String {
    let manifest = &backup.manifest;
    let passages = manifest.tables.get("passages").copied().unwrap_or(0);
    let at = manifest.made_at.to_zoned(zone.clone());
    language.fill(
        Key::BackupOne,
        &[
            ("name", &backup.name),
            ("time", &at.strftime("%Y-%m-%d %H:%M:%S")),
            ("passages", &passages),
            ("photos", &manifest.photos.count),
        ],
    )
}

fn told(done: &BackedUp, folder: &Path, language: Language) -> Vec<String> {
    let manifest = &done.manifest;
    let passages = manifest.tables.get("passages").copied().unwrap_or(0);
    let megabytes = done.copied.size_bytes / 1_000_000;
    let mut lines = vec![language.fill(
        Key::BackupDone,
        &[
            ("name", &done.name),
            ("folder", &folder.display()),
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

/// The first files of a list that may be long; the manifest has more of them.
pub(crate) fn named(files: &[Damaged]) -> impl Iterator<Item = String> {
    let first = files.iter().take(MOST_SHOWN);
    first.map(|file| format!("  {} — {}", file.path, file.why))
}

/// Lines on standard output.
pub(crate) fn print(lines: &[String]) -> Outcome {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").map_err(|e| Failure::job(&e))?;
    }
    Ok(())
}
