//! Inspections: freeze, draw, sheets, days compared, marks, and the pack.

mod act;
mod look;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(look::inspections, act::freeze))
        .routes(routes!(look::inspection))
        .routes(routes!(act::draw))
        .routes(routes!(act::mark))
        .routes(routes!(look::inspection_sheet))
        .routes(routes!(look::inspection_days))
        .routes(routes!(look::inspection_pack))
}
