//! Each day's and each month's report, kept as workbooks in a folder.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use ledger::Reader;

use crate::config::Config;
use crate::exit::Failure;
use crate::report::{days_of_month, workbook};

/// How often it is looked whether a day is over.
const EVERY: Duration = Duration::from_secs(300);

/// Writes what is missing for the last day and the last month, until aborted. A report holds as of when
/// it was written; `menjin report` makes a newer one.
pub(crate) async fn keep(config: Arc<Config>) {
    let Some(folder) = config.reports_folder.clone() else {
        return;
    };
    let mut told = false;
    loop {
        let (config, folder) = (Arc::clone(&config), folder.clone());
        let today = Timestamp::now().to_zoned(config.site.zone.clone()).date();
        let write = move || once(&config, &folder, today);
        match tokio::task::spawn_blocking(write).await {
            Ok(Ok(())) => told = false,
            Ok(Err(failure)) if !told => {
                tracing::warn!(error = ?failure, "a report could not be written; it is tried again");
                told = true;
            }
            _ => {}
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn once(config: &Config, folder: &Path, today: Date) -> Result<(), Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::Job(format!("{}: {e}", folder.display()));
    let yesterday = today.checked_sub(1.day()).map_err(|e| failed(&e))?;
    let last_month = today.first_of_month().checked_sub(1.day());
    let last_month = last_month.map_err(|e| failed(&e))?;
    let reports = [
        (format!("daily-{yesterday}.xlsx"), vec![yesterday]),
        (
            format!("monthly-{}.xlsx", last_month.strftime("%Y-%m")),
            days_of_month(last_month),
        ),
    ];
    for (name, days) in reports {
        let path = folder.join(name);
        if path.exists() {
            continue;
        }
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
        let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
        workbook::write(&reader, &days, &config.site.zone, &path)?;
        tracing::info!(path = %path.display(), "report written");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_and_month_are_written_once_and_again_when_they_are_gone() {
        let data = tempfile::tempdir().expect("a folder");
        let reference = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/menjin.toml");
        let mut config = crate::config::load(Path::new(reference)).expect("the reference");
        config.data_folder = data.path().to_owned();
        drop(crate::store::open(&config).expect("a ledger"));
        let folder = data.path().join("reports");
        let today: Date = "2026-03-01".parse().expect("a day");
        once(&config, &folder, today).expect("written");
        let (day, month) = (
            folder.join("daily-2026-02-28.xlsx"),
            folder.join("monthly-2026-02.xlsx"),
        );
        let first = std::fs::metadata(&day)
            .expect("there")
            .modified()
            .expect("a time");
        std::fs::remove_file(&month).expect("there");
        once(&config, &folder, today).expect("written");
        let second = std::fs::metadata(&day)
            .expect("there")
            .modified()
            .expect("a time");
        assert_eq!(first, second, "not written again");
        assert!(month.exists(), "written again");
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 2);
    }
}
