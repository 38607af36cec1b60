//! SOAP over HTTP, with bounds: what `oxvif` sends goes through here.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http_auth::{PasswordClient, PasswordParams};
use oxvif::transport::{Transport, TransportError};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::bounds::{self, MOST_BYTES};
use crate::{Account, DeviceAddress, DeviceFault};

/// The way to one device.
pub(crate) struct Wire {
    client: Client,
    address: DeviceAddress,
    account: Option<Account>,
    /// Why the last call failed, for `oxvif`'s errors cannot hold it.
    fault: Mutex<Option<DeviceFault>>,
}

impl Wire {
    /// A way to `address`; each call has `patience` for its whole answer.
    pub(crate) fn new(
        address: DeviceAddress,
        account: Option<Account>,
        patience: Duration,
    ) -> Result<Self, DeviceFault> {
        // A device is a small box on the local network: no proxy, no redirect, and a new connection
        // for every call, because such boxes drop idle ones without telling.
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .connect_timeout(patience)
            .timeout(patience)
            .build()
            .map_err(|e| DeviceFault::NoDevice(words::chain(&e.without_url())))?;
        Ok(Self {
            client,
            address,
            account,
            fault: Mutex::default(),
        })
    }

    pub(crate) fn address(&self) -> &DeviceAddress {
        &self.address
    }

    /// Why the last call failed, if it did.
    pub(crate) fn take_fault(&self) -> Option<DeviceFault> {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.take()
    }

    async fn ask(&self, url: &str, action: &str, body: String) -> Result<String, DeviceFault> {
        let url = self.address.at_home(url);
        let url = url.ok_or_else(|| DeviceFault::NoDevice("not an address".to_owned()))?;
        let mut answer = self.post(&url, action, &body, None).await?;
        // Nothing was carried out: the device wants to know first who asks.
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(proof) = self.proof(&url, &answer, &body)?
        {
            answer = self.post(&url, action, &body, Some(&proof)).await?;
        }
        let status = answer.status();
        match status {
            // Faults come with 400 or 500, and are read by whoever asked.
            StatusCode::OK | StatusCode::BAD_REQUEST | StatusCode::INTERNAL_SERVER_ERROR => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(DeviceFault::Unauthorized {
                    clock_ahead_s: None,
                });
            }
            _ => return Err(DeviceFault::NoDevice(format!("HTTP {status}"))),
        }
        let text = read(answer).await?;
        bounds::check(&text).map_err(DeviceFault::hostile)?;
        Ok(text)
    }

    async fn post(
        &self,
        url: &Url,
        action: &str,
        body: &str,
        proof: Option<&str>,
    ) -> Result<Response, DeviceFault> {
        let kind = format!("application/soap+xml; charset=utf-8; action=\"{action}\"");
        let mut request = self.client.post(url.clone()).header(CONTENT_TYPE, kind);
        if let Some(proof) = proof {
            request = request.header(AUTHORIZATION, proof);
        }
        request.body(body.to_owned()).send().await.map_err(fault_of)
    }

    /// What answers the question of `answer` for user and password, where we have them.
    fn proof(
        &self,
        url: &Url,
        answer: &Response,
        body: &str,
    ) -> Result<Option<String>, DeviceFault> {
        let asked = answer.headers().get_all(WWW_AUTHENTICATE);
        let digest = |value: &&str| value.trim_start().get(..6).is_some_and(is_digest);
        let mut questions = asked.iter().filter_map(|value| value.to_str().ok());
        let Some(account) = &self.account else {
            return Ok(None);
        };
        let Some(question) = questions.find(digest) else {
            let any = !answer.headers().contains_key(WWW_AUTHENTICATE);
            return if any {
                Ok(None)
            } else {
                Err(DeviceFault::ClearPassword)
            };
        };
        let odd = |why: String| DeviceFault::NoDevice(why);
        let mut client = PasswordClient::try_from(question).map_err(odd)?;
        let uri = url[url::Position::BeforePath..].to_owned();
        let proof = client.respond(&PasswordParams {
            username: &account.user,
            password: account.password.expose(),
            uri: &uri,
            method: "POST",
            body: Some(body.as_bytes()),
        });
        proof.map(Some).map_err(odd)
    }
}

fn is_digest(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("digest")
}

/// The whole body. Firmware from China sends GB 18030 under the name of UTF-8.
async fn read(mut answer: Response) -> Result<String, DeviceFault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(fault_of)? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(DeviceFault::hostile(bounds::Excess::Bytes));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).or_else(|error| {
        let (text, ..) = encoding_rs::GB18030.decode(error.as_bytes());
        Ok(text.into_owned())
    })
}

fn fault_of(error: reqwest::Error) -> DeviceFault {
    let error = error.without_url();
    if error.is_connect() {
        DeviceFault::Unreachable(words::chain(&error))
    } else if error.is_timeout() {
        DeviceFault::TimedOut
    } else {
        DeviceFault::Unanswered(words::chain(&error))
    }
}

#[async_trait]
impl Transport for Wire {
    async fn soap_post(
        &self,
        url: &str,
        action: &str,
        body: String,
    ) -> Result<String, TransportError> {
        self.ask(url, action, body).await.map_err(|fault| {
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
            TransportError::HttpStatus {
                status: 0,
                body: String::new(),
            }
        })
    }
}
