//! `menjin backup`: a backup beside the running daemon, or a list of those that are there.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use ledger::{BackupOptions, Reader, backups};
use words::Key;

use crate::cli::keep::BackupArgs;
use crate::exit::{Failure, Outcome};
use crate::print::print;
use config::Config;

/// Databases that are kept where no `[backup]` says how many.
const KEEP: u32 = 14;

/// A command is ended by its signal, which a backup survives.
static NEVER: AtomicBool = AtomicBool::new(false);

pub(crate) fn main(args: &BackupArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let folder = folder(args, &config)?;
    if args.list {
        return list(&folder, &config);
    }
    let reader = Reader::open(&config.data_folder)?;
    let keep = args.keep.or(config.backup.as_ref().map(|b| b.keep));
    let options = BackupOptions {
        at: Timestamp::now(),
        keep: keep.unwrap_or(KEEP) as usize,
        prepare: true,
        stop: &NEVER,
    };
    let done = reader.back_up(&folder, &options)?;
    print(&reports::backed_up(&done, &folder, config.language))?;
    if done.manifest.damaged_count > 0 {
        return Err(Failure::Told);
    }
    Ok(())
}

fn folder(args: &BackupArgs, config: &Config) -> Result<PathBuf, Failure> {
    let planned = config.backup.as_ref().map(|backup| backup.folder.clone());
    let to = args.to.clone().or(planned);
    to.ok_or_else(|| Failure::usage(Key::AskBackupFolder))
}

fn list(folder: &Path, config: &Config) -> Outcome {
    let all = backups(folder)?;
    let lines: Vec<_> = all
        .iter()
        .map(|backup| reports::backup_line(backup, config.language, &config.site.zone))
        .collect();
    print(&lines)
}
