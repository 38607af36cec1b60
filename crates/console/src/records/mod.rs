//! Registers: what is registered, how it came to be so, and how people change it.

mod change;
mod files;
mod look;
mod tables;
mod view;

use passage::Register;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;
use crate::refusal::Refusal;

pub(crate) use files::file_answer;
pub(crate) use view::{FindingSeen, ItemSeen, RecordSeen, item_seen};

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(look::register, change::change_record))
        .routes(routes!(change::review_records))
        .routes(routes!(tables::table, tables::import))
        .routes(routes!(look::record))
        .routes(routes!(files::file, files::attach))
}

fn named(register: &str) -> Result<Register, Refusal> {
    register.parse().map_err(|_| Refusal::not_found())
}
