//! What comes with a request, read within limits: its query, its body, and the names in its path.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use listener::BodyProblem;
use serde::de::DeserializeOwned;
use words::{Key, Said};

use crate::refusal::Refusal;

/// A page sends a few fields; the longest text of a correction is 500 characters.
const BODY_BYTES: usize = 64 * 1024;

/// The query of an address.
pub(crate) struct Asked<T>(pub(crate) T);

/// A body of JSON.
pub(crate) struct Told<T>(pub(crate) T);

/// What stands in a path; something that can't be there is not found.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => {
                let why = words::chain(&error);
                Err(Refusal::invalid(Said::with(Key::WebQuery, "why", why)))
            }
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let named = Path::from_request_parts(parts, state).await;
        named.map_or_else(|_| Err(Refusal::not_found()), |Path(named)| Ok(Self(named)))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Told<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = whole_body(request, BODY_BYTES).await?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let told = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let field = error.path().to_string();
            let refusal = Refusal::invalid(Said::with(Key::WebBody, "why", error.inner()));
            match field.as_str() {
                "." | "?" => refusal,
                _ => refusal.of(field),
            }
        })?;
        match json.end() {
            Ok(()) => Ok(Self(told)),
            Err(error) => Err(Refusal::invalid(Said::with(Key::WebBody, "why", error))),
        }
    }
}

/// The reason of what a person does, without blanks around it; `needed` tells that it must be given.
///
/// # Errors
/// When there is none.
pub(crate) fn why_given(why: &str, needed: Key) -> Result<String, Refusal> {
    match why.trim() {
        "" => Err(Refusal::invalid(needed).of("why")),
        why => Ok(why.to_owned()),
    }
}

/// The whole body of a request, of at most so many bytes.
///
/// # Errors
/// When it is longer, late, or cut off.
pub(crate) async fn whole_body(request: Request, most_bytes: usize) -> Result<Vec<u8>, Refusal> {
    let bytes = listener::whole(request.into_body(), most_bytes).await;
    bytes.map_err(|problem| match problem {
        BodyProblem::Late => Refusal::new(StatusCode::REQUEST_TIMEOUT, "late", Key::WebLateBody),
        BodyProblem::Long => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "long", Key::WebLongBody),
        BodyProblem::Cut => Refusal::invalid(Key::WebCutBody),
    })
}
