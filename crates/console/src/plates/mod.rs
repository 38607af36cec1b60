//! Plates on a picture that somebody sends, or on what a lane's camera sees now: read at once, kept nowhere.

mod eyes;

use axum::Json;
use axum::extract::{Request, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watch::FoundPlate;
use words::{Key, Said};

use crate::asked::{Named, whole_body};
use crate::codes::ColorCode;
use crate::desk::Desk;
use crate::lanes;
use crate::passages::view::{Character, characters};
use crate::refusal::{Problem, Refusal};

pub(crate) use eyes::Eyes;

/// The largest picture that is taken: cameras of 20 million pixels send less.
const PICTURE_BYTES: usize = 10 << 20;

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(read_lane))
}

/// What stands on a picture.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlatesRead {
    /// Of the picture, in pixels.
    width: u32,
    height: u32,
    plates: Vec<PlateSeen>,
}

/// A plate on a picture.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlateSeen {
    /// The likeliest of what it may say.
    plate: String,
    #[schema(value_type = ColorCode)]
    color: plate::Color,
    /// `single`, `double` or `unknown`: its rows.
    layout: &'static str,
    /// Probability of the weakest character, 0 to 1.
    confidence: f32,
    /// False: a plate was found, and a person has to look.
    sure: bool,
    characters: Vec<Character>,
    /// In pixels.
    width_px: f32,
    /// Of the plate in the picture, in pixels: top left, top right, bottom right, bottom left.
    corners: [[f32; 2]; 4],
}

impl From<FoundPlate> for PlateSeen {
    fn from(found: FoundPlate) -> Self {
        Self {
            sure: found.is_sure(),
            characters: characters(&found.read.chars),
            color: found.read.color,
            layout: found.read.layout.as_str(),
            confidence: found.read.confidence,
            plate: found.read.plate,
            width_px: found.best.quad.width().round(),
            corners: found.best.quad.0.map(|corner| [corner.x, corner.y]),
        }
    }
}

/// Reads a picture: JPEG, PNG, BMP or WebP of at most 10 MiB, whatever its name or type says.
#[utoipa::path(post, path = "/api/read",
    request_body(content = [u8], content_type = "application/octet-stream"), responses(
    (status = 200, body = PlatesRead), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn read(
    State(desk): State<Desk>,
    request: Request,
) -> Result<Json<PlatesRead>, Refusal> {
    let _upload = desk.eyes.upload()?;
    let bytes = whole_body(request, PICTURE_BYTES).await?;
    let turn = desk.eyes.turn().await?;
    let picture = move || {
        let no = |why: String| Refusal::invalid(Said::with(Key::WebNoPictureSent, "why", why));
        camera::picture_in(&bytes).map_err(no)
    };
    Ok(Json(turn.read(picture).await?))
}

/// Reads what a lane's camera sees now. Nothing is kept of it, and no barrier moves.
#[utoipa::path(post, path = "/api/lanes/{lane}/read", params(("lane" = String, Path)), responses(
    (status = 200, body = PlatesRead), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn read_lane(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
) -> Result<Json<PlatesRead>, Refusal> {
    let turn = desk.eyes.turn().await?;
    let frame = lanes::newest(&desk, &lane)?;
    Ok(Json(turn.read(move || Ok(frame.picture)).await?))
}
