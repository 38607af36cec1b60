//! What a request asks for, in whatever dialect.

use axum::http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::{Code, Dialect, text};
use crate::Options;
use crate::faults::Endpoint;

/// A request that was understood.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    /// The register of an [`Endpoint::Record`].
    pub(crate) register: String,
    pub(crate) token: Option<String>,
    /// What was sent, without envelope.
    pub(crate) value: Value,
    /// User and password of a log-in.
    pub(crate) login: Option<(String, String)>,
}

/// Why a request was not understood.
pub(crate) type Refusal = (Code, String);

/// The registers that have addresses, with those of the Yunnan form.
const REGISTERS: [&str; 5] = [
    "enterprise",
    "cameraInfo",
    "gateInfo",
    "inPlantVehicle",
    "machine",
];

impl Call {
    /// Which endpoint a path leads to, before anything else of the request is looked at.
    pub(crate) fn endpoint(options: &Options, path: &str, body: &Value) -> Option<Endpoint> {
        let last = path
            .strip_prefix(&options.path(""))?
            .trim_start_matches('/');
        match options.dialect {
            Dialect::Yunnan => yunnan(options, last),
            Dialect::Henan => henan(last, &text(body, "ipctype")?),
            Dialect::Bearer => match last {
                "api/login" => Some(Endpoint::GetToken),
                "api/api-low-emission/access/upload-control-vehicles" => Some(Endpoint::Passage),
                _ => None,
            },
        }
    }

    /// Takes the request apart.
    pub(crate) fn parse(
        options: &Options,
        endpoint: Endpoint,
        path: &str,
        headers: &HeaderMap,
        body: Value,
    ) -> Result<Self, Refusal> {
        let header = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        let bearer = || {
            header("authorization")?
                .strip_prefix("Bearer ")
                .map(str::to_owned)
        };
        let (token, value, names) = match options.dialect {
            Dialect::Yunnan => (header("token").or_else(bearer), body, ("appKey", "secret")),
            Dialect::Bearer => (bearer(), body, ("username", "password")),
            Dialect::Henan => {
                let token = text(&body, "access_token");
                if text(&body, "organ").is_none() {
                    let words = "缺少 organ missing".to_owned();
                    return Err((Code::BadRequest, words));
                }
                (token, henan_value(body)?, ("username", "password"))
            }
        };
        let login = (endpoint == Endpoint::GetToken).then(|| {
            let name = |key| text(&value, key).unwrap_or_default();
            (name(names.0), name(names.1))
        });
        Ok(Self {
            endpoint,
            register: path.rsplit('/').next().unwrap_or_default().to_owned(),
            token,
            value,
            login,
        })
    }
}

fn yunnan(options: &Options, last: &str) -> Option<Endpoint> {
    Some(match last {
        "getToken" => Endpoint::GetToken,
        "heartBeat" => Endpoint::HeartBeat,
        "exceedVehicle" => Endpoint::ExceedVehicle,
        "basStrategy" => Endpoint::BasStrategy,
        "strategyConfirm" => Endpoint::StrategyConfirm,
        "exceedConfirm" => Endpoint::ExceedConfirm,
        "alarmVehicle" => Endpoint::AlarmVehicle,
        passage if passage == options.passage_path => Endpoint::Passage,
        end if end == options.passage_end_path => Endpoint::PassageEnd,
        register if REGISTERS.contains(&register) => Endpoint::Record,
        _ => return None,
    })
}

fn henan(last: &str, ipctype: &str) -> Option<Endpoint> {
    let verb = last.strip_prefix("restapi/transportControl/")?;
    Some(match (verb, ipctype) {
        ("get_data", "getAccessToken") => Endpoint::GetToken,
        ("put_data", "shareDrivingRecord") => Endpoint::Passage,
        ("put_data" | "put_file", "sharePhotoInfo") => Endpoint::Photo,
        ("put_data" | "put_file", "shareGoodsRecord") => Endpoint::Goods,
        ("put_data", "putdcstatus" | "gateStatusReport") => Endpoint::HeartBeat,
        _ => return None,
    })
}

/// The value of the envelope: an object, or a list of one. A log-in may stand beside it.
fn henan_value(mut body: Value) -> Result<Value, Refusal> {
    let value = body.as_object_mut().and_then(|b| b.remove("value"));
    match value {
        Some(Value::Array(mut list)) if list.len() == 1 && list[0].is_object() => {
            Ok(list.remove(0))
        }
        Some(Value::Object(value)) => Ok(Value::Object(value)),
        None => Ok(body),
        Some(_) => Err((
            Code::BadRequest,
            "value 须为一条记录 must hold one record".to_owned(),
        )),
    }
}

/// The body of a request as JSON: an object, a form, or the query of a GET.
pub(crate) fn json(method: &Method, query: &str, kind: &str, body: &[u8]) -> Result<Value, String> {
    if method == Method::GET {
        return Ok(pairs(query));
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(pairs(&String::from_utf8_lossy(body)));
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err("不是 JSON 对象 not a JSON object".to_owned()),
        Err(error) => Err(format!("不是 JSON: {error}")),
    }
}

fn pairs(text: &str) -> Value {
    let pairs = text.split('&').filter(|p| !p.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), Value::String(decoded(value)))
    });
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// `%41+b` is `A b`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded_and_odd_ones_do_no_harm() {
        assert_eq!(
            pairs("a=1%2B1&b=x+y&c"),
            serde_json::json!({"a": "1+1", "b": "x y", "c": ""})
        );
        assert_eq!(decoded("%E4%BA%91%"), "云%");
        assert_eq!(decoded("%zz%é"), "%zz%é");
    }
}
