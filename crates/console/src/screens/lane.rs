//! What stands on the screen of one lane, told as it changes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures::Stream;
use jiff::Timestamp;
use jiff::civil::time;
use passage::Verdict;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, broadcast};
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;
use words::{Key, Language};

use super::control::{self, Control};
use crate::asked::Named;
use crate::codes::VerdictCode;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// The listener ends a connection after five minutes; the screen comes again before, by itself.
const FOR: Duration = Duration::from_secs(240);
/// A screen that has heard nothing for three times as long says that the gate is away.
const BEAT: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_secs(1);

/// All that stands on the screen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Screen {
    site: String,
    lane: String,
    /// Hours and minutes of the site's clock.
    clock: String,
    /// It is dark outside, or nearly.
    night: bool,
    control: Control,
    /// None once it has stood long enough.
    decision: Option<ScreenDecision>,
    /// What the items are called, and what stands there when there is nothing.
    labels: BTreeMap<&'static str, String>,
}

/// A decision, or an alarm, as drivers read it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScreenDecision {
    #[schema(value_type = VerdictCode)]
    verdict: Verdict,
    /// It is an alarm: its text is the word for that, its reason what happened.
    alarm: bool,
    plate: String,
    /// Code of the plate's colour.
    color: String,
    emission: String,
    text: String,
    reason: String,
    time: String,
    /// For how much longer it stands, milliseconds.
    left_ms: u64,
}

/// What stands on the screen of a lane, as server-sent events: `screen`, all of it, at once, with each
/// decision and every five seconds.
#[utoipa::path(get, path = "/api/screens/{lane}/events", params(("lane" = String, Path)), responses(
    (status = 200, content_type = "text/event-stream", body = Screen),
    (status = "4XX", body = Problem)))]
pub(crate) async fn screen_events(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
) -> Result<impl IntoResponse, Refusal> {
    let is_known = desk.site.lanes.iter().any(|known| known.lane == lane);
    if !desk.settings.screens.public || !is_known {
        return Err(Refusal::not_found());
    }
    let seat = Arc::clone(&desk.screens.seats).try_acquire_owned();
    let full = |_| Refusal::new(StatusCode::TOO_MANY_REQUESTS, "full", Key::WebLater);
    let seat = seat.map_err(full)?;
    let looking = Looking {
        news: desk.screens.news.subscribe(),
        desk,
        lane,
        until: Instant::now() + FOR,
        is_new: true,
        _seat: seat,
    };
    Ok(Sse::new(stream(looking)))
}

/// One screen that looks.
struct Looking {
    desk: Desk,
    lane: String,
    news: broadcast::Receiver<String>,
    until: Instant,
    is_new: bool,
    _seat: OwnedSemaphorePermit,
}

fn stream(looking: Looking) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = Event::default().retry(AGAIN).comment("");
    let then = futures::stream::unfold(looking, async |mut looking| {
        let event = looking.next().await?;
        Some((Ok(event), looking))
    });
    use futures::StreamExt as _;
    futures::stream::once(std::future::ready(Ok(first))).chain(then)
}

impl Looking {
    async fn next(&mut self) -> Option<Event> {
        use broadcast::error::RecvError::{Closed, Lagged};
        if !std::mem::take(&mut self.is_new) {
            let beat = Instant::now() + BEAT;
            loop {
                match timeout_at(beat.min(self.until), self.news.recv()).await {
                    Ok(Ok(lane)) if lane != self.lane => {}
                    Ok(Ok(_) | Err(Lagged(_))) => break,
                    Ok(Err(Closed)) => return None,
                    Err(_) if Instant::now() >= self.until => return None,
                    Err(_) => break,
                }
            }
        }
        let screen = screen(&self.desk, &self.lane).await;
        let data = serde_json::to_string(&screen).unwrap_or_default();
        Some(Event::default().event("screen").data(data))
    }
}

async fn screen(desk: &Desk, lane: &str) -> Screen {
    let (language, zone) = (desk.site.language, &desk.site.zone);
    let now = Timestamp::now().to_zoned(zone.clone());
    let keep = desk.settings.screens.keep;
    let decision = desk.screens.newest(lane, keep);
    // While the ledger can't be read, what is in force is not known, and the decision is shown all the same.
    let control = control::now(desk).await.unwrap_or_else(|_| {
        Arc::new(Control {
            text: language.text(Key::ScreenUnknownControl).to_owned(),
            ..Control::default()
        })
    });
    Screen {
        site: desk.site.name.clone(),
        lane: lane.to_owned(),
        clock: now.strftime("%H:%M").to_string(),
        night: now.time() < time(6, 30, 0, 0) || now.time() >= time(18, 30, 0, 0),
        control: Control::clone(&control),
        decision: decision.map(|(notice, age)| ScreenDecision {
            verdict: notice.verdict,
            alarm: notice.alarm,
            plate: notice.plate.clone(),
            color: notice.color.clone(),
            emission: notice.emission.clone(),
            text: notice.decision.clone(),
            reason: notice.reason.clone(),
            time: notice.time.clone(),
            left_ms: u64::try_from((keep - age).as_millis()).unwrap_or_default(),
        }),
        labels: labels(language),
    }
}

fn labels(language: Language) -> BTreeMap<&'static str, String> {
    [
        ("control", Key::ScreenControl),
        ("plate", Key::ScreenPlate),
        ("emission", Key::ScreenEmission),
        ("decision", Key::ScreenDecision),
        ("time", Key::ScreenTime),
        ("reason", Key::ScreenReason),
        ("no_plate", Key::ScreenNoPlate),
        ("no_emission", Key::ScreenNoEmission),
        ("idle", Key::ScreenIdle),
    ]
    .map(|(name, key)| (name, language.text(key).to_owned()))
    .into()
}
