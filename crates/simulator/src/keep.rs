//! What the platform received, in memory and, if told so, in a folder.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One passage as it arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrival {
    /// Counts from 1 in the order of arrival.
    pub number: u64,
    /// When it was kept.
    pub received_at: Timestamp,
    /// The sender's serial number: one passage each.
    pub serial: String,
    /// What was sent, without the photos.
    pub items: Value,
    /// Items of table C.3 that were absent, null or empty.
    pub missing: Vec<String>,
    /// The photos that were sent and are JPEGs.
    pub photos: Vec<KeptPhoto>,
    /// How the passage ended, when that was sent later.
    #[serde(default)]
    pub end: Option<Value>,
    /// SHA-256 of the whole request, to tell a repeat from another row under the same serial.
    pub payload_sha256: String,
}

/// One photo of an arrival.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct KeptPhoto {
    pub key: String,
    pub bytes: usize,
    pub width_px: u16,
    pub height_px: u16,
    pub sha256: String,
}

/// What was counted since the simulator was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Counts {
    /// Different serial numbers kept, those found in the folder included.
    pub passages: u64,
    /// The same row again: answered as already there.
    pub repeats: u64,
    /// Another row under a serial number that is taken: answered as already there, not kept.
    pub conflicts: u64,
    /// Refused for their data.
    pub refused: u64,
    /// Passages whose end was sent later.
    pub ends: u64,
    pub heartbeats: u64,
    pub logins: u64,
    pub failed_logins: u64,
    /// Requests with a token that is unknown or too old.
    pub bad_tokens: u64,
    /// Requests that were deliberately not answered as usual.
    pub faults: u64,
    /// Items of table C.3 that were there, over all kept passages.
    pub items_present: u64,
    /// 23 for each kept passage.
    pub items_expected: u64,
}

/// What became of a passage that was handed in.
pub(crate) enum Kept {
    New,
    Repeat,
    Conflict,
}

pub(crate) struct NewArrival {
    pub(crate) serial: String,
    pub(crate) items: Value,
    pub(crate) missing: Vec<String>,
    pub(crate) photos: Vec<(KeptPhoto, Vec<u8>)>,
    pub(crate) payload_sha256: String,
}

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
    counts: Counts,
    last_heartbeat: Option<(Timestamp, Value)>,
    photos: VecDeque<(String, Vec<u8>)>,
    log: Option<File>,
}

impl Keep {
    /// Opens the folder, if any, and reads what is there already.
    pub(crate) fn open(folder: Option<&Path>, photos_in_memory: usize) -> io::Result<Self> {
        let mut inner = Inner::default();
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
        let folder = folder.map(Path::to_owned);
        Ok(Self {
            folder,
            photos_in_memory,
            inner: Mutex::new(inner),
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a passage unless its serial number is taken. Does file I/O.
    pub(crate) fn passage(&self, new: NewArrival) -> io::Result<Kept> {
        let mut inner = self.inner();
        if let Some(&at) = inner.by_serial.get(&new.serial) {
            if inner.arrivals[at].payload_sha256 == new.payload_sha256 {
                inner.counts.repeats += 1;
                return Ok(Kept::Repeat);
            }
            inner.counts.conflicts += 1;
            return Ok(Kept::Conflict);
        }
        let number = inner.arrivals.len() as u64 + 1;
        let photos = self.store_photos(&mut inner, number, new.photos)?;
        let arrival = Arrival {
            number,
            received_at: Timestamp::now(),
            serial: new.serial,
            items: new.items,
            missing: new.missing,
            photos,
            end: None,
            payload_sha256: new.payload_sha256,
        };
        inner.write_down(&arrival)?;
        inner.remember(arrival);
        Ok(Kept::New)
    }

    /// Keeps how a passage ended, and photos that came with it. Does file I/O.
    pub(crate) fn end(&self, end: NewArrival) -> io::Result<Option<Kept>> {
        let mut inner = self.inner();
        let Some(&at) = inner.by_serial.get(&end.serial) else {
            return Ok(None);
        };
        let mut arrival = inner.arrivals[at].clone();
        if let Some(before) = &arrival.end {
            let same = *before == end.items;
            inner.counts.repeats += u64::from(same);
            inner.counts.conflicts += u64::from(!same);
            return Ok(Some(if same { Kept::Repeat } else { Kept::Conflict }));
        }
        let photos = self.store_photos(&mut inner, arrival.number, end.photos)?;
        arrival
            .photos
            .retain(|old| photos.iter().all(|new| new.key != old.key));
        arrival.photos.extend(photos);
        arrival.end = Some(end.items);
        inner.write_down(&arrival)?;
        inner.counts.ends += 1;
        inner.arrivals[at] = arrival;
        Ok(Some(Kept::New))
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

    pub(crate) fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.inner().counts);
    }

    pub(crate) fn counts(&self) -> Counts {
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
        let expected = crate::items::LEDGER_ITEMS.len() as u64;
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
