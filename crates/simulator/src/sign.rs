//! Checks the signatures of requests: SHA256withRSA with the gate's public key.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// What must be signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signed {
    /// The outermost fields, sorted by name, `a=1&b=2`, without `sign` and without empty values.
    #[default]
    SortedPairs,
    /// The bytes of the body.
    Body,
    /// The bytes of the body, then the header `timestamp`, then the header `nonce`.
    BodyTimestampNonce,
}

/// How signatures are checked. The signature is base64 or hexadecimal, in the header `sign` or, for
/// sorted pairs, in the field `sign`.
#[derive(Debug, Clone)]
pub struct SignatureCheck {
    /// The gate's public key, PEM.
    pub public_key_pem: String,
    /// What must be signed.
    pub signed: Signed,
}

impl SignatureCheck {
    /// Why a request's signature does not hold.
    pub(crate) fn fault(
        &self,
        headers: &HeaderMap,
        bytes: &[u8],
        body: &Value,
    ) -> Option<&'static str> {
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let field = body.get("sign").and_then(Value::as_str);
        let Some(sign) = header("sign").or(field) else {
            return Some("缺少签名 sign missing");
        };
        let message = match self.signed {
            Signed::Body => bytes.to_vec(),
            Signed::SortedPairs => sorted_pairs(body).into_bytes(),
            Signed::BodyTimestampNonce => {
                let (Some(timestamp), Some(nonce)) = (header("timestamp"), header("nonce")) else {
                    return Some("缺少时间戳或随机数 timestamp or nonce missing");
                };
                [bytes, timestamp.as_bytes(), nonce.as_bytes()].concat()
            }
        };
        let Some(sign) = decoded(sign) else {
            return Some("签名不是 base64 或十六进制 sign is neither base64 nor hexadecimal");
        };
        let Some(key) = key(&self.public_key_pem) else {
            return Some("平台没有公钥 the platform has no usable public key");
        };
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
        key.verify(&message, &sign)
            .is_err()
            .then_some("验签失败 wrong signature")
    }
}

fn sorted_pairs(body: &Value) -> String {
    let Some(fields) = body.as_object() else {
        return String::new();
    };
    let mut names: Vec<&String> = fields.keys().filter(|name| *name != "sign").collect();
    names.sort();
    let mut pairs = Vec::new();
    for name in names {
        match &fields[name] {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => pairs.push(format!("{name}={text}")),
            other => pairs.push(format!("{name}={other}")),
        }
    }
    pairs.join("&")
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    hex::decode(text)
        .ok()
        .or_else(|| STANDARD.decode(text).ok())
}

fn key(pem: &str) -> Option<Vec<u8>> {
    let body = pem
        .split_once("-----BEGIN PUBLIC KEY-----")?
        .1
        .split_once("-----END PUBLIC KEY-----")?
        .0;
    STANDARD
        .decode(body.split_whitespace().collect::<String>())
        .ok()
}
