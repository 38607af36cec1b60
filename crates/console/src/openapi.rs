//! The document of the API, made from its types and handlers.

use utoipa::openapi::{Info, OpenApi};

use crate::routes;

const ABOUT: &str = "\
Every request but GET has `X-Menjin: 1` and comes from a page of the same address, by the browser's `Origin` or \
`Sec-Fetch-Site`. A request with `X-Menjin: 1` is a person's doing and keeps the session alive; what a page fetches by \
itself goes without. Times are RFC 3339 in UTC. What is not answered says why as a Problem.";

/// The document of the API as JSON text.
#[must_use]
pub fn openapi() -> String {
    let mut document: OpenApi = routes::api().into_openapi();
    let mut info = Info::new("Menjin", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    document.info = info;
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
