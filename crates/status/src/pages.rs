//! `/healthz` and `/metrics`, on loopback, or for whoever shows a token.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use ledger::Handle;
use listener::Listener;
use secret::Secret;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use words::{Group, Language};

use crate::{Fault, Status, metrics};

#[derive(Clone)]
struct Shared {
    status: Arc<Status>,
    ledger: Handle,
    language: Language,
    /// One at a time asks the ledger: each question holds a thread of those that photos need too.
    counting: Arc<Mutex<()>>,
}

/// Serves `/healthz` and `/metrics` until aborted. Reasons are told in `language` as well.
#[must_use]
pub fn serve_pages(
    listener: Listener,
    status: Arc<Status>,
    ledger: Handle,
    language: Language,
    token: Option<Secret>,
) -> JoinHandle<()> {
    tracing::info!(address = %listener.address(), "status pages");
    let pages = Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(metrics_page))
        .layer(middleware::from_fn_with_state(
            token.map(Arc::new),
            shown_token,
        ))
        .with_state(Shared {
            status,
            ledger,
            language,
            counting: Arc::default(),
        });
    tokio::spawn(listener.serve(pages))
}

/// With a token, only whoever shows it as `Authorization: Bearer …` is answered.
async fn shown_token(
    State(token): State<Option<Arc<Secret>>>,
    request: Request,
    next: Next,
) -> Response {
    let hash = |text: &str| Sha256::digest(text.trim().as_bytes());
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    // Hashes: how long a comparison takes tells nothing of the token.
    let may = token.is_none_or(|token| shown.is_some_and(|s| hash(s) == hash(token.expose())));
    if may {
        return next.run(request).await;
    }
    let ask = [(header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, ask).into_response()
}

/// 200 when passages are being recorded, 503 with the reasons when not.
async fn health(State(shared): State<Shared>) -> Response {
    let told = |fault: &Fault| reason(fault, shared.language);
    let reasons: Vec<Value> = shared.status.faults().iter().map(told).collect();
    let code = if reasons.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({
        "healthy": reasons.is_empty(),
        "reasons": reasons,
        "clock_trusted": shared.status.clock_trusted(),
        "sinks": sinks(&shared.status, shared.language),
        "scales": scales(&shared.status),
        "backup": shared.status.backup(),
        "disk": shared.status.disk(),
        "video": video(&shared.status),
    });
    (code, Json(body)).into_response()
}

/// A camera's fault has its technical reason beside ours, which stands there by an older name too.
fn reason(fault: &Fault, language: Language) -> Value {
    let mut told = json!({
        fault.of_what(): fault.name,
        "status": fault.code(),
        "reason": fault.why(language),
        "next_step": fault.next_step(language),
    });
    if let Some(detail) = fault.detail() {
        told["detail"] = detail.into();
        told["why"] = fault.why(language).into();
    }
    told
}

/// How the sinks stand. What failed last stands in the sink's own words, and why in ours.
fn sinks(status: &Status, language: Language) -> Vec<Value> {
    let told = |sink| {
        let mut sink = json!(sink);
        let error = &mut sink["last_error"];
        if let Some(kind) = error["kind"].as_str() {
            error["why"] = language.named(Group::SinkWhy, kind).into();
        }
        sink
    };
    status.sinks().into_iter().map(told).collect()
}

/// How the weighing indicators stand, by name.
fn scales(status: &Status) -> Value {
    let scales = status.scales().into_iter();
    scales
        .map(|(name, scale)| (name, json!(scale)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// How recording stands; null where nothing is recorded.
fn video(status: &Status) -> Value {
    let Some(state) = status.recording() else {
        return Value::Null;
    };
    let cameras: serde_json::Map<_, _> = state
        .cameras
        .iter()
        .map(|camera| {
            let now = camera.now();
            let missing = now
                .missing
                .map(|(reason, since)| json!({"reason": reason, "since": since}));
            (
                now.camera,
                json!({"missing": missing, "kept_until": now.kept_until}),
            )
        })
        .collect();
    let fits = state.forecast.as_ref().map(|forecast| forecast.fits());
    json!({"cameras": cameras, "failed": state.failed, "fits": fits, "forecast": state.forecast})
}

async fn metrics_page(State(shared): State<Shared>) -> Response {
    let turn = shared.counting.lock().await;
    let counts = shared.ledger.read(|reader| reader.counts()).await;
    drop(turn);
    let counts = counts.ok();
    let text = metrics::render(&shared.status, counts);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use sync::{FailureKind, LastError, SinkStatus};
    use tokio::sync::watch;

    use super::*;

    #[test]
    fn why_a_sink_failed_is_told_in_the_site_s_language_beside_its_own_words() {
        for kind in [
            FailureKind::Unreachable,
            FailureKind::LogIn,
            FailureKind::Busy,
            FailureKind::Timeout,
            FailureKind::Cut,
            FailureKind::Answer,
            FailureKind::Evidence,
            FailureKind::Unfit,
            FailureKind::Stopped,
        ] {
            let status = Status::default();
            let (_sink, state) = watch::channel(SinkStatus {
                last_error: Some(LastError {
                    at: Timestamp::UNIX_EPOCH,
                    kind,
                    words: "as it was said".to_owned(),
                }),
                ..SinkStatus::default()
            });
            status.add_sink(state);
            let error = &sinks(&status, Language::Zh)[0]["last_error"];
            assert_eq!(error["words"], "as it was said");
            let why = error["why"].as_str().expect("told");
            assert!(!why.is_ascii(), "{kind:?}: {why}");
        }
        let status = Status::default();
        let (_sink, state) = watch::channel(SinkStatus::default());
        status.add_sink(state);
        assert_eq!(sinks(&status, Language::Zh)[0]["last_error"], Value::Null);
    }
}
