//! The lanes at this moment: cameras, the last passage, the newest picture; and how all is.

mod health;
mod picture;

use axum::Json;
use axum::extract::State;
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
pub(crate) use picture::Pictures;

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
    /// Which way vehicles usually go in it; null before the first passage.
    #[schema(value_type = Option<DirectionCode>)]
    direction: Option<Direction>,
    camera: Option<CameraSeen>,
    body_camera: Option<CameraSeen>,
    /// Whether the last order to the barrier was obeyed; null before the first.
    barrier_obeyed: Option<bool>,
    last_passage: Option<Passage>,
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
        names.iter().map(last).collect::<Result<Vec<_>, _>>()
    };
    let last = desk.readers.read(look).await?;
    let places = desk.site.lanes.iter().zip(&last);
    let lanes = places.map(|(place, last)| {
        let mut counters = desk.status.lanes().into_iter();
        let counters = counters.find(|lane| lane.name == place.lane);
        Lane {
            name: place.lane.clone(),
            entrance: place.entrance.clone(),
            barrier: place.barrier.clone(),
            direction: last.as_ref().map(|last| last.direction),
            camera: camera(&desk, &place.lane),
            body_camera: camera(&desk, &format!("{}-body", place.lane)),
            barrier_obeyed: counters.and_then(|lane| lane.barrier_obeyed()),
            last_passage: last.as_ref().map(|last| Passage::of(last, &desk.site.zone)),
        }
    });
    let lanes = lanes.collect();
    Ok(Json(Lanes { lanes }))
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
