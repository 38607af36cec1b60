//! Registers as tables: taken away, and brought in, all of it or nothing.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use ledger::Reader;
use orders::Order;
use orders::register::{By, Import, Registers};
use records::{TableFormat, TableReader};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use words::{Key, Said};

use super::change::asked as ask;
use super::named;
use super::view::FindingSeen;
use crate::asked::{Asked, Named, whole_body, why_given};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;
use crate::take_away;

/// The largest table; 10,000 vehicles with every item need a tenth of it.
const TABLE_BYTES: usize = 15 << 20;
/// What is told of a table at once; the rest comes after these are settled.
const MOST_FINDINGS: usize = 200;

/// Which table.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct TableAsked {
    /// `xlsx` or `csv`; a workbook without it.
    format: Option<String>,
    /// Also records that are retired.
    retired: bool,
}

/// What is brought in, and why.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportAsked {
    /// `xlsx` or `csv`; a workbook without it.
    format: Option<String>,
    /// Only look: nothing is written.
    trial: bool,
    why: String,
}

/// What a table brought, or would bring.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportDone {
    /// Rows that were looked at and have no mistake.
    rows: usize,
    /// Records that are new or changed; 0 of a trial with mistakes.
    changed: usize,
    /// Mistakes; with one of them nothing is taken.
    mistakes: usize,
    /// What there is to say, 200 at most, mistakes first.
    findings: Vec<FindingSeen>,
}

/// The register as a table that can be brought in again; an empty one is a form to fill in.
#[utoipa::path(get, path = "/api/records/{register}/table",
    params(("register" = String, Path), TableAsked), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(crate) async fn table(
    State(desk): State<Desk>,
    Named(register): Named<String>,
    Asked(asked): Asked<TableAsked>,
) -> Result<Response, Refusal> {
    let register = named(&register)?;
    let format = format_of(asked.format.as_deref())?;
    let end = match format {
        TableFormat::Xlsx => "xlsx",
        TableFormat::Csv => "csv",
    };
    let language = desk.site.language;
    let write = move |reader: &Reader, file| {
        let all = reader.every_record(register);
        let table = (file, format);
        let written = reports::register(register, all, asked.retired, table, language)?;
        Ok(written.0)
    };
    take_away::table(&desk, &format!("{register}.{end}"), write).await
}

/// Brings a table into a register: all of it, or nothing and what is wrong with it, row by row.
#[utoipa::path(post, path = "/api/records/{register}/table",
    params(("register" = String, Path), ImportAsked),
    request_body(content = [u8], content_type = "application/octet-stream"), responses(
    (status = 200, body = ImportDone), (status = "4XX", body = Problem)))]
pub(crate) async fn import(
    State(desk): State<Desk>,
    by: Person,
    Named(register): Named<String>,
    Asked(asked): Asked<ImportAsked>,
    request: Request,
) -> Result<Json<ImportDone>, Refusal> {
    let register = named(&register)?;
    let format = format_of(asked.format.as_deref())?;
    let trial = asked.trial;
    let why = if trial {
        String::new()
    } else {
        why_given(&asked.why, Key::WebWhy)?
    };
    let bytes = whole_body(request, TABLE_BYTES).await?;
    let work = move |registers: &Registers| {
        let table = TableReader::read(&bytes, format)?;
        let import = Import::read(&table, register, registers)?;
        let mut seen = ImportDone {
            rows: import.rows(),
            changed: 0,
            mistakes: import.mistakes(),
            findings: told(&import),
        };
        if seen.mistakes > 0 {
            return Ok((seen, Vec::new()));
        }
        let by = By {
            who: &by.name,
            why: &why,
        };
        // Cells name files of somebody's computer; those of this one are nobody's business.
        let revisions = registers.import(register, import, None, by)?;
        seen.changed = revisions.len();
        Ok((seen, revisions))
    };
    let (seen, revisions) = ask(&desk, work).await?;
    if seen.mistakes > 0 && !trial {
        let said = Said::with(Key::ConsoleNothingImported, "count", seen.mistakes);
        return Err(Refusal::invalid(said).with_findings(seen.findings));
    }
    if !trial && !revisions.is_empty() {
        desk.order(Order::Records { revisions }).await?;
    }
    Ok(Json(seen))
}

fn told(import: &Import) -> Vec<FindingSeen> {
    let mut findings: Vec<_> = import.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let first = findings.into_iter().take(MOST_FINDINGS);
    first.map(FindingSeen::of_row).collect()
}

fn format_of(format: Option<&str>) -> Result<TableFormat, Refusal> {
    match format.unwrap_or("xlsx") {
        "xlsx" => Ok(TableFormat::Xlsx),
        "csv" => Ok(TableFormat::Csv),
        _ => Err(Refusal::invalid(Said::with(Key::WebFormat, "known", "xlsx, csv")).of("format")),
    }
}
