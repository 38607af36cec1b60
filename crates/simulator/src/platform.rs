//! One request, from its bytes to its answer, with the faults in force around it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::dialect::{Call, Code, Refusal, field, text};
use crate::faults::{Endpoint, FaultAnswer, Faults};
use crate::server::App;
use crate::wire::Wire;
use crate::{dialect, intake};

/// Every address of the platform.
pub(crate) async fn any(
    State(app): State<Arc<App>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let dialect = app.options.dialect;
    let bytes = match body {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(&app, &error),
    };
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok());
    let query = uri.query().unwrap_or("");
    let parsed = dialect::json(&method, query, kind.unwrap_or(""), &bytes);
    let body = parsed.as_ref().ok().cloned().unwrap_or(Value::Null);
    let Some(endpoint) = Call::endpoint(&app.options, uri.path(), &body) else {
        let words = format!("没有此接口 no {}", uri.path());
        let answer = dialect.answer(Code::NotFound, &words, Value::Null);
        return (StatusCode::NOT_FOUND, answer).into_response();
    };
    let call = parsed
        .map_err(|words| (Code::BadRequest, words))
        .and_then(|body| Call::parse(&app.options, endpoint, uri.path(), &headers, body));
    let plate = call
        .as_ref()
        .ok()
        .and_then(|c| text(&c.value, field(dialect, "plateNo")));
    let faults = app.faults.take(endpoint, plate.as_deref());
    if faults != Faults::default() {
        app.keep.count(|c| c.faults += 1);
    }
    app.pause(Duration::from_millis(faults.delay_ms)).await;
    let answer = match instead(&app, &faults.answer, &wire) {
        Some(instead) => instead,
        None => {
            let honest = honest(&app, call, &headers, &bytes, &body).await;
            app.remembered(honest).await
        }
    };
    if faults.answer == FaultAnswer::DropAfterKeeping {
        wire.cut();
    }
    app.pause(Duration::from_millis(faults.delay_answer_ms))
        .await;
    answer
}

/// What a platform without faults says.
async fn honest(
    app: &Arc<App>,
    call: Result<Call, Refusal>,
    headers: &HeaderMap,
    bytes: &[u8],
    body: &Value,
) -> Response {
    let dialect = app.options.dialect;
    let call = match call {
        Ok(call) => call,
        Err((code, words)) => return dialect.answer(code, &words, Value::Null),
    };
    let check = app.options.signatures.as_ref();
    if let Some(fault) = check.and_then(|check| check.fault(headers, bytes, body)) {
        app.keep.count(|c| c.bad_signatures += 1);
        return dialect.answer(Code::BadSignature, fault, Value::Null);
    }
    if let Some((user, password)) = &call.login {
        return log_in(app, user, password);
    }
    if !call.token.as_deref().is_some_and(|t| app.tokens.is_good(t)) {
        return bad_token(app);
    }
    match call.endpoint {
        Endpoint::HeartBeat => {
            app.keep.heartbeat(call.value);
            dialect.answer(
                Code::Ok,
                "ok",
                json!({"serverTime": jiff::Timestamp::now()}),
            )
        }
        Endpoint::ExceedVehicle | Endpoint::BasStrategy | Endpoint::AlarmVehicle => {
            let list = app.keep.published(call.endpoint);
            dialect.answer(Code::Ok, "ok", Value::Array(list))
        }
        _ => {
            // Decoding and disk are for a thread that may wait. The row is kept even when the
            // sender hangs up meanwhile, as a platform would.
            let shared = Arc::clone(app);
            let taken = tokio::task::spawn_blocking(move || intake::take(&shared, call)).await;
            taken.unwrap_or_else(|error| intake::failed(app, &error.to_string()))
        }
    }
}

fn log_in(app: &App, user: &str, password: &str) -> Response {
    let dialect = app.options.dialect;
    if user != app.options.app_key || password != app.options.secret {
        app.keep.count(|c| c.failed_logins += 1);
        let words = "用户名或密钥错误 wrong user or secret";
        return dialect.answer(Code::BadLogin, words, Value::Null);
    }
    app.keep.count(|c| c.logins += 1);
    let life_s = app.tokens.life().as_secs();
    let data = dialect.token(&app.tokens.issue(), life_s);
    dialect.answer(Code::Ok, "ok", data)
}

fn bad_token(app: &App) -> Response {
    app.keep.count(|c| c.bad_tokens += 1);
    let words = "Token 无效或过期 token unknown or too old";
    let answer = app
        .options
        .dialect
        .answer(Code::BadToken, words, Value::Null);
    if app.options.token_error_as_http_status {
        return (StatusCode::UNAUTHORIZED, answer).into_response();
    }
    answer
}

/// The answer that a fault puts in place of the truth.
fn instead(app: &App, fault: &FaultAnswer, wire: &Wire) -> Option<Response> {
    let dialect = app.options.dialect;
    Some(match fault {
        FaultAnswer::AsUsual | FaultAnswer::DropAfterKeeping => return None,
        FaultAnswer::RefuseData => {
            app.keep.count(|c| c.refused += 1);
            dialect.answer(Code::BadData, "数据不合格 data refused", Value::Null)
        }
        FaultAnswer::RepeatLast => app.last_answer(),
        FaultAnswer::ErrorBody { code, msg } => dialect.coded(code, msg, Value::Null),
        FaultAnswer::HttpStatus { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, "bad gateway or worse").into_response()
        }
        FaultAnswer::DropBeforeKeeping => {
            wire.cut();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        FaultAnswer::NotJson => (
            [(header::CONTENT_TYPE, "application/json")],
            "{\"code\": \"200\", oops",
        )
            .into_response(),
        FaultAnswer::Verbatim { body } => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (kind, body.clone()).into_response()
        }
        FaultAnswer::WrongContentType => {
            Html("<html><body>请登录 please log in</body></html>").into_response()
        }
        FaultAnswer::HugeBody { bytes } => huge(&dialect.code(Code::Ok), *bytes),
    })
}

/// A JSON body that is made as it is sent: a hundred megabytes need no memory here.
fn huge(code: &str, bytes: usize) -> Response {
    const PART: usize = 64 * 1024;
    let head = Bytes::from(format!("{{\"code\":\"{code}\",\"msg\":\""));
    let part = Bytes::from(vec![b'x'; PART]);
    let parts = std::iter::once(head)
        .chain(std::iter::repeat_n(part, bytes.div_ceil(PART)))
        .chain(std::iter::once(Bytes::from_static(b"\"}")));
    let parts = futures::stream::iter(parts.map(Ok::<_, std::convert::Infallible>));
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, Body::from_stream(parts)).into_response()
}

fn unreadable(app: &App, error: &BytesRejection) -> Response {
    let status = error.status();
    let (code, words) = if status == StatusCode::PAYLOAD_TOO_LARGE {
        let most = app.options.body_limit_bytes;
        (
            Code::TooLarge,
            format!("请求过大 body longer than {most} bytes"),
        )
    } else {
        (Code::BadRequest, error.body_text())
    };
    (
        status,
        app.options.dialect.answer(code, &words, Value::Null),
    )
        .into_response()
}
