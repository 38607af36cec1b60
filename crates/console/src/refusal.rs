//! Why something was not answered: a status, a code for the page, and words for the person.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use words::{Key, Said};

use crate::passages::view::PassageWhole;
use crate::records::FindingSeen;
use crate::texts::Texts;

/// What an answer holds that is none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What is wrong.
    error: ProblemDetail,
    /// The passage as it is now, when somebody else was faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    passage: Option<Box<PassageWhole>>,
    /// Item by item or row by row, where several things are wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<FindingSeen>)]
    findings: Box<[FindingSeen]>,
}

/// What is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemDetail {
    /// For the page: `not_signed_in`, `not_allowed`, `invalid`, `conflict`, `later`, …
    code: &'static str,
    /// For the person.
    text: Texts,
    /// The field that is meant, where one is.
    field: Option<String>,
}

/// Why something was not answered.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    said: Said,
    field: Option<String>,
    passage: Option<Box<PassageWhole>>,
    findings: Box<[FindingSeen]>,
    wait_s: Option<u32>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, said: impl Into<Said>) -> Self {
        Self {
            status,
            code,
            said: said.into(),
            field: None,
            passage: None,
            findings: Box::default(),
            wait_s: None,
        }
    }

    /// It can't be taken as it is.
    pub(crate) fn invalid(said: impl Into<Said>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", said)
    }

    /// There is no such thing.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", Key::WebNotFound)
    }

    /// Something else holds by now.
    pub(crate) fn conflict(said: impl Into<Said>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", said)
    }

    /// Nobody is signed in, or no longer.
    pub(crate) fn not_signed_in() -> Self {
        let code = "not_signed_in";
        Self::new(StatusCode::UNAUTHORIZED, code, Key::WebNotSignedIn)
    }

    /// Whoever is signed in may not do this.
    pub(crate) fn not_allowed() -> Self {
        let code = "not_allowed";
        Self::new(StatusCode::FORBIDDEN, code, Key::WebNotAllowed)
    }

    /// Too much at the same time, or the disk takes nothing now.
    pub(crate) fn later() -> Self {
        let later = Self::new(StatusCode::SERVICE_UNAVAILABLE, "later", Key::WebLater);
        Self {
            wait_s: Some(5),
            ..later
        }
    }

    /// Something went wrong that is nobody's fault who asks; the log has it.
    pub(crate) fn failed(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "the console could not answer");
        let code = "failed";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, Key::WebFailed)
    }

    /// After so long it may be tried again.
    pub(crate) fn after(self, wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self {
            wait_s: Some(u32::try_from(seconds).unwrap_or(u32::MAX)),
            ..self
        }
    }

    /// The field that is meant.
    pub(crate) fn of(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    /// What holds instead.
    pub(crate) fn with_passage(self, passage: PassageWhole) -> Self {
        Self {
            passage: Some(Box::new(passage)),
            ..self
        }
    }

    /// What is wrong, one by one.
    pub(crate) fn with_findings(self, findings: Vec<FindingSeen>) -> Self {
        Self {
            findings: findings.into(),
            ..self
        }
    }

    pub(crate) fn is_conflict(&self) -> bool {
        self.status == StatusCode::CONFLICT
    }

    /// Nobody is known by what was said.
    pub(crate) fn is_unknown(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            error: ProblemDetail {
                code: self.code,
                text: self.said.into(),
                field: self.field,
            },
            passage: self.passage,
            findings: self.findings,
        };
        let mut response = (self.status, Json(problem)).into_response();
        if let Some(wait_s) = self.wait_s {
            let after = HeaderValue::from(wait_s);
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}

impl From<ledger::Error> for Refusal {
    fn from(error: ledger::Error) -> Self {
        match error.kind() {
            ledger::ErrorKind::Invalid => Self::invalid(error.explained()),
            ledger::ErrorKind::Conflict => Self::conflict(error.explained()),
            kind if kind.is_transient() => Self::later(),
            _ => Self::failed(&error),
        }
    }
}

impl From<orders::Refused> for Refusal {
    fn from(refused: orders::Refused) -> Self {
        match refused.kind {
            orders::RefusedKind::Invalid => Self::invalid(refused.said),
            orders::RefusedKind::Conflict => Self::conflict(refused.said),
            orders::RefusedKind::Later => Self::later(),
            orders::RefusedKind::Failed => Self::failed(&refused.said),
        }
    }
}

impl From<orders::Error> for Refusal {
    fn from(error: orders::Error) -> Self {
        let said = Said::in_each(|language| error.text(language));
        match error {
            orders::Error::NoPassage(_) | orders::Error::NoRecord(_) | orders::Error::NoRule(_) => {
                Self::not_found()
            }
            orders::Error::UnusualPlate { .. } => {
                Self::new(StatusCode::BAD_REQUEST, "unusual_plate", said).of("plate")
            }
            orders::Error::LargeAmount { .. } => {
                Self::new(StatusCode::BAD_REQUEST, "large_amount", said).of("cargo")
            }
            orders::Error::Wrong(findings) | orders::Error::Incomplete { findings, .. } => {
                Self::invalid(said).with_findings(findings.iter().map(FindingSeen::of).collect())
            }
            orders::Error::Row(..) | orders::Error::NoSuchFile(_) | orders::Error::Table(_) => {
                Self::invalid(said)
            }
            orders::Error::Ledger(error) => error.into(),
            orders::Error::Refused(refused) => refused.into(),
            _ if error.kind() == orders::ErrorKind::Asked => Self::invalid(said),
            _ => Self::failed(&said),
        }
    }
}

impl From<reports::Error> for Refusal {
    fn from(error: reports::Error) -> Self {
        let said = Said::in_each(|language| error.text(language));
        match error {
            reports::Error::Ledger(error) => error.into(),
            _ if error.kind() == reports::ErrorKind::Asked => Self::invalid(said),
            _ => Self::failed(&said),
        }
    }
}

/// The file of accounts and sessions; a full disk is the usual reason.
impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "accounts and sessions can't be read or written");
        Self::later()
    }
}

impl From<inspection::Error> for Refusal {
    fn from(error: inspection::Error) -> Self {
        match error {
            inspection::Error::Ledger(error) => error.into(),
            _ if error.kind() == inspection::ErrorKind::Asked => Self::invalid(error.said()),
            _ => Self::failed(&error.said()),
        }
    }
}
