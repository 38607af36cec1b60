//! Tables to take away. One is written to a file that has no name, and sent from there: two years need
//! no more memory than a page.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ledger::Reader;

use crate::desk::Desk;
use crate::refusal::Refusal;

const CHUNK_BYTES: usize = 64 * 1024;

/// What `write` puts into a file, as a file called `name`. One is written at a time.
pub(crate) async fn table(
    desk: &Desk,
    name: &str,
    write: impl FnOnce(&Reader, File) -> Result<File, Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    let Ok(turn) = Arc::clone(&desk.exports).try_acquire_owned() else {
        return Err(Refusal::later());
    };
    let site = Arc::clone(&desk.site);
    let work = move || {
        let _turn = turn;
        // Of its own: it reads for minutes, and pages go on.
        let reader = Reader::open(&site.data_folder)?;
        let file = tempfile::tempfile().map_err(|error| Refusal::failed(&error))?;
        let mut file = write(&reader, file)?;
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
