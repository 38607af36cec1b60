//! A network relay: one HTTP request raises the barrier.
//!
//! The request is tried again only while it is certain that nothing has moved, which is when no
//! connection came about; a relay that toggles would otherwise lower the arm at the second pulse.
//! A site whose relay may safely be told twice says so with `repeatable`.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::Deserialize;

use crate::template::{self, Escape};
use crate::{Action, Actuation, Alarm, AlarmKind, Barrier, Lift, Secret};

/// No vehicle and no guard should wait longer for an answer.
const LONGEST_TOTAL: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(150);
/// An answer longer than this is no relay's.
const LONGEST_ANSWER_BYTES: usize = 64 * 1024;

/// How the request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum Method {
    #[default]
    Get,
    Post,
}

/// What a site sets for a relay. `url` and `body` may hold `{passage}`, `{entrance}`,
/// `{barrier}`, `{lane}` and `{plate}`.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelaySettings {
    /// Address, `http://` or `https://`. User and password have settings of their own.
    pub url: String,
    /// `GET` or `POST`.
    #[serde(default)]
    pub method: Method,
    /// Body of a `POST`.
    #[serde(default)]
    pub body: Option<String>,
    /// Its type.
    #[serde(default = "json")]
    pub content_type: String,
    /// More headers, tokens for example; their values are never shown.
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    /// User name for basic authentication.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password.
    #[serde(default)]
    pub password: Option<Secret>,
    /// Text that the answer must contain. Some relays answer 200 to everything.
    #[serde(default)]
    pub expect: Option<String>,
    /// Longest wait for one answer.
    #[serde(default = "one_try")]
    pub timeout_ms: u32,
    /// Longest time for all tries together, at most 2000.
    #[serde(default = "all_tries")]
    pub total_ms: u32,
    /// The relay closes its contact for a moment and may be told so twice without harm.
    #[serde(default)]
    pub repeatable: bool,
}

fn json() -> String {
    "application/json".to_owned()
}

fn one_try() -> u32 {
    800
}

fn all_tries() -> u32 {
    2000
}

impl std::fmt::Debug for RelaySettings {
    /// Without address, headers and body: each may hold a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelaySettings")
            .field("method", &self.method)
            .field("timeout_ms", &self.timeout_ms)
            .field("total_ms", &self.total_ms)
            .field("repeatable", &self.repeatable)
            .finish_non_exhaustive()
    }
}

/// A mistake in the settings of a relay.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct RelaySettingsError {
    /// Which setting.
    pub key: &'static str,
    /// What is wrong and what is allowed; holds no secrets.
    pub problem: String,
}

/// A driver for a relay board on the network.
pub struct HttpRelay {
    client: Client,
    settings: RelaySettings,
    escape: Escape,
    total: Duration,
}

impl HttpRelay {
    /// The driver for `settings`, or every mistake in them. Sends nothing.
    pub fn new(settings: RelaySettings) -> Result<Self, Vec<RelaySettingsError>> {
        let mut errors = Vec::new();
        let mut wrong = |key, problem: String| errors.push(RelaySettingsError { key, problem });
        if let Err(problem) = check_url(&settings.url) {
            wrong("url", problem);
        }
        if let Some(name) = template::unknown_name(settings.body.as_deref().unwrap_or("")) {
            wrong("body", unknown(name));
        }
        if settings.body.is_some() && settings.method == Method::Get {
            wrong("body", "only a POST has a body".into());
        }
        if !(1..=2000).contains(&settings.total_ms) {
            wrong("total_ms", "must be 1 to 2000".into());
        }
        if settings.timeout_ms == 0 || settings.timeout_ms > settings.total_ms {
            wrong("timeout_ms", "must be 1 to total_ms".into());
        }
        let headers = headers(&settings).unwrap_or_else(|problem| {
            wrong("headers", problem);
            HeaderMap::new()
        });
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
                escape: escape_for(&settings.content_type),
                total: Duration::from_millis(settings.total_ms.into()).min(LONGEST_TOTAL),
                settings,
            }),
            Ok(_) => Err(errors),
            Err(error) => {
                let problem = chain(&error.without_url());
                errors.push(RelaySettingsError {
                    key: "url",
                    problem,
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
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url),
        };
        if let Some(user) = &self.settings.user {
            let password = self.settings.password.as_ref().map(Secret::reveal);
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
            AlarmKind::Failed
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

fn check_url(template: &str) -> Result<(), String> {
    if let Some(name) = template::unknown_name(template) {
        return Err(unknown(name));
    }
    let filled = template::fill(template, &template::sample(), Escape::Percent);
    // The parser's error does not repeat the address.
    let url = Url::parse(&filled).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user or password: set user and password instead".into());
    }
    Ok(())
}

fn headers(settings: &RelaySettings) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        let bad = |what| format!("{name:?} has {what} that HTTP does not allow");
        let key = HeaderName::try_from(name).map_err(|_| bad("a name"))?;
        let mut value = HeaderValue::from_str(value.reveal()).map_err(|_| bad("a value"))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

fn unknown(name: &str) -> String {
    format!("{{{name}}} is not one of: {}", template::NAMES)
}

fn escape_for(content_type: &str) -> Escape {
    if content_type.contains("json") {
        Escape::Json
    } else if content_type.contains("urlencoded") {
        Escape::Percent
    } else {
        Escape::None
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
