//! How backups and the disk stand, in words.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Reader;
use words::{Key, Language, to_second};

use crate::{BackupPlace, BackupPlan, Forecast, RetentionPlan, is_overdue, removed};

/// What there is to say, and what is wrong.
#[derive(Debug, Default)]
pub struct Standing {
    /// What is as it should be.
    pub fine: Vec<String>,
    /// What a person has to see to.
    pub wrong: Vec<String>,
}

/// The backups of a ledger in `data`; the places of the plan are looked at, a store only where `online`.
#[must_use]
pub fn backup_standing(
    plan: &BackupPlan,
    data: &Path,
    (now, online): (Timestamp, bool),
    language: Language,
    zone: &TimeZone,
) -> Standing {
    let mut standing = Standing::default();
    let places = plan.places();
    for place in &places {
        if matches!(place, BackupPlace::Store(_)) && !online {
            continue;
        }
        let one = standing_at(place, plan, data, now, language, zone);
        let told = |text: String| match places.as_slice() {
            [_] => text,
            _ => format!("{place}: {text}"),
        };
        standing.fine.extend(one.fine.into_iter().map(told));
        standing.wrong.extend(one.wrong.into_iter().map(told));
    }
    standing
}

fn standing_at(
    place: &BackupPlace,
    plan: &BackupPlan,
    data: &Path,
    now: Timestamp,
    language: Language,
    zone: &TimeZone,
) -> Standing {
    let mut standing = Standing::default();
    let last = match place.backups_at_once() {
        Ok(all) => all.first().map(|backup| backup.manifest.made_at),
        Err(error) => {
            let words = error.said().text(language);
            let text = language.fill(Key::BackupProblem, &[("words", &words)]);
            standing.wrong.push(text);
            return standing;
        }
    };
    match last {
        Some(at) => {
            let time = to_second(at, zone);
            let text = language.fill(Key::BackupLast, &[("time", &time)]);
            standing.fine.push(text);
        }
        None => standing
            .wrong
            .push(language.text(Key::BackupNone).to_owned()),
    }
    if last.is_some() && is_overdue(last, now, plan) {
        let hours = plan.alarm_after.as_secs() / 3600;
        let text = language.fill(Key::BackupOverdue, &[("hours", &hours)]);
        standing.wrong.push(text);
    }
    if let BackupPlace::Folder(folder) = place
        && same_disk(data, folder)
    {
        let text = language.text(Key::BackupSameDisk).to_owned();
        standing.wrong.push(text);
    }
    standing
}

fn same_disk(data: &Path, backups: &Path) -> bool {
    let device = |path| std::fs::metadata(path).map(|meta| meta.dev());
    match (device(data), device(backups)) {
        (Ok(data), Ok(backups)) => data == backups,
        _ => false,
    }
}

/// The disk of the ledger in `data` and what retention removed; nothing where no ledger is yet.
#[must_use]
pub fn disk_standing(
    plan: &RetentionPlan,
    data: &Path,
    now: Timestamp,
    language: Language,
    zone: &TimeZone,
) -> Standing {
    let Ok(reader) = Reader::open(data) else {
        return Standing::default();
    };
    let looked = Forecast::of(data, plan, &reader, now).and_then(|forecast| {
        let mut standing = forecast.standing(plan, language);
        let all = reader.removals()?;
        standing.fine.extend(removed(&all, language, zone));
        Ok(standing)
    });
    looked.unwrap_or_else(|error| Standing {
        wrong: vec![error.said().text(language)],
        ..Standing::default()
    })
}
