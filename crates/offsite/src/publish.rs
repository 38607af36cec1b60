//! What makes a backup one, and what lets old ones go.

use std::collections::HashSet;

use ledger::{BackupOptions, Result};

use crate::description::Description;
use crate::store::{BLOCKS, MANIFESTS, S3Store};

impl S3Store {
    /// Makes it a backup, under a name that no other has.
    pub(crate) fn publish(
        &self,
        description: &Description,
        options: &BackupOptions<'_>,
    ) -> Result<String> {
        let wish = options.at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let text = serde_json::to_vec(description).unwrap_or_default();
        let mut name = wish.clone();
        for number in 1.. {
            let object = format!("{MANIFESTS}{name}");
            let sealed = self.sealed(&object, &text)?;
            if self.wait(self.wire.put_new(&object, sealed))? {
                break;
            }
            name = format!("{wish}-{number:03}");
        }
        Ok(name)
    }

    /// Removes the oldest backups but for `keep`, then the blocks that no backup has; files stay.
    pub(crate) async fn prune(&self, keep: usize) -> Result<usize> {
        let named = self.wire.names(MANIFESTS, usize::MAX).await?.len();
        let mut kept = self.descriptions().await?;
        let all_read = kept.len() == named;
        let old = kept.split_off(keep.max(1).min(kept.len()));
        for (name, _) in &old {
            self.wire.remove(&format!("{MANIFESTS}{name}")).await?;
        }
        // A backup that this key or program can't read has blocks too.
        if all_read {
            let wanted: HashSet<String> = kept
                .iter()
                .flat_map(|(_, kept)| kept.blocks.iter())
                .map(|hash| self.key.name(BLOCKS, hash))
                .collect();
            for name in self.wire.names(&format!("{BLOCKS}/"), usize::MAX).await? {
                if !wanted.contains(&name) {
                    self.wire.remove(&name).await?;
                }
            }
        }
        Ok(old.len())
    }
}
