//! Posting a message.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use crate::channel::Outcome;
use crate::settings::HttpSettings;

/// A receiver answers within this time.
const PATIENCE: Duration = Duration::from_secs(10);
/// Answers are read up to so many bytes.
const ANSWER_BYTES: usize = 64 * 1024;
/// Words of an answer that are kept.
const WORDS: usize = 300;

/// A client that goes where it is sent and nowhere else.
pub(crate) fn client(settings: &HttpSettings) -> Result<Client, String> {
    let mut client = Client::builder()
        .connect_timeout(PATIENCE)
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("menjin/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let named = reqwest::Certificate::from_pem_bundle(&pem);
        let named = named.map_err(|_| format!("{}: no certificate", path.display()))?;
        client = client.tls_certs_only(named);
    }
    client.build().map_err(|error| words::chain(&error))
}

/// Sends it and gives the answer's status and the beginning of its body. No address stands in the words:
/// those of robots are secrets.
pub(crate) async fn sent(request: RequestBuilder) -> Result<(StatusCode, String), Outcome> {
    let answer = request.send().await;
    let answer = answer.map_err(|e| Outcome::Failed(words::chain(&e.without_url())))?;
    let status = answer.status();
    Ok((status, body(answer).await))
}

async fn body(mut answer: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_BYTES {
            bytes.truncate(ANSWER_BYTES);
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What an answer's status means: 2xx taken; 4xx refused, but for those that pass; all else failed.
pub(crate) fn by_status(status: StatusCode, body: &str) -> Outcome {
    let said: String = body.chars().take(WORDS).collect();
    let said = format!("{status} {said}");
    let passes = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
        // The receiver is not set up yet, or its key was changed: a person mends that.
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::NOT_FOUND,
    ];
    if status.is_success() {
        Outcome::Taken
    } else if status.is_client_error() && !passes.contains(&status) {
        Outcome::Refused(said)
    } else {
        Outcome::Failed(said)
    }
}

/// What a robot's answer means: `errcode` 0 taken, some codes refuse this very message, all else fails.
pub(crate) fn by_errcode(status: StatusCode, body: &str, refused: &[i64]) -> Outcome {
    if !status.is_success() {
        return by_status(status, body);
    }
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    let said: String = body.chars().take(WORDS).collect();
    match answer["errcode"].as_i64() {
        Some(0) => Outcome::Taken,
        Some(code) if refused.contains(&code) => Outcome::Refused(said),
        _ => Outcome::Failed(said),
    }
}
