//! Objects put, asked for and removed: `rusty_s3` signs, `reqwest` sends.

mod fault;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use ledger::{Error, ErrorKind, Result};
use line::{Backoff, Retry};
use md5::{Digest as _, Md5};
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Client, Method, Response, StatusCode};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action};
use words::{Key, Said, chain};

use crate::settings::S3Settings;
use fault::passes;

const CONNECT: Duration = Duration::from_secs(10);
/// Nothing heard for so long is no answer.
const SILENCE: Duration = Duration::from_secs(60);
/// Four blocks at once over a line that sends a megabit a second take two and a half minutes.
const WHOLE: Duration = Duration::from_secs(600);
/// A request is made just before it is sent.
const SIGNED_FOR: Duration = Duration::from_secs(900);
/// How often something is tried that may pass by itself.
const TRIES: u32 = 4;
const PAUSES: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(8),
};
/// A list of a thousand names, and whatever a store says of an error.
const ANSWER_BYTES: u64 = 4 << 20;
/// Names in a list that are read.
const MOST_NAMES: usize = 2_000_000;

/// One place in a store.
#[derive(Debug)]
pub(crate) struct Wire {
    client: Client,
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    place: String,
    tries: u32,
}

/// A request, to be made again as often as it is tried.
struct Request<'a> {
    method: Method,
    sign: &'a (dyn Fn() -> url::Url + Sync),
    headers: &'a [(&'static str, String)],
    body: Bytes,
}

impl Wire {
    /// Nothing is sent yet.
    pub(crate) fn new(settings: &S3Settings) -> Result<Self> {
        let refused = |why: Said| {
            let said = Said::about(settings.shown(), why);
            Error::elsewhere(ErrorKind::Invalid, said)
        };
        let mut client = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("menjin/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = &settings.ca_file {
            let wrong = |why: Said| refused(Said::about(path.display(), why));
            let pem = std::fs::read(path).map_err(|e| wrong(Said::of_io(&e)))?;
            let named = reqwest::Certificate::from_pem_bundle(&pem);
            let named = named.map_err(|_| wrong(Key::MistakeNotACertificate.into()))?;
            client = client.tls_certs_only(named);
        }
        Ok(Self {
            client: client
                .build()
                .map_err(|e| refused(Said::other(chain(&e))))?,
            bucket: settings.of_library().map_err(|e| refused(Said::other(e)))?,
            credentials: Credentials::new(&settings.access_key, settings.secret_key.expose()),
            prefix: settings.prefix.clone(),
            place: settings.shown(),
            tries: TRIES,
        })
    }

    /// For somebody who waits.
    pub(crate) fn ask_once(&mut self) {
        self.tries = 1;
    }

    /// Where it is, to be shown.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// An error of this place.
    pub(crate) fn error(&self, kind: ErrorKind, why: impl Into<Said>) -> Error {
        Error::elsewhere(kind, Said::about(&self.place, why))
    }

    fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    /// Puts an object where none is; false when one is there, which stays.
    pub(crate) async fn put_new(&self, name: &str, object: Bytes) -> Result<bool> {
        self.put_if(name, object, true).await
    }

    /// Puts an object over what is there.
    pub(crate) async fn put_over(&self, name: &str, object: Bytes) -> Result<()> {
        self.put_if(name, object, false).await.map(drop)
    }

    async fn put_if(&self, name: &str, object: Bytes, only_new: bool) -> Result<bool> {
        let key = self.key(name);
        let mut headers = vec![("content-md5", STANDARD.encode(Md5::digest(&object)))];
        if only_new {
            headers.push(("if-none-match", "*".to_owned()));
        }
        let sign = || {
            let mut put = self.bucket.put_object(Some(&self.credentials), &key);
            for (name, value) in &headers {
                put.headers_mut().insert(*name, value.as_str());
            }
            put.sign(SIGNED_FOR)
        };
        let request = Request {
            method: Method::PUT,
            sign: &sign,
            headers: &headers,
            body: object.clone(),
        };
        let answer = self.sent(&request).await?;
        match answer.status() {
            status if status.is_success() => Ok(true),
            StatusCode::PRECONDITION_FAILED if only_new => Ok(false),
            // A store that knows no such condition. Objects of one name have one content.
            StatusCode::NOT_IMPLEMENTED if only_new => {
                Box::pin(self.put_if(name, object, false)).await
            }
            _ => Err(self.refused(answer).await),
        }
    }

    /// How long the object of this name is; nothing where none is.
    pub(crate) async fn size_of(&self, name: &str) -> Result<Option<u64>> {
        let key = self.key(name);
        let sign = || {
            let head = self.bucket.head_object(Some(&self.credentials), &key);
            head.sign(SIGNED_FOR)
        };
        let answer = self.sent(&Request::of(Method::HEAD, &sign)).await?;
        match answer.status() {
            status if status.is_success() => {
                let length = answer.headers().get(CONTENT_LENGTH);
                let length = length.and_then(|text| text.to_str().ok()?.parse().ok());
                Ok(Some(length.unwrap_or(0)))
            }
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(self.refused(answer).await),
        }
    }

