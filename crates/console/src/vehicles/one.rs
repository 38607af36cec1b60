//! One vehicle: what is registered of it, its stays, and what people say of both. Its passages are found by the
//! search.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use jiff::{Span, Timestamp};
use ledger::Reader;
use plate::{Color, PlateNumber};
use serde::Serialize;
use utoipa::ToSchema;

use super::remarks::RemarkSeen;
use super::visits::VisitMarkSeen;
use super::{VisitSeen, registered};
use crate::asked::Named;
use crate::desk::Desk;
use crate::records::{ItemSeen, RecordSeen, item_seen};
use crate::refusal::{Problem, Refusal};

/// Stays that are shown; the search has all passages.
const MOST_VISITS: usize = 100;
/// Remarks, and marks of visits, that are shown.
const MOST_SAID: usize = 200;
/// Hours of two years: what the ledger keeps for certain.
const HOURS: i64 = 2 * 366 * 24;

/// Everything that is known of a plate. The same number in another colour is another vehicle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VehicleWhole {
    plate: String,
    /// Colours in which the register or a stay has it.
    #[schema(value_type = Vec<crate::codes::ColorCode>)]
    colors: Vec<Color>,
    /// What the vehicle register holds.
    items: Vec<ItemSeen>,
    /// Of each colour that is registered.
    records: Vec<RecordSeen>,
    /// The last 100 of two years, newest first.
    visits: Vec<VisitSeen>,
    /// Seen to come in and not to leave.
    is_inside: bool,
    /// Notes and tags, the newest first; also what was taken back.
    remarks: Vec<RemarkSeen>,
    /// What people said of its stays, the newest first; also what was taken back.
    marks: Vec<VisitMarkSeen>,
}

/// One vehicle by its plate, however it is written.
#[utoipa::path(get, path = "/api/vehicles/{plate}", params(("plate" = String, Path)), responses(
    (status = 200, body = VehicleWhole), (status = "4XX", body = Problem)))]
pub(crate) async fn vehicle(
    State(desk): State<Desk>,
    Named(plate): Named<String>,
) -> Result<Json<VehicleWhole>, Refusal> {
    let plate = PlateNumber::normalise(&plate);
    if plate.is_empty() {
        return Err(Refusal::not_found());
    }
    let now = Timestamp::now();
    let since = now.checked_sub(Span::new().hours(HOURS));
    let since = since.map_err(|error| Refusal::failed(&error))?;
    let rules = desk.site.register_rules(now);
    let look = move |reader: &Reader| {
        let visits = reader.visits_of(plate.as_str(), None, since, MOST_VISITS)?;
        let remarks = reader.remarks_of(plate.as_str(), MOST_SAID)?;
        let marks = reader.visit_marks_of(plate.as_str(), MOST_SAID)?;
        let mut records = Vec::new();
        for color in Color::READABLE {
            records.extend(registered(reader, plate.as_str(), color)?.map(|r| (color, r)));
        }
        let seen = visits.iter().map(|visit| visit.color);
        let colors: BTreeSet<Color> = seen
            .chain(records.iter().map(|(color, _)| *color))
            .collect();
        Ok::<_, ledger::Error>(VehicleWhole {
            plate: plate.to_string(),
            colors: colors.into_iter().collect(),
            items: item_seen(passage::Register::Vehicle, &rules),
            records: records
                .iter()
                .map(|(_, record)| RecordSeen::of(record, &rules))
                .collect(),
            is_inside: ledger::Visit::tell_inside(&visits),
            remarks: remarks.iter().map(RemarkSeen::from).collect(),
            marks: marks.iter().map(VisitMarkSeen::from).collect(),
            visits: visits.iter().map(VisitSeen::of).collect(),
        })
    };
    Ok(Json(desk.readers.read(look).await?))
}
