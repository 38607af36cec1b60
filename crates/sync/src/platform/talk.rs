//! Requests and answers: token, signature, limits, and one new log-in when a token is not taken.

mod answer;
mod body;
#[cfg(fuzzing)]
mod fuzzing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode};
use serde_json::{Map, Value};
use words::Key;

use super::request::{Asked, Request};
use super::{PlatformSettings, form};
use crate::adapter::{Adapter, HttpMethod, LoginRules, Operation, TokenPlace};
use crate::bucket::Bucket;
use crate::failure::{Failure, FailureKind, chain};
use crate::settings::BadSetting;
use crate::trust;
pub(super) use answer::{AnswerMeaning, Said};
use answer::{Quote, read};
#[cfg(fuzzing)]
pub use fuzzing::{AnswerHeard, Ear};

/// No acknowledgement needs more than this.
pub(super) const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// A token is renewed so long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(10);

struct Token {
    text: String,
    ends: Instant,
}

/// The line to one platform.
pub(crate) struct Talk {
    pub(super) settings: Arc<PlatformSettings>,
    pub(super) adapter: Arc<Adapter>,
    client: Client,
    token: Option<Token>,
    pace: Option<Bucket>,
}

impl Talk {
    pub(crate) fn new(
        settings: Arc<PlatformSettings>,
        adapter: Arc<Adapter>,
    ) -> Result<Self, BadSetting> {
        // Redirects would carry token and photos elsewhere, and so would a proxy of the
        // environment: the line to the platform is a dedicated one.
        let mut client = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("menjin/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = &settings.ca_file {
            let trusting = trust::only(path).map_err(|why| BadSetting::new("ca_file", why))?;
            client = client.tls_backend_preconfigured(trusting);
        }
        let client = client.build().map_err(|error| {
            let why = words::Said::with(Key::MistakeHttpClient, "why", chain(&error));
            BadSetting::new("base_url", why)
        })?;
        let rate = adapter.limits.requests_per_second;
        Ok(Self {
            settings,
            adapter,
            client,
            token: None,
            pace: rate.map(|rate| Bucket::new(rate, Instant::now())),
        })
    }

    /// The address of an operation, when it is known.
    pub(super) fn path(&self, name: &str, operation: &Operation) -> Option<String> {
        let path = self.settings.path(name, operation.path.as_deref());
        path.map(str::to_owned)
    }

    /// Asks with a token; when the platform doesn't take the token, logs in anew, once.
    pub(super) async fn ask(&mut self, asked: &Asked<'_>) -> Result<Said, Failure> {
        for fresh in [false, true] {
            let token = self.token(fresh).await?;
            let request = Request::new(&self.settings, &self.adapter, asked, token.as_deref())?;
            let said = self.send(request, asked.answer_bytes, Quote::Yes).await?;
            let codes = &self.adapter.answer.token_error;
            if said.status != StatusCode::UNAUTHORIZED && !codes.contains(&said.code) {
                return Ok(said);
            }
            if self.adapter.login.is_none() {
                break;
            }
            self.token = None;
        }
        let words = match self.adapter.login {
            Some(_) => "the platform does not take the token it just gave",
            None => "the platform wants a log-in, and the adapter has none",
        };
        Err(Failure::new(FailureKind::LogIn, words))
    }

    /// Logs in, once; false where this kind of platform knows no log-in.
    pub(crate) async fn log_in(&mut self) -> Result<bool, Failure> {
        Ok(self.token(true).await?.is_some())
    }

    /// Asks for the address alone: any answer proves that the other side speaks HTTP, and TLS where
    /// that is due.
    pub(crate) async fn touch(&self) -> Result<(), Failure> {
        let asked = self.client.get(&self.settings.base_url).send().await;
        asked.map(drop).map_err(|e| self.transport(e))
    }

    async fn token(&mut self, fresh: bool) -> Result<Option<String>, Failure> {
        let adapter = Arc::clone(&self.adapter);
        let Some(login) = &adapter.login else {
            return Ok(None);
        };
        let held = self
            .token
            .as_ref()
            .filter(|t| !fresh && t.ends > Instant::now());
        if let Some(token) = held {
            return Ok(Some(token.text.clone()));
        }
        let request = Request::login(&self.settings, &adapter, login)?;
        let said = self.send(request, MAX_ANSWER_BYTES, Quote::No).await?;
        let token = self.granted(login, &said)?;
        let text = token.text.clone();
        self.token = Some(token);
        Ok(Some(text))
    }

