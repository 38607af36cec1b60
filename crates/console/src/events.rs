//! What happens, told to open pages as it does: server-sent events, fed by the ledger's signal of commits.
//!
//! An event's id is the place of what happened in the ledger. A page whose line broke says the last one
//! that it saw, and is told what came after it, also after a restart; after a long time it is told to
//! look at everything again.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use ledger::{Happened, Happening, Reader, Topic};
use passage::GuardTask;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio::time::{Instant, interval, timeout_at};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use crate::codes::{HappeningCode, TaskCode};
use crate::desk::Desk;
use crate::lanes::sign_of_life;
use crate::refusal::{Problem, Refusal};

/// Pages that are told at the same time: less than half of a listener's connections.
const MOST: usize = 48;
/// Events that a slow page may be behind; then it is told to look at everything again.
const BEHIND: usize = 256;
/// What was written to the ledger since a page was here, at most; one passage writes some ten things.
const WITHIN: usize = 5_000;
/// The listener ends a connection after five minutes; the page comes again before, by itself.
const FOR: Duration = Duration::from_secs(240);
/// A line that is cut is noticed by whoever listens.
const PING: Duration = Duration::from_secs(15);
/// Before a page comes again.
const AGAIN: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_secs(2);

/// Something happened to a passage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PassageEvent {
    /// The passage's number.
    id: i64,
    #[schema(value_type = HappeningCode)]
    what: Happening,
    lane: String,
    /// What it asks of the guard now; null when nothing, or no longer.
    #[schema(value_type = Option<TaskCode>)]
    task: Option<GuardTask>,
}

/// An event as it is sent.
#[derive(Debug, Clone)]
struct Told {
    /// Its place in the ledger; 0 for what is not there.
    place: i64,
    event: &'static str,
    data: String,
}

/// To whoever listens.
pub(crate) struct Events {
    told: broadcast::Sender<Arc<Told>>,
    seats: Arc<Semaphore>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            told: broadcast::Sender::new(BEHIND),
            seats: Arc::new(Semaphore::new(MOST)),
        }
    }
}

impl Told {
    fn event(&self) -> Event {
        let event = Event::default().event(self.event).data(&self.data);
        match self.place {
            0 => event,
            place => event.id(place.to_string()),
        }
    }

    /// Without news of its own.
    fn plain(event: &'static str) -> Self {
        let data = "{}".to_owned();
        Self {
            place: 0,
            event,
            data,
        }
    }
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(events))
}

/// What happens, as server-sent events: `passage` (a PassageEvent) with an id to go on from, `health` and
/// `uploads` and `alarms` (look again), `resync` (look at everything again) and `ping`.
#[utoipa::path(get, path = "/api/events", params(
    ("Last-Event-ID" = Option<String>, Header, description = "Goes on after this event.")), responses(
    (status = 200, content_type = "text/event-stream", body = PassageEvent),
    (status = "4XX", body = Problem)))]
async fn events(
    State(desk): State<Desk>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    let seat = Arc::clone(&desk.events.seats).try_acquire_owned();
    let full = |_| Refusal::new(StatusCode::TOO_MANY_REQUESTS, "full", Key::WebLater);
    let seat = seat.map_err(full)?;
    // What happens while the past is looked up is not missed.
    let news = desk.events.told.subscribe();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let past = match last.map(str::parse) {
        None => VecDeque::new(),
        Some(Ok(place)) => {
            desk.readers
                .read(move |reader| since(reader, place))
                .await?
        }
        Some(Err(_)) => VecDeque::from([Told::plain("resync")]),
    };
    let place = past.iter().map(|told| told.place).max().unwrap_or(0);
    let listening = Listening {
        past,
        place,
        news,
        until: Instant::now() + FOR,
        _seat: seat,
    };
    let ping = KeepAlive::new()
        .interval(PING)
        .event(Told::plain("ping").event());
    Ok(Sse::new(stream(listening)).keep_alive(ping))
}

/// One page that listens.
struct Listening {
    past: VecDeque<Told>,
    /// Of the last event that was sent.
    place: i64,
    news: broadcast::Receiver<Arc<Told>>,
    until: Instant,
    _seat: OwnedSemaphorePermit,
}

