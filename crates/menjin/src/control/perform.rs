//! Doing what was ordered.

use std::sync::Arc;
use std::time::Duration;

use frame::{Picture, Point, Quad};
use jiff::Timestamp;
use ledger::{
    CorrectedItem, Correction, Direction, NewPhoto, PaperPassage, PassageKey, PassageView,
    PhotoKind, Reader, Writer,
};
use photo::{Caption, Font, Kind};

use super::wire::{Done, Order, Refused};
use crate::config::Config;

/// Longest time between a weighing and the passage it may belong to.
const LONGEST_WINDOW_S: u64 = 24 * 3600;

/// A job for the ledger's writer.
pub(crate) type Job = Box<dyn FnOnce(&mut Writer) -> ledger::Result<Done> + Send>;

/// The ledger's writer, wherever that is.
pub(crate) trait Writes {
    /// Does the job, and gives what came of it.
    fn write(&mut self, job: Job) -> Result<Done, Refused>;
}

/// Does what was ordered, durable on return. `font` is asked for only when a photo is rendered.
pub(crate) fn perform(
    order: Order,
    config: &Config,
    reader: &Reader,
    writes: &mut dyn Writes,
    font: &dyn Fn() -> Result<Arc<Font>, Refused>,
) -> Result<Done, Refused> {
    let now = Timestamp::now();
    match order {
        Order::Records { revisions } => {
            let revisions: Result<Vec<_>, String> =
                revisions.into_iter().map(|r| r.revision(now)).collect();
            let revisions = revisions
                .map_err(|item| Refused::invalid(format!("the file of {item} is no base64")))?;
            writes.write(Box::new(move |writer| {
                let written = writer.write_records(&revisions)?;
                Ok(Done::Records(written.len()))
            }))
        }
        Order::Correct {
            passage,
            changes,
            who,
            why,
        } => {
            let correction = Correction {
                changes,
                who,
                why,
                at: now,
            };
            let known = reader.passage(passage)?;
            let head = match &known {
                Some(view) => rendered(view, &correction, config, reader, font)?,
                None => None,
            };
            writes.write(Box::new(move |writer| {
                let photos: Vec<NewPhoto<'_>> = head.iter().map(Rendered::as_new).collect();
                let revision = writer.correct(passage, &correction, &photos)?;
                Ok(Done::Corrected {
                    revision,
                    photo: head.is_some(),
                })
            }))
        }
        Order::Paper(wire) => {
            if wire.passed_at > now {
                return Err(Refused::invalid("the passage lies in the future"));
            }
            let paper = PaperPassage {
                key: PassageKey::random(),
                lane: wire.lane,
                entrance: wire.entrance,
                barrier: wire.barrier,
                direction: wire.direction,
                passed_at: wire.passed_at,
                plate: wire.plate,
                color: wire.color,
                cargo: wire.cargo,
                who: wire.who,
                why: wire.why,
                entered_at: now,
            };
            writes.write(Box::new(move |writer| {
                writer.enter_paper(&paper, &[]).map(Done::Entered)
            }))
        }
        Order::Weighings {
            weighings,
            source,
            window_s,
            who,
        } => {
            let window = Duration::from_secs(window_s.min(LONGEST_WINDOW_S));
            writes.write(Box::new(move |writer| {
                writer
                    .add_weighings(&weighings, &source, window, &who, now)
                    .map(Done::Weighed)
            }))
        }
        Order::Resend { rows, who, why } => writes.write(Box::new(move |writer| {
            writer.resend(&rows, now, &who, &why)?;
            Ok(Done::Resent(rows.len()))
        })),
    }
}

/// A head photo with the words that hold after a correction.
struct Rendered {
    camera: String,
    taken_at: Timestamp,
    jpeg: Vec<u8>,
}

impl Rendered {
    fn as_new(&self) -> NewPhoto<'_> {
        NewPhoto {
            kind: PhotoKind::Head,
            camera: &self.camera,
            taken_at: self.taken_at,
            jpeg: &self.jpeg,
        }
    }
}

/// Renders the head photo anew, when what it shows is corrected and the frame is there. A frame that
/// is damaged does not stop the correction: it is told by `menjin check`.
fn rendered(
    view: &PassageView,
    correction: &Correction,
    config: &Config,
    reader: &Reader,
    font: &dyn Fn() -> Result<Arc<Font>, Refused>,
) -> Result<Option<Rendered>, Refused> {
    let shown = |item: CorrectedItem| item != CorrectedItem::Cargo;
    let Some(original) = view.photo(PhotoKind::HeadOriginal) else {
        return Ok(None);
    };
    if !correction.changes.iter().any(|change| shown(change.item)) {
        return Ok(None);
    }
    let Some(picture) = reader
        .photo_bytes(original)
        .ok()
        .and_then(|jpeg| decoded(&jpeg))
    else {
        tracing::warn!(passage = %view.id, path = original.path, "the frame can't be rendered again");
        return Ok(None);
    };
    let caption = caption(view, correction, config, original.taken_at);
    let quad = view
        .reading
        .corners
        .map(|corners| Quad(corners.map(|[x, y]| Point { x, y })));
    let font = font()?;
    let annotated = photo::annotate(&picture, &caption, quad, &font);
    let limit = config.photos.max_kilobytes as usize * 1024;
    let encoded = photo::encode_jpeg_within(&annotated, config.photos.jpeg_quality, limit, 50);
    let encoded = encoded.map_err(|e| Refused::failed(e.to_string()))?;
    Ok(Some(Rendered {
        camera: original.camera.clone(),
        taken_at: original.taken_at,
        jpeg: encoded.jpeg,
    }))
}

fn caption(
    view: &PassageView,
    correction: &Correction,
    config: &Config,
    taken_at: Timestamp,
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
        time: taken_at.to_zoned(config.site.zone.clone()),
        clock_trusted: view.clock_trusted,
        entrance: view.entrance.clone(),
        barrier: view.barrier.clone(),
        lane: view.lane.clone(),
        direction: Some(match direction {
            Direction::In => photo::Direction::In,
            Direction::Out => photo::Direction::Out,
        }),
        kind: Kind::Head,
        site: config.site.name.clone(),
        language: config.language,
    }
}

fn decoded(jpeg: &[u8]) -> Option<Picture> {
    let rgb = image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg)
        .ok()?
        .into_rgb8();
    let (width, height) = rgb.dimensions();
    Picture::new(width, height, rgb.into_raw()).ok()
}
