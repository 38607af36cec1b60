//! The regulator's platform: JSON over HTTP with a token, in the Yunnan shape.
//!
//! What no public source tells is a setting with **our** value as default (see
//! [`RegulatorSettings`]). Other dialects will be further settings or further modules here.

mod payload;
mod settings;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledger::{OutboxItem, OutboxKind, PhotoKind, SinkCounters};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use crate::failure::{Failure, FailureKind, chain, one_line};
use crate::settings::Problem;
use crate::worker::{Answer, Beat, Delivery, Sink};

pub use settings::{DirectionCodes, Paths, RegulatorSettings};

/// No answer of a platform needs more than this.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// A token is renewed so long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(10);

/// A platform, as a sink.
#[derive(Debug)]
pub struct Regulator {
    settings: RegulatorSettings,
    zone: jiff::tz::TimeZone,
    client: Client,
    token: Option<Token>,
}

struct Token {
    text: String,
    ends: Instant,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

/// What the platform said, as far as it is JSON with a code.
struct Said {
    status: StatusCode,
    code: String,
    msg: String,
    data: Value,
}

impl Regulator {
    /// Takes the settings, or says everything that is wrong with them.
    ///
    /// # Errors
    /// Every setting that can't work.
    pub fn new(settings: RegulatorSettings) -> Result<Self, Vec<Problem>> {
        let zone = settings.check()?;
        // Redirects would carry token and photos elsewhere, and so would a proxy of the
        // environment: the line to the platform is a dedicated one.
        let client = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("menjin/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|error| {
            vec![Problem {
                key: "regulator".to_owned(),
                words: chain(&error),
            }]
        })?;
        Ok(Self {
            settings,
            zone,
            client,
            token: None,
        })
    }

    /// Posts with a token; when the platform doesn't take the token, logs in anew, once.
    async fn post(&mut self, path: &str, body: &Value) -> Result<Said, Failure> {
        for fresh in [false, true] {
            let token = self.token(fresh).await?;
            let request = self
                .client
                .post(self.settings.url(path))
                .header(&self.settings.token_header, token)
                .json(body);
            let said = self.ask(request).await?;
            if !self.settings.is_token_error(said.status, &said.code) {
                return Ok(said);
            }
            self.token = None;
        }
        Err(Failure::new(
            FailureKind::LogIn,
            "the platform does not take the token it just gave",
        ))
    }

