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
    let born = Reader::open(data)?.first_passage_at()?;
    let born = born.map(|at| at.to_zoned(zone.clone()).date());
    for (name, days) in reports {
        // A site has no reports of before its first passage.
        let last = days.last();
        if born
            .zip(last.copied())
            .is_none_or(|(born, last)| last < born)
        {
            continue;
        }
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

    /// A ledger whose first passage is of this time.
    fn begun(data: &Path, at: &str) {
        let mut writer = ledger::Writer::open(data, ledger::Options::default()).expect("a ledger");
        let at: Timestamp = at.parse().expect("a time");
        let paper = passage::PaperPassage {
            key: passage::PassageKey::random(),
            entry: passage::PaperEntry {
                lane: String::new(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                direction: passage::Direction::In,
                passed_at: at,
                plate: "苏A12345".into(),
                color: plate::Color::Yellow,
                cargo: None,
                who: "李工".to_owned(),
                why: "停电".to_owned(),
            },
            entered_at: at,
        };
        writer.enter_paper(&paper, &[]).expect("entered");
    }

    fn written(data: &Path, now: &str) -> Vec<String> {
        let (folder, now) = (data.join("reports"), now.parse().expect("a time"));
        let paths = write_missing(data, &folder, &TimeZone::UTC, now).expect("written");
        let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into());
        paths.into_iter().filter_map(name).collect()
    }

    #[test]
    fn a_site_has_no_reports_of_before_its_first_passage() {
        let data = tempfile::tempdir().expect("a folder");
        drop(ledger::Writer::open(data.path(), ledger::Options::default()).expect("a ledger"));
        assert_eq!(written(data.path(), "2026-03-01T12:00:00Z"), [""; 0]);
        begun(data.path(), "2026-03-01T13:00:00Z");
        assert_eq!(written(data.path(), "2026-03-01T14:00:00Z"), [""; 0]);
        let day = written(data.path(), "2026-03-02T12:00:00Z");
        assert_eq!(day, ["daily-2026-03-01.xlsx"], "February was before it");
        let month = written(data.path(), "2026-04-02T12:00:00Z");
        assert_eq!(month, ["daily-2026-04-01.xlsx", "monthly-2026-03.xlsx"]);
    }

    #[test]
    fn the_last_day_and_month_are_written_once_and_again_when_they_are_gone() {
        let data = tempfile::tempdir().expect("a folder");
        begun(data.path(), "2026-02-10T08:00:00Z");
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
