//! The platform's side of the protocol: log-in, heartbeat, passage.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::faults::{Answer, Endpoint, Faults};
use crate::items;
use crate::keep::{Kept, KeptPhoto, NewArrival};
use crate::server::App;
use crate::wire::Wire;

type Body = Result<Bytes, BytesRejection>;

pub(crate) const OK: &str = "200";
pub(crate) const ALREADY_THERE: &str = "208";
pub(crate) const BAD_TOKEN: &str = "401";
pub(crate) const BAD_DATA: &str = "422";

pub(crate) fn answer(code: &str, msg: &str, data: Value) -> Response {
    Json(json!({"code": code, "msg": msg, "data": data})).into_response()
}

pub(crate) async fn get_token(
    State(app): State<Arc<App>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    body: Body,
) -> Response {
    let handle = async |app: &App, body: Value| {
        let is = |key, expected: &str| items::text(&body, key).is_some_and(|v| v == expected);
        if !is("appKey", &app.options.app_key) || !is("secret", &app.options.secret) {
            app.keep.count(|c| c.failed_logins += 1);
            return answer(
                "403",
                "appKey 或 secret 错误 wrong appKey or secret",
                Value::Null,
            );
        }
        app.keep.count(|c| c.logins += 1);
        let expires_in_s = app.tokens.life().as_secs();
        answer(
            OK,
            "ok",
            json!({"token": app.tokens.issue(), "expiresIn": expires_in_s}),
        )
    };
    with_faults(&app, &wire, Endpoint::GetToken, body, handle).await
}

pub(crate) async fn heart_beat(
    State(app): State<Arc<App>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let handle = async |app: &App, body: Value| {
        if let Some(refused) = check_token(app, &headers) {
            return refused;
        }
        app.keep.heartbeat(body);
        answer(OK, "ok", json!({"serverTime": jiff::Timestamp::now()}))
    };
    with_faults(&app, &wire, Endpoint::HeartBeat, body, handle).await
}

pub(crate) async fn passage(
    State(app): State<Arc<App>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    ledger(app, wire, headers, body, Endpoint::Passage, take_in).await
}

pub(crate) async fn passage_end(
    State(app): State<Arc<App>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    ledger(app, wire, headers, body, Endpoint::PassageEnd, take_in_end).await
}

async fn ledger(
    app: Arc<App>,
    wire: Wire,
    headers: HeaderMap,
    body: Body,
    endpoint: Endpoint,
    take: fn(&App, Value) -> Response,
) -> Response {
    let shared = Arc::clone(&app);
    let handle = async move |app: &App, body: Value| {
        if let Some(refused) = check_token(app, &headers) {
            return refused;
        }
        // Decoding and disk are for a thread that may wait. The row is kept even when the sender
        // hangs up meanwhile, as a platform would.
        match tokio::task::spawn_blocking(move || take(&shared, body)).await {
            Ok(answer) => answer,
            Err(error) => failed(&error.to_string()),
        }
    };
    with_faults(&app, &wire, endpoint, body, handle).await
}

/// Plays the faults in force around the honest `handle`.
async fn with_faults(
    app: &App,
    wire: &Wire,
    endpoint: Endpoint,
    body: Body,
    handle: impl AsyncFnOnce(&App, Value) -> Response,
) -> Response {
    let body = match body {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(app, &error),
    };
    let parsed = serde_json::from_slice::<Value>(&body);
    drop(body);
    let plate = parsed.as_ref().ok().and_then(|b| items::text(b, "plateNo"));
    let faults = app.faults.take(endpoint, plate.as_deref());
    if faults != Faults::default() {
        app.keep.count(|c| c.faults += 1);
    }
    app.pause(Duration::from_millis(faults.delay_ms)).await;
    let answer = match (instead(&faults.answer, wire), parsed) {
        (Some(instead), _) => instead,
        (None, Ok(body)) if body.is_object() => handle(app, body).await,
        (None, Ok(_)) => answer("400", "不是 JSON 对象 not a JSON object", Value::Null),
        (None, Err(error)) => answer("400", &format!("不是 JSON: {error}"), Value::Null),
    };
    if faults.answer == Answer::DropAfterKeeping {
        wire.cut();
    }
    app.pause(Duration::from_millis(faults.delay_answer_ms))
        .await;
    answer
}

