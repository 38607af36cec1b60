//! Pictures and documents of records. A file is named by record and item, and looked for among those of
//! its record: no path comes from outside.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use ledger::Reader;
use orders::register::By;
use passage::RecordKey;
use serde::Deserialize;
use utoipa::IntoParams;
use words::Key;

use super::change::{asked as ask, changed, looked_at};
use super::named;
use super::view::RecordSeen;
use crate::asked::{Asked, Named, whole_body, why_given};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// The largest file: a licence as a phone photographs it.
const FILE_BYTES: usize = 10 << 20;

/// What is said of a file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AttachAsked {
    /// The record's revision when the page looked.
    base: u32,
    why: String,
}

/// A file of a record, in its newest revision.
#[utoipa::path(get, path = "/api/records/{register}/{key}/files/{item}",
    params(("register" = String, Path), ("key" = String, Path), ("item" = String, Path)), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(crate) async fn file(
    State(desk): State<Desk>,
    Named((register, key, item)): Named<(String, String, String)>,
) -> Result<Response, Refusal> {
    let register = named(&register)?;
    let key: RecordKey = key.parse().map_err(|_| Refusal::not_found())?;
    let look = move |reader: &Reader| {
        let record = reader.record(key)?.filter(|r| r.register == register);
        let record = record.ok_or_else(Refusal::not_found)?;
        let file = record.files.into_iter().find(|file| file.item == item);
        let file = file.ok_or_else(Refusal::not_found)?;
        let bytes = reader.file_bytes(&file)?;
        Ok::<_, Refusal>((file.media_type, bytes))
    };
    let (media_type, bytes) = desk.readers.read(look).await?;
    file_answer(&media_type, bytes)
}

/// A kept file as an answer.
pub(crate) fn file_answer(media_type: &str, bytes: Vec<u8>) -> Result<Response, Refusal> {
    let kind = HeaderValue::from_str(media_type);
    let kind = kind.map_err(|error| Refusal::failed(&error))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    if media_type == "application/pdf" {
        // A document may hold anything; a browser opens it apart from our pages.
        let attached = HeaderValue::from_static("attachment; filename=\"document.pdf\"");
        headers.insert(header::CONTENT_DISPOSITION, attached);
    }
    Ok(response)
}

/// Gives a record a file: a JPEG, PNG or PDF of at most 10 MiB.
#[utoipa::path(put, path = "/api/records/{register}/{key}/files/{item}",
    params(("register" = String, Path), ("key" = String, Path), ("item" = String, Path), AttachAsked),
    request_body(content = [u8], content_type = "application/octet-stream"), responses(
    (status = 200, body = RecordSeen), (status = "4XX", body = Problem)))]
pub(crate) async fn attach(
    State(desk): State<Desk>,
    by: Person,
    Named((register, key, item)): Named<(String, String, String)>,
    Asked(asked): Asked<AttachAsked>,
    request: Request,
) -> Result<Json<RecordSeen>, Refusal> {
    let register = named(&register)?;
    let why = why_given(&asked.why, Key::WebWhy)?;
    let before = looked_at(&desk, register, &key, asked.base).await?;
    let bytes = whole_body(request, FILE_BYTES).await?;
    let change = ask(&desk, move |registers| {
        let by = By {
            who: &by.name,
            why: &why,
        };
        registers.attach(&before, &item, &bytes, by)
    });
    let change = change.await?;
    changed(&desk, change).await
}
