//! The lanes at this moment: cameras, the last passage, the newest picture; and how all is.

mod health;
mod hold;
mod lift;
mod picture;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use ledger::Filter;
use passage::Direction;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Group;

use crate::codes::DirectionCode;
use crate::desk::Desk;
use crate::passages::view::Passage;
use crate::refusal::{Problem, Refusal};
use crate::texts::Texts;

pub(crate) use health::sign_of_life;
pub(crate) use picture::{Pictures, newest};

/// All lanes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
}

/// One lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lane {
    name: String,
    entrance: String,
    barrier: String,
    /// Its camera sees vehicles from behind: the key photo of the head shows the tail.
    sees_rear: bool,
    /// Which way vehicles usually go in it; null before the first passage.
    #[schema(value_type = Option<DirectionCode>)]
    direction: Option<Direction>,
    camera: Option<CameraSeen>,
    body_camera: Option<CameraSeen>,
    /// Whether the last order to the barrier was obeyed; null before the first.
    barrier_obeyed: Option<bool>,
    /// Where the arm is; null where nothing beside the barrier could tell.
    arm: Option<ArmSeen>,
    /// Whether the display shows what it is told; null where there is none, or before it was told.
    display_works: Option<bool>,
    /// The same for what is said.
    voice_works: Option<bool>,
    /// A guard may raise its arm from here.
    liftable: bool,
    /// Who holds it open and until when; null while nobody does.
    hold: Option<hold::HeldOpen>,
    last_passage: Option<Passage>,
}

/// Where a barrier's arm is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArmSeen {
    /// Code: `up`, `down`, `between`, `not_up`, `not_down`, `unknown`.
    state: &'static str,
    /// The same in words.
    text: Texts,
    /// Whether the inputs answer; null before they were asked.
    answers: Option<bool>,
}

/// How a camera is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CameraSeen {
    /// Code: `live`, `connecting`, `frozen`, …
    state: String,
    /// The same in words.
    text: Texts,
    /// Something has to be done.
    is_fault: bool,
    /// Why, and what to do; only for a fault.
    why: Option<Texts>,
    next_step: Option<Texts>,
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(lanes))
        .routes(routes!(picture::picture))
        .routes(routes!(lift::lift))
        .routes(routes!(hold::hold))
        .routes(routes!(hold::end_hold))
        .routes(routes!(health::health))
}

/// All lanes at this moment.
#[utoipa::path(get, path = "/api/lanes", responses(
    (status = 200, body = Lanes), (status = "4XX", body = Problem)))]
async fn lanes(State(desk): State<Desk>) -> Result<Json<Lanes>, Refusal> {
    let names: Vec<_> = desk
        .site
        .lanes
        .iter()
        .map(|lane| lane.lane.clone())
        .collect();
    let look = move |reader: &ledger::Reader| {
        let last = |lane: &String| {
            let filter = Filter {
                lane: Some(lane.clone()),
                ..Filter::default()
            };
            let page = reader.search(&filter, None, 1)?;
            Ok::<_, ledger::Error>(page.passages.into_iter().next())
        };
        let last = names.iter().map(last).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, ledger::Error>((last, reader.holds_in_force(Timestamp::now())?))
    };
    let (last, holds) = desk.readers.read(look).await?;
    let arms = desk.site.arms.as_ref();
    let liftable = arms.map(|arms| arms.lanes()).unwrap_or_default();
    let places = desk.site.lanes.iter().zip(&last);
    let lanes = places.map(|(place, last)| {
        let mut counters = desk.status.lanes().into_iter();
        let counters = counters.find(|lane| lane.name == place.lane);
        let counters = counters.as_deref();
        Lane {
            name: place.lane.clone(),
            entrance: place.entrance.clone(),
            barrier: place.barrier.clone(),
            sees_rear: place.sees_rear,
            direction: last.as_ref().map(|last| last.direction),
            camera: camera(&desk, &place.lane),
            body_camera: camera(&desk, &format!("{}-body", place.lane)),
            barrier_obeyed: counters.and_then(status::LaneCounters::barrier_obeyed),
            arm: counters.and_then(arm),
            display_works: counters.and_then(|lane| lane.display()?.works),
            voice_works: counters.and_then(|lane| lane.voice()?.works),
            liftable: liftable.contains(&place.lane),
            hold: holds
                .iter()
                .rfind(|hold| hold.hold.lane == place.lane)
                .map(hold::HeldOpen::from),
            last_passage: last.as_ref().map(|last| Passage::of(last, &desk.site.zone)),
        }
    });
    let lanes = lanes.collect();
    Ok(Json(Lanes { lanes }))
}

fn arm(lane: &status::LaneCounters) -> Option<ArmSeen> {
    let view = lane.inputs()?;
    let arm = view.inputs.arm();
    Some(ArmSeen {
        state: arm.code(),
        text: Texts::from(arm.key()),
        answers: view.answers,
    })
}

fn camera(desk: &Desk, name: &str) -> Option<CameraSeen> {
    let mut cameras = desk.status.cameras().into_iter();
    let camera = cameras.find(|camera| camera.name == name)?;
    let status = camera.state.borrow().status;
    let (code, fault) = (status.code(), status.is_fault());
    Some(CameraSeen {
        state: code.to_owned(),
        text: Texts::named(Group::Camera, code),
        is_fault: fault,
        why: fault.then(|| Texts::named(Group::CameraWhy, code)),
        next_step: fault.then(|| Texts::named(Group::CameraNext, code)),
    })
}
