//! What a store that does not do as it is asked means, for a person.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use ledger::{Error, ErrorKind};
use reqwest::header::DATE;
use reqwest::{Response, StatusCode};
use words::{Key, Said};

use super::{ANSWER_BYTES, Wire, read};

/// Stores refuse what was signed more than 15 minutes away from their own time.
const CLOCK_SECONDS: u64 = 300;

impl Wire {
    /// No answer. The address holds a signature, and is not told.
    pub(super) fn away(&self, error: &reqwest::Error) -> Error {
        let mut words = error.to_string();
        if let Some(url) = error.url() {
            words = words.replace(url.as_str(), "…");
        }
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            words += &format!(": {error}");
            source = error.source();
        }
        self.error(ErrorKind::Io, Said::with(Key::OffsiteAway, "why", words))
    }

    /// What the store refused, and what a person can do about it.
    pub(super) async fn refused(&self, answer: Response) -> Error {
        let status = answer.status();
        let apart = answer.headers().get(DATE).and_then(|date| {
            let theirs = rfc2822::parse(date.to_str().ok()?).ok()?.timestamp();
            Some(Timestamp::now().duration_since(theirs).unsigned_abs())
        });
        let body = read(answer, ANSWER_BYTES).await.ok().flatten();
        let code = code_in(&String::from_utf8_lossy(&body.unwrap_or_default()));
        let why = match (status, code.as_str()) {
            (StatusCode::NOT_FOUND, _) => {
                Said::with(Key::OffsiteNoBucket, "bucket", self.bucket.name())
            }
            (StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST, _)
                if apart.is_some_and(|apart| apart.as_secs() > CLOCK_SECONDS) =>
            {
                let minutes = apart.map_or(0, |apart| apart.as_secs() / 60);
                Said::with(Key::OffsiteClock, "minutes", minutes)
            }
            (StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED, code) => {
                Said::with(Key::OffsiteDenied, "code", code)
            }
            (status, code) => {
                let said = Said::with(Key::OffsiteRefused, "status", status.as_u16());
                said.and("code", code)
            }
        };
        self.error(ErrorKind::Io, why)
    }
}

/// Whether an answer may be another one in a moment.
pub(super) fn passes(status: StatusCode) -> bool {
    let passing = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    passing.contains(&status)
}

/// The store's own word for what is wrong.
fn code_in(body: &str) -> String {
    let code = body.split_once("<Code>").map_or("", |(_, rest)| rest);
    let letters = code.chars().take_while(char::is_ascii_alphanumeric);
    letters.take(64).collect()
}
