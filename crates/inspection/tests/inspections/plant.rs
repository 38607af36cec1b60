//! A plant with some days of passages, in-plant vehicles and machines.

use std::io::{Cursor, Read as _, Write as _};

use frame::ClockSource;
use inspection::{DrawCounts, drawn, frozen, write_pack};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use ledger::{NewDraw, NewRevision, Options, OutboxSink, Reader, Takes, Writer};
use passage::*;
use serde_json::json;

pub(crate) const DAYS: i64 = 5;
pub(crate) const A_DAY: i64 = 12;

pub(crate) struct Plant {
    pub(crate) data: tempfile::TempDir,
    pub(crate) writer: Writer,
}

pub(crate) fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

pub(crate) fn day(n: i64) -> Date {
    "2026-03-01"
        .parse::<Date>()
        .unwrap()
        .checked_add(n.days())
        .unwrap()
}

pub(crate) fn now() -> Timestamp {
    day(DAYS).to_zoned(zone()).unwrap().timestamp()
}

impl Plant {
    pub(crate) fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let options = Options {
            sinks: vec![OutboxSink {
                name: "platform:province".to_owned(),
                wait: std::time::Duration::ZERO,
                takes: Takes::default(),
            }],
            zone: zone(),
            ..Options::default()
        };
        let mut writer = Writer::open(data.path(), options).unwrap();
        for n in 0..25 {
            let register = if n % 2 == 0 {
                Register::InPlantVehicle
            } else {
                Register::Machine
            };
            let revision = NewRevision {
                key: RecordKey::random(),
                register,
                base: 0,
                identity: format!("厂{n:03}"),
                values: json!({ "emissionStandard": "6" })
                    .as_object()
                    .unwrap()
                    .clone(),
                state: RecordState::Approved,
                at: day(0).to_zoned(zone()).unwrap().timestamp(),
                who: "Wang".to_owned(),
                why: "first entered".to_owned(),
                files: Vec::new(),
            };
            writer.write_records(&[revision]).unwrap();
        }
        let mut plant = Self { data, writer };
        for of in 0..DAYS {
            for n in 0..A_DAY {
                plant.passage(of, n, if n % 3 == 0 { "B" } else { "A" });
            }
            plant.writer.anchor(day(of), at(of, A_DAY)).unwrap();
        }
        plant
    }

    pub(crate) fn reader(&self) -> Reader {
        self.writer.reader().unwrap()
    }

    pub(crate) fn passage(&mut self, of: i64, n: i64, entrance: &str) -> PassageId {
        let jpeg = format!("photo of {of} {n}");
        let photo = |kind| NewPhoto {
            kind,
            camera: "head",
            taken_at: at(of, n),
            jpeg: jpeg.as_bytes(),
        };
        let new = NewPassage {
            key: PassageKey::random(),
            lane: "in".to_owned(),
            entrance: entrance.to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            entered_at: at(of, n),
            decided_at: at(of, n),
            clock: ClockSource::CameraNtp,
            clock_trusted: true,
            camera: "head".to_owned(),
            reading: Reading {
                plate: format!("苏A{:05}", of * 100 + n),
                color: plate::Color::Yellow,
                color_p: 0.99,
                confidence: 0.97,
                recognised: true,
                ..Reading::unread()
            },
            decision: Verdict::Allow,
            reason: "read_allowed".to_owned(),
            grounds: Grounds::default(),
        };
        let photos = [photo(PhotoKind::HeadOriginal), photo(PhotoKind::Head)];
        let id = self.writer.decide(&new, &photos).unwrap();
        let end = Finished {
            outcome: Outcome::Passed,
            at: at(of, n),
            reading: None,
        };
        self.writer
            .finish(id, &end, &[photo(PhotoKind::Body)])
            .unwrap();
        id
    }

    pub(crate) fn freeze(&mut self, entrances: &[&str]) -> i64 {
        let entrances: Vec<_> = entrances.iter().map(|one| (*one).to_owned()).collect();
        let span = (day(0), day(DAYS - 1));
        let of = ("test plant", &zone());
        let (content, code) = frozen(&self.reader(), of, span, &entrances, now()).unwrap();
        self.writer
            .keep_inspection(&content, &code, "Zhao", now())
            .unwrap()
    }

    pub(crate) fn draw(&mut self, inspection: i64, seed: &str) -> inspection::Drawn {
        let reader = self.reader();
        let view = reader.inspection(inspection).unwrap().unwrap();
        let counts = DrawCounts {
            days: 3,
            passages: 5,
            ..DrawCounts::default()
        };
        let (drawn, content) = drawn(&reader, &view, seed, counts).unwrap();
        let draw = NewDraw {
            inspection,
            seed: seed.to_owned(),
            content,
            who: "Zhao".to_owned(),
            at: now(),
        };
        self.writer.keep_draw(&draw).unwrap();
        drawn
    }

    pub(crate) fn pack(&self, inspection: i64) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        write_pack(&self.reader(), inspection, &zone(), now(), &mut bytes).unwrap();
        bytes.into_inner()
    }

    /// Past the program, as somebody with the computer's password could.
    pub(crate) fn tamper(&self, sql: &str) {
        let database = rusqlite::Connection::open(self.data.path().join("ledger.sqlite3")).unwrap();
        database.execute_batch(sql).unwrap();
    }
}

pub(crate) fn at(of: i64, n: i64) -> Timestamp {
    let start = day(of).to_zoned(zone()).unwrap().timestamp();
    start.checked_add((n * 120).minutes()).unwrap()
}

/// The files of a pack.
pub(crate) fn files(pack: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(pack)).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut file = zip.by_index(n).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().to_owned(), bytes)
        })
        .collect()
}

/// A pack of these files. With `listed` the list of hashes is made anew, as a careful forger would.
pub(crate) fn packed(files: &[(String, Vec<u8>)], listed: bool) -> Vec<u8> {
    use sha2::Digest as _;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut hashes = String::new();
    for (name, bytes) in files
        .iter()
        .filter(|(name, _)| name != "hashes.txt" || !listed)
    {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
        hashes += &format!("{}  {name}\n", hex::encode(sha2::Sha256::digest(bytes)));
    }
    if listed {
        zip.start_file("hashes.txt", zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(hashes.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
