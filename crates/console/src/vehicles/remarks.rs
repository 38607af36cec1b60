//! Notes and tags: written and taken back by whoever works at the gate, in their own name.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use ledger::Reader;
use orders::{Done, Order, RemarkSaid};
use passage::{RemarkId, RemarkKind, RemarkView, Withdrawal};
use plate::{Color, PlateNumber};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::asked::{Named, Told};
use crate::codes::{ColorCode, RemarkCode};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// A note or tag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemarkSeen {
    id: i64,
    #[schema(value_type = RemarkCode)]
    kind: RemarkKind,
    words: String,
    /// Only of this colour; null for any.
    #[schema(value_type = Option<ColorCode>)]
    color: Option<Color>,
    who: String,
    at: Timestamp,
    /// Who took it back; null while it holds.
    withdrawn: Option<WithdrawnSeen>,
}

/// Who took something back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithdrawnSeen {
    who: String,
    why: String,
    at: Timestamp,
}

/// A note or tag to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRemark {
    #[schema(value_type = RemarkCode)]
    kind: RemarkKind,
    /// A note of 1000 characters at most, a tag of 10.
    words: String,
    /// Only of this colour; of any without it.
    #[serde(default)]
    #[schema(value_type = Option<ColorCode>)]
    color: Option<Color>,
}

/// Why something is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakenBack {
    pub(super) why: String,
}

impl From<&RemarkView> for RemarkSeen {
    fn from(view: &RemarkView) -> Self {
        Self {
            id: view.id.0,
            kind: view.remark.kind,
            words: view.remark.words.clone(),
            color: view.remark.color,
            who: view.remark.who.clone(),
            at: view.remark.at,
            withdrawn: view.withdrawn.as_ref().map(WithdrawnSeen::from),
        }
    }
}

impl From<&Withdrawal> for WithdrawnSeen {
    fn from(view: &Withdrawal) -> Self {
        Self {
            who: view.who.clone(),
            why: view.why.clone(),
            at: view.at,
        }
    }
}

/// Gives a vehicle a note or a tag. It stays in the ledger's chain; whoever is wrong takes it back.
#[utoipa::path(post, path = "/api/vehicles/{plate}/remarks", params(("plate" = String, Path)),
    request_body = NewRemark, responses(
    (status = 201, body = RemarkSeen), (status = "4XX", body = Problem)))]
pub(crate) async fn remark(
    State(desk): State<Desk>,
    by: Person,
    Named(plate): Named<String>,
    Told(told): Told<NewRemark>,
) -> Result<(StatusCode, Json<RemarkSeen>), Refusal> {
    let order = Order::Remark(RemarkSaid {
        plate: plate.clone(),
        color: told.color,
        kind: told.kind,
        words: told.words,
        who: by.name,
    });
    let Done::Remarked(id) = desk.order(order).await.map_err(|no| no.of("words"))? else {
        return Err(Refusal::later());
    };
    let plate = PlateNumber::normalise(&plate).to_string();
    Ok((StatusCode::CREATED, Json(known(&desk, plate, id).await?)))
}

/// Takes a note or tag back, with a reason; both stay to be read.
#[utoipa::path(post, path = "/api/remarks/{id}/withdrawal", params(("id" = i64, Path)),
    request_body = TakenBack, responses(
    (status = 200, body = RemarkSeen), (status = "4XX", body = Problem)))]
pub(crate) async fn withdraw_remark(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<TakenBack>,
) -> Result<Json<RemarkSeen>, Refusal> {
    let id = RemarkId(id);
    let find = move |reader: &Reader| reader.remarked_plate(id);
    let plate = desk.readers.read(find).await?;
    let plate = plate.ok_or_else(Refusal::not_found)?;
    let order = Order::WithdrawRemark {
        remark: id,
        who: by.name,
        why: told.why,
    };
    desk.order(order).await.map_err(|no| no.of("why"))?;
    Ok(Json(known(&desk, plate, id).await?))
}

async fn known(desk: &Desk, plate: String, id: RemarkId) -> Result<RemarkSeen, Refusal> {
    let look = move |reader: &Reader| reader.remarks_of(&plate, usize::MAX);
    let all = desk.readers.read(look).await?;
    let one = all.iter().find(|remark| remark.id == id);
    Ok(one.ok_or_else(Refusal::not_found)?.into())
}
