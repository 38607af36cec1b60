//! Causes that only the ledger knows, looked for now and then.

use alarm::{Cause, CauseKind};
use jiff::{SignedDuration, Timestamp};
use ledger::Reader;
use passage::PassageView;

use crate::AlarmSettings;

/// Vehicles that came longer ago than this are no longer looked for.
const LONGEST_STAY: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Vehicles told as staying too long, at most: more is a camera at the exit that reads nothing.
const MOST: usize = 200;

/// Lists that are too old, and vehicles that stay too long.
pub(crate) fn causes(
    reader: &Reader,
    settings: &AlarmSettings,
    lists: &[String],
    now: Timestamp,
) -> ledger::Result<Vec<Cause>> {
    let mut causes = stale(reader, settings, lists, now)?;
    causes.extend(staying(reader, settings, now)?);
    Ok(causes)
}

fn stale(
    reader: &Reader,
    settings: &AlarmSettings,
    lists: &[String],
    now: Timestamp,
) -> ledger::Result<Vec<Cause>> {
    let fetches = reader.downlink_fetches(crate::watch::OVER_LIMIT_LISTS)?;
    let is_stale = |platform: &&String| {
        let fetched = fetches.iter().find(|(name, _)| name == *platform);
        fetched.is_none_or(|(_, at)| now.duration_since(*at) > settings.lists_stale_after)
    };
    let stale = lists.iter().filter(is_stale);
    Ok(stale
        .map(|name| Cause::of(CauseKind::ListStale, name))
        .collect())
}

fn staying(
    reader: &Reader,
    settings: &AlarmSettings,
    now: Timestamp,
) -> ledger::Result<Vec<Cause>> {
    let Some(shortest) = settings.shortest_stay() else {
        return Ok(Vec::new());
    };
    let inside = reader.inside(now - LONGEST_STAY, now - shortest, MOST)?;
    let too_long = |passage: &PassageView| {
        let plate = passage.plate()?.0.to_owned();
        let limit = settings.stay_of(&passage.lane, &plate)?;
        if now.duration_since(passage.decided_at) <= limit {
            return None;
        }
        let hours = format!("{:.0}", limit.as_secs_f64() / 3600.0);
        Some(Cause {
            passage: Some(passage.id),
            plate,
            ..Cause::of(CauseKind::Overstay, &passage.id.to_string())
                .in_lane(&passage.lane)
                .with(hours)
        })
    };
    Ok(inside.iter().filter_map(too_long).collect())
}
