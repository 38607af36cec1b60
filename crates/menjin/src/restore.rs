//! `menjin restore`: a backup onto a clean computer, counted, and then verified; or the ledger of before
//! its migration.

use std::path::PathBuf;

use housekeeping::BackupPlace;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{
    BackupFolder, BackupSource, Reader, RestoreOptions, VerifyOptions, Writer, put_back, restore,
};
use reports::Proof;
use words::{Key, Language, Said};

use crate::cli::keep::RestoreArgs;

use crate::exit::{Failure, Outcome};
use crate::print::print;

pub(crate) fn main(args: &RestoreArgs) -> Outcome {
    let to = target(args)?;
    if let Some(schema) = args.to_schema {
        return back(&to, schema);
    }
    let from = source(args)?;
    let options = RestoreOptions {
        from: &*from,
        backup: args.backup.as_deref(),
        to: &to.folder,
        at: Timestamp::now(),
        accept_missing: args.accept_missing,
    };
    let done = restore(&options)?;
    // As the daemon will open it: what does not open is no restored ledger.
    drop(Writer::open(&to.folder, ledger::Options::default())?);
    print(&reports::restored(&done, &to.folder, to.language, &to.zone))?;

    let reader = Reader::open(&to.folder)?;
    let proof = Proof::of(&reader, &VerifyOptions::default(), args.rows_only);
    let proof = proof?;
    print(&proof.told(to.language, &to.zone))?;
    let known_lost = usize::try_from(done.missing_count).unwrap_or(usize::MAX);
    if proof.verdict.breaks.is_empty() && proof.photos.len() <= known_lost {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}

fn source(args: &RestoreArgs) -> Result<Box<dyn BackupSource>, Failure> {
    if let Some(folder) = &args.from {
        return Ok(Box::new(BackupFolder(folder.clone())));
    }
    let planned = config::load(&args.config)?.backup;
    let store = planned.and_then(|plan| plan.s3).map(Box::new);
    let store = store.ok_or_else(|| Failure::usage(Key::AskBackupStore))?;
    Ok(BackupPlace::Store(store).source()?)
}

/// The ledger of before its migration.
fn back(to: &Target, schema: usize) -> Outcome {
    let said = match put_back(&to.folder, schema, Timestamp::now())? {
        Some(done) => {
            Said::with(Key::RestorePutBack, "schema", done.schema).and("away", done.away.display())
        }
        None => Said::with(Key::RestoreOldEnough, "schema", schema),
    };
    print(&[said.text(to.language)])
}

struct Target {
    folder: PathBuf,
    language: Language,
    zone: TimeZone,
}

/// A computer that has no configuration yet can be restored to all the same.
fn target(args: &RestoreArgs) -> Result<Target, Failure> {
    match (config::load(&args.config), &args.data) {
        (Ok(config), data) => Ok(Target {
            folder: data.clone().unwrap_or(config.data_folder),
            language: config.language,
            zone: config.site.zone,
        }),
        (Err(_), Some(data)) => Ok(Target {
            folder: data.clone(),
            language: Language::default(),
            zone: TimeZone::UTC,
        }),
        (Err(error), None) => Err(error.into()),
    }
}
