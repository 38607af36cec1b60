//! A file of the video, as it was recorded, or coded anew for a browser that plays no H.265. It is named by its number
//! in the index: no path comes from outside.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tempfile::TempPath;
use tower_http::services::ServeFile;
use utoipa::{IntoParams, ToSchema};
use words::Key;

use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// Files coded anew that are kept for whoever asks for another part of them, 10 MB each.
const KEPT: usize = 6;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlayAsked {
    /// As H.264 instead of what was recorded, to look at; not what is proved by its hash.
    #[serde(rename = "as")]
    #[param(rename = "as", inline)]
    form: Option<PlayedAs>,
}

/// A form for browsers.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlayedAs {
    /// H.264, 1280 pixels wide at most.
    H264,
}

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Played {
    /// A file of the recording, by its number in the index.
    File(i64),
    /// A file of a clip.
    Clip(i64, usize),
}

/// Files that were coded anew, the newest last. One is made at a time: it takes a whole core, and lanes read beside it.
#[derive(Default)]
pub(crate) struct Anew {
    kept: Mutex<VecDeque<(Played, Arc<TempPath>)>>,
    turn: tokio::sync::Mutex<()>,
}

/// A file of the video: a fragmented MP4 of about a minute, whole or in ranges of bytes.
#[utoipa::path(get, path = "/api/video/files/{id}", params(("id" = i64, Path), PlayAsked), responses(
    (status = 200, content_type = "video/mp4", body = [u8]), (status = 206), (status = 304),
    (status = "4XX", body = Problem), (status = 501, body = Problem)))]
pub(crate) async fn play(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
    Asked(asked): Asked<PlayAsked>,
    request: Request,
) -> Result<Response, Refusal> {
    let found = desk.video(move |index| index.video(id)).await?;
    let there = found.filter(|video| video.gone.is_none());
    let file = there.ok_or_else(Refusal::not_found)?.file;
    answer(&desk, Played::File(id), file, &asked, request).await
}

/// The file, in the form that is asked for.
pub(super) async fn answer(
    desk: &Desk,
    id: Played,
    file: PathBuf,
    asked: &PlayAsked,
    request: Request,
) -> Result<Response, Refusal> {
    let anew = match asked.form {
        Some(PlayedAs::H264) => Some(desk.videos.anew.of(id, file.clone()).await?),
        None => None,
    };
    let path = anew.as_ref().map_or(file.as_path(), |anew| anew as &Path);
    let answer = ServeFile::new(path).try_call(request).await;
    let answer = answer.map_err(|error| Refusal::failed(&error))?;
    let mut answer = answer.map(Body::new).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("video/mp4"));
    // What was recorded never changes.
    let keep = HeaderValue::from_static("private, max-age=3600, immutable");
    headers.insert(header::CACHE_CONTROL, keep);
    Ok(answer)
}

impl Anew {
    async fn of(&self, id: Played, file: PathBuf) -> Result<Arc<TempPath>, Refusal> {
        if let Some(kept) = self.kept(id) {
            return Ok(kept);
        }
        let _turn = self.turn.lock().await;
        // Whoever waited for the same one finds it.
        if let Some(kept) = self.kept(id) {
            return Ok(kept);
        }
        let work = move || {
            let to = tempfile::Builder::new().suffix(".mp4").tempfile();
            let to = to
                .map_err(|error| Refusal::failed(&error))?
                .into_temp_path();
            camera::as_h264(&file, &to).map_err(|error| {
                tracing::warn!(%error, "video could not be coded anew");
                let code = "not_coded_anew";
                Refusal::new(StatusCode::NOT_IMPLEMENTED, code, Key::WebNotCodedAnew)
            })?;
            Ok::<_, Refusal>(Arc::new(to))
        };
        let made = tokio::task::spawn_blocking(work).await;
        let made = made.map_err(|error| Refusal::failed(&error))??;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((id, Arc::clone(&made)));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(made)
    }

    fn kept(&self, id: Played) -> Option<Arc<TempPath>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(known, _)| *known == id);
        found.map(|(_, path)| Arc::clone(path))
    }
}
