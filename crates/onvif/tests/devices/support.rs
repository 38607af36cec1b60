//! Devices to ask.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use onvif::{Account, Device, DeviceAddress};
use secret::Secret;
use tokio::net::TcpListener;

/// One question.
#[derive(Clone)]
pub(crate) struct Asked {
    /// The whole action, as the content type names it.
    pub(crate) action: String,
    /// Its last word: `GetProfiles`.
    pub(crate) operation: String,
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

pub(crate) type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What answers.
pub(crate) type Answers = Arc<dyn Fn(Asked) -> Answering + Send + Sync>;

/// A device on this computer that answers so.
pub(crate) async fn serve(answers: Answers) -> SocketAddr {
    async fn answer(
        State(answers): State<Answers>,
        _: Method,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        let header = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let kind = header("content-type").unwrap_or_default();
        let action = kind.split("action=\"").nth(1).unwrap_or_default();
        let action = action.trim_end_matches('"').to_owned();
        let operation = action.rsplit('/').next().unwrap_or_default();
        answers(Asked {
            operation: operation.trim_end_matches("Request").to_owned(),
            action,
            path: uri.path().to_owned(),
            authorization: header("authorization"),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
        .await
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let at = listener.local_addr().expect("an address");
    let app = Router::new().fallback(answer).with_state(answers);
    tokio::spawn(async move { axum::serve(listener, app).await });
    at
}

pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/soap+xml; charset=utf-8")
        .body(body.into().into())
        .expect("an answer")
}

pub(crate) fn address(at: SocketAddr) -> DeviceAddress {
    DeviceAddress::parse(&at.to_string()).expect("an address")
}

pub(crate) fn account(user: &str, password: &str) -> Account {
    Account {
        user: user.to_owned(),
        password: Secret::new(password),
    }
}

pub(crate) async fn connect(at: SocketAddr) -> Device {
    let account = account("admin", "admin");
    let connected = Device::connect(&address(at), Some(&account)).await;
    connected.expect("a device")
}

/// Answers by operation, from a file of `testdata`.
pub(crate) struct Recorded(BTreeMap<String, String>);

impl Recorded {
    pub(crate) fn load(name: &str) -> Self {
        let path = format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the file");
        let parts = text.split("\n== ").skip(1);
        let parts = parts.filter_map(|part| part.split_once('\n'));
        Self(
            parts
                .map(|(name, text)| (name.trim().to_owned(), text.trim().to_owned()))
                .collect(),
        )
    }

    /// The answer to `operation` by a clock that is `ahead_s` ahead.
    pub(crate) fn answer(&self, operation: &str, ahead_s: i64) -> Option<String> {
        let mut text = self.0["envelope"].replace("{BODY}", self.0.get(operation)?);
        let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(ahead_s);
        let now = now.to_zoned(jiff::tz::TimeZone::UTC);
        for (name, value) in [
            ("{YEAR}", i64::from(now.year())),
            ("{MONTH}", i64::from(now.month())),
            ("{DAY}", i64::from(now.day())),
            ("{HOUR}", i64::from(now.hour())),
            ("{MINUTE}", i64::from(now.minute())),
            ("{SECOND}", i64::from(now.second())),
        ] {
            text = text.replace(name, &value.to_string());
        }
        Some(text)
    }

    pub(crate) fn fault(&self, code: &str, reason: &str) -> String {
        let body = format!(
            "<s:Fault xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:ter=\"http://www.onvif.org/ver10/error\">\
             <s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:{code}</s:Value></s:Subcode></s:Code>\
             <s:Reason><s:Text xml:lang=\"en\">{reason}</s:Text></s:Reason></s:Fault>"
        );
        self.0["envelope"].replace("{BODY}", &body)
    }
}
