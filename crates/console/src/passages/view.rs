//! A passage as pages show it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::{Direction, GuardTask, Outcome, PassageView, PhotoKind, PhotoView, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use words::Group;

use super::photos::photo_id;
use crate::codes::{
    ColorCode, DeliveryCode, DirectionCode, ItemCode, OutcomeCode, PhotoCode, TaskCode, VerdictCode,
};
use crate::texts::Texts;

/// A passage in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Passage {
    /// Its number here.
    id: i64,
    /// Its name everywhere, 32 hexadecimal digits.
    key: String,
    lane: String,
    entrance: String,
    barrier: String,
    #[schema(value_type = DirectionCode)]
    direction: Direction,
    /// When the vehicle came into the lane.
    entered_at: Timestamp,
    decided_at: Timestamp,
    /// The plate that holds; empty when none could be read.
    plate: String,
    #[schema(value_type = ColorCode)]
    color: plate::Color,
    /// A machine was sure.
    recognised: bool,
    /// A machine was sure, or a person said so.
    known: bool,
    /// Probability of the weakest character, 0 to 1.
    confidence: f32,
    /// What the machine read, character by character.
    characters: Vec<Character>,
    #[schema(value_type = VerdictCode)]
    verdict: Verdict,
    /// Code of the rule that decided.
    reason: String,
    /// The same in words.
    reason_text: Texts,
    /// What it rests on beside the rule, a sentence each: what a list says, look-alikes, old lists.
    beside: Vec<Texts>,
    /// Null while the vehicle stands there.
    #[schema(value_type = Option<OutcomeCode>)]
    outcome: Option<Outcome>,
    finished_at: Option<Timestamp>,
    /// How many times it was corrected.
    corrected: u32,
    /// What it asks of the guard.
    #[schema(value_type = Option<TaskCode>)]
    task: Option<GuardTask>,
    photos: Vec<Photo>,
    cargo: Option<CargoSeen>,
    uploads: Uploads,
    /// Typed in from paper.
    from_paper: bool,
}

/// One character with its probability.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Character {
    text: char,
    /// 0 to 1.
    p: f32,
    /// The next likely ones, the likeliest first.
    next: Vec<Likely>,
}

/// A character that it may be as well.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Likely {
    text: char,
    /// 0 to 1.
    p: f32,
}

/// A photo that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Photo {
    /// For its address.
    id: String,
    #[schema(value_type = PhotoCode)]
    kind: PhotoKind,
    /// 0 as first rendered; else the number of the correction after which it was rendered again.
    revision: u32,
    sha256: String,
    taken_at: Timestamp,
    camera: String,
}

/// What was carried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CargoSeen {
    name: Option<String>,
    amount: Option<f64>,
    /// `t` or `L`.
    unit: String,
    /// `typed` or `weighbridge`.
    source: String,
    gross_t: Option<f64>,
    tare_t: Option<f64>,
    net_t: Option<f64>,
    ticket: Option<String>,
    weighed_at: Option<Timestamp>,
}

/// How far its deliveries are.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Uploads {
    done: u32,
    waiting: u32,
    refused: u32,
}

/// A passage with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PassageWhole {
    #[serde(flatten)]
    passage: Passage,
    /// Which clock gave the times: `camera_ntp`, `arrival` or `file`.
    clock: String,
    clock_trusted: bool,
    /// The camera that took the frame which was read.
    camera: String,
    /// Probability of the colour, 0 to 1.
    color_p: f32,
    /// `single`, `double` or `unknown`.
    layout: String,
    trailer_plate: Option<String>,
    /// What was read at the decision, when something else holds now.
    first_plate: Option<String>,
    #[schema(value_type = Option<ColorCode>)]
    first_color: Option<plate::Color>,
    /// And how sure the machine was of each character; empty while nothing else holds.
    first_characters: Vec<Character>,
    /// What the list said that decided; empty when none did.
    list_detail: String,
    look_alikes: Vec<Alike>,
    lists: Vec<ListSeen>,
    corrections: Vec<CorrectionSeen>,
    /// Photos that are no longer kept.
    removed_photos: u32,
    deliveries: Vec<Delivery>,
    paper: Option<Paper>,
    vehicle: Option<Vehicle>,
    /// Tags that people gave the vehicle.
    tags: Vec<String>,
}

