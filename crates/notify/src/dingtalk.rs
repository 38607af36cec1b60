//! The robot of a DingTalk group: a text in its markdown, signed in the address
//! (open.dingtalk.com/document/orgapp/customize-robot-security-settings). It takes no pictures but by an address that
//! DingTalk itself can reach.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::Client;
use secret::Secret;
use serde_json::json;
use url::Url;

use crate::channel::{Channel, ROBOTS, Telling};
use crate::http;
use crate::message::Message;
use crate::settings::HttpSettings;

/// A message of a robot, in bytes.
const MOST_BYTES: usize = 20_000;
/// Codes that are about this very message: 400105 unsupported, 430101 and 430104 words that are not allowed.
const REFUSED: [i64; 3] = [400_105, 430_101, 430_104];

pub(crate) struct Dingtalk {
    client: Client,
    url: Url,
    secret: Secret,
}

impl Dingtalk {
    pub(crate) fn open(settings: &HttpSettings) -> Result<Self, String> {
        Ok(Self {
            client: http::client(settings)?,
            url: settings
                .url
                .expose()
                .parse()
                .map_err(|e: url::ParseError| e.to_string())?,
            secret: settings.secret.clone(),
        })
    }

    fn signed(&self, now: Timestamp) -> Url {
        let mut url = self.url.clone();
        if !self.secret.expose().is_empty() {
            let stamp = now.as_millisecond().to_string();
            let sign = signature(&self.secret, &stamp);
            url.query_pairs_mut()
                .append_pair("timestamp", &stamp)
                .append_pair("sign", &sign);
        }
        url
    }
}

impl Channel for Dingtalk {
    fn tell<'a>(&'a self, message: &'a Message) -> Telling<'a> {
        Box::pin(async {
            let text = message.markdown(MOST_BYTES);
            let body = json!({"msgtype": "markdown",
                              "markdown": {"title": message.title, "text": text}});
            let request = self.client.post(self.signed(Timestamp::now())).json(&body);
            match http::sent(request).await {
                Ok((status, said)) => http::by_errcode(status, &said, &REFUSED),
                Err(outcome) => outcome,
            }
        })
    }

    fn pace(&self) -> Duration {
        ROBOTS
    }
}

/// Base64 of HMAC-SHA256 over the time and the secret, with the secret.
fn signature(secret: &Secret, stamp: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let text = format!("{stamp}\n{}", secret.expose());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()).as_ref())
}
