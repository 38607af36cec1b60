//! Vehicles: everything that is known of one, what people say of it and its visits, and who is inside now.

mod inside;
mod one;
mod remarks;
mod visits;

use jiff::Timestamp;
use ledger::Visit;
use passage::{PassageId, RecordView, Register};
use plate::Color;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(one::vehicle))
        .routes(routes!(remarks::remark))
        .routes(routes!(remarks::withdraw_remark))
        .routes(routes!(inside::inside))
        .routes(routes!(inside::stocktaking))
        .routes(routes!(visits::mark_visit))
        .routes(routes!(visits::exits))
        .routes(routes!(visits::withdraw_mark))
}

/// A stay on the site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitSeen {
    #[schema(value_type = crate::codes::ColorCode)]
    color: Color,
    /// Null when it was not seen to come.
    entered: Option<SideSeen>,
    /// Null while it is still there, or when it left unseen.
    left: Option<SideSeen>,
    /// By then it had left unseen, as a person says.
    left_unseen_at: Option<Timestamp>,
    /// The plate of the visit: another one where a person joined passages that were read differently.
    plate: String,
    /// Number of what a person said that made it so.
    mark: Option<i64>,
}

/// The passage that begins or ends a stay.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SideSeen {
    passage: i64,
    at: Timestamp,
}

impl VisitSeen {
    fn of(visit: &Visit) -> Self {
        let side = |side: Option<(PassageId, Timestamp)>| {
            side.map(|(id, at)| SideSeen { passage: id.0, at })
        };
        Self {
            color: visit.color,
            entered: side(visit.entered),
            left: side(visit.left),
            left_unseen_at: visit.left_unseen_at,
            plate: visit.plate.clone(),
            mark: visit.mark.map(|id| id.0),
        }
    }
}

/// What the register has of a vehicle by plate and colour, unless it is retired.
fn registered(
    reader: &ledger::Reader,
    plate: &str,
    color: Color,
) -> ledger::Result<Option<RecordView>> {
    let identity = format!("{plate}|{color}");
    reader.record_called(Register::Vehicle, &identity)
}
