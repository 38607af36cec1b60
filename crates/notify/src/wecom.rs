//! The robot of a WeCom group: a text in its markdown, and the photo as a picture of its own
//! (developer.work.weixin.qq.com/document/path/91770).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use reqwest::Client;
use serde_json::{Value, json};
use url::Url;

use crate::channel::{Channel, Outcome, ROBOTS, Telling};
use crate::http;
use crate::message::Message;
use crate::settings::HttpSettings;

/// Markdown of a robot, in bytes.
const MOST_BYTES: usize = 4096;
/// A picture before it is encoded.
const PICTURE_BYTES: usize = 2 * 1024 * 1024;
/// Codes that are about this very message: 40058 wrong parameter, 40009 picture's size, 45002 too long.
const REFUSED: [i64; 3] = [40058, 40009, 45002];

pub(crate) struct Wecom {
    client: Client,
    url: Url,
}

impl Wecom {
    pub(crate) fn open(settings: &HttpSettings) -> Result<Self, String> {
        Ok(Self {
            client: http::client(settings)?,
            url: settings
                .url
                .expose()
                .parse()
                .map_err(|e: url::ParseError| e.to_string())?,
        })
    }

    async fn post(&self, body: &Value) -> Outcome {
        let request = self.client.post(self.url.clone()).json(body);
        match http::sent(request).await {
            Ok((status, said)) => http::by_errcode(status, &said, &REFUSED),
            Err(outcome) => outcome,
        }
    }
}

impl Channel for Wecom {
    fn tell<'a>(&'a self, message: &'a Message) -> Telling<'a> {
        Box::pin(async {
            let text = message.markdown(MOST_BYTES);
            let told = self
                .post(&json!({"msgtype": "markdown", "markdown": {"content": text}}))
                .await;
            let picture = message.picture.as_ref();
            let picture = picture.filter(|jpeg| jpeg.len() <= PICTURE_BYTES);
            if let (Outcome::Taken, Some(jpeg)) = (&told, picture) {
                // The text has arrived; a picture that does not is no reason to send it again.
                tokio::time::sleep(ROBOTS).await;
                let md5 = format!("{:x}", Md5::digest(jpeg));
                let image = json!({"base64": STANDARD.encode(jpeg), "md5": md5});
                let seen = self
                    .post(&json!({"msgtype": "image", "image": image}))
                    .await;
                if seen != Outcome::Taken {
                    tracing::warn!(?seen, "a picture did not get to a robot");
                }
            }
            told
        })
    }

    fn pace(&self) -> Duration {
        ROBOTS
    }
}
