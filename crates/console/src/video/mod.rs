//! Recorded video: what there is of a lane's day, its files to be played, spans to take away, and clips that are kept apart.

mod clips;
mod day;
mod export;
mod play;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use recorder::{INDEX_FILE, VideoIndex};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

pub(crate) use clips::Clip;

use crate::desk::Desk;
use crate::refusal::Refusal;

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(day::recorded))
        .routes(routes!(day::day))
        .routes(routes!(play::play))
        .routes(routes!(export::take_video))
        .routes(routes!(clips::clips_of_passage, clips::keep_clip))
        .routes(routes!(clips::clips_of_lift))
        .routes(routes!(clips::clip_file))
}

/// The index of the video, opened when somebody first asks: a site that records nothing has none.
#[derive(Default)]
pub(crate) struct Videos {
    index: Mutex<Option<Arc<VideoIndex>>>,
    anew: play::Anew,
}

impl Videos {
    fn index(&self, data: &Path) -> Result<Arc<VideoIndex>, Refusal> {
        let mut open = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*open {
            return Ok(Arc::clone(index));
        }
        if !data.join(INDEX_FILE).exists() {
            let code = "no_video";
            return Err(Refusal::new(StatusCode::NOT_FOUND, code, Key::WebNoVideo));
        }
        let index = VideoIndex::open_to_read(data).map_err(|error| Refusal::failed(&error))?;
        Ok(Arc::clone(open.insert(Arc::new(index))))
    }
}

impl Desk {
    /// Whether there is video, or was.
    pub(crate) fn has_video(&self) -> bool {
        self.site.data_folder.join(INDEX_FILE).exists()
    }

    /// Asks the index of the video, on a thread that may wait.
    async fn video<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&VideoIndex) -> Result<T, recorder::Error> + Send + 'static,
    ) -> Result<T, Refusal> {
        let desk = self.clone();
        let work = move || {
            let index = desk.videos.index(&desk.site.data_folder)?;
            ask(&index).map_err(|error| Refusal::failed(&error))
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| Refusal::failed(&error))?
    }
}
