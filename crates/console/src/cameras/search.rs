//! Cameras on the network: found, described, and a picture of one before it is anybody's lane.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use onvif::{Account, Description, Device, DeviceAddress, FoundDevice, Search, find};
use secret::Secret;
use serde::{Deserialize, Serialize};
use tokio::sync::SemaphorePermit;
use utoipa::ToSchema;

use super::lanes::StreamAsked;
use crate::asked::Told;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::texts::Texts;

/// Answers come within two seconds, or from far away.
const WAIT: Duration = Duration::from_secs(4);
const WIDEST_PX: u32 = 960;

/// Where to look.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchAsked {
    /// Only this one, `IP` or `IP:PORT`; without it every network of the gate's computer.
    address: Option<String>,
}

/// Who answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    cameras: Vec<FoundCamera>,
}

/// A camera that answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundCamera {
    /// Where to ask it further.
    address: String,
    name: String,
    hardware: String,
    /// Its own mark.
    endpoint: String,
}

/// A camera to be asked what it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceAsked {
    /// `IP`, `IP:PORT`, or the whole address of the device service.
    address: String,
    user: Option<String>,
    password: Option<String>,
}

/// What a camera says that it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CameraDescribed {
    address: String,
    manufacturer: String,
    model: String,
    firmware: String,
    serial: String,
    /// The camera's clock less ours, milliseconds; null where it does not tell.
    clock_ahead_ms: Option<i64>,
    streams: Vec<CameraStream>,
    /// Which stream is the one to watch a lane with: its token.
    best: Option<String>,
    /// Names of its relay outputs and digital inputs.
    outputs: Vec<String>,
    inputs: Vec<String>,
    /// What it did not tell, and why.
    untold: Vec<Texts>,
}

/// A stream of a camera.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CameraStream {
    token: String,
    name: String,
    codec: String,
    width: u32,
    height: u32,
    fps: Option<f32>,
    url: String,
    /// It can be decoded and has an address.
    watchable: bool,
}

/// Asks who is there; takes four seconds.
#[utoipa::path(post, path = "/api/cameras/search", request_body = SearchAsked, responses(
    (status = 200, body = Found), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn search(
    State(desk): State<Desk>,
    Told(told): Told<SearchAsked>,
) -> Result<Json<Found>, Refusal> {
    let _turn = turn(&desk)?;
    let search = Search::of(WAIT, told.address.as_deref());
    let search = search.map_err(|wrong| Refusal::invalid(wrong).of("address"))?;
    let found = find(&search)
        .await
        .map_err(|e| Refusal::invalid(e.said()))?;
    let cameras = found.into_iter().map(FoundCamera::from).collect();
    Ok(Json(Found { cameras }))
}

/// Asks a camera what it is and which streams it has.
#[utoipa::path(post, path = "/api/cameras/describe", request_body = DeviceAsked, responses(
    (status = 200, body = CameraDescribed), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn describe(
    State(desk): State<Desk>,
    Told(told): Told<DeviceAsked>,
) -> Result<Json<CameraDescribed>, Refusal> {
    let _turn = turn(&desk)?;
    let refused = |error: onvif::Error| Refusal::invalid(error.said());
    let address = DeviceAddress::parse(&told.address).map_err(|e| refused(e).of("address"))?;
    let user = told.user.filter(|user| !user.is_empty());
    let account = user.map(|user| Account {
        user,
        password: Secret::new(told.password.unwrap_or_default()),
    });
    let device = Device::connect(&address, account.as_ref());
    let device = device.await.map_err(refused)?;
    let described = device.describe().await.map_err(refused)?;
    Ok(Json(described.into()))
}

/// A picture of a camera that no lane has yet: is it the one that is meant, and are user and password right?
#[utoipa::path(post, path = "/api/cameras/picture", request_body = StreamAsked, responses(
    (status = 200, content_type = "image/jpeg", body = [u8]), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn peek(
    State(desk): State<Desk>,
    Told(told): Told<StreamAsked>,
) -> Result<Response, Refusal> {
    let _turn = turn(&desk)?;
    let works = desk.field.works()?;
    let jpeg = works.peek(told.into(), WIDEST_PX).await;
    let jpeg = jpeg.map_err(Refusal::invalid)?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}

fn turn(desk: &Desk) -> Result<SemaphorePermit<'_>, Refusal> {
    desk.field
        .asking
        .try_acquire()
        .map_err(|_| Refusal::later())
}

impl From<FoundDevice> for FoundCamera {
    fn from(found: FoundDevice) -> Self {
        Self {
            address: found.address,
            name: found.name,
            hardware: found.hardware,
            endpoint: found.endpoint,
        }
    }
}

impl From<Description> for CameraDescribed {
    fn from(told: Description) -> Self {
        Self {
            best: told.best_profile().map(|profile| profile.token.clone()),
            address: told.address,
            manufacturer: told.manufacturer,
            model: told.model,
            firmware: told.firmware,
            serial: told.serial,
            clock_ahead_ms: told.clock.map(|clock| clock.ahead_ms),
            streams: told.profiles.into_iter().map(CameraStream::from).collect(),
            outputs: told.outputs.into_iter().map(|port| port.token).collect(),
            inputs: told.inputs.into_iter().map(|port| port.token).collect(),
            untold: told.untold.into_iter().map(Texts::from).collect(),
        }
    }
}

impl From<onvif::StreamProfile> for CameraStream {
    fn from(profile: onvif::StreamProfile) -> Self {
        Self {
            watchable: profile.is_watchable(),
            token: profile.token,
            name: profile.name,
            codec: profile.codec,
            width: profile.width,
            height: profile.height,
            fps: profile.fps,
            url: profile.url,
        }
    }
}
