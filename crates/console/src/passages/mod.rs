//! Passages: found, looked at with their photos, and corrected.

mod correct;
mod export;
mod list;
mod paper;
mod photos;
mod tasks;
pub(crate) mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;

pub(crate) use photos::{picture as picture_answer, tag_of};

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(list::passages))
        .routes(routes!(list::passage))
        .routes(routes!(photos::photo))
        .routes(routes!(photos::plate))
        .routes(routes!(correct::correct))
        .routes(routes!(tasks::tasks))
        .routes(routes!(paper::enter))
        .routes(routes!(export::export))
}
