//! When a backup is due, and when the last one is too old.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::BackupPlan;

/// Whether the time of the day has passed since the last backup was made.
#[must_use]
pub fn is_due(last: Option<Timestamp>, now: Timestamp, plan: &BackupPlan, zone: &TimeZone) -> bool {
    // A backup of the future was made while the clock was wrong.
    let Some(last) = last.filter(|last| *last <= now) else {
        return true;
    };
    let local = now.to_zoned(zone.clone());
    let today = local.date().to_datetime(plan.time).to_zoned(zone.clone());
    let planned = today.and_then(|today| {
        if today <= local {
            Ok(today)
        } else {
            today.checked_sub(1.day())
        }
    });
    planned.is_ok_and(|planned| last < planned.timestamp())
}

/// Whether the last backup is older than allowed, or there is none.
#[must_use]
pub fn is_overdue(last: Option<Timestamp>, now: Timestamp, plan: &BackupPlan) -> bool {
    let allowed = SignedDuration::try_from(plan.alarm_after).unwrap_or(SignedDuration::MAX);
    last.is_none_or(|last| now.duration_since(last) > allowed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn plan() -> BackupPlan {
        BackupPlan {
            folder: Some("/mnt/backup".into()),
            s3: None,
            time: jiff::civil::time(3, 30, 0, 0),
            keep: 3,
            alarm_after: Duration::from_secs(36 * 3600),
        }
    }

    #[test]
    fn a_backup_is_due_once_a_day_at_its_time_on_the_sites_clock() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let due = |last: Option<&str>, now| is_due(last.map(at), at(now), &plan(), &zone);
        // 03:30 at the site is 19:30 of the day before in UTC.
        assert!(due(None, "2026-03-01T12:00:00Z"));
        assert!(!due(Some("2026-03-01T19:30:05Z"), "2026-03-02T19:29:59Z"));
        assert!(due(Some("2026-03-01T19:30:05Z"), "2026-03-02T19:30:00Z"));
        assert!(
            due(Some("2026-02-20T19:30:05Z"), "2026-03-02T01:00:00Z"),
            "it was off"
        );
        assert!(
            due(Some("2027-01-01T00:00:00Z"), "2026-03-02T01:00:00Z"),
            "the clock was wrong"
        );
    }

    #[test]
    fn a_backup_that_is_too_old_or_not_there_is_overdue() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(100);
        let old = |hours| Some(now - SignedDuration::from_hours(hours));
        assert!(is_overdue(None, now, &plan()));
        assert!(is_overdue(old(37), now, &plan()));
        assert!(!is_overdue(old(35), now, &plan()));
    }
}
