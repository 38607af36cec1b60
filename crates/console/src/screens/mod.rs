//! Screens at the gate, for drivers and passers-by: `/display/LANE` with the newest decision, `/board` with who
//! answers for the site and what is in force. Nobody signs in at a screen, so they show nothing else, and
//! they are there only where the site says so.

mod board;
mod control;
mod lane;
mod pages;
mod section;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gate::Notice;
use tokio::sync::{Semaphore, broadcast};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;
use control::Control;

pub(crate) use pages::page;
pub use section::ScreenSettings;

/// Screens that listen at the same time.
const MOST: usize = 16;

/// What screens show.
pub(crate) struct Screens {
    newest: Mutex<HashMap<String, (Arc<Notice>, Instant)>>,
    /// The lane about which there is news.
    news: broadcast::Sender<String>,
    control: Mutex<Option<(Arc<Control>, Instant)>>,
    seats: Arc<Semaphore>,
}

impl Default for Screens {
    fn default() -> Self {
        Self {
            newest: Mutex::default(),
            news: broadcast::Sender::new(64),
            control: Mutex::default(),
            seats: Arc::new(Semaphore::new(MOST)),
        }
    }
}

impl Screens {
    /// What was decided last on a lane, and how long ago, unless that is longer than `keep`.
    fn newest(&self, lane: &str, keep: Duration) -> Option<(Arc<Notice>, Duration)> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let (notice, at) = newest.get(lane)?;
        let age = at.elapsed();
        (age < keep).then(|| (Arc::clone(notice), age))
    }

    fn take(&self, notice: Arc<Notice>) {
        let lane = notice.lane.clone();
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.insert(lane.clone(), (notice, Instant::now()));
        drop(newest);
        // Nobody may be there.
        let _ = self.news.send(lane);
    }
}

/// Follows what is decided, until it is dropped.
pub(crate) async fn follow(desk: Desk, mut notices: broadcast::Receiver<Arc<Notice>>) {
    loop {
        match notices.recv().await {
            Ok(notice) => desk.screens.take(notice),
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            // Nothing more will be decided; what stands fades by itself.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(lane::screen_events))
        .routes(routes!(board::board))
}
