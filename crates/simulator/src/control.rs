//! The simulator's own addresses: what arrived, and how to make it misbehave.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::{Endpoint, Faults};
use crate::server::App;
use crate::wire::Wire;

/// What `POST /_control` takes. Left out parts change nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Command {
    /// Misbehave like this from now on; `{}` behaves again.
    pub faults: Option<Faults>,
    /// All tokens end now.
    pub expire_tokens: bool,
    /// What clients get when they ask for `exceedVehicle`, `basStrategy` or `alarmVehicle`.
    pub publish: HashMap<Endpoint, Vec<Value>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Range {
    /// Only what has a higher number.
    after: Option<u64>,
    /// At most so many, 1000 unless told otherwise.
    limit: Option<usize>,
    /// The last so many instead of the first.
    last: Option<u64>,
}

/// Everything but the protocol is for this computer only.
pub(crate) async fn loopback_only(
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
    next: Next,
) -> Response {
    if wire.peer.ip().to_canonical().is_loopback() {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "only from this computer").into_response()
}

pub(crate) async fn faults(State(app): State<Arc<App>>) -> Json<Faults> {
    Json(app.faults.get())
}

pub(crate) async fn command(
    State(app): State<Arc<App>>,
    Json(command): Json<Command>,
) -> Json<Faults> {
    app.obey(command);
    Json(app.faults.get())
}

pub(crate) async fn received(State(app): State<Arc<App>>, Query(r): Query<Range>) -> Json<Value> {
    let counts = app.keep.counts();
    let after = match r.last {
        Some(last) => counts.passages.saturating_sub(last),
        None => r.after.unwrap_or(0),
    };
    let passages = app.keep.arrivals(after, r.limit.unwrap_or(1000));
    let heartbeat = app
        .keep
        .last_heartbeat()
        .map(|(at, body)| json!({"at": at, "body": body}));
    let faults = app.faults.get();
    Json(json!({
        "counts": counts,
        "last_heartbeat": heartbeat,
        "misbehaves": faults.misbehaves(),
        "faults": faults,
        "passages": passages,
        "records": app.keep.records(),
        "confirmations": app.keep.confirmations(),
        "dialect": app.options.dialect,
    }))
}

pub(crate) async fn photo(
    State(app): State<Arc<App>>,
    Path((number, key)): Path<(u64, String)>,
) -> Response {
    let read = tokio::task::spawn_blocking(move || app.keep.photo(number, &key)).await;
    match read {
        Ok(Some(jpeg)) => ([(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(crate) async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_shows_every_time_in_the_zone_that_platforms_write() {
        let page = include_str!("page.html");
        assert_eq!(
            page.matches("toLocale").count(),
            1,
            "one way to show a time"
        );
        assert!(page.contains("timeZone: \"Asia/Shanghai\""));
    }
}
