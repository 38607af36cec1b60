//! The daemon's side: a socket in the data folder that only its own user can reach.

use std::convert::Infallible;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, Response, StatusCode, header};
use futures::StreamExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ledger::{Handle, Reader};
use photo::Font;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{error::Elapsed, timeout};
use words::{Key, Said};

use super::door::{Door, Waiting};
use super::{BODY_BYTES, PATH, folder, socket};
use crate::{Done, Order, Refused, Site, perform};

/// Commands that are served at the same time; others wait.
const AT_ONCE: usize = 4;
/// Connections that may wait at the door until they have said what they want.
const AT_THE_DOOR: usize = 32;
/// So much of a command is read at the door; nearly all are shorter. Only imports need a seat before
/// they have said everything.
const AT_THE_DOOR_BYTES: usize = 256 << 10;
/// A command that says nothing for so long is sent away.
const PATIENCE: Duration = Duration::from_secs(30);
/// An order that is refused is said so; whoever speaks otherwise hears it in the same way.
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Everything an order needs.
struct Office {
    site: Arc<Site>,
    ledger: Handle,
    font: Arc<Font>,
}

/// Listens until aborted. A folder in which no socket can be made costs the commands their way in,
/// and the gate nothing: the daemon says so and goes on.
#[must_use]
pub fn serve(site: Arc<Site>, ledger: Handle, font: Arc<Font>) -> Option<JoinHandle<()>> {
    let listener = match listen(&site.data_folder) {
        Ok(listener) => listener,
        Err(error) => {
            let path = socket(&site.data_folder);
            tracing::error!(path = %path.display(), %error, "no socket for commands: corrections and registers wait until the daemon is stopped. A shorter data folder may help");
            return None;
        }
    };
    let office = Arc::new(Office { site, ledger, font });
    Some(tokio::spawn(async move {
        let seats = Arc::new(Semaphore::new(AT_ONCE));
        let door = Door::new(AT_THE_DOOR);
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let (office, seats) = (Arc::clone(&office), Arc::clone(&seats));
                    door.enter(|waiting| async move {
                        if let Err(error) = attend(stream, office, seats, waiting).await {
                            tracing::warn!(%error, "a command was not served");
                        }
                    });
                }
                Err(error) => {
                    tracing::error!(%error, "the socket for commands failed");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }))
}

/// The folder comes first, closed to others, so that the socket is never open to them. What an
/// earlier daemon left there is removed: whoever listens has the ledger's lock.
fn listen(data: &Path) -> io::Result<UnixListener> {
    let folder = folder(data);
    if !folder.is_dir() {
        DirBuilder::new().mode(0o700).create(&folder)?;
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    let socket = socket(data);
    match fs::remove_file(&socket) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// One command: an order in, what came of it out. Who says nothing, or only half, waits at the door and keeps no
/// seat from others.
async fn attend(
    stream: UnixStream,
    office: Arc<Office>,
    seats: Arc<Semaphore>,
    waiting: Waiting,
) -> Result<(), hyper::Error> {
    let user = stream.peer_cred().map(|cred| cred.uid()).ok();
    let waiting = Mutex::new(Some(waiting));
    let answered = Notify::new();
    let answered = &answered;
    let service = service_fn(|request: Request<Incoming>| {
        // One connection is one order; hyper does not know that, and could ask again.
        let place = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let (office, seats) = (Arc::clone(&office), Arc::clone(&seats));
        async move {
            let answer = answer(request, user, office, seats, place).await;
            answered.notify_one();
            Ok::<_, Infallible>(answer)
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .keep_alive(false);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        served = connection.as_mut() => return served,
        () = answered.notified() => {}
    }
    // Whoever does not take the answer is waited for no longer than whoever says nothing.
    timeout(PATIENCE, connection).await.unwrap_or(Ok(()))
}

async fn answer(
    request: Request<Incoming>,
    user: Option<u32>,
    office: Arc<Office>,
    seats: Arc<Semaphore>,
    waiting: Option<Waiting>,
) -> Response<Body> {
    let done = match said(request, &seats, waiting).await {
        Ok((order, _seat)) => {
            let done = tokio::task::spawn_blocking(move || office.answer(&order, user)).await;
            done.unwrap_or_else(|_| Err(Refused::failed(Key::ControlBrokeOff)))
        }
        Err(refused) => Err(refused),
    };
    let (status, body) = match &done {
        Ok(done) => (StatusCode::OK, serde_json::to_vec(done)),
        Err(refused) => (REFUSED, serde_json::to_vec(refused)),
    };
    let mut answer = Response::new(Body::from(body.unwrap_or_default()));
    *answer.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, json);
    answer
}

/// The order, and a seat for it. What is short is heard at the door.
async fn said(
    request: Request<Incoming>,
    seats: &Arc<Semaphore>,
    waiting: Option<Waiting>,
) -> Result<(Vec<u8>, OwnedSemaphorePermit), Refused> {
    let target = (request.method(), request.uri().path());
    if target != (&Method::POST, PATH) {
        return Err(not_an_order(&format_args!("POST {PATH}")));
    }
    let late = |late: Elapsed| not_an_order(&late);
    let mut order = Vec::new();
    let mut body = Body::new(request.into_body()).into_data_stream();
    let at_the_door = heard(&mut body, &mut order, AT_THE_DOOR_BYTES);
    timeout(PATIENCE, at_the_door).await.map_err(late)??;
    drop(waiting);
    let seat = Arc::clone(seats).acquire_owned().await;
    let seat = seat.map_err(|_| Refused::failed(Key::ControlBrokeOff))?;
    let all = heard(&mut body, &mut order, BODY_BYTES);
    timeout(PATIENCE, all).await.map_err(late)??;
    if order.len() > BODY_BYTES {
        let why = Said::with(Key::ControlTooLong, "mib", BODY_BYTES >> 20);
        return Err(Refused::invalid(why));
    }
    Ok((order, seat))
}

/// Hears on until that is all, or more than so many bytes have come.
async fn heard(
    body: &mut BodyDataStream,
    order: &mut Vec<u8>,
    bytes: usize,
) -> Result<(), Refused> {
    while order.len() <= bytes {
        match body.next().await {
            Some(Ok(part)) => order.extend_from_slice(&part),
            Some(Err(error)) => return Err(not_an_order(&error)),
            None => break,
        }
    }
    Ok(())
}

fn not_an_order(why: &dyn std::fmt::Display) -> Refused {
    Refused::invalid(Said::with(Key::ControlNotAnOrder, "why", why))
}

impl Office {
    fn answer(&self, order: &[u8], user: Option<u32>) -> Result<Done, Refused> {
        let order: Order = serde_json::from_slice(order).map_err(|e| not_an_order(&e))?;
        let reader = Reader::open(&self.site.data_folder)?;
        let font = || Ok(Arc::clone(&self.font));
        let done = perform(order, &self.site, &reader, &mut &self.ledger, &font);
        match &done {
            Ok(done) => tracing::info!(?done, user, "a command was done"),
            Err(refused) => tracing::info!(words = %refused.said, user, "a command was refused"),
        }
        done
    }
}
