//! Clips whose time is over: kept in the chain that they go, then removed.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::Handle;
use passage::ClipView;

/// Clips that go in one turn.
const AT_ONCE: usize = 100;
/// A removal that was broken off is finished by then, or at the next start.
const FINISHED_DAYS: i64 = 30;

/// How long clips stay.
#[derive(Debug, Clone)]
pub(crate) struct Keeping {
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) zone: TimeZone,
    /// As long as the photos of passages, at least.
    pub(crate) months: u32,
}

impl Keeping {
    /// Finishes removals that were broken off.
    pub(crate) async fn finish(
        &self,
        ledger: &Handle,
        now: Timestamp,
    ) -> Result<(), crate::service::Failed> {
        let since = now
            .to_zoned(self.zone.clone())
            .saturating_sub(FINISHED_DAYS.days());
        let since = since.timestamp();
        let removed = ledger
            .read(move |reader| reader.clips_removed_since(since))
            .await?;
        self.remove(removed).await
    }

    /// Lets go what is over. To be called only while the clock may be believed.
    pub(crate) async fn let_go(
        &self,
        ledger: &Handle,
        now: Timestamp,
    ) -> Result<u64, crate::service::Failed> {
        let before = now
            .to_zoned(self.zone.clone())
            .saturating_sub(i64::from(self.months).months())
            .timestamp();
        let mut gone = 0;
        loop {
            let over = ledger
                .read(move |reader| reader.clips_over(before, AT_ONCE))
                .await?;
            if over.is_empty() {
                return Ok(gone);
            }
            gone += over.len() as u64;
            let ids: Vec<_> = over.iter().map(|clip| clip.id).collect();
            ledger
                .write(move |writer| writer.keep_clip_removals(&ids, now))
                .await?;
            self.remove(over).await?;
        }
    }

    async fn remove(&self, clips: Vec<ClipView>) -> Result<(), crate::service::Failed> {
        let folders = self.folders.clone();
        let work = move || {
            let mut files = clips.iter().flat_map(|clip| &clip.clip.files);
            files.try_for_each(|file| recorder::remove_clip(&folders, &file.path))
        };
        Ok(tokio::task::spawn_blocking(work).await??)
    }
}