    /// The object of this name, if there is one of at most so many bytes.
    pub(crate) async fn get(&self, name: &str, most_bytes: u64) -> Result<Option<Vec<u8>>> {
        let key = self.key(name);
        let sign = || {
            let get = self.bucket.get_object(Some(&self.credentials), &key);
            get.sign(SIGNED_FOR)
        };
        let mut retry = Retry::new(PAUSES);
        loop {
            let answer = self.sent(&Request::of(Method::GET, &sign)).await?;
            match answer.status() {
                StatusCode::OK => {}
                // A bucket that is not there is another matter than an object.
                StatusCode::NOT_FOUND if self.bucket_is_there().await? => return Ok(None),
                _ => return Err(self.refused(answer).await),
            }
            match read(answer, most_bytes).await {
                Ok(object) => return Ok(object),
                // Broken off half-way.
                Err(error) if retry.failures() + 1 < self.tries => {
                    tracing::debug!(error = chain(&error), "read again");
                    tokio::time::sleep(retry.after_failure(rand::random())).await;
                }
                Err(error) => return Err(self.away(&error)),
            }
        }
    }

    async fn bucket_is_there(&self) -> Result<bool> {
        let sign = || {
            let head = self.bucket.head_bucket(Some(&self.credentials));
            head.sign(SIGNED_FOR)
        };
        let answer = self.sent(&Request::of(Method::HEAD, &sign)).await?;
        // Who may not ask may still have the bucket.
        Ok(answer.status() != StatusCode::NOT_FOUND)
    }

    /// Removes the object of this name, if there is one.
    pub(crate) async fn remove(&self, name: &str) -> Result<()> {
        let key = self.key(name);
        let sign = || {
            let delete = self.bucket.delete_object(Some(&self.credentials), &key);
            delete.sign(SIGNED_FOR)
        };
        let answer = self.sent(&Request::of(Method::DELETE, &sign)).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(()),
            status if status.is_success() => Ok(()),
            _ => Err(self.refused(answer).await),
        }
    }

    /// The names that begin so, sorted; `most` of them at most.
    pub(crate) async fn names(&self, begin: &str, most: usize) -> Result<Vec<String>> {
        let key = self.key(begin);
        let ours = format!("{}/", self.prefix);
        let (mut names, mut token) = (Vec::new(), None::<String>);
        loop {
            let sign = || {
                let mut list = self.bucket.list_objects_v2(Some(&self.credentials));
                list.with_prefix(key.as_str());
                list.with_max_keys(most.clamp(1, 1000));
                if let Some(token) = &token {
                    list.with_continuation_token(token.as_str());
                }
                list.sign(SIGNED_FOR)
            };
            let answer = self.sent(&Request::of(Method::GET, &sign)).await?;
            if !answer.status().is_success() {
                return Err(self.refused(answer).await);
            }
            let text = read(answer, ANSWER_BYTES).await;
            let text = text.map_err(|error| self.away(&error))?;
            let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
            let list = text.and_then(|text| ListObjectsV2::parse_response(&text).ok());
            let odd = || self.error(ErrorKind::Io, Key::OffsiteOddAnswer);
            let list = list.ok_or_else(odd)?;
            let found = list.contents.into_iter();
            names.extend(found.filter_map(|o| Some(o.key.strip_prefix(&ours)?.to_owned())));
            token = list.next_continuation_token;
            if token.is_none() || names.len() >= most.min(MOST_NAMES) {
                names.truncate(most);
                names.sort();
                return Ok(names);
            }
        }
    }

    /// Sends it, again where that may help, and gives the store's answer.
    async fn sent(&self, request: &Request<'_>) -> Result<Response> {
        let mut retry = Retry::new(PAUSES);
        loop {
            let mut building = self
                .client
                .request(request.method.clone(), (request.sign)());
            for (name, value) in request.headers {
                building = building.header(*name, value);
            }
            if request.method == Method::PUT {
                building = building
                    .header(CONTENT_LENGTH, request.body.len())
                    .body(request.body.clone());
            }
            let last = retry.failures() + 1 >= self.tries;
            match building.send().await {
                Ok(answer) if last || !passes(answer.status()) => return Ok(answer),
                Ok(answer) => tracing::debug!(status = %answer.status(), "tried again"),
                Err(error) if last => return Err(self.away(&error)),
                Err(error) => tracing::debug!(error = %error.without_url(), "tried again"),
            }
            tokio::time::sleep(retry.after_failure(rand::random())).await;
        }
    }
}

impl<'a> Request<'a> {
    fn of(method: Method, sign: &'a (dyn Fn() -> url::Url + Sync)) -> Self {
        Self {
            method,
            sign,
            headers: &[],
            body: Bytes::new(),
        }
    }
}

/// What is answered; nothing when it is longer than it may be.
async fn read(mut answer: Response, most_bytes: u64) -> reqwest::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if (bytes.len() + chunk.len()) as u64 > most_bytes {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}
