//! What a site sets for a relay, and what is wrong with it.

use std::collections::BTreeMap;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secret::Secret;
use words::{Key, Said};

use crate::barrier::BarrierProblem;
use crate::template::{self, Escape};

/// How the request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum RelayMethod {
    #[default]
    Get,
    Post,
}

/// What a site sets for a relay. `url` and `body` may hold `{passage}`, `{entrance}`,
/// `{barrier}`, `{lane}` and `{plate}`.
#[derive(Clone, PartialEq)]
pub struct HttpRelaySettings {
    /// Address, `http://` or `https://`. User and password have settings of their own.
    pub url: String,
    /// `GET` or `POST`.
    pub method: RelayMethod,
    /// Body of a `POST`.
    pub body: Option<String>,
    /// Its type.
    pub content_type: String,
    /// More headers, tokens for example; their values are never shown.
    pub headers: BTreeMap<String, Secret>,
    /// User name for basic authentication.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// Text that the answer must contain. Some relays answer 200 to everything.
    pub expect: Option<String>,
    /// Longest wait for one answer.
    pub timeout_ms: u32,
    /// Longest time for all tries together, at most 2000.
    pub total_ms: u32,
    /// The relay closes its contact for a moment and may be told so twice without harm.
    pub repeatable: bool,
}

impl std::fmt::Debug for HttpRelaySettings {
    /// Without address, headers and body: each may hold a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpRelaySettings")
            .field("method", &self.method)
            .field("timeout_ms", &self.timeout_ms)
            .field("total_ms", &self.total_ms)
            .field("repeatable", &self.repeatable)
            .finish_non_exhaustive()
    }
}

impl HttpRelaySettings {
    /// A relay that is told by a plain `GET` of this address.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: RelayMethod::Get,
            body: None,
            content_type: "application/json".to_owned(),
            headers: BTreeMap::new(),
            user: None,
            password: None,
            expect: None,
            timeout_ms: 800,
            total_ms: 2000,
            repeatable: false,
        }
    }

    /// The headers to send with every order, and every mistake found.
    pub(super) fn check(&self) -> (HeaderMap, Vec<BarrierProblem>) {
        let mut errors = Vec::new();
        let mut wrong = |key, why: Said| errors.push(BarrierProblem { key, why });
        if let Err(why) = check_url(&self.url) {
            wrong("url", why);
        }
        if let Some(name) = template::unknown_name(self.body.as_deref().unwrap_or("")) {
            wrong("body", unknown(name));
        }
        if self.body.is_some() && self.method == RelayMethod::Get {
            wrong("body", Key::MistakeBodyOfGet.into());
        }
        if !(1..=2000).contains(&self.total_ms) {
            wrong("total_ms", range(1, 2000));
        }
        if self.timeout_ms == 0 || self.timeout_ms > self.total_ms {
            wrong("timeout_ms", range(1, "total_ms"));
        }
        let headers = headers(self).unwrap_or_else(|why| {
            wrong("headers", why);
            HeaderMap::new()
        });
        (headers, errors)
    }

    /// How values are written into the body.
    pub(super) fn escape(&self) -> Escape {
        if self.content_type.contains("json") {
            Escape::Json
        } else if self.content_type.contains("urlencoded") {
            Escape::Percent
        } else {
            Escape::None
        }
    }
}

fn range(low: u32, high: impl std::fmt::Display) -> Said {
    Said::with(Key::MistakeRange, "low", low).and("high", high)
}

fn check_url(template: &str) -> Result<(), Said> {
    if let Some(name) = template::unknown_name(template) {
        return Err(unknown(name));
    }
    let filled = template::fill(template, &template::sample(), Escape::Percent);
    // The parser's error does not repeat the address.
    let url = Url::parse(&filled).map_err(|e| Said::with(Key::MistakeNotAUrl, "why", e))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Key::MistakeNotHttp.into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Said::with(
            Key::MistakeLoginInUrl,
            "keys",
            "user, password_file",
        ));
    }
    Ok(())
}

fn headers(settings: &HttpRelaySettings) -> Result<HeaderMap, Said> {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        let bad = |key| Said::with(key, "name", name);
        let key = HeaderName::try_from(name).map_err(|_| bad(Key::MistakeHeaderName))?;
        let value = HeaderValue::from_str(value.expose());
        let mut value = value.map_err(|_| bad(Key::MistakeHeaderValue))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

fn unknown(name: &str) -> Said {
    Said::with(Key::MistakeUnknownName, "name", format!("{{{name}}}")).and("known", template::NAMES)
}
