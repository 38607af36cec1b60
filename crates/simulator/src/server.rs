//! Puts the platform on a socket and takes it off again.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::faults::{Endpoint, FaultPlan, Faults};
use crate::keep::{Arrival, IntakeCounts, Keep, Record};
use crate::tokens::Tokens;
use crate::wire::{Wire, Wires};
use crate::{Command, Error, Options, control, platform, tls};

/// How long requests under way may take to end when the platform is taken away.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// What all requests share.
pub(crate) struct App {
    pub(crate) options: Options,
    pub(crate) keep: Keep,
    pub(crate) tokens: Tokens,
    pub(crate) faults: FaultPlan,
    stopping: watch::Sender<bool>,
    last: Mutex<Bytes>,
}

impl App {
    pub(crate) fn obey(&self, command: Command) {
        if let Some(faults) = command.faults {
            tracing::info!(?faults, "faults set");
            self.faults.set(faults);
        }
        for (list, entries) in command.publish {
            tracing::info!(?list, entries = entries.len(), "published");
            self.keep.publish(list, entries);
        }
        if command.expire_tokens {
            self.tokens.expire_all();
        }
    }

    /// An honest answer, kept for when it is to be repeated.
    pub(crate) async fn remembered(&self, answer: Response) -> Response {
        let (head, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = bytes.clone();
        Response::from_parts(head, Body::from(bytes))
    }

    /// The last honest answer again.
    pub(crate) fn last_answer(&self) -> Response {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = [(axum::http::header::CONTENT_TYPE, "application/json")];
        (StatusCode::OK, kind, last.clone()).into_response()
    }

    /// Waits, but not beyond the end of the simulator.
    pub(crate) async fn pause(&self, time: Duration) {
        if !time.is_zero() {
            let mut stopping = self.stopping.subscribe();
            let _ = tokio::time::timeout(time, stopping.wait_for(|s| *s)).await;
        }
    }
}

/// A running simulator. Dropping it leaves the simulator running until the runtime ends.
pub struct RunningSimulator {
    /// Where it listens.
    pub addr: SocketAddr,
    app: Arc<App>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Starts a platform.
///
/// # Errors
/// When the folder cannot be used or the address is taken.
pub async fn serve(options: Options) -> Result<RunningSimulator, Error> {
    let listen = options.listen;
    let acceptor = options.tls.as_ref().map(tls::Tls::acceptor).transpose();
    let acceptor = acceptor.map_err(Error::Tls)?;
    let keep = Keep::open(&options).map_err(|source| Error::Folder {
        folder: options.folder.clone().unwrap_or_default(),
        source,
    })?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|source| Error::Listen { listen, source })?;
    let addr = listener
        .local_addr()
        .map_err(|source| Error::Listen { listen, source })?;
    let (stopping, mut stop) = watch::channel(false);
    let tokens = Tokens::new(options.token_life);
    let faults = FaultPlan::default();
    let app = Arc::new(App {
        options,
        keep,
        tokens,
        faults,
        stopping,
        last: Mutex::default(),
    });
    let wires = match acceptor {
        None => Wires::Plain(listener),
        Some(acceptor) => Wires::Tls(tls::handshakes(listener, acceptor), addr),
    };
    let service = router(&app).into_make_service_with_connect_info::<Wire>();
    let serving = axum::serve(wires, service).with_graceful_shutdown(async move {
        let _ = stop.wait_for(|s| *s).await;
    });
    let task = tokio::spawn(serving.into_future());
    tracing::info!(%addr, "regulator simulator listens");
    Ok(RunningSimulator { addr, app, task })
}

fn router(app: &Arc<App>) -> Router {
    let own = Router::new()
        .route("/", get(control::page))
        .route("/_received", get(control::received))
        .route("/_photos/{number}/{key}", get(control::photo))
        .route("/_control", get(control::faults).post(control::command))
        .layer(middleware::from_fn(control::loopback_only));
    Router::new()
        .merge(own)
        .fallback(platform::any)
        .layer(DefaultBodyLimit::max(app.options.body_limit_bytes))
        .with_state(Arc::clone(app))
}

impl RunningSimulator {
    /// `http://address/base/path/`, as the gate's configuration wants it.
    #[must_use]
    pub fn base_url(&self) -> String {
        let scheme = if self.app.options.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!(
            "{scheme}://{}{}/",
            self.addr,
            self.app.options.path("").trim_end_matches('/')
        )
    }

    /// Misbehave like this from now on; `Faults::default()` behaves again.
    pub fn set_faults(&self, faults: Faults) {
        self.app.faults.set(faults);
    }

    /// All tokens end now.
    pub fn expire_tokens(&self) {
        self.app.tokens.expire_all();
    }

    /// Everything that arrived, in that order.
    #[must_use]
    pub fn received(&self) -> Vec<Arrival> {
        self.app.keep.arrivals(0, usize::MAX)
    }

    /// What was counted so far.
    #[must_use]
    pub fn counts(&self) -> IntakeCounts {
        self.app.keep.counts()
    }

    /// Rows of registers, in the order of arrival.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.app.keep.records()
    }

    /// Confirmations of strategies: number and body, in the order of arrival.
    #[must_use]
    pub fn confirmations(&self) -> Vec<(String, Value)> {
        self.app.keep.confirmations()
    }

    /// What clients get when they ask for one of the lists, from now on.
    pub fn publish(&self, list: Endpoint, entries: Vec<Value>) {
        self.app.keep.publish(list, entries);
    }

    /// The body of the last heartbeat.
    #[must_use]
    pub fn last_heartbeat(&self) -> Option<Value> {
        self.app.keep.last_heartbeat().map(|(_, body)| body)
    }

    /// Takes the platform away: no new connections, waiting requests are let go.
    pub async fn stop(mut self) {
        self.app.stopping.send_replace(true);
        if tokio::time::timeout(STOP_PATIENCE, &mut self.task)
            .await
            .is_err()
        {
            tracing::warn!("requests were still under way when the simulator stopped");
            self.task.abort();
        }
    }
}
