//! Cameras as an installer sees them: found on the network, made into lanes, and checked. What is
//! configured is in a room above, which hands over a [`Fieldwork`].

mod fieldwork;
mod identity;
mod lanes;
mod search;
mod survey;

use std::sync::Arc;

use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use crate::desk::Desk;
use crate::refusal::Refusal;

pub use fieldwork::{Fieldwork, Identity, LaneInField, NewLane, PlayedStream, Working};
pub(crate) use survey::Surveys;

/// What the pages of cameras are made with.
pub(crate) struct Field {
    works: Option<Arc<dyn Fieldwork>>,
    surveys: Arc<Surveys>,
    /// Devices are asked one at a time: a page is no way to call all of a network at once.
    asking: Semaphore,
}

impl Field {
    pub(crate) fn of(works: Option<Arc<dyn Fieldwork>>) -> Self {
        Self {
            works,
            surveys: Arc::default(),
            asking: Semaphore::new(1),
        }
    }

    fn works(&self) -> Result<&Arc<dyn Fieldwork>, Refusal> {
        let works = self.works.as_ref();
        works.ok_or_else(|| Refusal::conflict(Key::WebNoFieldwork))
    }
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(lanes::cameras, lanes::add_lane))
        .routes(routes!(identity::identity, identity::set_identity))
        .routes(routes!(lanes::set_region))
        .routes(routes!(lanes::restart))
        .routes(routes!(search::search))
        .routes(routes!(search::describe))
        .routes(routes!(search::peek))
        .routes(routes!(survey::seen, survey::begin))
}
