//! Takes rows in: looks at them as a platform would, keeps them, and says so. Everything here blocks.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::dialect::{Call, Code, Dialect, field, missing, text};
use crate::faults::Endpoint;
use crate::jpeg::jpeg;
use crate::keep::{KeptPhoto, NewArrival, Recorded, Summary};
use crate::server::App;

/// Longest serial number.
const SERIAL_MAX: usize = 64;

/// One row of any kind.
pub(crate) fn take(app: &App, call: Call) -> Response {
    let dialect = app.options.dialect;
    let taken = match call.endpoint {
        Endpoint::Passage => passage(app, call.value),
        Endpoint::PassageEnd => end(app, call.value),
        Endpoint::Photo => photo(app, call.value),
        Endpoint::Goods => goods(app, call.value),
        Endpoint::Record => Ok(app
            .keep
            .record(&call.register, call.value)
            .map(|k| (k, Value::Null))),
        Endpoint::StrategyConfirm => confirm(app, call.value),
        Endpoint::ExceedConfirm => review(app, call.value),
        _ => Err("不收数据 takes no data".to_owned()),
    };
    match taken {
        Err(reason) => {
            app.keep.count(|c| c.refused += 1);
            dialect.answer(Code::BadData, &reason, Value::Null)
        }
        Ok(Err(error)) => failed(app, &error.to_string()),
        Ok(Ok((Recorded::New, data))) => dialect.answer(Code::Ok, "ok", data),
        Ok(Ok((Recorded::Repeat, data))) => {
            dialect.answer(Code::AlreadyThere, "已存在 already there", data)
        }
        Ok(Ok((Recorded::Conflict, data))) => {
            let words = "已存在且内容不同 already there, not equal";
            dialect.answer(Code::AlreadyThere, words, data)
        }
    }
}

/// What became of a row, with what is said about it; the outer error is the sender's fault.
type Taken = Result<std::io::Result<(Recorded, Value)>, String>;

fn passage(app: &App, value: Value) -> Taken {
    let dialect = app.options.dialect;
    let missing = missing(dialect, &value);
    let new = examine(dialect, value, missing)?;
    for (what, chinese) in [("gateCode", "道闸编号"), ("passTime", "进、出厂时间")] {
        if text(&new.items, field(dialect, what)).is_none() {
            return Err(format!("缺少 {chinese} {} missing", field(dialect, what)));
        }
    }
    if app.options.refuse_incomplete && !new.missing.is_empty() {
        let names = new.missing.join("、");
        return Err(format!("缺少必填项 items missing: {names}"));
    }
    let data = match dialect {
        Dialect::Bearer => json!({"throughId": new.serial, "missing": new.missing}),
        _ => json!({"serialNo": new.serial, "missing": new.missing}),
    };
    Ok(app.keep.passage(new).map(|kept| (kept, data)))
}

/// Adds how a passage ended to what is kept of it.
fn end(app: &App, value: Value) -> Taken {
    let end = examine(app.options.dialect, value, Vec::new())?;
    let data = json!({"serialNo": end.serial});
    let kept = app.keep.end(end);
    known(kept.map(|kept| kept.map(|kept| (kept, data))))
}

/// Adds a photo to the passage that it belongs to.
fn photo(app: &App, mut value: Value) -> Taken {
    let serial = serial(app.options.dialect, &value)?;
    let number = text(&value, "imageNum").ok_or("缺少 imageNum missing")?;
    let image = value.as_object_mut().and_then(|v| v.remove("base64Image"));
    let image = image.as_ref().and_then(Value::as_str).unwrap_or("");
    let key = match number.as_str() {
        "1" => "headPhoto".to_owned(),
        "2" => "bodyPhoto".to_owned(),
        other if other.bytes().all(|b| b.is_ascii_digit()) => format!("photo{other}"),
        _ => return Err("imageNum 须为数字 must be a number".to_owned()),
    };
    let photo = kept_photo(&key, image).map_err(|fault| format!("照片 photo {number} {fault}"))?;
    let kept = app.keep.photo_after(&serial, photo);
    known(kept.map(|kept| kept.map(|kept| (kept, json!({"serialNum": serial})))))
}