/// A listed plate that the one seen might be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Alike {
    plate: String,
    /// Null for any.
    #[schema(value_type = Option<ColorCode>)]
    color: Option<plate::Color>,
    /// `allow` or `deny`.
    list: String,
}

/// A list from elsewhere that was looked into.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListSeen {
    name: String,
    /// When it was right; null if it was never received.
    as_of: Option<Timestamp>,
    /// Older than the site allows.
    stale: bool,
}

/// One item of a correction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CorrectionSeen {
    /// Number of the correction; its items share it.
    revision: u32,
    #[schema(value_type = ItemCode)]
    item: passage::CorrectedItem,
    before: Option<String>,
    after: String,
    who: String,
    why: String,
    at: Timestamp,
}

/// A delivery to one sink.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    sink: String,
    /// What is sent, by its code and in words.
    kind: String,
    kind_text: Texts,
    /// Number of the correction; 0 for the passage itself and its end.
    revision: u32,
    #[schema(value_type = DeliveryCode)]
    state: passage::DeliveryState,
    attempts: u32,
    /// The sink's last words, or why it was not reached.
    answer: Option<String>,
    settled_at: Option<Timestamp>,
}

/// How a passage from paper came here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Paper {
    who: String,
    why: String,
    entered_at: Timestamp,
}

/// What the register holds for plate and colour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Vehicle {
    /// The record's name everywhere.
    key: String,
    identity: String,
    state: String,
    /// By the standard's names of its items.
    #[schema(value_type = Object)]
    values: Map<String, Value>,
}

impl Passage {
    pub(crate) fn of(view: &PassageView, zone: &TimeZone) -> Self {
        let mut said = said(view, zone);
        let reading = &view.reading;
        Self {
            id: view.id.0,
            key: view.key.to_string(),
            lane: view.lane.clone(),
            entrance: view.entrance.clone(),
            barrier: view.barrier.clone(),
            direction: view.direction,
            entered_at: view.entered_at,
            decided_at: view.decided_at,
            plate: reading.plate.clone(),
            color: reading.color,
            recognised: reading.recognised,
            known: view.plate().is_some(),
            confidence: reading.confidence,
            characters: characters(&reading.chars),
            verdict: view.decision,
            reason: view.reason.clone(),
            reason_text: said.remove(0),
            beside: said,
            outcome: view.finished.map(|finished| finished.outcome),
            finished_at: view.finished.map(|finished| finished.at),
            corrected: view.times_corrected(),
            task: view.task(),
            photos: view.photos.iter().map(photo).collect(),
            cargo: view.cargo.as_ref().map(cargo),
            uploads: uploads(view),
            from_paper: view.paper.is_some(),
        }
    }
}

