//! Each day's and each month's report, kept as workbooks in a folder.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ledger::Reader;

use crate::delivery::days_of_month;
use crate::{Error, whole_file, workbook};

/// Writes the reports of the last day and the last month where `folder` has none, and gives what it
/// wrote. A report holds as of `now`; a newer one is made by hand.
///
/// # Errors
/// When the ledger in `data` can't be read or a file can't be written.
pub fn write_missing(
    data: &Path,
    folder: &Path,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Vec<PathBuf>, Error> {
    let today = now.to_zoned(zone.clone()).date();
    let yesterday = today.checked_sub(1.day())?;
    let last_month: Date = today.first_of_month().checked_sub(1.day())?;
    let reports = [
        (format!("daily-{yesterday}.xlsx"), vec![yesterday]),
        (
            format!("monthly-{}.xlsx", last_month.strftime("%Y-%m")),
            days_of_month(last_month),
        ),
    ];
    let mut written = Vec::new();
    for (name, days) in reports {
        let path = folder.join(name);
        if path.exists() {
            continue;
        }
        std::fs::create_dir_all(folder).map_err(|error| Error::File {
            path: folder.to_owned(),
            error: Box::new(error.into()),
        })?;
        let reader = Reader::open(data)?;
        whole_file(&path, |mut out| {
            workbook(&reader, &days, zone, now, &mut out)?;
            Ok((out, ()))
        })?;
        written.push(path);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_and_month_are_written_once_and_again_when_they_are_gone() {
        let data = tempfile::tempdir().expect("a folder");
        let options = ledger::Options::default();
        drop(ledger::Writer::open(data.path(), options).expect("a ledger"));
        let folder = data.path().join("reports");
        let now = "2026-03-01T12:00:00Z".parse().expect("a time");
        let once = || write_missing(data.path(), &folder, &TimeZone::UTC, now).expect("written");
        let (day, month) = (
            folder.join("daily-2026-02-28.xlsx"),
            folder.join("monthly-2026-02.xlsx"),
        );
        assert_eq!(once(), [day.clone(), month.clone()]);
        std::fs::remove_file(&month).expect("there");
        assert_eq!(once(), [month], "the other one is not written again");
        assert!(day.exists());
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 2);
    }
}
