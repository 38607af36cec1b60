//! What is really on the photos and in the clips.

use std::collections::BTreeMap;
use std::path::Path;

use frame::{Point, Quad};
use plate::{Color, Layout, PlateNumber};

use crate::Error;
use crate::scoring::place;

/// One plate of a photo, or a photo without a plate.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageTruth {
    /// Path below the photos' folder.
    pub file: String,
    /// The picture is one plate that was cut out.
    pub crop: bool,
    /// Plate number; empty when there is none.
    pub plate: String,
    /// Its colour, if known.
    pub color: Option<Color>,
    /// Its layout, if known.
    pub layout: Option<Layout>,
    /// Its corners in pixels, if known.
    pub corners: Option<Quad>,
    /// Every column as text, for grouping and filtering.
    pub columns: BTreeMap<String, String>,
}

/// One passage of a clip.
#[derive(Debug, Clone, PartialEq)]
pub struct FootageTruth {
    /// Path below the clips' folder.
    pub clip: String,
    /// Lane name.
    pub lane: String,
    /// Milliseconds from the clip's start to the vehicle's coming into view.
    pub enter_ms: u64,
    /// Milliseconds from the clip's start to its leaving the view.
    pub leave_ms: u64,
    /// Plate number; empty when nobody can read it.
    pub plate: String,
    /// Its colour, if known.
    pub color: Option<Color>,
    /// Every column as text.
    pub columns: BTreeMap<String, String>,
}

/// Keeps the rows whose column starts with a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFilter {
    /// Column name.
    pub column: String,
    /// What its text starts with.
    pub prefix: String,
}

struct Row {
    number: u64,
    columns: BTreeMap<String, String>,
}

fn rows(path: &Path, only: &[RowFilter]) -> Result<Vec<Row>, Error> {
    let broken = |e: csv::Error| Error::Truth {
        path: path.to_owned(),
        reason: e.to_string(),
    };
    let mut reader = csv::Reader::from_path(path).map_err(broken)?;
    let header: Vec<String> = reader
        .headers()
        .map_err(broken)?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    for filter in only {
        known_column(&header, &filter.column)?;
    }
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(broken)?;
        let columns: BTreeMap<String, String> = header
            .iter()
            .cloned()
            .zip(record.iter().map(|c| c.trim().to_owned()))
            .collect();
        let kept = only.iter().all(|f| {
            columns
                .get(&f.column)
                .is_some_and(|value| value.starts_with(&f.prefix))
        });
        if kept {
            rows.push(Row {
                number: i as u64 + 2,
                columns,
            });
        }
    }
    if rows.is_empty() {
        return Err(Error::NothingLeft);
    }
    Ok(rows)
}

fn known_column(header: &[String], column: &str) -> Result<(), Error> {
    if header.iter().any(|name| name == column) {
        return Ok(());
    }
    Err(Error::Column {
        column: column.to_owned(),
        known: header.join(", "),
    })
}

impl Row {
    fn get(&self, column: &str) -> &str {
        self.columns.get(column).map_or("", String::as_str)
    }

    fn required(&self, path: &Path, column: &str) -> Result<&str, Error> {
        self.columns
            .get(column)
            .map(String::as_str)
            .ok_or_else(|| Error::Column {
                column: format!("{column}\" in \"{}", path.display()),
                known: self.columns.keys().cloned().collect::<Vec<_>>().join(", "),
            })
    }

    fn wrong(&self, path: &Path, reason: impl Into<String>) -> Error {
        Error::Row {
            path: path.to_owned(),
            row: self.number,
            reason: reason.into(),
        }
    }

    fn name<T: std::str::FromStr>(&self, path: &Path, column: &str) -> Result<Option<T>, Error>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse()
            .map(Some)
            .map_err(|e: T::Err| self.wrong(path, format!("{column}: {e}")))
    }
}

impl ImageTruth {
    /// Reads `file,kind,plate,color,layout,x1,y1,…,x4,y4` and whatever columns come besides.
    ///
    /// # Errors
    /// [`Error::Truth`], [`Error::Row`] and [`Error::Column`] name what is wrong with the table,
    /// [`Error::NothingLeft`] that no row passes the filters.
    pub fn read(path: &Path, only: &[RowFilter], by: Option<&str>) -> Result<Vec<Self>, Error> {
        let rows = rows(path, only)?;
        if let (Some(by), Some(first)) = (by, rows.first()) {
            first.required(path, by)?;
        }
        rows.into_iter()
            .map(|row| Self::from_row(path, row))
            .collect()
    }

