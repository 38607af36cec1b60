//! `menjin backup`: a backup beside the running daemon, a list of those that are there, or a key for those in
//! a store.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use housekeeping::BackupPlace;
use jiff::Timestamp;
use ledger::BackupOptions;
use offsite::BackupKey;
use words::{Key, Language, Said};

use crate::cli::keep::BackupArgs;
use crate::exit::{Failure, Outcome};
use crate::print::print;
use config::Config;

/// Databases that are kept where no `[backup]` says how many.
const KEEP: u32 = 14;

/// A command is ended by its signal, which a backup survives.
static NEVER: AtomicBool = AtomicBool::new(false);

pub(crate) fn main(args: &BackupArgs) -> Outcome {
    if let Some(file) = &args.new_key {
        return new_key(file, &config::languages(Some(&args.config.config)));
    }
    let config = config::load(&args.config.config)?;
    let places = places(args, &config)?;
    if args.list {
        return list(&places, &config);
    }
    let keep = args.keep.or(config.backup.as_ref().map(|b| b.keep));
    let options = BackupOptions {
        at: Timestamp::now(),
        keep: keep.unwrap_or(KEEP) as usize,
        prepare: true,
        stop: &NEVER,
    };
    let mut told = Ok(());
    for place in places {
        // One place that fails must not keep the ledger from the other.
        match place.back_up(&config.data_folder, &options) {
            Ok(done) => {
                print(&reports::backed_up(&done, &place, config.language))?;
                if done.manifest.damaged_count > 0 {
                    told = told.and(Err(Failure::Told));
                }
            }
            Err(error) => told = told.and(Err(error.into())),
        }
    }
    told
}

fn places(args: &BackupArgs, config: &Config) -> Result<Vec<BackupPlace>, Failure> {
    if let Some(folder) = &args.to {
        return Ok(vec![BackupPlace::Folder(folder.clone())]);
    }
    let planned = config.backup.as_ref().map(housekeeping::BackupPlan::places);
    let mut places = planned.unwrap_or_default();
    if args.to_store {
        places.retain(|place| matches!(place, BackupPlace::Store(_)));
    }
    match places.is_empty() {
        true if args.to_store => Err(Failure::usage(Key::AskBackupStore)),
        true => Err(Failure::usage(Key::AskBackupFolder)),
        false => Ok(places),
    }
}

fn list(places: &[BackupPlace], config: &Config) -> Outcome {
    for place in places {
        let all = place.backups()?;
        let mut lines: Vec<_> = all
            .iter()
            .map(|backup| reports::backup_line(backup, config.language, &config.site.zone))
            .collect();
        if places.len() > 1 {
            lines.insert(0, format!("{place}:"));
        }
        print(&lines)?;
    }
    Ok(())
}

/// For the administrator who reads the file, and in whatever language.
fn new_key(file: &Path, languages: &[Language]) -> Outcome {
    let failed = |e| Failure::Job(Said::about(file.display(), Said::of_io(&e)));
    let comments = Language::ALL.map(|language| format!("# {}\n", language.text(Key::OffsiteKeep)));
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(failed)?;
    let line = BackupKey::generate();
    writeln!(out, "{}{}", comments.concat(), line.expose())
        .and_then(|()| out.sync_all())
        .map_err(failed)?;
    let said = Said::with(Key::OffsiteNewKey, "path", file.display());
    let lines: Vec<_> = languages.iter().map(|&l| said.text(l)).collect();
    print(&lines)
}