fn goods(app: &App, value: Value) -> Taken {
    let serial = serial(app.options.dialect, &value)?;
    let kept = app.keep.goods(&serial, value);
    known(kept.map(|kept| kept.map(|kept| (kept, Value::Null))))
}

fn confirm(app: &App, value: Value) -> Taken {
    let id = text(&value, "strategyId").ok_or("缺少 strategyId missing")?;
    Ok(Ok((app.keep.confirmed(&id, value), Value::Null)))
}

fn review(app: &App, value: Value) -> Taken {
    let plate = text(&value, "plateNo").ok_or("缺少 plateNo missing")?;
    let result = text(&value, "result").ok_or("缺少 result missing")?;
    let id = format!("{plate} {result}");
    Ok(Ok((app.keep.confirmed(&id, value), Value::Null)))
}

fn known(kept: std::io::Result<Option<(Recorded, Value)>>) -> Taken {
    match kept {
        Ok(Some(kept)) => Ok(Ok(kept)),
        Ok(None) => Err("没有此流水号 serial number unknown".to_owned()),
        Err(error) => Ok(Err(error)),
    }
}

fn serial(dialect: Dialect, value: &Value) -> Result<String, String> {
    let name = field(dialect, "serialNo");
    text(value, name)
        .filter(|s| s.chars().count() <= SERIAL_MAX)
        .ok_or_else(|| format!("缺少流水号 {name} missing or longer than {SERIAL_MAX}"))
}

/// Takes a request apart into its items and its photos.
fn examine(dialect: Dialect, mut value: Value, missing: Vec<String>) -> Result<NewArrival, String> {
    let payload_sha256 = hex::encode(Sha256::digest(value.to_string()));
    let serial = serial(dialect, &value)?;
    let mut photos = Vec::new();
    for key in ["headPhoto", "bodyPhoto"] {
        for name in field(dialect, key).split('|') {
            let Some(text) = value
                .get(name)
                .and_then(Value::as_str)
                .filter(|t| !t.is_empty())
            else {
                continue;
            };
            // An address is kept as it is: a platform of that form fetches the photo itself.
            if text.starts_with("http://") || text.starts_with("https://") {
                continue;
            }
            let photo =
                kept_photo(key, text).map_err(|fault| format!("照片 photo {name} {fault}"))?;
            photos.push(photo);
            value.as_object_mut().and_then(|v| v.remove(name));
        }
    }
    Ok(NewArrival {
        summary: summary(dialect, &value),
        serial,
        items: value,
        missing,
        photos,
        payload_sha256,
    })
}

fn summary(dialect: Dialect, value: &Value) -> Summary {
    let of = |what| text(value, field(dialect, what));
    let inward = match dialect {
        Dialect::Bearer => value
            .get("carInTime")
            .map(|_| "1".to_owned())
            .or(Some("2".to_owned())),
        _ => of("inOut"),
    };
    Summary {
        plate: of("plateNo"),
        color: of("plateColor"),
        entrance: of("entranceCode"),
        gate: of("gateCode"),
        in_out: inward,
        time: of("passTime"),
    }
}

fn kept_photo(key: &str, text: &str) -> Result<(KeptPhoto, Vec<u8>), &'static str> {
    let (bytes, width_px, height_px) = jpeg(text)?;
    let photo = KeptPhoto {
        key: key.to_owned(),
        bytes: bytes.len(),
        width_px,
        height_px,
        sha256: hex::encode(Sha256::digest(&bytes)),
    };
    Ok((photo, bytes))
}

pub(crate) fn failed(app: &App, reason: &str) -> Response {
    tracing::error!(reason, "the simulator could not keep a row");
    let words = "内部错误 internal error";
    let answer = app
        .options
        .dialect
        .answer(Code::Internal, words, Value::Null);
    (StatusCode::INTERNAL_SERVER_ERROR, answer).into_response()
}
