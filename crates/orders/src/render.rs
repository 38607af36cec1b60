//! The key photos after a correction.

use std::sync::Arc;

use frame::{Point, Quad};
use jiff::Timestamp;
use ledger::Reader;
use passage::{CorrectedItem, Correction, KeyPhoto, NewPhoto, PassageView, PhotoKind};
use photo::{Caption, Font};

use crate::{Refused, Site};

/// A key photo with the words that hold after a correction.
pub(super) struct Rendered {
    kind: PhotoKind,
    camera: String,
    taken_at: Timestamp,
    jpeg: Vec<u8>,
}

impl Rendered {
    pub(super) fn as_new(&self) -> NewPhoto<'_> {
        NewPhoto {
            kind: self.kind,
            camera: &self.camera,
            taken_at: self.taken_at,
            jpeg: &self.jpeg,
        }
    }
}

/// Renders the key photos anew, when what their bands show is corrected and the frames are there. A
/// frame that is damaged does not stop the correction: it is told by `menjin check`.
pub(super) fn again(
    view: &PassageView,
    correction: &Correction,
    site: &Site,
    reader: &Reader,
    font: &dyn Fn() -> Result<Arc<Font>, Refused>,
) -> Result<Vec<Rendered>, Refused> {
    let shown = |item: CorrectedItem| item != CorrectedItem::Cargo;
    if !correction.changes.iter().any(|change| shown(change.item)) {
        return Ok(Vec::new());
    }
    let mut photos = Vec::new();
    for &kind in KeyPhoto::ALL {
        let Some(original) = view.photo(kind.original()) else {
            continue;
        };
        let Some(picture) = reader
            .photo_bytes(original)
            .ok()
            .and_then(|jpeg| photo::decode_jpeg(&jpeg))
        else {
            tracing::warn!(passage = %view.id, path = original.path, "the frame can't be rendered again");
            continue;
        };
        let caption = caption(view, correction, site, original.taken_at, kind);
        // The plate's corners are those of the head frame.
        let corners = view.reading.corners.filter(|_| kind == KeyPhoto::Head);
        let quad = corners.map(|corners| Quad(corners.map(|[x, y]| Point { x, y })));
        let annotated = photo::annotate(&picture, &caption, quad, font()?.as_ref());
        let limit = site.max_kilobytes as usize * 1024;
        let encoded = photo::encode_jpeg_within(&annotated, site.jpeg_quality, limit, 50);
        let encoded = encoded.map_err(|e| Refused::failed(e.said()))?;
        photos.push(Rendered {
            kind: kind.annotated(),
            camera: original.camera.clone(),
            taken_at: original.taken_at,
            jpeg: encoded.jpeg,
        });
    }
    Ok(photos)
}

fn caption(
    view: &PassageView,
    correction: &Correction,
    site: &Site,
    taken_at: Timestamp,
    kind: KeyPhoto,
) -> Caption {
    let mut plate = view.reading.plate.clone();
    let (mut color, mut direction) = (view.reading.color, view.direction);
    for change in &correction.changes {
        match change.item {
            CorrectedItem::Plate => plate.clone_from(&change.value),
            CorrectedItem::Color => color = change.value.parse().unwrap_or(color),
            CorrectedItem::Direction => direction = change.value.parse().unwrap_or(direction),
            CorrectedItem::Cargo => {}
        }
    }
    Caption {
        plate: (!plate.is_empty()).then_some(plate),
        color,
        time: taken_at.to_zoned(site.zone.clone()),
        clock_trusted: view.clock_trusted,
        entrance: view.entrance.clone(),
        barrier: view.barrier.clone(),
        lane: view.lane.clone(),
        direction: Some(direction),
        kind,
        sees_rear: site.sees_rear(&view.lane),
        by_person: true,
        site: site.name.clone(),
        language: site.language,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use ledger::{Options, Writer};
    use passage::{Change, LanePlace, PaperEntry, PaperPassage, PassageKey};
    use words::Language;

    use super::*;

    fn site(sees_rear: bool) -> Site {
        Site {
            name: "测试厂".to_owned(),
            language: Language::Zh,
            zone: TimeZone::UTC,
            lanes: vec![LanePlace {
                lane: "out".to_owned(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                sees_rear,
            }],
            data_folder: ".".into(),
            jpeg_quality: 85,
            max_kilobytes: 300,
            font: None,
            retention: housekeeping::RetentionPlan::default(),
            arms: None,
            registers: records::Rules::on(jiff::civil::date(2026, 3, 1)),
        }
    }

    /// A passage of the lane `out`.
    fn passage() -> PassageView {
        let data = tempfile::tempdir().expect("a folder");
        let mut writer = Writer::open(data.path(), Options::default()).expect("a ledger");
        let at: Timestamp = "2026-03-01T08:30:00Z".parse().expect("a time");
        let paper = PaperPassage {
            key: PassageKey::random(),
            entry: PaperEntry {
                lane: "out".to_owned(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                direction: passage::Direction::Out,
                passed_at: at,
                plate: "苏A12345".into(),
                color: plate::Color::Yellow,
                cargo: None,
                who: "李工".to_owned(),
                why: "停电".to_owned(),
            },
            entered_at: at,
        };
        let id = writer.enter_paper(&paper, &[]).expect("entered");
        let reader = writer.reader().expect("a ledger");
        reader.passage(id).expect("readable").expect("there")
    }

    #[test]
    fn a_photo_rendered_anew_says_that_a_person_corrected_it_and_keeps_the_side_it_shows() {
        let view = passage();
        let change = Change {
            item: CorrectedItem::Plate,
            replaces: Some("苏A12345".to_owned()),
            value: "苏A12346".to_owned(),
        };
        let correction = Correction {
            changes: vec![change],
            who: "李工".to_owned(),
            why: "看照片".to_owned(),
            at: view.decided_at,
        };
        for sees_rear in [true, false] {
            let at = view.decided_at;
            let words = caption(&view, &correction, &site(sees_rear), at, KeyPhoto::Head);
            assert_eq!(words.plate.as_deref(), Some("苏A12346"));
            assert!(words.by_person);
            assert_eq!(words.sees_rear, sees_rear);
        }
    }
}
