//! Alarms: what is wrong or was, and a person who has seen one.

use alarm::{AlarmId, AlarmStep, AlarmView, CauseKind, StepKind};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use ledger::AlarmFilter;
use orders::Order;
use passage::ClipView;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use crate::asked::{Asked, Named, Told, why_given};
use crate::codes::{CauseCode, StepCode};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;
use crate::texts::Texts;
use crate::video::Clip;

/// Alarms of one page.
const MOST: usize = 100;

/// Which alarms.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct AlarmsAsked {
    /// Only those that are not over.
    open: bool,
    /// With a smaller number: what `next` of the page before says.
    before: Option<i64>,
}

/// A page of alarms, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Alarms {
    alarms: Vec<AlarmSeen>,
    /// For the next page; null when this is the last.
    next: Option<i64>,
}

/// One alarm.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlarmSeen {
    id: i64,
    #[schema(value_type = CauseCode)]
    kind: CauseKind,
    /// Somebody practised.
    drill: bool,
    what: Texts,
    next_step: Texts,
    lane: Option<String>,
    /// Number of the passage that it is about.
    passage: Option<i64>,
    raised_at: Timestamp,
    /// How often its cause came.
    times: u32,
    /// Over by being seen; what lasts is over when its cause is.
    ends_when_seen: bool,
    seen: Option<AlarmStepSeen>,
    /// The video that shows what it is about; null where there is none, or it is not cut yet.
    clip: Option<Clip>,
    cleared_at: Option<Timestamp>,
}

/// What became of an alarm.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlarmStepSeen {
    #[schema(value_type = StepCode)]
    step: StepKind,
    who: String,
    why: String,
    at: Timestamp,
}

/// A person has seen an alarm.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewlySeen {
    /// Why it was so, or what is done.
    why: String,
}

/// An alarm, and the clip that shows what it is about.
type AlarmWithClip = (AlarmView, Option<ClipView>);

fn with_clip(reader: &ledger::Reader, alarm: AlarmView) -> ledger::Result<AlarmWithClip> {
    let clip = alarm.clip().map(|of| reader.clip_of(of)).transpose()?;
    Ok((alarm, clip.flatten()))
}

impl AlarmSeen {
    fn of((alarm, clip): &AlarmWithClip) -> Self {
        Self {
            id: alarm.id.0,
            kind: alarm.cause.kind,
            drill: alarm.drill,
            what: Texts::each(|language| alarm.what(language)),
            next_step: Texts::each(|language| alarm.cause.next_step(language)),
            lane: alarm.cause.lane.clone(),
            passage: alarm.cause.passage.map(|passage| passage.0),
            raised_at: alarm.raised_at,
            times: alarm.times(),
            ends_when_seen: alarm.ends_when_seen(),
            seen: alarm.seen().map(AlarmStepSeen::of),
            clip: clip.as_ref().map(Clip::of),
            cleared_at: alarm.cleared().map(|step| step.at),
        }
    }
}

impl AlarmStepSeen {
    fn of(step: &AlarmStep) -> Self {
        Self {
            step: step.step,
            who: step.who.clone(),
            why: step.why.clone(),
            at: step.at,
        }
    }
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(alarms))
        .routes(routes!(see))
}

/// Alarms, the newest first.
#[utoipa::path(get, path = "/api/alarms", params(AlarmsAsked), responses(
    (status = 200, body = Alarms), (status = "4XX", body = Problem)))]
async fn alarms(
    State(desk): State<Desk>,
    Asked(asked): Asked<AlarmsAsked>,
) -> Result<Json<Alarms>, Refusal> {
    let filter = AlarmFilter {
        open: asked.open,
        from: None,
        before: asked.before.map(AlarmId),
    };
    let look = move |reader: &ledger::Reader| {
        let alarms = reader.alarms(&filter, MOST + 1)?.into_iter();
        alarms.map(|alarm| with_clip(reader, alarm)).collect()
    };
    let mut found: Vec<_> = desk.readers.read(look).await?;
    let more = found.len() > MOST;
    found.truncate(MOST);
    let last = found.last().map(|(alarm, _)| alarm.id.0);
    Ok(Json(Alarms {
        alarms: found.iter().map(AlarmSeen::of).collect(),
        next: last.filter(|_| more),
    }))
}

/// Notes that the person who is signed in has seen an alarm, and why it was so.
#[utoipa::path(post, path = "/api/alarms/{id}/seen", params(("id" = i64, Path)),
    request_body = NewlySeen, responses(
    (status = 200, body = AlarmSeen), (status = "4XX", body = Problem)))]
async fn see(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<NewlySeen>,
) -> Result<Json<AlarmSeen>, Refusal> {
    let why = why_given(&told.why, Key::LedgerAlarmNeeds)?;
    let alarm = AlarmId(id);
    let find = move |reader: &ledger::Reader| {
        let alarm = reader.alarm(alarm)?;
        alarm.map(|alarm| with_clip(reader, alarm)).transpose()
    };
    if desk.readers.read(find).await?.is_none() {
        return Err(Refusal::not_found());
    }
    let order = Order::SeeAlarm {
        alarm,
        who: by.name,
        why,
    };
    desk.order(order).await?;
    let now = desk.readers.read(find).await?;
    let now = now.ok_or_else(Refusal::not_found)?;
    Ok(Json(AlarmSeen::of(&now)))
}
