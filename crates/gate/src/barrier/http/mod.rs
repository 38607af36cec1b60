//! A network relay: one HTTP request raises the barrier.
//!
//! The request is tried again only while it is certain that nothing has moved, which is when no
//! connection came about; a relay that toggles would otherwise lower the arm at the second pulse.
//! A site whose relay may safely be told twice says so with `repeatable`.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, StatusCode};

use secret::Secret;
use settings::Printer;
use words::{Key, Said};

use super::driver::{BarrierProblem, Driver, DriverSettings};
use super::{Action, Actuation, Alarm, AlarmKind, Barrier, Lift};
use crate::template::{self, Escape};

mod config;
mod section;

pub use config::{HttpRelaySettings, RelayMethod};

pub(super) const DRIVER: Driver = Driver {
    name: "http",
    read: |section| Some(Arc::new(HttpRelaySettings::read(section))),
};

/// No vehicle and no guard should wait longer for an answer.
const LONGEST_TOTAL: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(150);
/// An answer longer than this is no relay's.
const LONGEST_ANSWER_BYTES: usize = 64 * 1024;

/// A driver for a relay board on the network.
pub struct HttpRelay {
    client: Client,
    settings: HttpRelaySettings,
    escape: Escape,
    total: Duration,
}

impl HttpRelay {
    /// The driver for `settings`. Sends nothing.
    ///
    /// # Errors
    /// Every mistake in the settings.
    pub fn new(settings: HttpRelaySettings) -> Result<Self, Vec<BarrierProblem>> {
        let (headers, mut errors) = settings.check();
        let timeout = Duration::from_millis(settings.timeout_ms.into());
        // A relay is a small box on the local network: no proxy, no redirect, and a new connection
        // for every order, because such boxes drop idle ones without telling.
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .default_headers(headers)
            .connect_timeout(timeout / 2)
            .timeout(timeout)
            .build();
        match client {
            Ok(client) if errors.is_empty() => Ok(Self {
                client,
                escape: settings.escape(),
                total: Duration::from_millis(settings.total_ms.into()).min(LONGEST_TOTAL),
                settings,
            }),
            Ok(_) => Err(errors),
            Err(error) => {
                let why = chain(&error.without_url());
                errors.push(BarrierProblem {
                    key: "url",
                    why: Said::with(Key::MistakeHttpClient, "why", why),
                });
                Err(errors)
            }
        }
    }

    async fn raise_within(&self, lift: &Lift) -> Result<Actuation, Alarm> {
        let start = tokio::time::Instant::now();
        let mut tries = 0;
        loop {
            tries += 1;
            let left = self.total.saturating_sub(start.elapsed());
            let tried = tokio::time::timeout(left, self.send(lift)).await;
            let failure = match tried {
                Ok(Ok(())) => return Ok(Actuation::Raised),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::maybe_sent(AlarmKind::TimedOut, "no answer within total_ms"),
            };
            let again = failure.harmless || (self.settings.repeatable && failure.passing);
            if !again || start.elapsed() + PAUSE >= self.total {
                return Err(Alarm::new(failure.kind, failure.detail, tries));
            }
            tracing::warn!(
                barrier = lift.barrier,
                passage = lift.passage,
                problem = failure.detail,
                tries,
                "the barrier's relay failed, trying again"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn send(&self, lift: &Lift) -> Result<(), Failure> {
        let mut answer = self.request(lift).send().await.map_err(Failure::of)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Failure::of_status(status));
        }
        let Some(expected) = &self.settings.expect else {
            return Ok(());
        };
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(Failure::of)? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER_BYTES {
                break;
            }
        }
        if String::from_utf8_lossy(&body).contains(expected) {
            return Ok(());
        }
        let detail = format!("the answer does not contain {expected:?}");
        Err(Failure::maybe_sent(AlarmKind::Refused, detail))
    }

    fn request(&self, lift: &Lift) -> RequestBuilder {
        let url = template::fill(&self.settings.url, lift, Escape::Percent);
        let mut request = match self.settings.method {
            RelayMethod::Get => self.client.get(url),
            RelayMethod::Post => self.client.post(url),
        };
        if let Some(user) = &self.settings.user {
            let password = self.settings.password.as_ref().map(Secret::expose);
            request = request.basic_auth(user, password);
        }
        if let Some(body) = &self.settings.body {
            request = request
                .header(CONTENT_TYPE, &self.settings.content_type)
                .body(template::fill(body, lift, self.escape));
        }
        request
    }
}

impl DriverSettings for HttpRelaySettings {
    fn show(&self, printer: &mut Printer) {
        self.print(printer);
    }

    fn address(&self) -> Option<(String, u16)> {
        let url = reqwest::Url::parse(&self.url).ok()?;
        Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
    }

    fn open(&self) -> Result<Arc<dyn Barrier>, Vec<BarrierProblem>> {
        Ok(Arc::new(HttpRelay::new(self.clone())?))
    }
}

impl std::fmt::Debug for HttpRelay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpRelay").finish_non_exhaustive()
    }
}

impl Barrier for HttpRelay {
    fn raise<'a>(&'a self, lift: &'a Lift) -> Action<'a> {
        Box::pin(self.raise_within(lift))
    }

    fn patience(&self) -> Duration {
        self.total
    }
}

/// One failed try.
struct Failure {
    kind: AlarmKind,
    detail: String,
    /// Nothing was sent, so nothing moved.
    harmless: bool,
    /// It may go better the next time.
    passing: bool,
}

impl Failure {
    fn maybe_sent(kind: AlarmKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            harmless: false,
            passing: true,
        }
    }

    /// `error` may hold the address and with it secrets: only its cause is kept.
    fn of(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let kind = if error.is_connect() {
            AlarmKind::Unreachable
        } else if error.is_timeout() {
            AlarmKind::TimedOut
        } else {
            // The request was on its way when the line ended; what the relay did, nobody knows.
            AlarmKind::Unanswered
        };
        Self {
            harmless: error.is_connect(),
            ..Self::maybe_sent(kind, chain(&error))
        }
    }

    fn of_status(status: StatusCode) -> Self {
        let kind = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => AlarmKind::Unauthorized,
            _ => AlarmKind::Refused,
        };
        Self {
            passing: status.is_server_error(),
            ..Self::maybe_sent(kind, format!("the relay answered {status}"))
        }
    }
}

/// The error and its causes on one line.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