    fn from_row(path: &Path, row: Row) -> Result<Self, Error> {
        let crop = match row.required(path, "kind")? {
            "crop" => true,
            "full" => false,
            other => {
                return Err(row.wrong(path, format!("kind must be crop or full, not \"{other}\"")));
            }
        };
        Ok(Self {
            file: row.required(path, "file")?.to_owned(),
            crop,
            plate: PlateNumber::normalise(row.required(path, "plate")?).to_string(),
            color: row.name(path, "color")?,
            layout: row.name(path, "layout")?,
            corners: corners(path, &row)?,
            columns: row.columns,
        })
    }
}

fn corners(path: &Path, row: &Row) -> Result<Option<Quad>, Error> {
    let mut points = [Point::default(); 4];
    for (i, point) in points.iter_mut().enumerate() {
        let (x, y) = (
            row.get(&format!("x{}", i + 1)),
            row.get(&format!("y{}", i + 1)),
        );
        if x.is_empty() && y.is_empty() {
            return Ok(None);
        }
        let number = |text: &str| {
            text.parse()
                .map_err(|_| row.wrong(path, format!("corner \"{text}\" is not a number")))
        };
        *point = Point::new(number(x)?, number(y)?);
    }
    Ok(Some(Quad(points)))
}

impl FootageTruth {
    /// The text of a column, empty without it.
    pub(crate) fn column(&self, name: &str) -> &str {
        self.columns.get(name).map_or("", String::as_str)
    }

    /// When it is in view, as reports name it.
    pub(crate) fn place(&self, clip: &str) -> String {
        place(clip, self.enter_ms, self.leave_ms)
    }

    /// Reads `clip,lane,enter_ms,leave_ms,plate,color,layout,direction,light` and more.
    ///
    /// # Errors
    /// [`Error::Truth`], [`Error::Row`] and [`Error::Column`] name what is wrong with the table,
    /// [`Error::NothingLeft`] that no row passes the filters.
    pub fn read(path: &Path, only: &[RowFilter]) -> Result<Vec<Self>, Error> {
        rows(path, only)?
            .into_iter()
            .map(|row| Self::from_row(path, row))
            .collect()
    }

    fn from_row(path: &Path, row: Row) -> Result<Self, Error> {
        let ms = |column: &str| -> Result<u64, Error> {
            let text = row.required(path, column)?;
            text.parse()
                .map_err(|_| row.wrong(path, format!("{column} \"{text}\" is not a whole number")))
        };
        let (enter_ms, leave_ms) = (ms("enter_ms")?, ms("leave_ms")?);
        if leave_ms < enter_ms {
            return Err(row.wrong(path, "leave_ms is before enter_ms"));
        }
        Ok(Self {
            clip: row.required(path, "clip")?.to_owned(),
            lane: row.required(path, "lane")?.to_owned(),
            enter_ms,
            leave_ms,
            plate: PlateNumber::normalise(row.required(path, "plate")?).to_string(),
            color: row.name(path, "color")?,
            columns: row.columns,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("written");
        file
    }

    #[test]
    fn corners_may_be_empty_and_extra_columns_are_kept() {
        let csv = file(
            "file,kind,plate,color,layout,x1,y1,x2,y2,x3,y3,x4,y4,source\n\
            a.jpg,full,冀A12345,yellow,single,1,2,11,2,11,5,1,5,gate\n\
            b.jpg,crop,,,,,,,,,,,,web\n",
        );
        let truth = ImageTruth::read(csv.path(), &[], Some("source")).expect("reads");
        assert_eq!(truth[0].corners.map(|q| q.width()), Some(10.0));
        assert_eq!(truth[1].corners, None);
        assert_eq!(truth[1].columns["source"], "web");
        let only = RowFilter {
            column: "source".into(),
            prefix: "ga".into(),
        };
        assert_eq!(
            ImageTruth::read(csv.path(), &[only], None)
                .expect("reads")
                .len(),
            1
        );
    }

    #[test]
    fn a_wrong_row_is_named() {
        let csv = file("file,kind,plate,color\na.jpg,full,冀A12345,gelb\n");
        let error = ImageTruth::read(csv.path(), &[], None).expect_err("no such colour");
        assert!(
            error
                .to_string()
                .contains("row 2: color: \"gelb\" is not one of"),
            "{error}"
        );
        let csv = file("clip,lane,enter_ms,leave_ms,plate\nc.mp4,a,5,2,\n");
        let error = FootageTruth::read(csv.path(), &[]).expect_err("ends before it begins");
        assert!(
            error.to_string().contains("leave_ms is before enter_ms"),
            "{error}"
        );
    }
}
