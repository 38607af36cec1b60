//! The daily backup, and the alarm when there is none.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{BackupOptions, BackupView};
use words::{Key, Language, Said};

use crate::{BackupPlace, BackupPlan, is_due, is_overdue};

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_secs(60);
/// The same of a store, where each look costs requests.
const LOOK_ELSEWHERE: Duration = Duration::from_secs(6 * 3600);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(900);

/// How backups stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BackupState {
    /// When the newest whole one was made.
    pub last: Option<Timestamp>,
    /// Why there is none, or none of now, in the language that was asked for.
    pub problem: Option<String>,
    /// The newest one is older than allowed.
    pub overdue: bool,
}

/// Ends the running backup, unfinished.
#[derive(Debug, Clone, Default)]
pub struct StopBackup(Arc<AtomicBool>);

impl StopBackup {
    /// Ends it now.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Makes a backup of the ledger in `data` into each place of the plan each day until aborted, and tells how
/// backups stand: as well as the place where they stand worst. One that was missed while the computer was
/// off is made at once.
pub async fn back_up_daily(
    data: PathBuf,
    plan: BackupPlan,
    (zone, language): (TimeZone, Language),
    stop: StopBackup,
    tell: impl Fn(BackupState),
) {
    let places = plan.places();
    let states = Mutex::new(vec![None; places.len()]);
    let (data, plan, zone) = (&data, &plan, &zone);
    let (states, stop, tell) = (&states, &stop, &tell);
    let each = places.iter().enumerate().map(|(at, place)| {
        let daily = Daily {
            place,
            data,
            plan,
            zone,
            stop,
        };
        daily.keep(move |seen, overdue| {
            let mut states = states.lock().unwrap_or_else(PoisonError::into_inner);
            states[at] = Some(BackupState {
                last: seen.last,
                problem: seen.problem.as_ref().map(|why| why.text(language)),
                overdue,
            });
            if let Some(worst) = worst(&states) {
                tell(worst);
            }
        })
    });
    futures::future::join_all(each).await;
}

/// A ledger is as safe as the worse of its copies; nothing before all of them were looked at.
fn worst(states: &[Option<BackupState>]) -> Option<BackupState> {
    let known: Option<Vec<BackupState>> = states.iter().cloned().collect();
    known?.into_iter().reduce(|a, b| BackupState {
        // None is before every time.
        last: a.last.min(b.last),
        problem: a.problem.or(b.problem),
        overdue: a.overdue || b.overdue,
    })
}

/// The backups of one place.
struct Daily<'a> {
    place: &'a BackupPlace,
    data: &'a Path,
    plan: &'a BackupPlan,
    zone: &'a TimeZone,
    stop: &'a StopBackup,
}

impl Daily<'_> {
    async fn keep(self, tell: impl Fn(&Seen, bool)) {
        let mut logged: Option<String> = None;
        let mut failed: Option<Said> = None;
        let (mut next_look, mut next_try) = (Instant::now(), Instant::now());
        let mut found = Seen::default();
        loop {
            if Instant::now() >= next_look {
                found = self.look_after(found).await;
                next_look = Instant::now() + self.look_again(&found);
            }
            let mut seen = found.clone();
            let now = Timestamp::now();
            let due = is_due(seen.last, now, self.plan, self.zone);
            if due && Instant::now() >= next_try {
                match make(self.data, self.place, self.plan, self.stop).await {
                    Ok(()) => {
                        found = look(self.place).await;
                        (seen, failed) = (found.clone(), None);
                    }
                    Err(why) => {
                        failed = Some(why);
                        next_try = Instant::now() + AGAIN;
                        seen.problem.clone_from(&failed);
                    }
                }
            } else if due && seen.problem.is_none() {
                // The failure of before stands until the next try.
                seen.problem.clone_from(&failed);
            }
            let overdue = is_overdue(seen.last, now, self.plan);
            log(self.place, &mut logged, &seen, overdue);
            tell(&seen, overdue);
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What the place says now. A store that can't be reached just now has still what was seen there; when the
    /// next backup is due, that fails and is told.
    async fn look_after(&self, before: Seen) -> Seen {
        let now = look(self.place).await;
        let away = now.last.is_none() && now.problem.is_some();
        match self.place {
            BackupPlace::Store(_) if away && before.last.is_some() => before,
            _ => now,
        }
    }

    /// A disk may be taken away at any time; a store is asked when there is a reason to.
    fn look_again(&self, found: &Seen) -> Duration {
        match self.place {
            BackupPlace::Folder(_) => LOOK,
            BackupPlace::Store(_) if found.problem.is_some() => AGAIN,
            BackupPlace::Store(_) => LOOK_ELSEWHERE,
        }
    }
}

/// What the place says.
#[derive(Debug, Clone, Default)]
struct Seen {
    last: Option<Timestamp>,
    problem: Option<Said>,
}

/// What the place says: it is the one that will be restored from.
async fn look(place: &BackupPlace) -> Seen {
    let place = place.clone();
    let found = tokio::task::spawn_blocking(move || place.backups()).await;
    match found {
        Ok(Ok(all)) => Seen {
            last: all.first().map(|backup| backup.manifest.made_at),
            problem: all.first().and_then(damaged),
        },
        Ok(Err(error)) => Seen {
            problem: Some(error.said()),
            ..Seen::default()
        },
        Err(error) => Seen {
            problem: Some(Said::other(error)),
            ..Seen::default()
        },
    }
}

/// A backup that lacks photos is whole, and somebody has to know.
fn damaged(backup: &BackupView) -> Option<Said> {
    let count = backup.manifest.damaged_count;
    (count > 0).then(|| Said::with(Key::BackupLacksPhotos, "count", count))
}

async fn make(
    data: &Path,
    place: &BackupPlace,
    plan: &BackupPlan,
    stop: &StopBackup,
) -> Result<(), Said> {
    let (data, place) = (data.to_owned(), place.clone());
    let (keep, stop) = (plan.keep as usize, Arc::clone(&stop.0));
    let started = Instant::now();
    let made = tokio::task::spawn_blocking(move || {
        let options = BackupOptions {
            at: Timestamp::now(),
            keep,
            // Where a disk is not mounted there is no folder of backups, and none is made.
            prepare: false,
            stop: &stop,
        };
        place.back_up(&data, &options)
    });
    let done = made.await.map_err(Said::other)?;
    let done = done.map_err(|e| e.said())?;
    let seconds = started.elapsed().as_secs();
    let (name, new) = (&done.name, done.copied.count);
    tracing::info!(
        name,
        new,
        bytes = done.copied.size_bytes,
        seconds,
        "backed up"
    );
    Ok(())
}

/// A log line when it changes, and none in between.
fn log(place: &BackupPlace, logged: &mut Option<String>, state: &Seen, overdue: bool) {
    let last = state.last.map(|at| at.to_string());
    let now = match (&state.problem, overdue) {
        (Some(why), _) => Some(why.to_string()),
        (None, true) => Some("the last backup is too old".to_owned()),
        (None, false) => None,
    };
    if *logged == now {
        return;
    }
    match &now {
        Some(words) => tracing::error!(error = words, last, %place, "no backup: look at its place"),
        None => tracing::info!(last, %place, "backups are in order again"),
    }
    *logged = now;
}
