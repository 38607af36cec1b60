//! What the platform answered, and what that means.

use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::Talk;
use super::body::Unreadable;
use crate::failure::{Failure, FailureKind, one_line};
use crate::platform::form;

/// What the platform said, as far as it is JSON with a code.
pub(in crate::platform) struct Said {
    pub(in crate::platform) status: StatusCode,
    pub(in crate::platform) code: String,
    pub(in crate::platform) message: String,
    pub(in crate::platform) body: Value,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::platform) enum AnswerMeaning {
    Success,
    AlreadyThere,
    DataError,
    Unclear,
}

/// Whether an answer that is not understood may be repeated in an alarm. One to a log-in may not:
/// it may hold a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    Yes,
    No,
}

/// Longest part of an answer that is quoted, in characters.
const MAX_QUOTE: usize = 120;

impl Talk {
    pub(super) fn understood(
        &self,
        status: StatusCode,
        answer: Result<Value, Unreadable>,
        quote: Quote,
    ) -> Result<Said, Failure> {
        let waits = matches!(status.as_u16(), 429 | 502 | 503 | 504);
        let json = match answer {
            Ok(json) => self.unfolded(json),
            Err(_) if status == StatusCode::UNAUTHORIZED => {
                return Ok(Said {
                    status,
                    code: String::new(),
                    message: String::new(),
                    body: Value::Null,
                });
            }
            Err(Unreadable { why, text }) => {
                let kind = if waits {
                    FailureKind::Busy
                } else {
                    FailureKind::Answer
                };
                let text: String = self.scrubbed(&text).chars().take(MAX_QUOTE).collect();
                let quoted = match quote {
                    Quote::Yes if !text.is_empty() => format!(": {text}"),
                    _ => String::new(),
                };
                return Err(Failure::new(
                    kind,
                    format!("HTTP {status}, {}{quoted}", self.scrubbed(&why)),
                ));
            }
        };
        let form = &self.adapter.answer;
        let said = Said {
            status,
            code: text_of(form::at(&json, &form.code)),
            message: text_of(form::at(&json, &form.message)),
            body: json,
        };
        if waits || form.busy.contains(&said.code) {
            return Err(Failure::new(FailureKind::Busy, self.words(&said)));
        }
        Ok(said)
    }

    /// Some platforms write a part of their answer as JSON within a string.
    fn unfolded(&self, mut answer: Value) -> Value {
        let message = &self.adapter.answer.message;
        for (name, part) in answer.as_object_mut().into_iter().flatten() {
            let inner = part
                .as_str()
                .filter(|text| name != message && text.trim_start().starts_with('{'))
                .and_then(|text| serde_json::from_str(text).ok());
            if let Some(inner) = inner {
                *part = inner;
            }
        }
        answer
    }

    /// The platform's words without our secrets.
    pub(in crate::platform) fn words(&self, said: &Said) -> String {
        self.words_without(said, "")
    }

    /// The same without `token`, which is not ours yet. Each part is cleaned before it is put in
    /// quotes or cut: what has become `\"` or lost its end would not be known again.
    pub(super) fn words_without(&self, said: &Said, token: &str) -> String {
        let clean = |text: &str| {
            let text = self.scrubbed(text);
            if token.is_empty() {
                text
            } else {
                text.replace(token, "***")
            }
        };
        let (code, message) = (clean(&said.code), clean(&said.message));
        let status = said.status.as_u16();
        one_line(&format!("HTTP {status}, code {code:?}: {message}"))
    }

    pub(in crate::platform) fn meaning(&self, said: &Said) -> AnswerMeaning {
        let form = &self.adapter.answer;
        let good = said.status.is_success();
        if good && form.success.contains(&said.code) {
            AnswerMeaning::Success
        } else if good && form.already_there.contains(&said.code) {
            AnswerMeaning::AlreadyThere
        } else if (good || said.status.is_client_error()) && form.data_error.contains(&said.code) {
            AnswerMeaning::DataError
        } else {
            AnswerMeaning::Unclear
        }
    }
}

/// Reads an answer up to the limit; `Err(None)` when there is more.
pub(super) async fn read(
    response: &mut Response,
    most: usize,
) -> Result<Vec<u8>, Option<reqwest::Error>> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(Some)? {
        if body.len() + part.len() > most {
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
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => String::new(),
    }
}
