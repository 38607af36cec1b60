//! Who the site is: asked once, on a new computer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::ToSchema;
use words::{Key, Said};

use super::lanes::change;
use super::{Fieldwork, Identity};
use crate::asked::Told;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;

/// What stands on every photo has to fit there.
const MOST_CHARS: usize = 60;

/// Who the site is, as it stands in the configuration.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteIdentityTold {
    /// The enterprise's name, which stands on photos.
    #[schema(max_length = 60)]
    name: String,
    /// The code that the regulator gave it; empty until then.
    #[schema(max_length = 60)]
    code: String,
}

/// Who the site is, as it stands in the configuration.
#[utoipa::path(get, path = "/api/identity", responses(
    (status = 200, body = SiteIdentityTold), (status = "4XX", body = Problem)))]
pub(crate) async fn identity(State(desk): State<Desk>) -> Result<Json<SiteIdentityTold>, Refusal> {
    let works = desk.field.works()?.clone();
    let found = spawn_blocking(move || works.identity()).await;
    let found = found.map_err(|error| Refusal::failed(&error))?;
    let found = found.map_err(Refusal::conflict)?;
    Ok(Json(SiteIdentityTold {
        name: found.name,
        code: found.code,
    }))
}

/// Writes who the site is into the configuration. It counts from the next start on.
#[utoipa::path(put, path = "/api/identity", request_body = SiteIdentityTold, responses(
    (status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn set_identity(
    State(desk): State<Desk>,
    by: Person,
    Told(told): Told<SiteIdentityTold>,
) -> Result<StatusCode, Refusal> {
    let name = fit(&told.name, "name")?;
    let code = fit(&told.code, "code")?;
    if name.is_empty() {
        return Err(unfit("name"));
    }
    tracing::info!(name, code, by = by.name, "the site was named");
    change(&desk, move |works: &dyn Fieldwork| {
        works.set_identity(Identity { name, code })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One line that fits.
fn fit(text: &str, item: &'static str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > MOST_CHARS || text.chars().any(char::is_control) {
        return Err(unfit(item));
    }
    Ok(text.to_owned())
}

fn unfit(item: &'static str) -> Refusal {
    Refusal::invalid(Said::with(Key::WebSiteName, "most", MOST_CHARS)).of(item)
}
