//! Passages, and what is added to them later.

use std::io;

use jiff::Timestamp;
use serde_json::Value;

use super::{Arrival, Inner, Keep, KeptPhoto, NewArrival, Recorded};

impl Keep {
    /// Keeps a passage unless its serial number is taken. Does file I/O.
    pub(crate) fn passage(&self, new: NewArrival) -> io::Result<Recorded> {
        let mut inner = self.inner();
        if let Some(&at) = inner.by_serial.get(&new.serial) {
            if revision(&new.items) > revision(&inner.arrivals[at].items) {
                return self.correct(&mut inner, at, new);
            }
            if inner.arrivals[at].payload_sha256 == new.payload_sha256 {
                inner.counts.repeats += 1;
                return Ok(Recorded::Repeat);
            }
            inner.counts.conflicts += 1;
            return Ok(Recorded::Conflict);
        }
        let number = inner.arrivals.len() as u64 + 1;
        let photos = self.store_photos(&mut inner, number, new.photos)?;
        let arrival = Arrival {
            number,
            received_at: Timestamp::now(),
            serial: new.serial,
            summary: new.summary,
            items: new.items,
            missing: new.missing,
            photos,
            end: None,
            earlier: Vec::new(),
            goods: None,
            payload_sha256: new.payload_sha256,
        };
        inner.write_down(&arrival)?;
        inner.remember(arrival);
        Ok(Recorded::New)
    }

    /// Keeps how a passage ended, and photos that came with it. Does file I/O.
    pub(crate) fn end(&self, end: NewArrival) -> io::Result<Option<Recorded>> {
        let mut inner = self.inner();
        let Some(&at) = inner.by_serial.get(&end.serial) else {
            return Ok(None);
        };
        let mut arrival = inner.arrivals[at].clone();
        if let Some(before) = &arrival.end {
            let same = *before == end.items;
            inner.counts.repeats += u64::from(same);
            inner.counts.conflicts += u64::from(!same);
            return Ok(Some(if same {
                Recorded::Repeat
            } else {
                Recorded::Conflict
            }));
        }
        let photos = self.store_photos(&mut inner, arrival.number, end.photos)?;
        arrival.replace_photos(photos);
        arrival.end = Some(end.items);
        inner.write_down(&arrival)?;
        inner.counts.ends += 1;
        inner.arrivals[at] = arrival;
        Ok(Some(Recorded::New))
    }

    /// A record under a number that is taken, with a higher revision: a correction.
    fn correct(&self, inner: &mut Inner, at: usize, new: NewArrival) -> io::Result<Recorded> {
        let mut arrival = inner.arrivals[at].clone();
        let photos = self.store_photos(inner, arrival.number, new.photos)?;
        arrival.replace_photos(photos);
        arrival
            .earlier
            .push(std::mem::replace(&mut arrival.items, new.items));
        arrival.summary = new.summary;
        arrival.missing = new.missing;
        arrival.payload_sha256 = new.payload_sha256;
        inner.write_down(&arrival)?;
        inner.counts.corrections += 1;
        inner.arrivals[at] = arrival;
        Ok(Recorded::New)
    }

    /// Adds a photo that followed its record.
    pub(crate) fn photo_after(
        &self,
        serial: &str,
        photo: (KeptPhoto, Vec<u8>),
    ) -> io::Result<Option<Recorded>> {
        let mut inner = self.inner();
        let Some(&at) = inner.by_serial.get(serial) else {
            return Ok(None);
        };
        let mut arrival = inner.arrivals[at].clone();
        let before = arrival.photos.iter().find(|p| p.key == photo.0.key);
        if before.is_some_and(|p| p.sha256 == photo.0.sha256) {
            inner.counts.repeats += 1;
            return Ok(Some(Recorded::Repeat));
        }
        let photos = self.store_photos(&mut inner, arrival.number, vec![photo])?;
        arrival.replace_photos(photos);
        inner.write_down(&arrival)?;
        inner.counts.photos_after += 1;
        inner.arrivals[at] = arrival;
        Ok(Some(Recorded::New))
    }

    /// Adds cargo that followed its record.
    pub(crate) fn goods(&self, serial: &str, value: Value) -> io::Result<Option<Recorded>> {
        let mut inner = self.inner();
        let Some(&at) = inner.by_serial.get(serial) else {
            return Ok(None);
        };
        let mut arrival = inner.arrivals[at].clone();
        if arrival.goods.as_ref() == Some(&value) {
            inner.counts.repeats += 1;
            return Ok(Some(Recorded::Repeat));
        }
        arrival.goods = Some(value);
        inner.write_down(&arrival)?;
        inner.arrivals[at] = arrival;
        Ok(Some(Recorded::New))
    }
}

impl Arrival {
    fn replace_photos(&mut self, photos: Vec<KeptPhoto>) {
        self.photos
            .retain(|old| photos.iter().all(|new| new.key != old.key));
        self.photos.extend(photos);
    }
}

/// The number of a correction; 0 for a first record.
fn revision(items: &Value) -> u64 {
    items.get("revision").and_then(Value::as_u64).unwrap_or(0)
}
