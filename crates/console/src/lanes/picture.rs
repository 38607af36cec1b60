//! The newest picture of a lane. It is made small and encoded only when somebody asks, a few times a
//! second however many ask, and the lane knows nothing of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use frame::Frame;
use words::Key;

use crate::asked::Named;
use crate::desk::Desk;
use crate::passages::{picture_answer, tag_of};
use crate::refusal::{Problem, Refusal};

const WIDEST_PX: u32 = 960;
const QUALITY: u8 = 70;
/// So long a picture is the newest.
const EVERY: Duration = Duration::from_millis(250);
/// Older ones are not shown as what the lane looks like.
const STALE: Duration = Duration::from_secs(10);

/// A picture as it was sent, and when it was made.
#[derive(Clone)]
struct Made {
    at: Instant,
    tag: String,
    jpeg: Arc<[u8]>,
}

/// The newest picture of each lane.
#[derive(Default)]
pub(crate) struct Pictures(Mutex<HashMap<String, Made>>);

/// The newest picture of a lane, 960 pixels wide at most.
#[utoipa::path(get, path = "/api/lanes/{lane}/picture", params(("lane" = String, Path)), responses(
    (status = 200, content_type = "image/jpeg", body = [u8]), (status = 304),
    (status = "4XX", body = Problem)))]
pub(crate) async fn picture(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let frame = newest(&desk, &lane)?;
    let known = tag_of(&headers);
    // Others who ask meanwhile wait there, and find it made.
    let work = tokio::task::spawn_blocking(move || desk.pictures.of(&lane, &frame));
    let made = work.await.map_err(|error| Refusal::failed(&error))??;
    let jpeg = (known.as_deref() != Some(&made.tag)).then(|| made.jpeg.to_vec());
    Ok(picture_answer(&made.tag, jpeg, "no-store"))
}

/// What the lane's camera sees now.
///
/// # Errors
/// When there is no such lane, or no picture of these seconds.
pub(crate) fn newest(desk: &Desk, lane: &str) -> Result<Frame, Refusal> {
    let mut lanes = desk.status.lanes().into_iter();
    let lane = lanes.find(|known| known.name == lane);
    let lane = lane.ok_or_else(Refusal::not_found)?;
    let newest = lane.newest().filter(|(_, age)| *age <= STALE);
    let none = || Refusal::new(StatusCode::NOT_FOUND, "no_picture", Key::WebNoPicture);
    newest.map(|(frame, _)| frame).ok_or_else(none)
}

impl Pictures {
    fn of(&self, lane: &str, frame: &Frame) -> Result<Made, Refusal> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |made: &&Made| made.at.elapsed() < EVERY || made.tag == tag(frame);
        if let Some(made) = all.get(lane).filter(is_new) {
            return Ok(made.clone());
        }
        let small = photo::smaller(&frame.picture, WIDEST_PX);
        let jpeg = photo::encode_jpeg(&small, QUALITY);
        let made = Made {
            at: Instant::now(),
            tag: tag(frame),
            jpeg: jpeg.map_err(|error| Refusal::failed(&error))?.into(),
        };
        all.insert(lane.to_owned(), made.clone());
        Ok(made)
    }
}

fn tag(frame: &Frame) -> String {
    format!("{}-{}", frame.captured.as_millisecond(), frame.sequence)
}