    async fn token(&mut self, fresh: bool) -> Result<String, Failure> {
        if let Some(token) = self
            .token
            .as_ref()
            .filter(|t| !fresh && t.ends > Instant::now())
        {
            return Ok(token.text.clone());
        }
        let s = &self.settings;
        let body = json!({"appKey": s.app_key, "secret": s.secret.expose()});
        let said = self
            .ask(self.client.post(s.url(&s.paths.get_token)).json(&body))
            .await?;
        let text = said
            .data
            .get("token")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !said.status.is_success() || !s.success_codes.contains(&said.code) || text.is_empty() {
            let words = format!("log-in as {:?} refused: {}", s.app_key, self.words(&said));
            return Err(Failure::new(FailureKind::LogIn, words));
        }
        let told = said
            .data
            .get("expiresIn")
            .and_then(Value::as_u64)
            .map(Duration::from_secs);
        let life = told.unwrap_or(s.token_life).min(s.token_life);
        let ends = Instant::now() + life.saturating_sub(TOKEN_MARGIN.min(life / 2));
        tracing::debug!(sink = %s.name, ?life, "logged in");
        let token = Token {
            text: text.to_owned(),
            ends,
        };
        Ok(self.token.insert(token).text.clone())
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Said, Failure> {
        let mut response = request.send().await.map_err(|e| self.transport(e))?;
        let status = response.status();
        let body = read(&mut response).await.map_err(|e| match e {
            Some(error) => self.transport(error),
            None => Failure::new(
                FailureKind::Answer,
                format!("HTTP {status} with more than {MAX_ANSWER_BYTES} bytes"),
            ),
        })?;
        let waits = matches!(status.as_u16(), 429 | 502 | 503 | 504);
        let said = serde_json::from_slice::<Value>(&body)
            .ok()
            .filter(Value::is_object);
        let Some(said) = said else {
            if status == StatusCode::UNAUTHORIZED {
                let (code, msg) = (String::new(), String::new());
                return Ok(Said {
                    status,
                    code,
                    msg,
                    data: Value::Null,
                });
            }
            let kind = if waits {
                FailureKind::Busy
            } else {
                FailureKind::Answer
            };
            let text = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
            let text = self.settings.secret.scrub(&text);
            return Err(Failure::new(
                kind,
                format!("HTTP {status}, not a JSON object: {text}"),
            ));
        };
        let (code, msg) = (text_of(&said["code"]), text_of(&said["msg"]));
        let said = Said {
            status,
            code,
            msg,
            data: said["data"].clone(),
        };
        if waits {
            return Err(Failure::new(FailureKind::Busy, self.words(&said)));
        }
        Ok(said)
    }

    fn transport(&self, error: reqwest::Error) -> Failure {
        let kind = if error.is_connect() {
            FailureKind::Unreachable
        } else if error.is_timeout() {
            FailureKind::Timeout
        } else {
            FailureKind::Cut
        };
        let words = self.settings.secret.scrub(&chain(&error.without_url()));
        Failure::new(kind, words)
    }

    /// The platform's words without our secrets.
    fn words(&self, said: &Said) -> String {
        let mut words = format!(
            "HTTP {}, code {:?}: {}",
            said.status.as_u16(),
            said.code,
            said.msg
        );
        words = self.settings.secret.scrub(&words);
        if let Some(token) = &self.token {
            words = words.replace(&token.text, "***");
        }
        one_line(&words)
    }

    fn judge(&self, said: &Said) -> Answer {
        let s = &self.settings;
        if said.status.is_success() && s.success_codes.contains(&said.code) {
            return Answer::Acknowledged(self.words(said));
        }
        if said.status.is_success() && s.already_there_codes.contains(&said.code) {
            return Answer::Acknowledged(self.words(said));
        }
        let about_data = said.status.is_success() || said.status.is_client_error();
        if about_data && s.data_error_codes.contains(&said.code) {
            return Answer::Refused(self.words(said));
        }
        Answer::Failed(Failure::new(FailureKind::Answer, self.words(said)))
    }
}

/// Reads an answer up to the limit; `Err(None)` when there is more.
async fn read(response: &mut Response) -> Result<Vec<u8>, Option<reqwest::Error>> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(Some)? {
        if body.len() + part.len() > MAX_ANSWER_BYTES {
            return Err(None);
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Platforms write codes as text or as numbers.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

impl Sink for Regulator {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn wants(&self, item: &OutboxItem) -> &'static [PhotoKind] {
        match item.kind {
            OutboxKind::Passage => &[PhotoKind::Head, PhotoKind::Body],
            OutboxKind::PassageFinished => &[PhotoKind::Body],
            OutboxKind::PassageCorrected | OutboxKind::Record => &[],
        }
    }

    async fn deliver(&mut self, row: &Delivery) -> Answer {
        let no_address = |what| Answer::Refused(format!("this platform has no address for {what}"));
        let Some(passage) = row.item.passage() else {
            return no_address("register records");
        };
        let path = match row.item.kind {
            OutboxKind::Passage => self.settings.paths.passage.clone(),
            OutboxKind::PassageFinished => match &self.settings.paths.passage_end {
                Some(path) => path.clone(),
                None => return no_address("the end of a passage"),
            },
            OutboxKind::PassageCorrected | OutboxKind::Record => {
                return no_address("corrections");
            }
        };
        let body = payload::body(&self.settings, &self.zone, row, passage);
        match self.post(&path, &body).await {
            Ok(said) => self.judge(&said),
            Err(failure) => Answer::Failed(failure),
        }
    }

    async fn heartbeat(&mut self, counters: &SinkCounters) -> Result<Beat, Failure> {
        let Some(path) = self.settings.paths.heart_beat.clone() else {
            return Ok(Beat::NotKnown);
        };
        let body = json!({
            "enterpriseCode": self.settings.enterprise_code,
            "time": payload::local(Timestamp::now(), &self.zone),
            "softwareVersion": env!("CARGO_PKG_VERSION"),
            "pendingCount": counters.waiting,
            "generatedCount": counters.generated,
            "acknowledgedCount": counters.acknowledged,
        });
        let said = self.post(&path, &body).await?;
        match self.judge(&said) {
            Answer::Acknowledged(_) => Ok(Beat::Answered),
            _ => Err(Failure::new(
                FailureKind::Answer,
                format!("heartbeat: {}", self.words(&said)),
            )),
        }
    }

    async fn close(&mut self) {}
}
