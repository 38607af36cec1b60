//! Freezing, drawing, and saying something of what was drawn.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use inspection::{DrawCounts, InspectionAct};
use jiff::civil::Date;
use ledger::{DrawnKind, InspectionMark, NewMark};
use orders::{Done, Order};
use serde::Deserialize;
use utoipa::ToSchema;

use super::look::known;
use super::view::InspectionSeen;
use crate::asked::{Named, Told};
use crate::codes::{DrawnCode, MarkCode};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// A span to be frozen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToFreeze {
    from: Date,
    until: Date,
    /// All entrances when there is none.
    #[serde(default)]
    entrances: Vec<String>,
}

/// What shall be drawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToDraw {
    /// What the inspector chose after the freeze.
    seed: String,
    /// 5 to 10.
    #[serde(default = "ten")]
    passages: usize,
    /// 3 to 5.
    #[serde(default = "five")]
    days: usize,
}

/// What an inspector says of one thing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToMark {
    #[schema(value_type = DrawnCode)]
    kind: DrawnKind,
    subject: String,
    #[schema(value_type = MarkCode)]
    mark: InspectionMark,
    #[serde(default)]
    remark: String,
}

fn ten() -> usize {
    DrawCounts::default().passages
}

fn five() -> usize {
    DrawCounts::default().days
}

/// Freezes a span of days: what there is to draw from is counted and hashed, and stays in the chain.
#[utoipa::path(post, path = "/api/inspections", request_body = ToFreeze, responses(
    (status = 201, body = InspectionSeen), (status = "4XX", body = Problem)))]
pub(super) async fn freeze(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<ToFreeze>,
) -> Result<(StatusCode, Json<InspectionSeen>), Refusal> {
    let act = InspectionAct::Freeze {
        from: told.from,
        until: told.until,
        entrances: told.entrances,
        who: by.name,
    };
    Ok((StatusCode::CREATED, Json(done(&desk, act).await?)))
}

/// Draws of what was frozen, once.
#[utoipa::path(post, path = "/api/inspections/{id}/draw", params(("id" = i64, Path)),
    request_body = ToDraw, responses(
    (status = 200, body = InspectionSeen), (status = "4XX", body = Problem)))]
pub(super) async fn draw(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<ToDraw>,
) -> Result<Json<InspectionSeen>, Refusal> {
    known(&desk, id).await?;
    let counts = DrawCounts {
        passages: told.passages,
        days: told.days,
        ..DrawCounts::default()
    };
    let act = InspectionAct::Draw {
        inspection: id,
        seed: told.seed,
        counts,
        who: by.name,
    };
    Ok(Json(done(&desk, act).await?))
}

/// Says of one thing that was drawn whether it agrees with what was found. The last word holds, all stay.
#[utoipa::path(post, path = "/api/inspections/{id}/marks", params(("id" = i64, Path)),
    request_body = ToMark, responses(
    (status = 200, body = InspectionSeen), (status = "4XX", body = Problem)))]
pub(super) async fn mark(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<ToMark>,
) -> Result<Json<InspectionSeen>, Refusal> {
    known(&desk, id).await?;
    let act = InspectionAct::Mark(NewMark {
        inspection: id,
        kind: told.kind,
        subject: told.subject,
        mark: told.mark,
        remark: told.remark,
        who: by.name,
    });
    Ok(Json(done(&desk, act).await?))
}

async fn done(desk: &Desk, act: InspectionAct) -> Result<InspectionSeen, Refusal> {
    match desk.order(Order::Inspect { act }).await? {
        Done::Inspected(id) => Ok(InspectionSeen::of(&known(desk, id).await?)?),
        _ => Err(Refusal::not_found()),
    }
}
