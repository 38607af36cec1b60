//! `menjin restore`: a backup onto a clean computer, counted, and then verified.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Reader, Restore, RestoreOptions, VerifyOptions, Writer, restore};
use words::{Key, Language};

use crate::backup::{named, one, print};
use crate::cli::keep::RestoreArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::verify;

pub(crate) fn main(args: &RestoreArgs) -> Outcome {
    let to = target(args)?;
    let options = RestoreOptions {
        from: &args.from,
        backup: args.backup.as_deref(),
        to: &to.folder,
        at: Timestamp::now(),
        accept_missing: args.accept_missing,
    };
    let done = restore(&options).map_err(|e| Failure::job(&e))?;
    // As the daemon will open it: what does not open is no restored ledger.
    drop(Writer::open(&to.folder, ledger::Options::default()).map_err(|e| Failure::job(&e))?);
    print(&told(&done, &to))?;

    let reader = Reader::open(&to.folder).map_err(|e| Failure::job(&e))?;
    let found = verify::prove(&reader, &VerifyOptions::default(), args.rows_only)?;
    print(&found.told(to.language, &to.zone))?;
    let known_lost = usize::try_from(done.missing_count).unwrap_or(usize::MAX);
    if found.verdict.breaks.is_empty() && found.photos.len() <= known_lost {
        Ok(())
    } else {
        Err(Failure::Told)
    }
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
        (Err(error), None) => Err(Failure::usage(error.to_string())),
    }
}

fn told(done: &Restore, to: &Target) -> Vec<String> {
    let language = to.language;
    let time = |at: Timestamp| {
        at.to_zoned(to.zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string()
    };
    let mut lines = vec![
        language.fill(Key::RestoreDone, &[("folder", &to.folder.display())]),
        one(&done.backup, &to.zone, language),
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
    lines.push(language.fill(
        Key::RestoreGap,
        &[
            ("from", &time(gap.made_at)),
            ("until", &time(gap.restored_at)),
        ],
    ));
    lines.push(language.fill(
        Key::RestoreNumbers,
        &[("last", &gap.last_passage), ("next", &gap.first_free)],
    ));
    lines.push(language.text(Key::RestoreNext).to_owned());
    lines
}
