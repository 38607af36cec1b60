//! What the platform received, in memory and, if told so, in a folder.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

mod other;
mod passages;
mod rows;

use jiff::Timestamp;
use serde_json::Value;

pub use rows::{Arrival, IntakeCounts, KeptPhoto, Record, Summary};
pub(crate) use rows::{NewArrival, Recorded};

use crate::Options;
use crate::faults::Endpoint;

/// Everything received.
pub(crate) struct Keep {
    folder: Option<PathBuf>,
    photos_in_memory: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    arrivals: Vec<Arrival>,
    by_serial: HashMap<String, usize>,
    counts: IntakeCounts,
    last_heartbeat: Option<(Timestamp, Value)>,
    records: Vec<Record>,
    confirmed: Vec<(String, Value)>,
    published: HashMap<Endpoint, Vec<Value>>,
    /// Items that a passage of this dialect holds.
    items_per_passage: u64,
    photos: VecDeque<(String, Vec<u8>)>,
    log: Option<File>,
}

impl Keep {
    /// Opens the folder, if any, and reads what is there already.
    pub(crate) fn open(options: &Options) -> io::Result<Self> {
        let folder = options.folder.as_deref();
        let photos_in_memory = options.photos_in_memory;
        let mut inner = Inner {
            items_per_passage: crate::dialect::items_of(options.dialect),
            ..Inner::default()
        };
        if let Some(folder) = folder {
            fs::create_dir_all(folder.join("photos"))?;
            let path = folder.join("passages.jsonl");
            if path.exists() {
                for line in BufReader::new(File::open(&path)?).lines() {
                    match serde_json::from_str::<Arrival>(&line?) {
                        Ok(arrival) => inner.remember(arrival),
                        Err(error) => tracing::warn!(%error, "skipping a broken line"),
                    }
                }
            }
            let mut log = OpenOptions::new().create(true).append(true).open(path)?;
            if !inner.arrivals.is_empty() {
                log.write_all(b"\n")?; // whatever line was cut short before ends here
            }
            inner.log = Some(log);
        }
        let folder = folder.map(std::path::Path::to_owned);
        Ok(Self {
            folder,
            photos_in_memory,
            inner: Mutex::new(inner),
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store_photos(
        &self,
        inner: &mut Inner,
        number: u64,
        photos: Vec<(KeptPhoto, Vec<u8>)>,
    ) -> io::Result<Vec<KeptPhoto>> {
        let mut kept = Vec::new();
        for (photo, bytes) in photos {
            let name = photo_name(number, &photo.key);
            if let Some(folder) = &self.folder {
                fs::write(folder.join("photos").join(name), bytes)?;
            } else {
                inner.photos.push_back((name, bytes));
            }
            kept.push(photo);
        }
        while inner.photos.len() > self.photos_in_memory * 2 {
            inner.photos.pop_front();
        }
        Ok(kept)
    }

    pub(crate) fn heartbeat(&self, body: Value) {
        let mut inner = self.inner();
        inner.counts.heartbeats += 1;
        inner.last_heartbeat = Some((Timestamp::now(), body));
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut IntakeCounts)) {
        change(&mut self.inner().counts);
    }

    pub(crate) fn counts(&self) -> IntakeCounts {
        self.inner().counts.clone()
    }

    pub(crate) fn last_heartbeat(&self) -> Option<(Timestamp, Value)> {
        self.inner().last_heartbeat.clone()
    }

    /// At most `limit` arrivals with a number above `after`, oldest first.
    pub(crate) fn arrivals(&self, after: u64, limit: usize) -> Vec<Arrival> {
        let inner = self.inner();
        let skip = usize::try_from(after).unwrap_or(usize::MAX);
        inner
            .arrivals
            .iter()
            .skip(skip)
            .take(limit)
            .cloned()
            .collect()
    }

    /// The JPEG of one photo, if it is still there.
    pub(crate) fn photo(&self, number: u64, key: &str) -> Option<Vec<u8>> {
        let inner = self.inner();
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        // Only keys that an arrival really has: no path of the asker's making reaches the disk.
        inner
            .arrivals
            .get(index)?
            .photos
            .iter()
            .find(|p| p.key == key)?;
        let name = photo_name(number, key);
        match &self.folder {
            Some(folder) => fs::read(folder.join("photos").join(name)).ok(),
            None => inner
                .photos
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, b)| b.clone()),
        }
    }
}

impl Inner {
    fn write_down(&mut self, arrival: &Arrival) -> io::Result<()> {
        let Some(log) = &mut self.log else {
            return Ok(());
        };
        let mut line = serde_json::to_vec(arrival)?;
        line.push(b'\n');
        log.write_all(&line)
    }

    /// Takes an arrival into memory; a later line about the same serial number replaces it.
    fn remember(&mut self, mut arrival: Arrival) {
        if let Some(&at) = self.by_serial.get(&arrival.serial) {
            arrival.number = self.arrivals[at].number;
            self.arrivals[at] = arrival;
            return;
        }
        arrival.number = self.arrivals.len() as u64 + 1;
        let expected = self.items_per_passage;
        self.counts.passages += 1;
        self.counts.items_expected += expected;
        self.counts.items_present += expected.saturating_sub(arrival.missing.len() as u64);
        self.by_serial
            .insert(arrival.serial.clone(), self.arrivals.len());
        self.arrivals.push(arrival);
    }
}

/// File names are made of our own number: a serial number may hold anything.
fn photo_name(number: u64, key: &str) -> String {
    format!("{number:06}-{key}.jpg")
}
