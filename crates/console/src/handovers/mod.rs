//! One shift hands over to the next (换班): the sheet as it would be now, those that were handed over, and the
//! word of whoever takes over.

mod view;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use ledger::Reader;
use orders::{Done, HandoverSaid, Order};
use reports::{ShiftSheet, shift_begin};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use crate::asked::{Asked, Named, Told};
use crate::desk::Desk;
use crate::people::Role;
use crate::refusal::{Problem, Refusal};
use crate::session::{Person, Visit, proves};
use view::{HandoverHead, HandoverSeen, SheetOfShift};

/// Sheets of a list; a plant hands over three times a day.
const MOST: usize = 200;

/// From when on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct DraftAsked {
    /// When the shift began, by the site's clock; when the last one was handed over, without it.
    from: Option<String>,
}

/// The sheet as it would be handed over now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandoverDraft {
    sheet: SheetOfShift,
    /// Who may take over: those who work at the gate and have an account.
    takers: Vec<String>,
}

/// Sheets that were handed over, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Handovers {
    handovers: Vec<HandoverHead>,
}

/// A shift that is handed over now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHandover {
    /// When the shift began, by the site's clock; when the last one was handed over, without it.
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    remarks: String,
    /// Who takes over.
    taker: String,
    /// The taker's own password, typed by the taker; without it the sheet says that it is not confirmed.
    #[serde(default)]
    password: Option<String>,
}

/// The taker confirms a sheet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReceipt {
    /// The own password once more.
    password: String,
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(handovers, hand_over))
        .routes(routes!(draft))
        .routes(routes!(handover))
        .routes(routes!(take_over))
}

/// Sheets that were handed over, the newest first.
#[utoipa::path(get, path = "/api/handovers", responses(
    (status = 200, body = Handovers), (status = "4XX", body = Problem)))]
async fn handovers(State(desk): State<Desk>) -> Result<Json<Handovers>, Refusal> {
    let found = desk.readers.read(|reader| reader.handovers(MOST)).await?;
    let handovers = found.iter().map(HandoverHead::of).collect();
    Ok(Json(Handovers { handovers }))
}

/// The sheet of the shift as it would be handed over now.
#[utoipa::path(get, path = "/api/handovers/draft", params(DraftAsked), responses(
    (status = 200, body = HandoverDraft), (status = "4XX", body = Problem)))]
async fn draft(
    State(desk): State<Desk>,
    by: Person,
    Asked(asked): Asked<DraftAsked>,
) -> Result<Json<HandoverDraft>, Refusal> {
    let now = Timestamp::now();
    let from = begin(&desk, asked.from.as_deref())?;
    let look = move |reader: &Reader| {
        let from = match from {
            Some(from) => from,
            None => shift_begin(reader, now)?,
        };
        if from >= now {
            return Err(Refusal::invalid(Key::LedgerHandoverNeeds).of("from"));
        }
        Ok(ShiftSheet::of(reader, (from, now), now)?)
    };
    let sheet = desk.readers.read(look).await?;
    let today = now.to_zoned(desk.site.zone.clone()).date();
    let accounts = desk.book(|book| book.accounts()).await?;
    let takers = accounts.into_iter().filter(|account| {
        let works = account.role != Role::Inspector && account.holds_on(today);
        works && account.name != by.name
    });
    Ok(Json(HandoverDraft {
        sheet: SheetOfShift::of(&sheet).map_err(|error| Refusal::failed(&error))?,
        takers: takers.map(|account| account.name).collect(),
    }))
}

/// One sheet that was handed over.
#[utoipa::path(get, path = "/api/handovers/{id}", params(("id" = i64, Path)), responses(
    (status = 200, body = HandoverSeen), (status = "4XX", body = Problem)))]
async fn handover(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<HandoverSeen>, Refusal> {
    Ok(Json(known(&desk, id).await?))
}

/// Hands the shift over that ends now. The sheet is made here, of what the ledger holds, and stays in its chain.
/// A taker whose password is given has confirmed it; guesses of it have to wait as at the door.
#[utoipa::path(post, path = "/api/handovers", request_body = NewHandover, responses(
    (status = 201, body = HandoverSeen), (status = "4XX", body = Problem)))]
async fn hand_over(
    State(desk): State<Desk>,
    visit: Visit,
    by: Person,
    Told(told): Told<NewHandover>,
) -> Result<(StatusCode, Json<HandoverSeen>), Refusal> {
    let taker = told.taker.trim().to_owned();
    if taker == by.name {
        return Err(Refusal::invalid(Key::LedgerHandoverNeeds).of("taker"));
    }
    let password = told.password.filter(|password| !password.is_empty());
    let is_taken = password.is_some();
    if let Some(password) = password {
        is_taker(&desk, &visit, &taker, password).await?;
    }
    let order = Order::HandOver(HandoverSaid {
        from: begin(&desk, told.from.as_deref())?,
        remarks: told.remarks,
        who: by.name,
        taker,
        is_taken,
    });
    let Done::HandedOver(id) = desk.order(order).await? else {
        return Err(Refusal::later());
    };
    Ok((StatusCode::CREATED, Json(known(&desk, id).await?)))
}

/// Confirms a sheet by which the person who is signed in was to take over.
#[utoipa::path(post, path = "/api/handovers/{id}/receipt", params(("id" = i64, Path)),
    request_body = NewReceipt, responses(
    (status = 200, body = HandoverSeen), (status = "4XX", body = Problem)))]
async fn take_over(
    State(desk): State<Desk>,
    visit: Visit,
    by: Person,
    Named(id): Named<i64>,
    Told(told): Told<NewReceipt>,
) -> Result<Json<HandoverSeen>, Refusal> {
    known(&desk, id).await?;
    is_taker(&desk, &visit, &by.name, told.password).await?;
    let order = Order::TakeOver {
        handover: id,
        who: by.name,
    };
    desk.order(order).await?;
    Ok(Json(known(&desk, id).await?))
}

/// When a shift began, where somebody says so.
fn begin(desk: &Desk, from: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    let said = from.filter(|text| !text.trim().is_empty());
    said.map(|text| desk.moment(text, "from")).transpose()
}

/// That this is the taker's password, and an account that works at the gate. A wrong one ends no session of
/// whoever hands over, so it is told as wrong input.
async fn is_taker(
    desk: &Desk,
    visit: &Visit,
    taker: &str,
    password: String,
) -> Result<(), Refusal> {
    let wrong = || Refusal::invalid(Key::WebTaker).of("password");
    match proves(desk, visit, taker, password).await {
        Ok(account) if account.role == Role::Inspector => Err(wrong()),
        Ok(_) => Ok(()),
        Err(refusal) if refusal.is_unknown() => Err(wrong()),
        Err(refusal) => Err(refusal),
    }
}

async fn known(desk: &Desk, id: i64) -> Result<HandoverSeen, Refusal> {
    let look = move |reader: &Reader| reader.handover(id);
    let found = desk.readers.read(look).await?;
    let found = found.ok_or_else(Refusal::not_found)?;
    HandoverSeen::of(&found).map_err(|error| Refusal::failed(&error))
}
