//! The web app, which is in the program, and its texts.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use words::Key;

use crate::desk::Desk;
use crate::refusal::Refusal;

/// Path and bytes of each file.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Of each kind of file that a browser is handed. Others are not served.
const TYPES: [(&str, &str); 12] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("wav", "audio/wav"),
    ("mp3", "audio/mpeg"),
    ("txt", "text/plain; charset=utf-8"),
];

/// Texts by language and key, with `{name}` for values.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Catalogue {
    #[schema(value_type = BTreeMap<String, String>)]
    zh: BTreeMap<&'static str, &'static str>,
    #[schema(value_type = BTreeMap<String, String>)]
    en: BTreeMap<&'static str, &'static str>,
}

pub(crate) fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(texts))
}

/// Every text of the catalogue in both languages.
#[utoipa::path(get, path = "/api/words", responses((status = 200, body = Catalogue)))]
async fn texts() -> Json<Catalogue> {
    let all = words::catalogue();
    let of = |language: &str| {
        let texts = all.iter();
        texts.map(|(key, texts)| (*key, texts[language])).collect()
    };
    Json(Catalogue {
        zh: of("zh"),
        en: of("en"),
    })
}

/// What has no such method.
pub(crate) async fn wrong_method() -> Refusal {
    let code = "wrong_method";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, code, Key::WebWrongMethod)
}

/// A file of the web app; a path of its own, which no file has, is its first page.
pub(crate) async fn app(
    State(desk): State<Desk>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_api = path == "api" || path.starts_with("api/");
    if is_api || !matches!(method, Method::GET | Method::HEAD) {
        return Refusal::not_found().into_response();
    }
    if let Some(screen) = crate::screens::page(&desk, path) {
        return screen;
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = match file(path) {
        Some(_) => path,
        None if last.contains('.') => return Refusal::not_found().into_response(),
        None => "index.html",
    };
    let kind = name.rsplit('.').next().and_then(|ending| {
        let mut types = TYPES.iter();
        types.find(|(known, _)| *known == ending)
    });
    let (Some(plain), Some((_, kind))) = (file(name), kind) else {
        return Refusal::not_found().into_response();
    };
    // Their names change with what is in them.
    let keep = match name.starts_with("assets/") {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut response = match packed(name, &headers) {
        Some((coding, bytes)) => ([(header::CONTENT_ENCODING, coding)], bytes).into_response(),
        None => plain.into_response(),
    };
    let of = response.headers_mut();
    of.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    of.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    of.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn file(name: &str) -> Option<&'static [u8]> {
    let found = FILES.binary_search_by(|(known, _)| (*known).cmp(name));
    found.ok().map(|at| FILES[at].1)
}

/// The file as it was packed beside, in a way that the browser takes.
fn packed(name: &str, headers: &HeaderMap) -> Option<(&'static str, &'static [u8])> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |coding: &str| {
        let mut all = accepted.split(',').map(str::trim);
        all.any(|one| one.split(';').next() == Some(coding) && !one.ends_with(";q=0"))
    };
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, ending)| Some((coding, file(&format!("{name}.{ending}"))?)))
}
