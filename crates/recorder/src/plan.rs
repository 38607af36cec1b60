//! What a site plans for its video, and what of it goes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::disks::VideoDisks;
use crate::error::{Error, Result};
use crate::index::{VideoIndex, VideoRow};
use crate::seal::{VideoLedger, hour_of};

/// Files that are removed in one go, before others may write.
const AT_ONCE: usize = 200;

/// `[recorder]`, and what lanes say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoPlan {
    /// Where video is kept, in the order in which the folders are filled.
    pub folders: Vec<PathBuf>,
    /// How long it stays.
    pub keep: Duration,
    /// What stays free on each disk.
    pub reserve_bytes: u64,
    /// The most that clips may take.
    pub clips_bytes: u64,
    /// The most that a camera may take, for those that have a limit.
    pub quotas: BTreeMap<String, u64>,
}

/// What was removed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct RemovedVideo {
    /// Files.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// Of the files, those that had to go before their time, for a camera's quota.
    pub early: u64,
}

impl VideoPlan {
    /// The same, with what each camera may take at most.
    #[must_use]
    pub fn with_quotas(self, quotas: BTreeMap<String, u64>) -> Self {
        Self { quotas, ..self }
    }

    /// Removes what is older than is kept, an hour at a time, and what is beyond a camera's quota, the oldest first.
    /// Nothing else goes for want of room: a full disk stops recording. Nothing goes by age while the clock is not trusted,
    /// and nothing at all before `ledger` has kept that it goes.
    ///
    /// # Errors
    /// When a file can't be removed, or the index can't be written.
    pub fn round(
        &self,
        index: &VideoIndex,
        disks: &VideoDisks,
        ledger: &dyn VideoLedger,
        now: Timestamp,
        clock_trusted: bool,
    ) -> Result<RemovedVideo> {
        let mut round = Round {
            index,
            there: disks.there().collect(),
            ledger,
            removed: RemovedVideo::default(),
        };
        for camera in index.cameras()? {
            if clock_trusted && let Ok(oldest) = now.checked_sub(self.keep) {
                round.down_to_age(&camera, hour_of(oldest))?;
            }
            if let Some(quota) = self.quotas.get(&camera) {
                round.down_to_quota(&camera, *quota)?;
            }
        }
        Ok(round.removed)
    }
}

struct Round<'a> {
    index: &'a VideoIndex,
    there: Vec<&'a Path>,
    ledger: &'a dyn VideoLedger,
    removed: RemovedVideo,
}

impl Round<'_> {
    fn down_to_age(&mut self, camera: &str, before: Timestamp) -> Result<()> {
        loop {
            let old = self.index.oldest(camera, before, AT_ONCE)?;
            if self.take(camera, "age", &old)? == 0 {
                return Ok(());
            }
        }
    }

    fn down_to_quota(&mut self, camera: &str, quota: u64) -> Result<()> {
        let all = self.index.total(camera, Timestamp::MIN)?.bytes;
        let mut over = all.saturating_sub(quota);
        while over > 0 {
            let mut oldest = self.index.oldest(camera, Timestamp::MAX, AT_ONCE)?;
            let mut freed = 0;
            let enough = oldest.iter().position(|video| {
                freed += video.bytes;
                freed >= over
            });
            oldest.truncate(enough.map_or(oldest.len(), |last| last + 1));
            let before = self.removed.bytes;
            let taken = self.take(camera, "quota", &oldest)?;
            if taken == 0 {
                return Ok(());
            }
            self.removed.early += taken;
            over = over.saturating_sub(self.removed.bytes - before);
        }
        Ok(())
    }

    /// Removes files that are on disks that are there, the oldest of a camera, and says how many.
    fn take(&mut self, camera: &str, why: &str, oldest: &[VideoRow]) -> Result<u64> {
        let is_there =
            |video: &&VideoRow| self.there.iter().any(|root| video.file.starts_with(root));
        let oldest: Vec<_> = oldest.iter().filter(is_there).collect();
        let Some(last) = oldest.last() else {
            return Ok(0);
        };
        let before = last.start + SignedDuration::from_millis(1);
        if let Err(error) = self.ledger.keep_removal(camera, before, why) {
            tracing::error!(
                camera,
                error,
                "video stays, for the chain could not keep that it goes"
            );
            return Ok(0);
        }
        for video in &oldest {
            remove(&video.file)?;
            self.removed.files += 1;
            self.removed.bytes += video.bytes;
        }
        let ids: Vec<i64> = oldest.iter().map(|video| video.id).collect();
        self.index.forget(&ids)?;
        Ok(ids.len() as u64)
    }
}

/// Removes a file, and its day's folder with the last of them.
fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed.map_err(Error::io("removing", file))?,
    }
    if let Some(day) = file.parent() {
        // Fails while anything is in it.
        let _ = fs::remove_dir(day);
    }
    Ok(())
}
