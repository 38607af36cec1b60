//! Whoever listens to a platform, without a line to it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer::{AnswerMeaning, Quote};
use super::{MAX_ANSWER_BYTES, Talk, Token, body};
use crate::Adapter;
use crate::platform::PlatformSettings;

/// Listens to the answers of one platform.
pub struct Ear(Talk);

/// What an answer comes to.
#[derive(Debug, Default)]
pub struct AnswerHeard {
    /// It counts as an acknowledgement.
    pub is_taken: bool,
    /// The row would be parked.
    pub is_refused: bool,
    /// What a person gets to see.
    pub words: String,
    /// The token of a log-in.
    pub token: Option<String>,
}

impl Ear {
    /// With a log-in that has already given `token`.
    ///
    /// # Panics
    /// When the settings make no client.
    #[must_use]
    pub fn new(settings: PlatformSettings, adapter: Adapter, token: &str) -> Self {
        let talk = Talk::new(Arc::new(settings), Arc::new(adapter));
        let Ok(mut talk) = talk else {
            panic!("settings that make a client");
        };
        talk.token = Some(Token {
            text: token.to_owned(),
            ends: Instant::now() + Duration::from_secs(3600),
        });
        Self(talk)
    }

    /// Hears an answer of `status`, to a log-in or to anything else.
    #[must_use]
    pub fn hear(&self, status: u16, headers: &HeaderMap, bytes: &[u8], login: bool) -> AnswerHeard {
        let talk = &self.0;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let object = body::object(headers, bytes, MAX_ANSWER_BYTES);
        let quote = if login { Quote::No } else { Quote::Yes };
        let failed = |failure: crate::Failure| AnswerHeard {
            words: failure.to_string(),
            ..AnswerHeard::default()
        };
        let said = match talk.understood(status, object, quote) {
            Ok(said) => said,
            Err(failure) => return failed(failure),
        };
        if let (true, Some(rules)) = (login, &talk.adapter.login) {
            return match talk.granted(rules, &said) {
                Ok(token) => AnswerHeard {
                    token: Some(token.text),
                    ..AnswerHeard::default()
                },
                Err(failure) => failed(failure),
            };
        }
        let meaning = talk.meaning(&said);
        AnswerHeard {
            is_taken: matches!(
                meaning,
                AnswerMeaning::Success | AnswerMeaning::AlreadyThere
            ),
            is_refused: meaning == AnswerMeaning::DataError,
            words: talk.words(&said),
            token: None,
        }
    }
}