/// The answer that a fault puts in place of the truth.
fn instead(fault: &Answer, wire: &Wire) -> Option<Response> {
    Some(match fault {
        Answer::AsUsual | Answer::DropAfterKeeping => return None,
        Answer::RefuseData => answer(BAD_DATA, "数据不合格 data refused", Value::Null),
        Answer::ErrorBody { code, msg } => answer(code, msg, Value::Null),
        Answer::HttpStatus { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, "bad gateway or worse").into_response()
        }
        Answer::DropBeforeKeeping => {
            wire.cut();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Answer::NotJson => (
            [(header::CONTENT_TYPE, "application/json")],
            "{\"code\": \"200\", oops",
        )
            .into_response(),
        Answer::WrongContentType => {
            Html("<html><body>请登录 please log in</body></html>").into_response()
        }
        Answer::HugeBody { bytes } => {
            let body = format!("{{\"code\":\"200\",\"msg\":\"{}\"}}", "x".repeat(*bytes));
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
    })
}

/// Checks one passage and keeps it. Blocks.
fn take_in(app: &App, body: Value) -> Response {
    let missing: Vec<String> = items::missing(&body)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let new = match examine(body, missing) {
        Ok(new) => new,
        Err(reason) => return refuse(app, &reason),
    };
    if app.options.refuse_incomplete && !new.missing.is_empty() {
        let names = new.missing.join("、");
        return refuse(app, &format!("缺少必填项 items missing: {names}"));
    }
    let data = json!({"serialNo": new.serial, "missing": new.missing});
    match app.keep.passage(new) {
        Ok(kept) => kept_answer(&kept, data),
        Err(error) => failed(&error.to_string()),
    }
}

/// Adds how a passage ended to what is kept of it. Blocks.
fn take_in_end(app: &App, body: Value) -> Response {
    let end = match examine(body, Vec::new()) {
        Ok(end) => end,
        Err(reason) => return refuse(app, &reason),
    };
    let data = json!({"serialNo": end.serial});
    match app.keep.end(end) {
        Ok(Some(kept)) => kept_answer(&kept, data),
        Ok(None) => refuse(app, "没有此流水号 serialNo unknown"),
        Err(error) => failed(&error.to_string()),
    }
}

/// Takes a request apart into its items and its photos.
fn examine(mut body: Value, missing: Vec<String>) -> Result<NewArrival, String> {
    let payload_sha256 = hex(&Sha256::digest(body.to_string()));
    let serial = items::text(&body, "serialNo")
        .filter(|s| s.chars().count() <= 64)
        .ok_or("缺少流水号 serialNo missing or longer than 64")?;
    let mut photos = Vec::new();
    for key in items::PASSAGE_PHOTOS {
        let Some(text) = body.as_object_mut().and_then(|o| o.remove(key)) else {
            continue;
        };
        let Some(text) = text.as_str().filter(|t| !t.is_empty()) else {
            continue;
        };
        let (bytes, width_px, height_px) =
            items::jpeg(text).map_err(|fault| format!("照片 photo {key} {fault}"))?;
        let sha256 = hex(&Sha256::digest(&bytes));
        let key = key.to_owned();
        photos.push((
            KeptPhoto {
                key,
                bytes: bytes.len(),
                width_px,
                height_px,
                sha256,
            },
            bytes,
        ));
    }
    Ok(NewArrival {
        serial,
        items: body,
        missing,
        photos,
        payload_sha256,
    })
}

fn refuse(app: &App, reason: &str) -> Response {
    app.keep.count(|c| c.refused += 1);
    answer(BAD_DATA, reason, Value::Null)
}

fn kept_answer(kept: &Kept, data: Value) -> Response {
    match kept {
        Kept::New => answer(OK, "ok", data),
        Kept::Repeat => answer(ALREADY_THERE, "已存在 already there", data),
        Kept::Conflict => answer(
            ALREADY_THERE,
            "已存在且内容不同 already there, not equal",
            data,
        ),
    }
}

fn check_token(app: &App, headers: &HeaderMap) -> Option<Response> {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let token = text("token").or_else(|| text("authorization")?.strip_prefix("Bearer "));
    if token.is_some_and(|t| app.tokens.is_good(t)) {
        return None;
    }
    app.keep.count(|c| c.bad_tokens += 1);
    let body = answer(
        BAD_TOKEN,
        "Token 无效或过期 token unknown or too old",
        Value::Null,
    );
    if app.options.token_error_as_http_status {
        return Some((StatusCode::UNAUTHORIZED, body).into_response());
    }
    Some(body)
}

fn unreadable(app: &App, error: &BytesRejection) -> Response {
    let status = error.status();
    let msg = if status == StatusCode::PAYLOAD_TOO_LARGE {
        format!(
            "请求过大 body longer than {} bytes",
            app.options.body_limit_bytes
        )
    } else {
        error.body_text()
    };
    (status, answer(status.as_str(), &msg, Value::Null)).into_response()
}

fn failed(reason: &str) -> Response {
    tracing::error!(reason, "the simulator could not keep a passage");
    let body = answer("500", "内部错误 internal error", Value::Null);
    (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
