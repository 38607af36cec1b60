//! What pages see of an inspection.

use inspection::{ComparedDay, Drawn, DrawnRecord, Error, Freeze, PhotoProof, Sheet};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{DayDelivered, DrawnKind, InspectionMark, InspectionView, MarkView};
use serde::Serialize;
use utoipa::ToSchema;
use words::{Group, Language};

use crate::codes::{DeliveryCode, DrawnCode, MarkCode, PhotoCode};
use crate::texts::Texts;

/// Everything that was ever frozen, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Inspections {
    pub(super) inspections: Vec<InspectionSeen>,
    /// Entrances of the site, to choose from.
    pub(super) entrances: Vec<String>,
}

/// What was frozen, and what was drawn of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InspectionSeen {
    id: i64,
    at: Timestamp,
    who: String,
    from: Date,
    until: Date,
    /// All of them when there is none.
    entrances: Vec<String>,
    /// To be written down before a seed is chosen.
    code: String,
    /// The chain's head of then, and how many links it had.
    head: String,
    links: i64,
    passages: u64,
    vehicles: u64,
    machines: u64,
    /// Days of the span without a passage.
    empty_days: usize,
    drawn: Option<DrawnSeen>,
}

/// What was drawn.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrawnSeen {
    seed: String,
    at: Timestamp,
    who: String,
    things: Vec<DrawnThing>,
}

/// One thing that was drawn.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrawnThing {
    #[schema(value_type = DrawnCode)]
    kind: DrawnKind,
    /// A passage's number, a record's key, a day.
    subject: String,
    /// What people call it.
    name: String,
    /// Of a passage.
    day: Option<Date>,
    /// The last that was said of it.
    mark: Option<MarkSeen>,
}

/// What an inspector said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarkSeen {
    #[schema(value_type = MarkCode)]
    mark: InspectionMark,
    remark: String,
    who: String,
    at: Timestamp,
}

impl InspectionSeen {
    pub(super) fn of(view: &InspectionView) -> Result<Self, Error> {
        let freeze = Freeze::of(view)?;
        let drawn = match &view.draw {
            Some(draw) => Some(DrawnSeen {
                seed: draw.seed.clone(),
                at: draw.at,
                who: draw.who.clone(),
                things: things(view, &Drawn::of(view)?),
            }),
            None => None,
        };
        Ok(Self {
            id: view.id,
            at: view.at,
            who: view.who.clone(),
            from: freeze.from,
            until: freeze.until,
            code: view.code.clone(),
            links: freeze.links,
            passages: freeze.passages(),
            vehicles: freeze.vehicles.count,
            machines: freeze.machines.count,
            empty_days: freeze.days.iter().filter(|day| day.passages == 0).count(),
            head: freeze.head,
            entrances: freeze.entrances,
            drawn,
        })
    }
}

fn things(view: &InspectionView, drawn: &Drawn) -> Vec<DrawnThing> {
    let thing = |kind, subject: String, name: String, day| DrawnThing {
        mark: view.mark_of(kind, &subject).map(MarkSeen::of),
        kind,
        subject,
        name,
        day,
    };
    let passages = drawn.passages.iter().map(|passage| {
        let number = passage.number.to_string();
        let name = format!("#{number}");
        thing(DrawnKind::Passage, number, name, Some(passage.day))
    });
    let record = |kind| {
        move |record: &DrawnRecord| {
            let name = record.identity.split('|').next().unwrap_or_default();
            thing(kind, record.key.to_string(), name.to_owned(), None)
        }
    };
    let days = drawn.days.iter().map(|day| {
        let day = day.to_string();
        thing(DrawnKind::Day, day.clone(), day, None)
    });
    let vehicles = drawn.vehicles.iter().map(record(DrawnKind::Vehicle));
    let machines = drawn.machines.iter().map(record(DrawnKind::Machine));
    passages
        .chain(vehicles)
        .chain(machines)
        .chain(days)
        .collect()
}

impl MarkSeen {
    fn of(mark: &MarkView) -> Self {
        Self {
            mark: mark.mark,
            remark: mark.remark.clone(),
            who: mark.who.clone(),
            at: mark.at,
        }
    }
}

