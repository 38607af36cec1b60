//! Each day's and each month's report, kept as workbooks in a folder.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinHandle;
use words::Language;

use super::daemon::Parts;
use config::Config;

/// How often it is looked whether a day is over.
const EVERY: Duration = Duration::from_secs(300);

/// Keeps reports, if the site names a folder for them.
pub(crate) fn start(parts: &Parts) -> Option<JoinHandle<()>> {
    let folder = parts.config.reports_folder.clone()?;
    Some(tokio::spawn(keep(Arc::clone(&parts.config), folder)))
}

/// Writes what is missing for the last day and the last month, until aborted. `menjin report` makes a
/// newer one.
async fn keep(config: Arc<Config>, folder: PathBuf) {
    let mut told = false;
    loop {
        let (config, folder) = (Arc::clone(&config), folder.clone());
        let write = move || {
            let (data, zone) = (&config.data_folder, &config.site.zone);
            reports::write_missing(data, &folder, zone, Timestamp::now())
        };
        match tokio::task::spawn_blocking(write).await {
            Ok(Ok(written)) => {
                told = false;
                for path in written {
                    tracing::info!(path = %path.display(), "report written");
                }
            }
            Ok(Err(error)) if !told => {
                let error = error.text(Language::En);
                tracing::warn!(error, "a report could not be written; it is tried again");
                told = true;
            }
            _ => {}
        }
        tokio::time::sleep(EVERY).await;
    }
}