impl PassageWhole {
    pub(crate) fn of(view: &PassageView, tags: Vec<String>, zone: &TimeZone) -> Self {
        let first = view.first_reading.as_ref();
        let alike = |alike: &passage::LookAlike| Alike {
            plate: alike.plate.to_string(),
            color: alike.color,
            list: alike.list.to_string(),
        };
        let list = |list: &passage::ListAge| ListSeen {
            name: list.name.clone(),
            as_of: list.as_of,
            stale: list.stale,
        };
        let named = |value: Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            passage: Passage::of(view, zone),
            clock: named(serde_json::to_value(view.clock).unwrap_or_default()),
            clock_trusted: view.clock_trusted,
            camera: view.camera.clone(),
            color_p: view.reading.color_p,
            layout: view.reading.layout.as_str().to_owned(),
            trailer_plate: view.reading.trailer_plate.clone(),
            first_plate: first.map(|first| first.plate.clone()),
            first_color: first.map(|first| first.color),
            first_characters: first.map_or_else(Vec::new, |first| characters(&first.chars)),
            list_detail: view.grounds.detail.clone(),
            look_alikes: view.grounds.look_alikes.iter().map(alike).collect(),
            lists: view.grounds.lists.iter().map(list).collect(),
            corrections: view.corrections.iter().map(correction).collect(),
            removed_photos: view
                .removed_photos
                .iter()
                .map(|removed| removed.photos)
                .sum(),
            deliveries: view.deliveries.iter().map(delivery).collect(),
            paper: view.paper.as_ref().map(|paper| Paper {
                who: paper.who.clone(),
                why: paper.why.clone(),
                entered_at: paper.entered_at,
            }),
            vehicle: view.vehicle.as_ref().map(|record| Vehicle {
                key: record.key.to_string(),
                identity: record.identity.clone(),
                state: record.state.to_string(),
                values: record.values.clone(),
            }),
            tags,
        }
    }
}

/// The rule first, then what it rests on beside; never empty.
fn said(view: &PassageView, zone: &TimeZone) -> Vec<Texts> {
    let in_each = words::Language::ALL
        .map(|language| policy::explain(&view.reason, &view.grounds, language, zone));
    let lines = 0..in_each[0].len();
    let lines = lines.map(|line| Texts::each(|language| in_each[language as usize][line].clone()));
    let held = view
        .hold
        .map(|id| Texts::each(|language| language.fill(words::Key::HoldPassage, &[("id", &id)])));
    lines.chain(held).collect()
}

pub(crate) fn characters(chars: &[plate::CharRead]) -> Vec<Character> {
    let one = |read: &plate::CharRead| Character {
        text: read.symbol,
        p: read.p,
        next: read
            .alternatives
            .iter()
            .map(|next| Likely {
                text: next.symbol,
                p: next.p,
            })
            .collect(),
    };
    chars.iter().map(one).collect()
}

fn photo(photo: &PhotoView) -> Photo {
    Photo {
        id: photo_id(photo),
        kind: photo.kind,
        revision: photo.revision,
        sha256: photo.sha256.clone(),
        taken_at: photo.taken_at,
        camera: photo.camera.clone(),
    }
}

fn cargo(cargo: &passage::Cargo) -> CargoSeen {
    CargoSeen {
        name: cargo.name.clone(),
        amount: cargo.amount,
        unit: cargo.unit.to_string(),
        source: cargo.source.to_string(),
        gross_t: cargo.gross_t,
        tare_t: cargo.tare_t,
        net_t: cargo.net_t,
        ticket: cargo.ticket.clone(),
        weighed_at: cargo.weighed_at,
    }
}

fn uploads(view: &PassageView) -> Uploads {
    let mut uploads = Uploads::default();
    for delivery in &view.deliveries {
        use passage::DeliveryState::{Acknowledged, New, Refused, Sending};
        *match delivery.state {
            New | Sending => &mut uploads.waiting,
            Acknowledged => &mut uploads.done,
            Refused => &mut uploads.refused,
        } += 1;
    }
    uploads
}

fn correction(kept: &passage::CorrectionView) -> CorrectionSeen {
    CorrectionSeen {
        revision: kept.revision,
        item: kept.item,
        before: kept.before.clone(),
        after: kept.after.clone(),
        who: kept.who.clone(),
        why: kept.why.clone(),
        at: kept.at,
    }
}

fn delivery(kept: &passage::DeliveryView) -> Delivery {
    Delivery {
        sink: kept.sink.clone(),
        kind: kept.kind.to_string(),
        kind_text: Texts::named(Group::Kind, kept.kind.as_str()),
        revision: kept.revision,
        state: kept.state,
        attempts: kept.attempts,
        answer: kept.answer.clone(),
        settled_at: kept.settled_at,
    }
}
