//! Passages to take away, as a table.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use records::TableFormat;
use words::Key;

use super::list::PassagesAsked;
use crate::asked::Asked;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::take_away;

/// The table of the passages that meet every condition, oldest first, as a workbook or, with
/// `format=csv`, as comma-separated values.
#[utoipa::path(get, path = "/api/export", params(PassagesAsked,
    ("format" = Option<String>, Query, description = "`xlsx` or `csv`.")), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(crate) async fn export(
    State(desk): State<Desk>,
    Asked(asked): Asked<PassagesAsked>,
) -> Result<Response, Refusal> {
    let (format, name) = match asked.format() {
        "xlsx" => (TableFormat::Xlsx, "passages.xlsx"),
        "csv" => (TableFormat::Csv, "passages.csv"),
        _ => return Err(Refusal::invalid(Key::WebFormat).of("format")),
    };
    let filter = asked.filter(&desk)?;
    let site = Arc::clone(&desk.site);
    let write = move |reader: &ledger::Reader, file| {
        let to = (file, format);
        Ok(reports::passages(reader, &filter, to, &site.zone, site.language)?.0)
    };
    take_away::table(&desk, name, write).await
}
