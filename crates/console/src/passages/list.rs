//! Passages by any condition, page by page, and one with all that is known of it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use ledger::{Cursor, Filter, Reader};
use passage::{PassageId, PassageView};
use reports::PassageQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use words::{Key, Said};

use super::view::{Passage, PassageWhole};
use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// Passages of one page.
const MOST: usize = 200;
const USUAL: usize = 50;

/// What is asked of passages; what is not asked for is not looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub(crate) struct PassagesAsked {
    /// From this day, month or time on, by the site's clock or in UTC with a `Z`.
    from: Option<String>,
    /// Up to this day or month (included) or time.
    to: Option<String>,
    /// Plate or part of it; several with commas between.
    plate: Option<String>,
    /// Each plate is given whole.
    whole: bool,
    /// Characters that look alike count as the same.
    similar: bool,
    /// Only vehicles whose plate nobody knows.
    unread: bool,
    /// Only vehicles whose plate is known; `unread` goes before it.
    read: bool,
    entrance: Option<String>,
    lane: Option<String>,
    /// By code or name.
    direction: Option<String>,
    /// Plate colour by code or name.
    color: Option<String>,
    /// Emission standard by code or name.
    emission: Option<String>,
    /// Fuel by code or name.
    fuel: Option<String>,
    /// `allow`, `deny` or `ask`.
    verdict: Option<String>,
    /// Code of the reason.
    reason: Option<String>,
    /// `waiting`, `refused`, `acknowledged` or `none`.
    uploads: Option<String>,
    oldest_first: bool,
    /// Passages of a page, 200 at most, 50 without it.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// What `next` of the page before says.
    cursor: Option<String>,
    /// Of a table that is taken away.
    #[param(ignore)]
    format: Option<String>,
}

/// A page of passages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Passages {
    passages: Vec<Passage>,
    /// For the next page; null when this is the last.
    next: Option<String>,
}

impl PassagesAsked {
    /// `xlsx` unless something else is asked for.
    pub(crate) fn format(&self) -> &str {
        self.format.as_deref().unwrap_or("xlsx")
    }

    /// As the ledger takes it.
    pub(crate) fn filter(&self, desk: &Desk) -> Result<Filter, Refusal> {
        // A page computes in UTC; people write by the site's clock.
        let utc = |text: &Option<String>| text.as_deref()?.parse::<Timestamp>().ok();
        let (from, until) = (utc(&self.from), utc(&self.to));
        let query = PassageQuery {
            from: self.from.as_deref().filter(|_| from.is_none()),
            until: self.to.as_deref().filter(|_| until.is_none()),
            plate: self.plate.as_deref(),
            whole: self.whole,
            similar: self.similar,
            unread: self.unread,
            read: self.read,
            entrance: self.entrance.as_deref(),
            lane: self.lane.as_deref(),
            direction: self.direction.as_deref(),
            color: self.color.as_deref(),
            emission: self.emission.as_deref(),
            fuel: self.fuel.as_deref(),
            decision: self.verdict.as_deref(),
            reason: self.reason.as_deref(),
            upload: self.uploads.as_deref(),
            oldest_first: self.oldest_first,
        };
        let filter = query.filter(&desk.site.zone, Timestamp::now())?;
        Ok(Filter {
            from: from.or(filter.from),
            until: until.or(filter.until),
            ..filter
        })
    }
}

/// Passages that meet every condition, the newest first.
#[utoipa::path(get, path = "/api/passages", params(PassagesAsked), responses(
    (status = 200, body = Passages), (status = "4XX", body = Problem)))]
pub(crate) async fn passages(
    State(desk): State<Desk>,
    Asked(asked): Asked<PassagesAsked>,
) -> Result<Json<Passages>, Refusal> {
    let filter = asked.filter(&desk)?;
    let limit = asked.limit.unwrap_or(USUAL).clamp(1, MOST);
    let after = asked.cursor.as_deref().map(str::parse::<Cursor>);
    let after = after.transpose().map_err(|_| {
        let text = asked.cursor.as_deref().unwrap_or_default();
        Refusal::invalid(Said::with(Key::AskCursor, "after", text)).of("cursor")
    })?;
    let page = desk
        .readers
        .read(move |reader| reader.search(&filter, after, limit));
    let page = page.await?;
    let of = |view| Passage::of(view, &desk.site.zone);
    Ok(Json(Passages {
        passages: page.passages.iter().map(of).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// One passage with everything that is known of it.
#[utoipa::path(get, path = "/api/passages/{id}", params(("id" = i64, Path)), responses(
    (status = 200, body = PassageWhole), (status = "4XX", body = Problem)))]
pub(crate) async fn passage(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<PassageWhole>, Refusal> {
    let found = desk
        .readers
        .read(move |reader| whole(reader, PassageId(id)));
    let (view, tags) = found.await?.ok_or_else(Refusal::not_found)?;
    Ok(Json(PassageWhole::of(&view, tags, &desk.site.zone)))
}

/// A passage, with the tags of its vehicle.
pub(super) fn whole(
    reader: &Reader,
    id: PassageId,
) -> ledger::Result<Option<(PassageView, Vec<String>)>> {
    let Some(view) = reader.passage(id)? else {
        return Ok(None);
    };
    let tags = match view.plate() {
        Some((plate, color)) => reader.tags_of(plate, color)?,
        None => Vec::new(),
    };
    Ok(Some((view, tags)))
}
