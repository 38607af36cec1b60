//! Photos of a passage, as they are kept, and its plate once more. A photo is named by what it shows, and
//! looked for among those of its passage: no path comes from outside.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frame::{Point, Quad};
use passage::{PassageId, PhotoKind, PhotoView};
use words::{Key, Said};

use crate::asked::Named;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// Height of the enlarged plate; a double one has two rows.
const PLATE_PX: u32 = 160;
const PLATE_QUALITY: u8 = 88;

/// What a photo is called in addresses: `head-0`.
pub(crate) fn photo_id(photo: &PhotoView) -> String {
    format!("{}-{}", photo.kind, photo.revision)
}

/// A photo as it is kept.
#[utoipa::path(get, path = "/api/passages/{id}/photos/{photo_id}",
    params(("id" = i64, Path), ("photo_id" = String, Path)), responses(
    (status = 200, content_type = "image/jpeg", body = [u8]), (status = 304),
    (status = "4XX", body = Problem)))]
pub(crate) async fn photo(
    State(desk): State<Desk>,
    Named((id, wanted)): Named<(i64, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let known = tag_of(&headers);
    let look = move |reader: &ledger::Reader| {
        let view = reader
            .passage(PassageId(id))?
            .ok_or_else(Refusal::not_found)?;
        let mut photos = view.photos.iter();
        let photo = photos.find(|photo| photo_id(photo) == wanted);
        let photo = photo.ok_or_else(Refusal::not_found)?;
        if known.as_deref() == Some(&photo.sha256) {
            return Ok((photo.sha256.clone(), None));
        }
        let jpeg = reader.photo_bytes(photo).map_err(|error| damaged(&error))?;
        Ok::<_, Refusal>((photo.sha256.clone(), Some(jpeg)))
    };
    let (sha256, jpeg) = desk.readers.read(look).await?;
    Ok(picture(
        &sha256,
        jpeg,
        "private, max-age=31536000, immutable",
    ))
}

/// The plate, cut out of the frame that was read, turned upright and enlarged.
#[utoipa::path(get, path = "/api/passages/{id}/plate", params(("id" = i64, Path)), responses(
    (status = 200, content_type = "image/jpeg", body = [u8]), (status = "4XX", body = Problem)))]
pub(crate) async fn plate(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Response, Refusal> {
    let look = move |reader: &ledger::Reader| {
        let view = reader
            .passage(PassageId(id))?
            .ok_or_else(Refusal::not_found)?;
        let corners = view.reading.corners.ok_or_else(Refusal::not_found)?;
        let photo = view.photo(PhotoKind::HeadOriginal);
        let photo = photo.ok_or_else(Refusal::not_found)?;
        let jpeg = reader.photo_bytes(photo).map_err(|error| damaged(&error))?;
        let picture = photo::decode_jpeg(&jpeg).ok_or_else(Refusal::not_found)?;
        let quad = Quad(corners.map(|[x, y]| Point { x, y }));
        let plate = photo::rectify(&picture, quad, PLATE_PX).ok_or_else(Refusal::not_found)?;
        let jpeg = photo::encode_jpeg(&plate, PLATE_QUALITY);
        let jpeg = jpeg.map_err(|error| Refusal::failed(&error))?;
        Ok::<_, Refusal>((photo.sha256.clone(), jpeg))
    };
    let (sha256, jpeg) = desk.readers.read(look).await?;
    Ok(picture(&sha256, Some(jpeg), "private, max-age=3600"))
}

/// A JPEG with its tag; without one the browser has it.
pub(crate) fn picture(tag: &str, jpeg: Option<Vec<u8>>, keep: &'static str) -> Response {
    let mut response = match jpeg {
        Some(jpeg) => ([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The tag of what the browser has.
pub(crate) fn tag_of(headers: &HeaderMap) -> Option<String> {
    let tag = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    Some(tag.trim().trim_matches('"').to_owned())
}

/// A photo that is missing or was changed is evidence of that, and no fault of the page.
fn damaged(error: &ledger::Error) -> Refusal {
    tracing::warn!(%error, "a photo can't be shown");
    let said = Said::plain(Key::WebPhotoDamaged).and_said("why", error.said());
    Refusal::new(StatusCode::NOT_FOUND, "photo_damaged", said)
}
