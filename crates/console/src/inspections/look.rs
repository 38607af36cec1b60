//! Looking at inspections, and taking the pack away.

use std::collections::BTreeSet;
use std::io::{BufWriter, Write as _};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use inspection::{Drawn, Freeze, compare, sheet, write_pack};
use jiff::Timestamp;
use ledger::{DrawnKind, InspectionView, Reader};
use passage::PassageId;

use super::view::{DayCompared, DaysSeen, InspectionSeen, Inspections, SheetSeen};
use crate::asked::Named;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::take_away;

/// Everything that was ever frozen and drawn, the newest first.
#[utoipa::path(get, path = "/api/inspections", responses(
    (status = 200, body = Inspections), (status = "4XX", body = Problem)))]
pub(super) async fn inspections(State(desk): State<Desk>) -> Result<Json<Inspections>, Refusal> {
    let found = desk.readers.read(Reader::inspections).await?;
    let lanes = desk.site.lanes.iter();
    let entrances: BTreeSet<String> = lanes.map(|lane| lane.entrance.clone()).collect();
    let seen: Result<Vec<_>, _> = found.iter().map(InspectionSeen::of).collect();
    Ok(Json(Inspections {
        inspections: seen?,
        entrances: entrances.into_iter().collect(),
    }))
}

/// One of them.
#[utoipa::path(get, path = "/api/inspections/{id}", params(("id" = i64, Path)), responses(
    (status = 200, body = InspectionSeen), (status = "4XX", body = Problem)))]
pub(super) async fn inspection(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<InspectionSeen>, Refusal> {
    Ok(Json(InspectionSeen::of(&known(&desk, id).await?)?))
}

/// The inspection of this number.
pub(super) async fn known(desk: &Desk, id: i64) -> Result<InspectionView, Refusal> {
    let found = desk
        .readers
        .read(move |reader: &Reader| reader.inspection(id));
    found.await?.ok_or_else(Refusal::not_found)
}

/// The sheet of a passage that was drawn. Its photos are read and hashed for it.
#[utoipa::path(get, path = "/api/inspections/{id}/sheets/{passage}",
    params(("id" = i64, Path), ("passage" = i64, Path)), responses(
    (status = 200, body = SheetSeen), (status = "4XX", body = Problem)))]
pub(super) async fn inspection_sheet(
    State(desk): State<Desk>,
    Named((id, passage)): Named<(i64, i64)>,
) -> Result<Json<SheetSeen>, Refusal> {
    let drawn = Drawn::of(&known(&desk, id).await?)?;
    if !drawn.has(DrawnKind::Passage, &passage.to_string()) {
        return Err(Refusal::not_found());
    }
    let zone = desk.site.zone.clone();
    let look = move |reader: &Reader| sheet(reader, PassageId(passage), &zone, Timestamp::now());
    let found = desk.readers.read(look).await?;
    let found = found.ok_or_else(Refusal::not_found)?;
    Ok(Json(SheetSeen::of(&found)))
}

/// The drawn days beside what platforms acknowledged.
#[utoipa::path(get, path = "/api/inspections/{id}/days", params(("id" = i64, Path)), responses(
    (status = 200, body = DaysSeen), (status = "4XX", body = Problem)))]
pub(super) async fn inspection_days(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<DaysSeen>, Refusal> {
    let view = known(&desk, id).await?;
    let (freeze, drawn) = (Freeze::of(&view)?, Drawn::of(&view)?);
    let look = move |reader: &Reader| compare(reader, &freeze, &drawn);
    let days = desk.readers.read(look).await?;
    let days = days.iter().map(DayCompared::of).collect();
    Ok(Json(DaysSeen { days }))
}

/// The pack, a zip.
#[utoipa::path(get, path = "/api/inspections/{id}/pack", params(("id" = i64, Path)), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(super) async fn inspection_pack(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Response, Refusal> {
    let view = known(&desk, id).await?;
    Drawn::of(&view)?;
    let site = Arc::clone(&desk.site);
    let write = move |reader: &Reader, file| {
        let mut out = BufWriter::new(file);
        write_pack(reader, id, &site.zone, Timestamp::now(), &mut out)?;
        out.flush().map_err(|error| Refusal::failed(&error))?;
        out.into_inner()
            .map_err(|error| Refusal::failed(error.error()))
    };
    take_away::table(&desk, &format!("inspection-{id}.zip"), write).await
}
