//! Passages to take away, as a table.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use records::TableFormat;
use words::{Key, Said};

use super::list::PassagesAsked;
use crate::asked::Asked;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::take_away;

/// What is taken away.
#[derive(Clone, Copy)]
enum Format {
    Table(TableFormat),
    Photos,
    Truth,
}

/// The passages that meet every condition, oldest first: the table as a workbook or, with `format=csv`, as
/// comma-separated values; with `format=zip` the workbook with the key photos; with `format=truth` what persons
/// corrected of plate and colour, with the pictures that were read, as `menjin bench images` takes it.
#[utoipa::path(get, path = "/api/export", params(PassagesAsked,
    ("format" = Option<String>, Query, description = "`xlsx`, `csv`, `zip` or `truth`.")), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(crate) async fn export(
    State(desk): State<Desk>,
    Asked(asked): Asked<PassagesAsked>,
) -> Result<Response, Refusal> {
    let (format, name) = match asked.format() {
        "xlsx" => (Format::Table(TableFormat::Xlsx), "passages.xlsx"),
        "csv" => (Format::Table(TableFormat::Csv), "passages.csv"),
        "zip" => (Format::Photos, "passages.zip"),
        "truth" => (Format::Truth, "truth.zip"),
        _ => {
            let known = Said::with(Key::WebFormat, "known", "xlsx, csv, zip, truth");
            return Err(Refusal::invalid(known).of("format"));
        }
    };
    let filter = asked.filter(&desk)?;
    let site = Arc::clone(&desk.site);
    let write = move |reader: &ledger::Reader, file| {
        let (zone, language) = (&site.zone, site.language);
        let written = match format {
            Format::Table(format) => {
                reports::passages(reader, &filter, (file, format), zone, language)
            }
            Format::Photos => reports::photos_zip(reader, &filter, file, zone, language),
            Format::Truth => reports::truth_zip(reader, &filter, file, zone),
        };
        Ok(written?.0)
    };
    take_away::table(&desk, name, write).await
}
