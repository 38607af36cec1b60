//! Vehicles that come to the gate.

use frame::ClockSource;
use jiff::{SignedDuration, Timestamp};
use ledger::{Result, Writer};
use passage::{
    Change, CorrectedItem, Correction, Direction, Finished, NewPassage, NewPhoto, Outcome,
    PaperEntry, PaperPassage, PassageId, PassageKey, PhotoKind, Reading, Verdict,
};

/// A frame that says it is a JPEG of 1280 x 720, padded to the size of a real photo.
pub(crate) fn jpeg(kilobytes: usize) -> Vec<u8> {
    const HEAD: [u8; 21] = [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 2, 0xD0, 5, 0, 1, 1, 0x11, 0,
    ];
    let mut jpeg = HEAD.to_vec();
    jpeg.extend((0..kilobytes * 1024).map(|n| u8::try_from(n % 251).unwrap_or_default()));
    jpeg.extend([0xFF, 0xD9]);
    jpeg
}

/// The `n`th vehicle of one life: no two have the same plate.
pub(crate) fn plate(life: u32, n: u32) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut rest = u64::from(life) * 4000 + u64::from(n);
    let mut plate = String::new();
    for _ in 0..5 {
        let sign = usize::try_from(rest % 34).unwrap_or_default();
        plate.insert(0, char::from(SIGNS[sign]));
        rest /= 34;
    }
    format!("苏A{plate}")
}

/// The same vehicle as a person reads it on the photo.
pub(crate) fn corrected(plate: &str) -> String {
    plate.replacen('苏', "浙", 1)
}

/// What one vehicle does at the gate.
pub(crate) struct Truck<'a> {
    pub(crate) key: PassageKey,
    pub(crate) plate: String,
    pub(crate) at: Timestamp,
    pub(crate) jpeg: &'a [u8],
}

impl Truck<'_> {
    /// Decided, with both head photos.
    pub(crate) fn decide(&self, writer: &mut Writer) -> Result<PassageId> {
        let kinds = [PhotoKind::HeadOriginal, PhotoKind::Head];
        let photos = kinds.map(|kind| photo(kind, self.at, self.jpeg));
        writer.decide(&self.passage(), &photos)
    }

    fn passage(&self) -> NewPassage {
        NewPassage {
            key: self.key,
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            entered_at: self.at,
            decided_at: self.at,
            clock: ClockSource::Arrival,
            clock_trusted: true,
            camera: "north-in".to_owned(),
            reading: Reading {
                plate: self.plate.clone(),
                color: plate::Color::Yellow,
                color_p: 0.99,
                recognised: true,
                ..Reading::unread()
            },
            decision: Verdict::Allow,
            reason: "read_allowed".to_owned(),
            grounds: passage::Grounds::default(),
        }
    }
}

/// It has passed, with both body photos.
pub(crate) fn finish(writer: &mut Writer, id: PassageId, at: Timestamp, jpeg: &[u8]) -> Result<()> {
    let end = Finished {
        outcome: Outcome::Passed,
        at: at
            .saturating_add(SignedDuration::from_secs(9))
            .unwrap_or(at),
        reading: None,
    };
    let kinds = [PhotoKind::BodyOriginal, PhotoKind::Body];
    let photos = kinds.map(|kind| photo(kind, at, jpeg));
    writer.finish(id, &end, &photos)
}

/// A person reads another plate; the head photo is rendered anew.
pub(crate) fn correct(writer: &mut Writer, id: PassageId, plate: &str, jpeg: &[u8]) -> Result<u32> {
    let at = Timestamp::now();
    let correction = Correction {
        changes: vec![Change {
            item: CorrectedItem::Plate,
            replaces: Some(plate.to_owned()),
            value: corrected(plate),
        }],
        who: "soak".to_owned(),
        why: "soak".to_owned(),
        at,
    };
    // Not the bytes of before: another photo.
    let mut again = jpeg.to_vec();
    again.extend(corrected(plate).bytes());
    again.extend([0xFF, 0xD9]);
    writer.correct(id, &correction, &[photo(PhotoKind::Head, at, &again)])
}

/// A passage from paper.
pub(crate) fn paper(writer: &mut Writer, plate: &str) -> Result<PassageId> {
    let now = Timestamp::now();
    let paper = PaperPassage {
        key: PassageKey::random(),
        entry: PaperEntry {
            lane: String::new(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::Out,
            passed_at: now,
            plate: plate.into(),
            color: plate::Color::Yellow,
            cargo: None,
            who: "soak".to_owned(),
            why: "soak".to_owned(),
        },
        entered_at: now,
    };
    writer.enter_paper(&paper, &[])
}

fn photo(kind: PhotoKind, taken_at: Timestamp, jpeg: &[u8]) -> NewPhoto<'_> {
    NewPhoto {
        kind,
        camera: "north-in",
        taken_at,
        jpeg,
    }
}
