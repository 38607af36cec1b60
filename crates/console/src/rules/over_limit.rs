//! Vehicles that platforms hold over the limit: confirmed or contested by people.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;
use orders::rules::ReviewChange;
use orders::{Attachment, Done, Order};
use passage::{ReviewAnswer, ReviewView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use words::Key;

use super::form::code;
use crate::asked::{Asked, Named, Told, whole_body};
use crate::desk::Desk;
use crate::records::file_answer;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// Entries of platforms' lists, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverLimit {
    entries: Vec<OverLimitEntry>,
    /// There are more than these.
    more: bool,
}

/// An entry of a platform's list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverLimitEntry {
    /// Its number in the ledger.
    id: i64,
    platform: String,
    received_at: Timestamp,
    plate: String,
    /// As the platform said it; empty when it said none.
    color: String,
    vin: String,
    reason: String,
    /// The vehicle is over the limit no longer.
    released: bool,
    /// What people said of it, the last word.
    review: Option<ReviewSeen>,
}

/// What a person said of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewSeen {
    /// `confirmed` or `contested`.
    answer: String,
    who: String,
    why: String,
    at: Timestamp,
    /// When the platform took it.
    told_at: Option<Timestamp>,
    /// A picture or document goes with it.
    has_evidence: bool,
}

/// What a person says of an entry.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewReviewSaid {
    /// `confirmed` or `contested`.
    answer: String,
    why: String,
}

/// The largest file: a certificate as a phone photographs it, or as it was scanned.
const EVIDENCE_BYTES: usize = 10 << 20;

/// Entries of one page; the platform's list itself has no such limit.
const MOST: usize = 200;

/// What platforms sent of vehicles over the limit.
#[utoipa::path(get, path = "/api/over-limit", responses(
    (status = 200, body = OverLimit), (status = "4XX", body = Problem)))]
pub(crate) async fn over_limit(State(desk): State<Desk>) -> Result<Json<OverLimit>, Refusal> {
    let found = desk.readers.read(|reader| {
        let entries = reader.downlinks("over_limit")?;
        Ok::<_, ledger::Error>((entries, reader.reviews("over_limit")?))
    });
    let (entries, reviews) = found.await?;
    let zone = &desk.site.zone;
    let seen = entries.iter().rev().take(MOST).map(|entry| {
        let notice = sync::over_limit_notice(&entry.parsed, zone);
        let review = reviews.iter().rfind(|review| review.downlink == entry.id);
        OverLimitEntry {
            id: entry.id,
            platform: entry.platform.clone(),
            received_at: entry.received_at,
            plate: notice
                .as_ref()
                .map(|n| n.plate.to_string())
                .unwrap_or_default(),
            color: notice
                .as_ref()
                .map(|n| n.color_said.clone())
                .unwrap_or_default(),
            vin: notice
                .as_ref()
                .and_then(|n| n.vin.clone())
                .unwrap_or_default(),
            reason: notice
                .as_ref()
                .map(|n| n.reason.clone())
                .unwrap_or_default(),
            released: notice.as_ref().is_some_and(|n| n.released),
            review: review.map(review_seen),
        }
    });
    Ok(Json(OverLimit {
        more: entries.len() > MOST,
        entries: seen.collect(),
    }))
}

/// Confirms or contests an entry; the platform is told.
#[utoipa::path(post, path = "/api/over-limit/{id}/review", params(("id" = i64, Path)),
    request_body = NewReviewSaid, responses(
    (status = 200, body = OverLimit), (status = "4XX", body = Problem)))]
pub(crate) async fn review(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<NewReviewSaid>,
) -> Result<Json<OverLimit>, Refusal> {
    said(desk, id, (by, told), None).await
}

/// The same with evidence: a JPEG or PNG, which is encoded anew, or a PDF, of at most 10 MiB.
#[utoipa::path(post, path = "/api/over-limit/{id}/review/evidence",
    params(("id" = i64, Path), NewReviewSaid),
    request_body(content = [u8], content_type = "application/octet-stream"), responses(
    (status = 200, body = OverLimit), (status = "4XX", body = Problem)))]
pub(crate) async fn review_with_evidence(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
    Asked(told): Asked<NewReviewSaid>,
    request: Request,
) -> Result<Json<OverLimit>, Refusal> {
    let bytes = whole_body(request, EVIDENCE_BYTES).await?;
    said(
        desk,
        id,
        (by, told),
        Some(Attachment::of("evidence", &bytes)),
    )
    .await
}

async fn said(
    desk: Desk,
    id: i64,
    (by, told): (Person, NewReviewSaid),
    evidence: Option<Attachment>,
) -> Result<Json<OverLimit>, Refusal> {
    let answer: Option<ReviewAnswer> = code(Some(&told.answer), "answer")?;
    let change = ReviewChange {
        downlink: id,
        answer: answer.ok_or_else(|| Refusal::invalid(Key::WebNoChange).of("answer"))?,
        who: by.name,
        why: told.why,
        evidence,
    };
    match desk.order(Order::Review(change)).await? {
        Done::Reviewed(_) => over_limit(State(desk)).await,
        _ => Err(Refusal::not_found()),
    }
}

/// The evidence that goes with what was said last of an entry.
#[utoipa::path(get, path = "/api/over-limit/{id}/evidence", params(("id" = i64, Path)), responses(
    (status = 200, content_type = "application/octet-stream", body = [u8]),
    (status = "4XX", body = Problem)))]
pub(crate) async fn review_evidence(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Response, Refusal> {
    let look = move |reader: &ledger::Reader| {
        let mut reviews = reader.reviews("over_limit")?;
        reviews.retain(|review| review.downlink == id);
        let file = reviews.pop().and_then(|review| review.file);
        let file = file.ok_or_else(Refusal::not_found)?;
        let bytes = reader.file_bytes(&file)?;
        Ok::<_, Refusal>((file.media_type, bytes))
    };
    let (media_type, bytes) = desk.readers.read(look).await?;
    file_answer(&media_type, bytes)
}

fn review_seen(review: &ReviewView) -> ReviewSeen {
    ReviewSeen {
        answer: review.answer.to_string(),
        who: review.who.clone(),
        why: review.why.clone(),
        at: review.at,
        told_at: review.told.as_ref().map(|(at, _)| *at),
        has_evidence: review.file.is_some(),
    }
}
