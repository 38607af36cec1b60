//! Keeping what was recorded: how backups, retention and the disk stand, and a round of retention.

mod disk;
mod removals;
mod round;

use std::os::unix::fs::MetadataExt as _;

use jiff::{SignedDuration, Timestamp};
use ledger::{Reader, backups};
use words::Key;

use crate::config::{BackupPlan, Config};
use crate::exit::chain;

pub(crate) use disk::Forecast;
pub(crate) use removals::{Coming, removed};
pub(crate) use round::{Job, round};

/// What there is to say, and what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    pub(crate) fine: Vec<String>,
    pub(crate) wrong: Vec<String>,
}

/// The backups that the configuration asks for; nothing when it asks for none.
pub(crate) fn backup(config: &Config, now: Timestamp) -> Standing {
    let mut standing = Standing::default();
    let Some(plan) = &config.backup else {
        return standing;
    };
    let language = config.language;
    let last = match backups(&plan.folder) {
        Ok(all) => all.first().map(|backup| backup.manifest.made_at),
        Err(error) => {
            let words = chain(&error);
            let text = language.fill(Key::BackupProblem, &[("words", &words)]);
            standing.wrong.push(text);
            return standing;
        }
    };
    match last {
        Some(at) => {
            let local = at.to_zoned(config.site.zone.clone());
            let time = local.strftime("%Y-%m-%d %H:%M:%S");
            let text = language.fill(Key::BackupLast, &[("time", &time)]);
            standing.fine.push(text);
        }
        None => standing
            .wrong
            .push(language.text(Key::BackupNone).to_owned()),
    }
    if last.is_some_and(|at| is_old(at, now, plan)) {
        let hours = plan.alarm_after.as_secs() / 3600;
        let text = language.fill(Key::BackupOverdue, &[("hours", &hours)]);
        standing.wrong.push(text);
    }
    if same_disk(config, plan) {
        let text = language.text(Key::BackupSameDisk).to_owned();
        standing.wrong.push(text);
    }
    standing
}

fn is_old(at: Timestamp, now: Timestamp, plan: &BackupPlan) -> bool {
    let allowed = SignedDuration::try_from(plan.alarm_after).unwrap_or(SignedDuration::MAX);
    now.duration_since(at) > allowed
}

fn same_disk(config: &Config, plan: &BackupPlan) -> bool {
    let device = |path| std::fs::metadata(path).map(|meta| meta.dev());
    match (device(&config.data_folder), device(&plan.folder)) {
        (Ok(data), Ok(backup)) => data == backup,
        _ => false,
    }
}

/// The disk of the ledger and what retention removed; nothing where no ledger is yet.
pub(crate) fn disk(config: &Config, now: Timestamp) -> Standing {
    let Ok(reader) = Reader::open(&config.data_folder) else {
        return Standing::default();
    };
    let looked = Forecast::of(config, &reader, now).and_then(|forecast| {
        let mut standing = forecast.standing(config);
        let all = reader.removals()?;
        standing
            .fine
            .extend(removed(&all, config.language, &config.site.zone));
        Ok(standing)
    });
    looked.unwrap_or_else(|error| Standing {
        wrong: vec![chain(&error)],
        ..Standing::default()
    })
}
