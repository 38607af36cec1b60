//! The lanes' cameras, and a lane that is to be.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use passage::Direction;
use secret::Secret;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use super::{Fieldwork, NewLane, PlayedStream};
use crate::asked::{Named, Told};
use crate::codes::DirectionCode;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// The lanes' cameras, as they are configured.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cameras {
    lanes: Vec<LaneCamera>,
    /// Where the configuration is.
    file: String,
    /// Something else stands in it than what runs: it counts from the next start on.
    changed: bool,
}

/// A lane's camera.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LaneCamera {
    lane: String,
    /// Without user and password; null for a recording.
    address: Option<String>,
    /// Corners, x and y as shares of the picture.
    region: Vec<[f32; 2]>,
}

/// A stream that is played.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StreamAsked {
    url: String,
    user: Option<String>,
    password: Option<String>,
}

/// A lane that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LaneAsked {
    name: String,
    entrance: String,
    barrier: String,
    #[schema(value_type = DirectionCode)]
    direction: Direction,
    /// The camera sees vehicles from behind.
    sees_rear: bool,
    stream: StreamAsked,
}

/// Where plates count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegionAsked {
    /// Three corners or more, x and y as shares of the picture.
    #[schema(max_items = 32)]
    corners: Vec<[f32; 2]>,
}

/// What nobody draws by hand.
const MOST_CORNERS: usize = 32;

/// The lanes' cameras, as they are configured.
#[utoipa::path(get, path = "/api/cameras", responses(
    (status = 200, body = Cameras), (status = "4XX", body = Problem)))]
pub(crate) async fn cameras(State(desk): State<Desk>) -> Result<Json<Cameras>, Refusal> {
    let works = desk.field.works()?.clone();
    let look = move || {
        let lanes = works.lanes().into_iter();
        let lanes = lanes.map(|lane| LaneCamera {
            lane: lane.name,
            address: lane.camera,
            region: lane.region,
        });
        Cameras {
            lanes: lanes.collect(),
            file: works.file(),
            changed: works.has_changed(),
        }
    };
    let seen = spawn_blocking(look).await;
    seen.map(Json).map_err(|error| Refusal::failed(&error))
}

/// Adds a lane to the configuration. It counts from the next start on; no barrier is moved for it before
/// somebody has configured one.
#[utoipa::path(post, path = "/api/cameras", request_body = LaneAsked, responses(
    (status = 201), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn add_lane(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<LaneAsked>,
) -> Result<StatusCode, Refusal> {
    let lane = NewLane {
        name: told.name,
        entrance: told.entrance,
        barrier: told.barrier,
        direction: told.direction,
        sees_rear: told.sees_rear,
        stream: told.stream.into(),
    };
    let name = lane.name.clone();
    change(&desk, move |works| works.add_lane(lane)).await?;
    tracing::info!(
        lane = name,
        by = by.name,
        "a lane was added to the configuration"
    );
    Ok(StatusCode::CREATED)
}

/// Sets where plates count in a lane's picture, from the next start on.
#[utoipa::path(put, path = "/api/cameras/{lane}/region", params(("lane" = String, Path)),
    request_body = RegionAsked, responses(
    (status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn set_region(
    State(desk): State<Desk>,
    by: Person,
    Named(lane): Named<String>,
    Told(told): Told<RegionAsked>,
) -> Result<StatusCode, Refusal> {
    let mut corners = told.corners;
    corners.truncate(MOST_CORNERS + 1);
    if corners.len() > MOST_CORNERS {
        let said = words::Said::with(words::Key::WebManyCorners, "most", MOST_CORNERS);
        return Err(Refusal::invalid(said).of("corners"));
    }
    let name = lane.clone();
    change(&desk, move |works| works.set_region(&lane, corners)).await?;
    tracing::info!(
        lane = name,
        by = by.name,
        "a lane's region was set in the configuration"
    );
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the service and begins it anew, with what stands in the configuration. What runs at the barrier ends in
/// order; for some seconds nothing is recognised.
#[utoipa::path(post, path = "/api/restart", responses(
    (status = 202), (status = "4XX", body = Problem)))]
pub(crate) async fn restart(State(desk): State<Desk>, by: Person) -> Result<StatusCode, Refusal> {
    let works = desk.field.works()?;
    tracing::warn!(by = by.name, "asked to begin anew");
    works.restart();
    Ok(StatusCode::ACCEPTED)
}

/// Changes the configuration, on a thread that may wait.
pub(super) async fn change(
    desk: &Desk,
    work: impl FnOnce(&dyn Fieldwork) -> Result<(), words::Said> + Send + 'static,
) -> Result<(), Refusal> {
    let works = desk.field.works()?.clone();
    let done = spawn_blocking(move || work(works.as_ref())).await;
    let done = done.map_err(|error| Refusal::failed(&error))?;
    done.map_err(Refusal::invalid)
}

impl From<StreamAsked> for PlayedStream {
    fn from(asked: StreamAsked) -> Self {
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            url: asked.url,
            user: some(asked.user),
            password: some(asked.password).map(Secret::new),
        }
    }
}
