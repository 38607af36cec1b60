//! Programs: a CloudEvent in JSON, signed as Standard Webhooks sign.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::Client;
use secret::Secret;
use url::Url;

use crate::channel::{Channel, Telling};
use crate::http;
use crate::message::Message;
use crate::settings::HttpSettings;

pub(crate) struct Webhook {
    client: Client,
    url: Url,
    secret: Secret,
}

impl Webhook {
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
}

impl Channel for Webhook {
    fn tell<'a>(&'a self, message: &'a Message) -> Telling<'a> {
        Box::pin(async {
            let body = message.event().to_string();
            let now = Timestamp::now().as_second().to_string();
            let mut request = self
                .client
                .post(self.url.clone())
                .header(
                    "content-type",
                    "application/cloudevents+json; charset=utf-8",
                )
                .header("webhook-id", &message.id)
                .header("webhook-timestamp", &now);
            if !self.secret.expose().is_empty() {
                let signature = signature(&self.secret, &message.id, &now, &body);
                request = request.header("webhook-signature", signature);
            }
            match http::sent(request.body(body)).await {
                Ok((status, said)) => http::by_status(status, &said),
                Err(outcome) => outcome,
            }
        })
    }
}

/// `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`. A secret that is written as `whsec_…` is base64,
/// any other one is taken as it is.
fn signature(secret: &Secret, id: &str, timestamp: &str, body: &str) -> String {
    let text = secret.expose();
    let coded = text
        .strip_prefix("whsec_")
        .and_then(|c| STANDARD.decode(c).ok());
    let key = coded.unwrap_or_else(|| text.as_bytes().to_vec());
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_of_the_standard_s_own_example() {
        // From the test vectors of the reference libraries of standard-webhooks.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = signature(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_plain_secret_signs_as_it_is_written() {
        let signed = signature(&Secret::new("key"), "a", "1", "b");
        assert!(signed.starts_with("v1,") && signed.len() == 47, "{signed}");
    }
}
