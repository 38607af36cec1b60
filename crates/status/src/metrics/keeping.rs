//! Figures of backups, retention and the disk.

use std::fmt::Write as _;

use super::head;
use crate::Status;

pub(super) fn backup(out: &mut String, status: &Status) {
    let Some(state) = status.backup() else { return };
    let last = state
        .last
        .map_or(0.0, |at| at.as_millisecond() as f64 / 1e3);
    let figures = [
        (
            "backup_last_timestamp_seconds",
            "When the newest whole backup was made; 0 when there is none",
            last,
        ),
        (
            "backup_overdue",
            "1 while the newest backup is older than allowed",
            f64::from(u8::from(state.overdue)),
        ),
        (
            "backup_fails",
            "1 while backups can't be made",
            f64::from(u8::from(state.problem.is_some())),
        ),
    ];
    figures.iter().for_each(|figure| gauge(out, figure));
}

pub(super) fn disk(out: &mut String, status: &Status) {
    let Some(state) = status.disk() else { return };
    let forecast = &state.forecast;
    let figures = [
        (
            "disk_free_bytes",
            "Room on the ledger's disk",
            forecast.space.free_bytes as f64,
        ),
        (
            "disk_growth_bytes_per_day",
            "What a day brings, by the last two weeks; NaN while unknown",
            forecast.growth.map_or(f64::NAN, |growth| growth.bytes),
        ),
        (
            "disk_full_in_days",
            "Days until the disk is full if nothing is removed; NaN while unknown",
            forecast.full_in_days.unwrap_or(f64::NAN),
        ),
        (
            "disk_short",
            "1 while a person has to see to the disk",
            f64::from(u8::from(state.short)),
        ),
        (
            "retention_removed_photos",
            "As menjin_retention_removed_photos_total, its name before",
            state.removals.photos as f64,
        ),
    ];
    figures.iter().for_each(|figure| gauge(out, figure));
    let name = "retention_removed_photos_total";
    head(out, name, "counter", "Photos that retention removed");
    let _ = writeln!(out, "menjin_{name} {}", state.removals.photos);
}

fn gauge(out: &mut String, (name, help, value): &(&str, &str, f64)) {
    head(out, name, "gauge", help);
    let _ = writeln!(out, "menjin_{name} {value}");
}
