//! Files to take away. A table is written to a file that has no name, and sent from there: two years need
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
    let (site, name) = (Arc::clone(&desk.site), name.to_owned());
    let work = move || {
        // Of its own: it reads for minutes, and pages go on.
        let reader = Reader::open(&site.data_folder)?;
        let file = tempfile::tempfile().map_err(|error| Refusal::failed(&error))?;
        Ok((write(&reader, file)?, name, ()))
    };
    Ok(self::file(desk, work).await?.0)
}

/// A file that `make` gives under a name, from its beginning, and what else it tells. One is made at a time.
pub(crate) async fn file<T: Send + 'static>(
    desk: &Desk,
    make: impl FnOnce() -> Result<(File, String, T), Refusal> + Send + 'static,
) -> Result<(Response, T), Refusal> {
    let Ok(turn) = Arc::clone(&desk.exports).try_acquire_owned() else {
        return Err(Refusal::later());
    };
    let work = move || {
        let _turn = turn;
        let (mut file, name, told) = make()?;
        file.rewind().map_err(|error| Refusal::failed(&error))?;
        Ok::<_, Refusal>((file, name, told))
    };
    let made = tokio::task::spawn_blocking(work).await;
    let (file, name, told) = made.map_err(|error| Refusal::failed(&error))??;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok(((headers, body(file)).into_response(), told))
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
