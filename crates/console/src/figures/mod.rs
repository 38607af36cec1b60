//! What the gate did on a day, as `reports` counts it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use reports::DayFigures;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FiguresAsked {
    /// A day by the site's clock; today without it.
    #[serde(default)]
    day: Option<Date>,
}

/// What the gate did on a day. Rates are 0 to 1, and null where nothing was to be counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Figures {
    day: Date,
    passages: u64,
    /// Of these, read without a person.
    recognised: u64,
    recognition_rate: Option<f64>,
    /// Corrected in any item.
    corrected: u64,
    /// Of those that were read without a person, the share whose plate and colour nobody corrected.
    accuracy: Option<f64>,
    /// Deliveries that arrived, of those that were made on the day.
    transmission_rate: Option<f64>,
    completeness: Option<f64>,
    /// How long the oldest delivery has waited until now, whenever it was made.
    upload_lag_s: Option<i64>,
    /// Deliveries that wait now, and those that were refused and wait for a person.
    waiting: u64,
    refused: u64,
    /// The hours of the day in which something passed.
    hourly: Vec<Hour>,
    /// Each platform and broker by itself.
    sinks: Vec<SinkFigures>,
}

/// Vehicles of one hour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hour {
    /// 0 to 23, by the site's clock.
    hour: i8,
    r#in: u64,
    out: u64,
}

/// Deliveries to one sink that were made on the day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SinkFigures {
    name: String,
    /// Code of what was sent.
    kind: String,
    generated: u64,
    acknowledged: u64,
    refused: u64,
    transmission_rate: Option<f64>,
    completeness: Option<f64>,
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(figures))
}

/// What the gate did on a day, as of now.
#[utoipa::path(get, path = "/api/figures", params(FiguresAsked), responses(
    (status = 200, body = Figures), (status = "4XX", body = Problem)))]
async fn figures(
    State(desk): State<Desk>,
    Asked(asked): Asked<FiguresAsked>,
) -> Result<Json<Figures>, Refusal> {
    let (now, zone) = (Timestamp::now(), desk.site.zone.clone());
    let day = asked
        .day
        .unwrap_or_else(|| now.to_zoned(zone.clone()).date());
    let look = move |reader: &ledger::Reader| DayFigures::of(reader, day, &zone);
    let figures = desk.readers.read(look).await?;
    let sinks = desk.status.sinks();
    let oldest = sinks.iter().filter_map(|sink| sink.oldest_waiting).min();
    Ok(Json(Figures {
        day,
        passages: figures.passages,
        recognised: figures.recognised,
        recognition_rate: figures.recognition_rate(),
        corrected: figures.corrected,
        accuracy: figures.accuracy(),
        transmission_rate: figures.transmission_rate(),
        completeness: figures.completeness(),
        upload_lag_s: oldest.map(|oldest| now.duration_since(oldest).as_secs().max(0)),
        waiting: sinks.iter().map(|sink| sink.waiting).sum(),
        refused: sinks.iter().map(|sink| sink.refused).sum(),
        hourly: figures.hours.iter().map(hour).collect(),
        sinks: figures.delivered.iter().map(sink).collect(),
    }))
}

fn hour(flow: &reports::HourFlow) -> Hour {
    Hour {
        hour: flow.hour,
        r#in: flow.entered,
        out: flow.left,
    }
}

fn sink(delivered: &ledger::Delivered) -> SinkFigures {
    SinkFigures {
        name: delivered.sink.clone(),
        kind: delivered.kind.to_string(),
        generated: delivered.generated,
        acknowledged: delivered.acknowledged,
        refused: delivered.refused,
        transmission_rate: delivered.rate(),
        completeness: delivered.completeness(),
    }
}
