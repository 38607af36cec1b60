//! Passages to take away with their photos, as a zip, and corrections as truth that `menjin bench` scores.

use std::fs::File;
use std::io::{self, Seek, Write};

use jiff::tz::TimeZone;
use ledger::{Filter, Reader};
use passage::{CorrectedItem, CorrectionView, PassageView, PhotoKind};
use records::{Cell, TableFormat, TableWriter};
use words::{Language, to_second};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{Error, passages};

/// Photos of one zip. It grows beside the evidence, which must never find the disk full because of it.
const MOST_BYTES: u64 = 1 << 30;

/// Names of the columns that `menjin bench images` reads, and of what a person wants to know besides.
const TRUTH: [&str; 10] = [
    "file", "kind", "plate", "color", "read", "lane", "passage", "who", "why", "at",
];

/// Writes a zip with the key photos of what `filter` finds, oldest first, and the table of [`passages`](fn@crate::passages) as
/// `passages.xlsx`. Gives how many passages that is. A photo that is gone or not as it was kept is left out.
///
/// # Errors
/// When the filter asks for too much, photos come to more than 1 GiB, or something can't be read or written.
pub fn photos_zip<W: Write + Seek + Send>(
    reader: &Reader,
    filter: &Filter,
    out: W,
    zone: &TimeZone,
    language: Language,
) -> Result<(W, usize), Error> {
    let mut bundle = Bundle::new(reader, out);
    let mut table = passages::table(tempfile::tempfile()?, TableFormat::Xlsx, language)?;
    let mut rows = 0;
    passages::each(reader, filter, |passage| {
        rows += 1;
        table.row(&passages::cells(passage, zone, language))?;
        for kind in [PhotoKind::Head, PhotoKind::Body] {
            let name = format!("photos/{}-{}.jpg", stem(passage, zone), kind.as_str());
            bundle.photo(passage, kind, &name)?;
        }
        Ok(())
    })?;
    bundle.table("passages.xlsx", table)?;
    Ok((bundle.finish()?, rows))
}

/// Writes a zip with what persons corrected of plate or colour, as `menjin bench images` takes it: `truth.csv`
/// and the pictures that were read, without words on them. Gives how many corrections that is. Only passages
/// whose picture is still kept are there.
///
/// # Errors
/// As of [`photos_zip`].
pub fn truth_zip<W: Write + Seek + Send>(
    reader: &Reader,
    filter: &Filter,
    out: W,
    zone: &TimeZone,
) -> Result<(W, usize), Error> {
    let mut bundle = Bundle::new(reader, out);
    let mut truth = TableWriter::new(tempfile::tempfile()?, TableFormat::Csv, "truth", &TRUTH)?;
    let mut count = 0;
    passages::each(reader, filter, |passage| {
        let Some(correction) = of_plate(passage) else {
            return Ok(());
        };
        let file = format!("photos/{}.jpg", stem(passage, zone));
        if bundle.photo(passage, PhotoKind::HeadOriginal, &file)? {
            truth.row(&row(passage, correction, &file, zone))?;
            count += 1;
        }
        Ok(())
    })?;
    bundle.table("truth.csv", truth)?;
    Ok((bundle.finish()?, count))
}

/// The last correction of plate or colour.
fn of_plate(passage: &PassageView) -> Option<&CorrectionView> {
    let of_plate = |item| matches!(item, CorrectedItem::Plate | CorrectedItem::Color);
    let mut corrections = passage.corrections.iter().rev();
    corrections.find(|correction| of_plate(correction.item))
}

fn row(
    passage: &PassageView,
    correction: &CorrectionView,
    file: &str,
    zone: &TimeZone,
) -> [Cell; TRUTH.len()] {
    let (now, first) = (&passage.reading, passage.first_reading.as_ref());
    let read = first.filter(|read| read.recognised);
    let values = [
        file,
        "full",
        &now.plate,
        now.color.as_str(),
        read.map_or("", |read| &read.plate),
        &passage.lane,
        &passage.id.0.to_string(),
        &correction.who,
        &correction.why,
        &to_second(correction.at, zone),
    ];
    values.map(|value| Cell::text(Some(value)))
}

/// What a file of this passage is called: sorted by time, read by a person.
fn stem(passage: &PassageView, zone: &TimeZone) -> String {
    let at = passage.decided_at.to_zoned(zone.clone());
    let at = at.strftime("%Y%m%d-%H%M%S");
    let plate = passage.plate().map_or("-", |(plate, _)| plate);
    let PassageView {
        entrance, barrier, ..
    } = passage;
    let whole = format!("{at}-{entrance}-{barrier}-{plate}-{}", passage.id.0);
    // Numbers of entrances are typed by people.
    let safe = |c: char| if c.is_alphanumeric() { c } else { '-' };
    whole.chars().map(safe).collect()
}

struct Bundle<'a, W: Write + Seek> {
    reader: &'a Reader,
    zip: ZipWriter<W>,
    bytes: u64,
}

impl<'a, W: Write + Seek> Bundle<'a, W> {
    fn new(reader: &'a Reader, out: W) -> Self {
        let zip = ZipWriter::new(out);
        let bytes = 0;
        Self { reader, zip, bytes }
    }

    /// One photo, as last rendered; false when there is none.
    fn photo(&mut self, of: &PassageView, kind: PhotoKind, name: &str) -> Result<bool, Error> {
        let photo = of.photo(kind);
        let Some(bytes) = photo.and_then(|photo| self.reader.photo_bytes(photo).ok()) else {
            return Ok(false);
        };
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_BYTES {
            return Err(Error::TooManyPhotos {
                gib: MOST_BYTES >> 30,
            });
        }
        self.file(name, |to| to.write_all(&bytes))?;
        Ok(true)
    }

    /// A table that is whole.
    fn table(&mut self, name: &str, table: TableWriter<File>) -> Result<(), Error> {
        let mut table = table.finish()?;
        table.rewind()?;
        self.file(name, |to| io::copy(&mut table, to).map(drop))
    }

    /// One file. JPEG gets no smaller, and the table is packed already.
    fn file(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut ZipWriter<W>) -> io::Result<()>,
    ) -> Result<(), Error> {
        let stored = zip::CompressionMethod::Stored;
        let options = SimpleFileOptions::default().compression_method(stored);
        self.zip.start_file(name, options).map_err(zipped)?;
        Ok(write(&mut self.zip)?)
    }

    fn finish(self) -> Result<W, Error> {
        self.zip.finish().map_err(zipped)
    }
}

fn zipped(error: zip::result::ZipError) -> Error {
    Error::Io(error.into())
}
