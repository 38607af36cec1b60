//! From what a lane decided to what the ledger keeps.

use std::sync::Arc;

use frame::{ClockSource, Frame, Quad};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lane::{KeyFrame, VehicleDecided, VehicleFinished};
use passage::{KeyPhoto, NewPassage, PassageKey, Reading};
use photo::{Caption, Font};
use words::Language;

use crate::{LaneParts, LaneSetup};

/// Lowest quality to which an annotated photo is pressed to fit its size.
const LOWEST_QUALITY: u8 = 50;

/// What stays the same for every passage of one lane.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) lane: String,
    pub(crate) entrance: String,
    pub(crate) barrier: String,
    pub(crate) direction: passage::Direction,
    pub(crate) site: String,
    pub(crate) zone: TimeZone,
    pub(crate) language: Language,
    pub(crate) photos: photo::PhotoSettings,
    pub(crate) font: Arc<Font>,
    pub(crate) has_body_camera: bool,
    pub(crate) sees_rear: bool,
}

/// A photo as it will be kept.
pub(crate) struct EncodedPhoto {
    pub(crate) kind: passage::PhotoKind,
    pub(crate) camera: String,
    pub(crate) taken_at: Timestamp,
    pub(crate) jpeg: Vec<u8>,
}

impl EncodedPhoto {
    pub(crate) fn as_new(&self) -> passage::NewPhoto<'_> {
        passage::NewPhoto {
            kind: self.kind,
            camera: &self.camera,
            taken_at: self.taken_at,
            jpeg: &self.jpeg,
        }
    }
}

impl Scene {
    pub(crate) fn new(parts: &LaneParts, lane: &LaneSetup) -> Self {
        Self {
            lane: lane.name.clone(),
            entrance: lane.entrance.clone(),
            barrier: lane.barrier.clone(),
            direction: lane.settings.direction,
            sees_rear: lane.settings.view == lane::View::Rear,
            site: parts.site.clone(),
            zone: parts.zone.clone(),
            language: parts.language,
            photos: parts.photos.clone(),
            font: Arc::clone(&parts.font),
            has_body_camera: lane.body_camera.is_some(),
        }
    }

    /// The row of a decided passage.
    pub(crate) fn passage(
        &self,
        key: PassageKey,
        decided: &VehicleDecided,
        decision: &passage::Decision,
        clock_trusted: bool,
    ) -> NewPassage {
        let clock = decided
            .head
            .as_ref()
            .map_or(ClockSource::Arrival, |h| h.frame.clock);
        NewPassage {
            key,
            lane: self.lane.clone(),
            entrance: self.entrance.clone(),
            barrier: self.barrier.clone(),
            direction: self.direction,
            entered_at: decided.entered.captured,
            decided_at: decided.decided.captured,
            clock,
            clock_trusted,
            camera: self.lane.clone(),
            reading: self.reading(decided),
            decision: decision.verdict,
            reason: decision.reason.as_str().to_owned(),
            grounds: decision.grounds.clone(),
        }
    }

    fn reading(&self, decided: &VehicleDecided) -> Reading {
        let mut reading = decided
            .read
            .clone()
            .map_or_else(Reading::unread, |read| Reading::of(read, decided.accepted));
        reading.corners = corners(decided.head.as_ref());
        reading.trailer_plate = decided.trailer.as_ref().map(|t| t.plate.clone());
        reading
    }

    /// The reading after all frames, when it became better or a trailer's plate joined it.
    pub(crate) fn final_reading(
        &self,
        decided: &Reading,
        finished: &VehicleFinished,
    ) -> Option<Reading> {
        let trailer = finished.trailer.as_ref().map(|t| t.plate.clone());
        let mut reading = match &finished.better {
            Some(better) => Reading {
                corners: decided.corners,
                ..Reading::of(better.read.clone(), better.accepted)
            },
            None if trailer.is_some() && trailer != decided.trailer_plate => decided.clone(),
            None => return None,
        };
        reading.trailer_plate = trailer.or_else(|| decided.trailer_plate.clone());
        Some(reading)
    }

    /// The key photo of one kind: the frame as it was, and annotated.
    pub(crate) fn photos(
        &self,
        kind: KeyPhoto,
        frame: &Frame,
        quad: Option<Quad>,
        reading: &Reading,
        clock_trusted: bool,
    ) -> Result<[EncodedPhoto; 2], photo::Error> {
        let caption = Caption {
            plate: (!reading.plate.is_empty()).then(|| reading.plate.clone()),
            color: reading.color,
            time: frame.captured.to_zoned(self.zone.clone()),
            clock_trusted,
            entrance: self.entrance.clone(),
            barrier: self.barrier.clone(),
            lane: self.lane.clone(),
            direction: Some(self.direction),
            kind,
            sees_rear: self.sees_rear,
            by_person: false,
            site: self.site.clone(),
            language: self.language,
        };
        let annotated = photo::annotate(&frame.picture, &caption, quad, &self.font);
        let limit = self.photos.max_kilobytes as usize * 1024;
        let quality = self.photos.jpeg_quality;
        let annotated = photo::encode_jpeg_within(&annotated, quality, limit, LOWEST_QUALITY)?;
        let original = photo::encode_jpeg(&frame.picture, quality)?;
        let camera = match kind {
            KeyPhoto::Body if self.has_body_camera => format!("{}-body", self.lane),
            KeyPhoto::Head | KeyPhoto::Body => self.lane.clone(),
        };
        let kept = |kind, jpeg| EncodedPhoto {
            kind,
            camera: camera.clone(),
            taken_at: frame.captured,
            jpeg,
        };
        Ok([
            kept(kind.original(), original),
            kept(kind.annotated(), annotated.jpeg),
        ])
    }
}

fn corners(head: Option<&KeyFrame>) -> Option<[[f32; 2]; 4]> {
    head?.quad.map(|quad| quad.0.map(|p| [p.x, p.y]))
}