fn stream(listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = Event::default().retry(AGAIN).comment("");
    let then = futures::stream::unfold(listening, async |mut listening| {
        let told = listening.next().await?;
        Some((Ok(told), listening))
    });
    use futures::StreamExt as _;
    futures::stream::once(std::future::ready(Ok(first))).chain(then)
}

impl Listening {
    async fn next(&mut self) -> Option<Event> {
        if let Some(told) = self.past.pop_front() {
            return Some(told.event());
        }
        loop {
            use broadcast::error::RecvError::{Closed, Lagged};
            match timeout_at(self.until, self.news.recv()).await {
                Ok(Ok(told)) if told.place != 0 && told.place <= self.place => {}
                Ok(Ok(told)) => {
                    self.place = self.place.max(told.place);
                    return Some(told.event());
                }
                Ok(Err(Lagged(_))) => return Some(Told::plain("resync").event()),
                Ok(Err(Closed)) | Err(_) => return None,
            }
        }
    }
}

/// What happened after `place`, or the word to look at everything again.
fn since(reader: &Reader, place: i64) -> ledger::Result<VecDeque<Told>> {
    let last = reader.last_place()?;
    let missed = usize::try_from(last - place).ok();
    // A place that the ledger does not have yet is of before it was restored from a backup.
    if place < 0 || missed.is_none_or(|missed| missed > WITHIN) {
        return Ok(VecDeque::from([Told {
            place: last,
            ..Told::plain("resync")
        }]));
    }
    told(reader, &reader.happened(place, WITHIN)?).map(VecDeque::from)
}

/// In words of events. Several items of one correction are one.
fn told(reader: &Reader, all: &[Happened]) -> ledger::Result<Vec<Told>> {
    let mut told = Vec::new();
    for (at, happened) in all.iter().enumerate() {
        let same = |next: &Happened| (next.passage, next.what) == (happened.passage, happened.what);
        if all.get(at + 1).is_some_and(same) {
            continue;
        }
        let Some(view) = reader.passage(happened.passage)? else {
            continue;
        };
        let event = PassageEvent {
            id: happened.passage.0,
            what: happened.what,
            task: view.task(),
            lane: view.lane,
        };
        told.push(Told {
            place: happened.place,
            event: "passage",
            data: serde_json::to_string(&event).unwrap_or_default(),
        });
    }
    Ok(told)
}

/// Follows the ledger and how all is, until it is dropped.
pub(crate) async fn follow(desk: Desk) {
    let mut passages = desk.ledger.committed(&[Topic::Passages]);
    let mut uploads = desk.ledger.committed(&[Topic::Deliveries]);
    let mut alarms = desk.ledger.committed(&[Topic::Alarms]);
    let mut place = desk.readers.read(|reader| reader.last_place()).await.ok();
    let (mut sign, mut sent) = (sign_of_life(&desk), false);
    let mut looks = interval(LOOK);
    loop {
        tokio::select! {
            news = passages.changed() => {
                if news.is_err() {
                    return;
                }
                place = news_since(&desk, place).await;
            }
            news = alarms.changed() => {
                if news.is_err() {
                    return;
                }
                desk.events.tell(Told::plain("alarms"));
            }
            // At most one each time that is looked.
            news = uploads.changed(), if !sent => {
                if news.is_err() {
                    return;
                }
                sent = true;
                desk.events.tell(Told::plain("uploads"));
            }
            _ = looks.tick() => {
                sent = false;
                let now = sign_of_life(&desk);
                if now != sign {
                    sign = now;
                    desk.events.tell(Told::plain("health"));
                }
            }
        }
    }
}

/// Tells what happened, and gives up to where it is told.
async fn news_since(desk: &Desk, place: Option<i64>) -> Option<i64> {
    let look = move |reader: &Reader| {
        let last = reader.last_place()?;
        Ok::<_, ledger::Error>((since(reader, place.unwrap_or(last))?, last))
    };
    match desk.readers.read(look).await {
        Ok((all, last)) => {
            for told in all {
                desk.events.tell(told);
            }
            Some(last)
        }
        // Asked again with the next commit.
        Err(_) => place,
    }
}

impl Events {
    fn tell(&self, told: Told) {
        // Nobody may be there.
        let _ = self.told.send(Arc::new(told));
    }
}
