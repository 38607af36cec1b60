//! `/healthz` and `/metrics`, on loopback only.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use sync::LedgerHandle;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use words::{Group, Language};

use super::board::Board;
use super::metrics;
use crate::exit::Failure;

/// The running status server.
pub(crate) struct Status {
    pub(crate) address: SocketAddr,
    pub(crate) task: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    board: Arc<Board>,
    ledger: LedgerHandle,
    language: Language,
}

/// Serves both pages at `address`; port 0 takes a free one.
pub(crate) async fn serve(
    address: SocketAddr,
    board: Arc<Board>,
    ledger: LedgerHandle,
    language: Language,
) -> Result<Status, Failure> {
    let listener = TcpListener::bind(address).await.map_err(|e| {
        Failure::Job(format!("cannot listen on {address} for /healthz and /metrics: {e}. Choose another [status] listen"))
    })?;
    let address = listener.local_addr().map_err(|e| Failure::job(&e))?;
    let pages = Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(metrics_page))
        .with_state(Shared {
            board,
            ledger,
            language,
        });
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, pages).await {
            tracing::error!(%error, "the status pages ended");
        }
    });
    Ok(Status { address, task })
}

/// 200 when passages are being recorded, 503 with the reasons when not. Uploads that wait are no
/// reason: they are what the outbox is for. Nor is a weighing indicator: passages go on without it.
async fn health(State(shared): State<Shared>) -> Response {
    let mut reasons: Vec<Value> = Vec::new();
    for camera in shared.board.cameras() {
        let state = camera.state.borrow();
        if state.status.is_fault() {
            reasons.push(json!({
                "camera": camera.name,
                "status": state.status.code(),
                "reason": state.reason,
                "why": shared.language.named(Group::CameraWhy, state.status.code()),
                "next_step": shared.language.named(Group::CameraNext, state.status.code()),
            }));
        }
    }
    for lane in shared.board.lanes() {
        if lane.keeping_fails.load(Ordering::Relaxed) {
            reasons.push(json!({"lane": lane.name, "status": "ledger_refuses",
                "next_step": "free space or mount the data folder writable; passages wait until then"}));
        }
    }
    let status = if reasons.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({
        "healthy": reasons.is_empty(),
        "reasons": reasons,
        "clock_trusted": shared.board.clock_trusted.load(Ordering::Relaxed),
        "sinks": shared.board.sinks(),
        "scales": scales(&shared.board),
        "backup": shared.board.backup(),
        "disk": shared.board.disk(),
    });
    (status, Json(body)).into_response()
}

/// How the weighing indicators stand, by name.
fn scales(board: &Board) -> Value {
    let scales = board.scales().into_iter();
    scales
        .map(|(name, status)| (name, json!(status)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn metrics_page(State(shared): State<Shared>) -> Response {
    let counts = shared.ledger.read(|reader| reader.counts()).await;
    let counts = counts.ok().and_then(Result::ok);
    let text = metrics::render(&shared.board, counts);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
