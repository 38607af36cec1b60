//! The forms of platforms that the simulator can play: addresses, codes, and how answers look.

mod call;
mod fields;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as object};

pub(crate) use call::{Call, Refusal, json};
pub use fields::{ExpectedItem, LEDGER_ITEMS};
pub(crate) use fields::{field, missing, text};

/// How many items of table C.3 a passage of this dialect holds.
pub(crate) fn items_of(dialect: Dialect) -> u64 {
    fields::items(dialect).len() as u64
}

/// A form of platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// Eight addresses under one base, `token` header, `{code, msg, data}`.
    #[default]
    Yunnan,
    /// `transportControl`: three addresses, `{organ, ipctype, access_token, value}`.
    Henan,
    /// English fields, log-in by form, `Authorization: Bearer`, code "10000".
    Bearer,
}

/// What an answer says, whatever the dialect's number for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Ok,
    AlreadyThere,
    BadRequest,
    BadToken,
    BadLogin,
    BadSignature,
    NotFound,
    TooLarge,
    BadData,
    Internal,
}

impl Code {
    /// The HTTP status that says the same.
    fn status(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::AlreadyThere => 208,
            Self::BadRequest => 400,
            Self::BadToken => 401,
            Self::BadLogin => 403,
            Self::BadSignature => 406,
            Self::NotFound => 404,
            Self::TooLarge => 413,
            Self::BadData => 422,
            Self::Internal => 500,
        }
    }
}

impl Dialect {
    /// The dialect of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "yunnan" => Some(Self::Yunnan),
            "henan" => Some(Self::Henan),
            "bearer" => Some(Self::Bearer),
            _ => None,
        }
    }

    /// The first part of every path.
    pub(crate) fn base_path(self) -> &'static str {
        match self {
            Self::Yunnan => "/access/api/dataReceive/",
            Self::Henan | Self::Bearer => "/",
        }
    }

    /// "200" for two of them; the third counts from 10000.
    pub(crate) fn code(self, code: Code) -> String {
        match (self, code) {
            (Self::Bearer, Code::Ok) => "10000".to_owned(),
            (Self::Bearer, Code::AlreadyThere) => "10008".to_owned(),
            (Self::Bearer, Code::BadData) => "10022".to_owned(),
            (Self::Bearer, other) => (10_000 + other.status()).to_string(),
            (_, other) => other.status().to_string(),
        }
    }

    /// An answer in the dialect's words.
    pub(crate) fn answer(self, code: Code, msg: &str, data: Value) -> Response {
        self.coded(&self.code(code), msg, data)
    }

    /// The same with any code.
    pub(crate) fn coded(self, code: &str, msg: &str, data: Value) -> Response {
        Json(match self {
            Self::Yunnan | Self::Bearer => object!({"code": code, "msg": msg, "data": data}),
            Self::Henan => {
                let mut body = object!({"code": code, "status": msg});
                body["datetime"] = object!(jiff::Timestamp::now());
                match data {
                    Value::Object(mut data) if data.contains_key("access_token") => {
                        body["access_token"] = data.remove("access_token").unwrap_or_default();
                    }
                    data => body["value"] = data,
                }
                body
            }
        })
        .into_response()
    }

    /// What a log-in gives.
    pub(crate) fn token(self, token: &str, life_s: u64) -> Value {
        match self {
            Self::Yunnan => object!({"token": token, "expiresIn": life_s}),
            Self::Henan => object!({"access_token": token}),
            Self::Bearer => object!({"access_token": token, "expires_in": life_s}),
        }
    }
}