/// A drawn passage on one sheet. Its decision, corrections and photos are on its own page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetSeen {
    passage: i64,
    items: Vec<SheetItemSeen>,
    /// Mandatory items that are there.
    present: usize,
    photos: Vec<PhotoProofSeen>,
    deliveries: Vec<SheetDelivery>,
    /// Rows of evidence, and how many of them are not what the chain holds.
    rows: usize,
    changed: usize,
    /// Places of these rows in the chain.
    first_link: i64,
    last_link: i64,
}

/// A mandatory item of table C.3.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetItemSeen {
    name: &'static str,
    label: Texts,
    /// Null when it is missing.
    value: Option<Texts>,
}

/// A photo, read and hashed for this sheet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PhotoProofSeen {
    /// In the address of the photo.
    photo_id: String,
    #[schema(value_type = PhotoCode)]
    kind: passage::PhotoKind,
    revision: u32,
    recorded_sha256: String,
    /// Null when it can't be read.
    found_sha256: Option<String>,
    holds: bool,
}

/// What one platform was told of it, and said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetDelivery {
    sink: String,
    what: Texts,
    #[schema(value_type = DeliveryCode)]
    state: passage::DeliveryState,
    /// When it was acknowledged or refused.
    at: Option<Timestamp>,
    words: Option<String>,
}

impl SheetSeen {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let (first_link, last_link) = sheet.links();
        let items = sheet.items.iter().map(|item| SheetItemSeen {
            name: item.name,
            label: Texts::each(|language| item.label(language).to_owned()),
            value: item.shown.as_ref().map(texts),
        });
        let deliveries = sheet
            .passage
            .deliveries
            .iter()
            .map(|delivery| SheetDelivery {
                sink: delivery.sink.clone(),
                what: Texts::named(Group::Kind, delivery.kind.as_str()),
                state: delivery.state,
                at: delivery.settled_at,
                words: delivery.answer.clone(),
            });
        Self {
            passage: sheet.passage.id.0,
            items: items.collect(),
            present: sheet.present(),
            photos: sheet.photos.iter().map(photo).collect(),
            deliveries: deliveries.collect(),
            rows: sheet.evidence.len(),
            changed: sheet.changed,
            first_link,
            last_link,
        }
    }
}

fn photo(proof: &PhotoProof) -> PhotoProofSeen {
    PhotoProofSeen {
        photo_id: format!("{}-{}", proof.photo.kind, proof.photo.revision),
        kind: proof.photo.kind,
        revision: proof.photo.revision,
        recorded_sha256: proof.photo.sha256.clone(),
        found_sha256: proof.sha256.clone(),
        holds: proof.holds(),
    }
}

fn texts(both: &[String; 2]) -> Texts {
    Texts::each(|language| both[usize::from(language != Language::Zh)].clone())
}

/// The drawn days beside what platforms acknowledged of them, until now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DaysSeen {
    pub(super) days: Vec<DayCompared>,
}

/// One drawn day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayCompared {
    day: Date,
    passages: u64,
    /// Of these, queued for no platform.
    unqueued: u64,
    sinks: Vec<DaySink>,
    /// What was not watched or not recorded, as far as the ledger knows.
    gaps: Vec<GapSeen>,
    /// The longest time without a passage.
    silence_from: Option<Timestamp>,
    silence_until: Option<Timestamp>,
}

/// What became of a day's passages at one platform.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DaySink {
    sink: String,
    queued: u64,
    acknowledged: u64,
    /// Of the acknowledged ones, later than five minutes.
    late: u64,
    refused: u64,
    /// Not acknowledged.
    missing: u64,
}

/// A time in which something was not watched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapSeen {
    from: Timestamp,
    /// Null when it is not over.
    until: Option<Timestamp>,
    what: Texts,
}

impl DayCompared {
    pub(super) fn of(day: &ComparedDay) -> Self {
        let gaps = day.gaps.iter().map(|gap| GapSeen {
            from: gap.from,
            until: gap.until,
            what: texts(&gap.what),
        });
        Self {
            day: day.day,
            passages: day.passages,
            unqueued: day.unqueued,
            sinks: day.sinks.iter().map(sink).collect(),
            gaps: gaps.collect(),
            silence_from: day.silence.map(|silence| silence.from),
            silence_until: day.silence.map(|silence| silence.until),
        }
    }
}

fn sink(of: &DayDelivered) -> DaySink {
    DaySink {
        sink: of.sink.clone(),
        queued: of.queued,
        acknowledged: of.acknowledged,
        late: of.late,
        refused: of.refused,
        missing: of.queued.saturating_sub(of.acknowledged),
    }
}