    /// The token that an answer to a log-in gives.
    fn granted(&self, login: &LoginRules, said: &Said) -> Result<Token, Failure> {
        let text = form::plain(form::at(&said.body, &login.token_at));
        let given =
            !matches!(form::at(&said.body, &login.token_at), Value::Null) && !text.is_empty();
        let success = self.adapter.answer.success.contains(&said.code);
        if !said.status.is_success() || !success || !given {
            let token = if given { text.as_str() } else { "" };
            let words = format!(
                "log-in as {:?} refused: {}",
                self.settings.user,
                self.words_without(said, token)
            );
            return Err(Failure::new(FailureKind::LogIn, words));
        }
        let told = login.lifetime_at.as_ref().and_then(|path| {
            let seconds = form::plain(form::at(&said.body, path)).parse().ok()?;
            Some(Duration::from_secs(seconds))
        });
        let life = told.unwrap_or(login.token_life).min(login.token_life);
        let ends = Instant::now() + life.saturating_sub(TOKEN_MARGIN.min(life / 2));
        tracing::debug!(sink = %self.settings.name, ?life, "logged in");
        Ok(Token { text, ends })
    }

    async fn send(&mut self, request: Request, most: usize, quote: Quote) -> Result<Said, Failure> {
        self.wait_for_pace().await;
        let method = match request.method {
            HttpMethod::Post => reqwest::Method::POST,
            HttpMethod::Put => reqwest::Method::PUT,
            HttpMethod::Get => reqwest::Method::GET,
        };
        let mut sending = self
            .client
            .request(method, request.url)
            .headers(request.headers);
        if let Some((kind, body)) = request.body {
            sending = sending.header(CONTENT_TYPE, kind).body(body);
        }
        let mut response = sending.send().await.map_err(|e| self.transport(e))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(&mut response, most).await.map_err(|e| match e {
            Some(error) => self.transport(error),
            None => Failure::new(
                FailureKind::Answer,
                format!("HTTP {status} with more than {most} bytes"),
            ),
        })?;
        self.understood(status, body::object(&headers, &body, most), quote)
    }

    async fn wait_for_pace(&mut self) {
        let Some(pace) = &mut self.pace else {
            return;
        };
        while let Some(wait) = pace.wait(Instant::now()).filter(|w| !w.is_zero()) {
            tokio::time::sleep(wait).await;
        }
        pace.take_one(Instant::now());
    }

    fn transport(&self, error: reqwest::Error) -> Failure {
        let kind = if error.is_connect() {
            FailureKind::Unreachable
        } else if error.is_timeout() {
            FailureKind::Timeout
        } else {
            FailureKind::Cut
        };
        let error = error.without_url();
        let words = trust::words(&error).unwrap_or_else(|| chain(&error));
        Failure::new(kind, self.scrubbed(&words))
    }

    fn scrubbed(&self, text: &str) -> String {
        let text = self.settings.secret.scrub(text);
        match &self.token {
            Some(token) => text.replace(&token.text, "***"),
            None => text,
        }
    }
}

/// Puts the token where the platform wants it.
pub(super) fn place_token(
    place: &TokenPlace,
    token: &str,
    body: &mut Map<String, Value>,
    headers: &mut HeaderMap,
) -> Result<(), Failure> {
    let (name, text) = match place {
        TokenPlace::Field(name) => {
            body.insert(name.clone(), Value::String(token.to_owned()));
            return Ok(());
        }
        TokenPlace::Bearer => ("authorization".to_owned(), format!("Bearer {token}")),
        TokenPlace::Header(name) => (name.clone(), token.to_owned()),
    };
    let value = HeaderValue::try_from(text);
    match (HeaderName::try_from(name), value) {
        (Ok(name), Ok(mut value)) => {
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        }
        _ => Err(Failure::new(
            FailureKind::LogIn,
            "the platform gave a token that fits into no HTTP header",
        )),
    }
}
