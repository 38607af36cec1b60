//! The pages of screens and what they are made of: plain enough for the browser of a television.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::desk::Desk;

/// Path, type and bytes of each file.
const FILES: [(&str, &str, &str); 3] = [
    (
        "screen/screen.css",
        "text/css; charset=utf-8",
        include_str!("screen.css"),
    ),
    (
        "screen/display.js",
        "text/javascript; charset=utf-8",
        include_str!("display.js"),
    ),
    (
        "screen/board.js",
        "text/javascript; charset=utf-8",
        include_str!("board.js"),
    ),
];
const HTML: &str = "text/html; charset=utf-8";

/// A screen's page, or a file of it; none where the site has no screens, or it is something else.
pub(crate) fn page(desk: &Desk, path: &str) -> Option<Response> {
    if !desk.settings.screens.public {
        return None;
    }
    if let Some((_, kind, text)) = FILES.iter().find(|(name, _, _)| *name == path) {
        return Some(answer(kind, text));
    }
    if path == "board" {
        return Some(answer(HTML, include_str!("board.html")));
    }
    let lane = path.strip_prefix("display/")?;
    let is_known = desk.site.lanes.iter().any(|known| known.lane == lane);
    is_known.then(|| answer(HTML, include_str!("display.html")))
}

fn answer(kind: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
