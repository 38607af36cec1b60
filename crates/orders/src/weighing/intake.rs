//! `POST /weighings`: the weighing software hands over each record as it is made.
//!
//! Everything that arrives is hostile until proved: the token is looked at before the body, the body
//! is limited in size and time, few wait for the ledger at a time, and nothing of a request is kept
//! unless all of it is right.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{Handle, Topic, WeighingCounts};
use listener::{BodyProblem, Listener};
use passage::Weighing;
use secret::Secret;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;
use words::{Key, Language, Said};

use super::from_json;
use super::json::hints;

/// Two hundred records fit into this many times over.
const BODY_BYTES: usize = 256 * 1024;
/// Requests that may wait for the ledger. At a hundred commits a second the last waits for a
/// third of one; more are told to come again, and what was not taken is still with its sender.
const WAITING: usize = 32;
/// A ticket's number may come again for another weighing after so long.
const TICKETS_HOLD: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Weighings whose vehicle had not passed yet are tried again at most so often, and only after a
/// passage was committed or corrected.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// Where the weighing software hands over its records.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What the software must show.
    pub token: Secret,
    /// Its name in the ledger.
    pub source: String,
    /// Longest time between a weighing and its passage.
    pub window: Duration,
    /// Its clock, where a record names no offset.
    pub zone: TimeZone,
}

struct Shared {
    intake: Intake,
    ledger: Handle,
    /// Those that wait for their turn, and the one that has it.
    waiting: Semaphore,
    language: Language,
    /// One request at a time: two of the same ticket must not both be the first.
    turn: Mutex<()>,
}

/// Takes weighings on a listener of the intake's address, until aborted.
#[must_use]
pub fn take_weighings(
    listener: Listener,
    intake: Intake,
    ledger: Handle,
    language: Language,
) -> JoinHandle<()> {
    let shared = Arc::new(Shared {
        intake,
        ledger,
        language,
        waiting: Semaphore::new(WAITING),
        turn: Mutex::new(()),
    });
    let pages = Router::new()
        .route("/weighings", post(take))
        .with_state(Arc::clone(&shared));
    tracing::info!(address = %listener.address(), "taking weighings");
    tokio::spawn(async move {
        let again = async {
            let mut passages = shared.ledger.committed(&[Topic::Passages]);
            // What an earlier process has kept is tried once without news.
            let mut owed = true;
            loop {
                tokio::time::sleep(TRY_AGAIN).await;
                if !owed {
                    let _ = passages.changed().await;
                }
                let tried = shared.keep(Vec::new()).await;
                owed = tried.is_err();
                if let Err((_, why)) = tried {
                    tracing::warn!(error = %why, "weighings could not be matched");
                }
            }
        };
        tokio::select! {
            () = listener.serve(pages) => {}
            () = again => {}
        }
    })
}

/// Why a request was not taken, for its sender.
type No = (StatusCode, Said);

async fn take(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match shared.taken(request).await {
        Ok((weighed, hints)) => {
            let status = if weighed.kept > 0 {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            let mut answer = json!(weighed);
            if !hints.is_empty() {
                tracing::warn!(?hints, "weighings of plates that do not occur were taken");
                answer["hints"] = json!(hints);
            }
            (status, Json(answer)).into_response()
        }
        Err((status, error)) => {
            tracing::warn!(%status, %error, "a weighing was not taken");
            let error = error.text(shared.language);
            (status, Json(json!({"error": error}))).into_response()
        }
    }
}

impl Shared {
    /// What became of the weighings, and what their sender should look at.
    async fn taken(&self, request: Request) -> Result<(WeighingCounts, Vec<String>), No> {
        let (head, body) = request.into_parts();
        self.authorised(&head.headers)?;
        let body = listener::whole(body, BODY_BYTES).await.map_err(not_whole)?;
        let now = Timestamp::now();
        let weighings = from_json(&body, &self.intake.zone, now)
            .map_err(|mistake| (StatusCode::UNPROCESSABLE_ENTITY, mistake.said()))?;
        let _waiting = self.waiting.try_acquire().map_err(|_| crowded())?;
        let _turn = self.turn.lock().await;
        for weighing in &weighings {
            self.not_another(weighing, now).await?;
        }
        let hints = hints(&weighings);
        Ok((self.keep(weighings).await?, hints))
    }

    fn authorised(&self, headers: &HeaderMap) -> Result<(), No> {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let hash = |text: &str| Sha256::digest(text.trim());
        // Hashes: how long a comparison takes tells nothing of the token.
        match given {
            Some(given) if hash(given) == hash(self.intake.token.expose()) => Ok(()),
            _ => Err((StatusCode::UNAUTHORIZED, Key::WeighingToken.into())),
        }
    }

    /// The same ticket again is no new weighing; with other content it is a mistake of somebody.
    async fn not_another(&self, new: &Weighing, now: Timestamp) -> Result<(), No> {
        let (source, ticket) = (self.intake.source.clone(), new.ticket.clone());
        let since = now - TICKETS_HOLD;
        let known = self
            .ledger
            .read(move |reader| reader.weighing_called(&source, &ticket, since))
            .await
            .map_err(|e| later(&e))?;
        match known {
            Some(known) if known != *new => Err((StatusCode::CONFLICT, self.conflict(&known))),
            _ => Ok(()),
        }
    }

    /// What is here under the same ticket, on the clock of whoever weighed.
    fn conflict(&self, known: &Weighing) -> Said {
        let at = known.weighed_at.to_zoned(self.intake.zone.clone());
        Said::with(Key::WeighingOtherContent, "ticket", &known.ticket)
            .and("plate", &known.plate)
            .and("time", at.strftime("%Y-%m-%d %H:%M:%S %:z"))
    }

    async fn keep(&self, weighings: Vec<Weighing>) -> Result<WeighingCounts, No> {
        let (source, window) = (self.intake.source.clone(), self.intake.window);
        let weighed = self.ledger.write(move |writer| {
            writer.add_weighings(&weighings, &source, window, &source, Timestamp::now())
        });
        weighed.await.map_err(|e| later(&e))
    }
}

fn not_whole(problem: BodyProblem) -> No {
    match problem {
        BodyProblem::Late => (StatusCode::REQUEST_TIMEOUT, Key::WeighingLateBody.into()),
        BodyProblem::Long | BodyProblem::Cut => (
            StatusCode::PAYLOAD_TOO_LARGE,
            Said::with(Key::WeighingLongBody, "most", BODY_BYTES),
        ),
    }
}

fn crowded() -> No {
    let why = Said::with(Key::WeighingCrowded, "waiting", WAITING);
    (StatusCode::SERVICE_UNAVAILABLE, why)
}

/// Disk full, ledger busy: the sender tries again.
fn later(error: &ledger::Error) -> No {
    (StatusCode::SERVICE_UNAVAILABLE, error.explained())
}
