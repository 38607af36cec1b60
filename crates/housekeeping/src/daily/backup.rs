//! The daily backup, and the alarm when there is none.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{BackupOptions, BackupView, Reader, backups};
use words::{Key, Language, Said};

use crate::{BackupPlan, is_due, is_overdue};

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_secs(60);
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

/// Makes a backup of the ledger in `data` each day until aborted, and tells how backups stand. One
/// that was missed while the computer was off is made at once.
pub async fn back_up_daily(
    data: PathBuf,
    plan: BackupPlan,
    (zone, language): (TimeZone, Language),
    stop: StopBackup,
    tell: impl Fn(BackupState),
) {
    let mut logged: Option<String> = None;
    let mut failed: Option<Said> = None;
    let mut next_try = Instant::now();
    loop {
        let mut state = look(&plan).await;
        let now = Timestamp::now();
        let due = is_due(state.last, now, &plan, &zone);
        if due && Instant::now() >= next_try {
            match make(&data, &plan, &stop).await {
                Ok(()) => (state, failed) = (look(&plan).await, None),
                Err(why) => {
                    failed = Some(why);
                    next_try = Instant::now() + AGAIN;
                    state.problem.clone_from(&failed);
                }
            }
        } else if due && state.problem.is_none() {
            // The failure of before stands until the next try.
            state.problem.clone_from(&failed);
        }
        let overdue = is_overdue(state.last, now, &plan);
        log(&mut logged, &state, overdue);
        tell(BackupState {
            last: state.last,
            problem: state.problem.map(|why| why.text(language)),
            overdue,
        });
        tokio::time::sleep(LOOK).await;
    }
}

/// What the folder says.
#[derive(Debug, Default)]
struct Seen {
    last: Option<Timestamp>,
    problem: Option<Said>,
}

/// What the folder says: it is the one that will be restored from.
async fn look(plan: &BackupPlan) -> Seen {
    let folder = plan.folder.clone();
    let found = tokio::task::spawn_blocking(move || backups(&folder)).await;
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

async fn make(data: &Path, plan: &BackupPlan, stop: &StopBackup) -> Result<(), Said> {
    let (data, folder) = (data.to_owned(), plan.folder.clone());
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
        Reader::open(&data)?.back_up(&folder, &options)
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
fn log(logged: &mut Option<String>, state: &Seen, overdue: bool) {
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
        Some(words) => tracing::error!(error = words, last, "no backup: look at its disk"),
        None => tracing::info!(last, "backups are in order again"),
    }
    *logged = now;
}
