//! Signs requests as the adapter says.

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::local;
use crate::adapter::{Adapter, Canonical, Place, SignKind};
use crate::failure::Failure;
use crate::platform::{PlatformSettings, form};

/// Timestamp, nonce and signature of one request.
pub(super) struct Signer<'a> {
    settings: &'a PlatformSettings,
    adapter: &'a Adapter,
    timestamp: String,
    nonce: String,
}

impl<'a> Signer<'a> {
    pub(super) fn new(
        settings: &'a PlatformSettings,
        adapter: &'a Adapter,
        body: &mut Map<String, Value>,
        headers: &mut HeaderMap,
    ) -> Result<Self, Failure> {
        let signer = Self {
            settings,
            adapter,
            timestamp: Timestamp::now().as_millisecond().to_string(),
            nonce: format!("{:032x}", rand::random::<u128>()),
        };
        let signing = &adapter.signing;
        if signing.kind != SignKind::None {
            put(
                signing.timestamp_in.as_ref(),
                &signer.timestamp,
                body,
                headers,
            )?;
            put(signing.nonce_in.as_ref(), &signer.nonce, body, headers)?;
        }
        Ok(signer)
    }

    fn is(&self, canonical: Canonical) -> bool {
        let signing = &self.adapter.signing;
        signing.kind == SignKind::Rsa2 && signing.canonical == canonical
    }

    fn signature(&self, message: &[u8]) -> Result<String, Failure> {
        let key = self.settings.signing_key.as_ref();
        let key = key.ok_or_else(|| local("the signing key is missing"))?;
        key.sign(message, self.adapter.signing.encoding)
            .map_err(local)
    }

    /// Signs the outermost fields, where that is what the platform checks.
    pub(super) fn pairs(
        &mut self,
        body: &mut Map<String, Value>,
        headers: &mut HeaderMap,
    ) -> Result<(), Failure> {
        if !self.is(Canonical::SortedPairs) {
            return Ok(());
        }
        let sign_in = self.adapter.signing.sign_in.as_ref();
        let signature = self.signature(sorted_pairs(body, sign_in).as_bytes())?;
        put(sign_in, &signature, body, headers)
    }

    /// Signs the bytes of the body, where that is what the platform checks.
    pub(super) fn bytes(&mut self, bytes: &[u8], headers: &mut HeaderMap) -> Result<(), Failure> {
        let mut message = bytes.to_vec();
        if self.is(Canonical::BodyTimestampNonce) {
            message.extend_from_slice(self.timestamp.as_bytes());
            message.extend_from_slice(self.nonce.as_bytes());
        } else if !self.is(Canonical::Body) {
            return Ok(());
        }
        let signature = self.signature(&message)?;
        let sign_in = self.adapter.signing.sign_in.as_ref();
        put(sign_in, &signature, &mut Map::new(), headers)
    }
}

/// `a=1&b=2`, sorted by name, without the signature and without empty values.
fn sorted_pairs(body: &Map<String, Value>, sign_in: Option<&Place>) -> String {
    let mut names: Vec<&String> = body.keys().collect();
    names.sort();
    let pairs = names.into_iter().filter_map(|name| {
        let value = form::plain(&body[name]);
        let own = matches!(sign_in, Some(Place::Field(field)) if field == name);
        (!own && !body[name].is_null() && !value.is_empty()).then(|| format!("{name}={value}"))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn put(
    place: Option<&Place>,
    text: &str,
    body: &mut Map<String, Value>,
    headers: &mut HeaderMap,
) -> Result<(), Failure> {
    match place {
        None => {}
        Some(Place::Field(name)) => drop(body.insert(name.clone(), Value::String(text.to_owned()))),
        Some(Place::Header(name)) => {
            let fits = HeaderName::try_from(name)
                .ok()
                .zip(HeaderValue::from_str(text).ok());
            let (name, value) =
                fits.ok_or_else(|| local("a header of the signature does not fit"))?;
            headers.insert(name, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pairs_are_sorted_and_leave_out_what_is_empty_and_the_signature_itself() {
        let Value::Object(body) = json!({"b": "2", "a": {"y": 1, "x": [true]}, "sign": "?",
            "c": "", "d": null, "B": 7})
        else {
            panic!("an object")
        };
        let place = Place::Field("sign".to_owned());
        assert_eq!(
            sorted_pairs(&body, Some(&place)),
            r#"B=7&a={"x":[true],"y":1}&b=2"#
        );
    }
}
