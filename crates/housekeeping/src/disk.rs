//! How long the disk lasts.

use std::path::Path;

use jiff::Timestamp;
use ledger::{Growth, Reader, Space};
use words::{Key, Language};

use crate::{RetentionPlan, Standing};

/// Days of the 24 months that HJ 1321-2023 wants kept.
const DAYS_A_MONTH: f64 = 365.25 / 12.0;

/// The disk of the ledger, measured and foretold.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Forecast {
    /// What the disk has.
    pub space: Space,
    /// What a day brings. Unknown for a ledger of less than a day.
    pub growth: Option<Growth>,
    /// Until nothing is free, when nothing were removed.
    pub full_in_days: Option<f64>,
    /// Whether the months that photos are kept for fit, with what is there.
    pub fits: Option<bool>,
}

impl Forecast {
    /// Looks at the disk of the ledger in `data` and at what the last weeks brought.
    ///
    /// # Errors
    /// When the disk or the ledger can't be read.
    pub fn of(
        data: &Path,
        plan: &RetentionPlan,
        reader: &Reader,
        now: Timestamp,
    ) -> ledger::Result<Self> {
        let space = Space::of(data)?;
        let growth = reader.growth(now)?;
        let months = f64::from(plan.photos_months);
        let there = |g: &Growth| (g.photo_bytes + g.database_bytes) as f64;
        Ok(Self {
            space,
            growth,
            full_in_days: growth.map(|g| space.free_bytes as f64 / g.bytes.max(1.0)),
            fits: growth
                .map(|g| g.needed(months * DAYS_A_MONTH) <= there(&g) + space.free_bytes as f64),
        })
    }

    /// The disk will be full before long, or nearly is.
    #[must_use]
    pub fn is_short(&self, plan: &RetentionPlan) -> bool {
        let soon = self
            .full_in_days
            .is_some_and(|days| days < f64::from(plan.full_in_days));
        (soon && self.fits == Some(false)) || self.space.free_bytes < plan.shortage_bytes()
    }

    /// In words.
    #[must_use]
    pub fn standing(&self, plan: &RetentionPlan, language: Language) -> Standing {
        let mut standing = Standing::default();
        let gigabytes = |bytes: f64| format!("{:.1}", bytes / 1e9);
        let free = gigabytes(self.space.free_bytes as f64);
        let total = gigabytes(self.space.total_bytes as f64);
        standing
            .fine
            .push(language.fill(Key::DiskFree, &[("free", &free), ("total", &total)]));
        match (&self.growth, self.full_in_days, self.fits) {
            (Some(growth), Some(days), Some(fits)) => {
                let (day, days) = (gigabytes(growth.bytes), format!("{days:.0}"));
                let passages = format!("{:.0}", growth.passages);
                let measured = format!("{:.0}", growth.days);
                standing.fine.push(language.fill(
                    Key::DiskGrowth,
                    &[
                        ("gigabytes", &day),
                        ("passages", &passages),
                        ("measured", &measured),
                        ("days", &days),
                    ],
                ));
                let months = plan.photos_months;
                let needed = gigabytes(growth.needed(f64::from(months) * DAYS_A_MONTH));
                let key = if fits {
                    Key::DiskFits
                } else {
                    Key::DiskTooSmall
                };
                let text = language.fill(key, &[("months", &months), ("needed", &needed)]);
                standing.fine.push(text);
            }
            _ => standing.fine.push(language.text(Key::DiskYoung).to_owned()),
        }
        if self.is_short(plan) {
            standing
                .wrong
                .push(language.text(Key::DiskShort).to_owned());
        }
        standing
    }
}
