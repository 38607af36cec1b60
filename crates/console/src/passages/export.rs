//! Passages to take away, as a table. It is written to a file that has no name, and sent from there: two
//! years need no more memory than a page.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ledger::Reader;
use records::TableFormat;
use words::Key;

use super::list::PassagesAsked;
use crate::asked::Asked;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

const CHUNK_BYTES: usize = 64 * 1024;

/// The table of the passages that meet every condition, oldest first, as a workbook or, with
/// `format=csv`, as comma-separated values.
#[utoipa::path(get, path = "/api/export", params(PassagesAsked,
    ("format" = Option<String>, Query, description = "`xlsx` or `csv`.")), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(crate) async fn export(
    State(desk): State<Desk>,
    Asked(asked): Asked<PassagesAsked>,
) -> Result<Response, Refusal> {
    let (format, name) = match asked.format() {
        "xlsx" => (TableFormat::Xlsx, "passages.xlsx"),
        "csv" => (TableFormat::Csv, "passages.csv"),
        _ => return Err(Refusal::invalid(Key::WebFormat).of("format")),
    };
    let filter = asked.filter(&desk)?;
    let Ok(turn) = Arc::clone(&desk.exports).try_acquire_owned() else {
        return Err(Refusal::later());
    };
    let site = Arc::clone(&desk.site);
    let work = move || {
        let _turn = turn;
        // Of its own: it reads for minutes, and pages go on.
        let reader = Reader::open(&site.data_folder)?;
        let file = tempfile::tempfile().map_err(|error| Refusal::failed(&error))?;
        let to = (file, format);
        let (mut file, _) = reports::passages(&reader, &filter, to, &site.zone, site.language)?;
        file.rewind().map_err(|error| Refusal::failed(&error))?;
        Ok::<_, Refusal>(file)
    };
    let file = tokio::task::spawn_blocking(work).await;
    let file = file.map_err(|error| Refusal::failed(&error))??;
    let attached = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, attached),
    ];
    Ok((headers, body(file)).into_response())
}

/// What is in the file, a chunk at a time.
fn body(file: File) -> Body {
    let chunks = futures::stream::try_unfold(file, async |mut file| {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let count = file.read(&mut chunk)?;
            chunk.truncate(count);
            Ok::<_, std::io::Error>((Bytes::from(chunk), file))
        });
        let (chunk, file) = read.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!chunk.is_empty()).then_some((chunk, file)))
    });
    Body::from_stream(chunks)
}
