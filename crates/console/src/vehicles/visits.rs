//! What people say of visits: which exit belongs to which entry, and who left unseen.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use ledger::Reader;
use orders::{Done, Order};
use passage::{PassageId, VisitMark, VisitMarkId, VisitMarkKind, VisitMarkView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::remarks::{TakenBack, WithdrawnSeen};
use crate::asked::{Named, Told};
use crate::codes::VisitMarkCode;
use crate::desk::Desk;
use crate::passages::view::Passage;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// What a person said of a visit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitMarkSeen {
    id: i64,
    #[schema(value_type = VisitMarkCode)]
    kind: VisitMarkKind,
    /// Number of the entry.
    entry: i64,
    /// Number of the exit; null when it left unseen.
    exit: Option<i64>,
    /// By then it had left unseen.
    left_at: Option<Timestamp>,
    who: String,
    why: String,
    at: Timestamp,
    /// Who took it back; null while it holds.
    withdrawn: Option<WithdrawnSeen>,
}

/// What a person says of a visit, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum NewVisitMark {
    /// This exit belongs to this entry, whatever was read of both.
    Joined { entry: i64, exit: i64, why: String },
    /// They are not one visit.
    Split { entry: i64, exit: i64, why: String },
    /// It had left by then, and nobody saw it.
    Left {
        entry: i64,
        /// By the site's clock: `2026-03-01 08:30`.
        left_at: String,
        why: String,
    },
}

/// Exits that might belong to an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PossibleExits {
    /// Those without an entry that came after it, the ones with the likest plates first.
    exits: Vec<Passage>,
}

impl NewVisitMark {
    fn said(self, desk: &Desk) -> Result<(VisitMark, String), Refusal> {
        Ok(match self {
            Self::Joined { entry, exit, why } => {
                let (entry, exit) = (PassageId(entry), PassageId(exit));
                (VisitMark::Joined { entry, exit }, why)
            }
            Self::Split { entry, exit, why } => {
                let (entry, exit) = (PassageId(entry), PassageId(exit));
                (VisitMark::Split { entry, exit }, why)
            }
            Self::Left {
                entry,
                left_at,
                why,
            } => {
                let entry = PassageId(entry);
                let left_at = desk.moment(&left_at, "left_at")?;
                (VisitMark::Left { entry, left_at }, why)
            }
        })
    }
}

impl From<&VisitMarkView> for VisitMarkSeen {
    fn from(view: &VisitMarkView) -> Self {
        Self {
            id: view.id.0,
            kind: view.mark.kind(),
            entry: view.mark.entry().0,
            exit: view.mark.exit().map(|exit| exit.0),
            left_at: view.mark.left_at(),
            who: view.who.clone(),
            why: view.why.clone(),
            at: view.at,
            withdrawn: view.withdrawn.as_ref().map(WithdrawnSeen::from),
        }
    }
}

/// Says which exit belongs to which entry, that they are not one visit, or that a vehicle left unseen. Stays,
/// who is inside and the alarm of those that stay too long follow it; it stays in the ledger's chain.
#[utoipa::path(post, path = "/api/visits", request_body = NewVisitMark, responses(
    (status = 201, body = VisitMarkSeen), (status = 409, body = Problem), (status = "4XX", body = Problem)))]
pub(crate) async fn mark_visit(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<NewVisitMark>,
) -> Result<(StatusCode, Json<VisitMarkSeen>), Refusal> {
    let (mark, why) = told.said(&desk)?;
    let order = Order::MarkVisits {
        marks: vec![mark],
        who: by.name,
        why,
    };
    let Done::Marked(kept) = desk.order(order).await? else {
        return Err(Refusal::later());
    };
    let id = kept.first().copied().ok_or_else(Refusal::later)?;
    Ok((StatusCode::CREATED, Json(known(&desk, id).await?)))
}

/// Exits that might belong to an entry: a person looks at their photos and says which one does.
#[utoipa::path(get, path = "/api/visits/{id}/exits", params(("id" = i64, Path)), responses(
    (status = 200, body = PossibleExits), (status = "4XX", body = Problem)))]
pub(crate) async fn exits(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<PossibleExits>, Refusal> {
    let look = move |reader: &Reader| orders::exits_for(reader, PassageId(id));
    let exits = desk.readers.read(look).await?;
    let zone = &desk.site.zone;
    Ok(Json(PossibleExits {
        exits: exits.iter().map(|exit| Passage::of(exit, zone)).collect(),
    }))
}

/// Takes back what was said of a visit, with a reason; both stay to be read.
#[utoipa::path(post, path = "/api/visits/{id}/withdrawal", params(("id" = i64, Path)),
    request_body = TakenBack, responses(
    (status = 200, body = VisitMarkSeen), (status = "4XX", body = Problem)))]
pub(crate) async fn withdraw_mark(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<TakenBack>,
) -> Result<Json<VisitMarkSeen>, Refusal> {
    let id = VisitMarkId(id);
    known(&desk, id).await?;
    let order = Order::WithdrawVisitMark {
        mark: id,
        who: by.name,
        why: told.why,
    };
    desk.order(order).await.map_err(|no| no.of("why"))?;
    Ok(Json(known(&desk, id).await?))
}

async fn known(desk: &Desk, id: VisitMarkId) -> Result<VisitMarkSeen, Refusal> {
    let look = move |reader: &Reader| reader.visit_mark(id);
    let found = desk.readers.read(look).await?;
    Ok((&found.ok_or_else(Refusal::not_found)?).into())
}
