//! One request, whole: envelope, token, signature, bytes.

mod body;
mod signer;

use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use super::{PlatformSettings, form, talk};
use crate::adapter::{Adapter, HttpMethod, LoginBody, LoginRules, Operation, PasswordForm};
use crate::failure::{Failure, FailureKind};

pub(super) use body::File;
use body::{Body, written};
use signer::Signer;

/// What is asked.
pub(super) struct Asked<'a> {
    pub(super) path: String,
    pub(super) operation: &'a Operation,
    pub(super) value: Map<String, Value>,
    /// Photos of a multipart form; otherwise empty.
    pub(super) files: Vec<File>,
    /// Longest answer that is read.
    pub(super) answer_bytes: usize,
}

/// Everything that goes over the line.
pub(super) struct Request {
    pub(super) method: HttpMethod,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    /// Content type and bytes.
    pub(super) body: Option<(String, Vec<u8>)>,
}

fn local(words: impl AsRef<str>) -> Failure {
    Failure::new(FailureKind::Evidence, words)
}

impl Request {
    pub(super) fn new(
        settings: &PlatformSettings,
        adapter: &Adapter,
        asked: &Asked<'_>,
        token: Option<&str>,
    ) -> Result<Self, Failure> {
        let mut headers = HeaderMap::new();
        let mut body = form::body(settings, adapter, asked.operation, asked.value.clone());
        if let (Some(login), Some(token)) = (&adapter.login, token) {
            talk::place_token(&login.send, token, &mut body, &mut headers)?;
        }
        let url = address(settings, &asked.path)?;
        let method = asked.operation.method;
        finish(
            settings,
            adapter,
            method,
            url,
            headers,
            body,
            Body::of(&asked.files),
        )
    }

    pub(super) fn login(
        settings: &PlatformSettings,
        adapter: &Adapter,
        login: &LoginRules,
    ) -> Result<Self, Failure> {
        let password = settings.secret.expose();
        let password = match (login.password, &settings.platform_key) {
            (PasswordForm::Plain, _) => password.to_owned(),
            (PasswordForm::Rsa, Some(key)) => key.encrypt(password).map_err(local)?,
            (PasswordForm::Rsa, None) => return Err(local("the platform's key is missing")),
        };
        let mut names = Map::new();
        names.insert(
            login.user_field.clone(),
            Value::String(settings.user.clone()),
        );
        names.insert(login.password_field.clone(), Value::String(password));
        let operation = Operation {
            constants: login.constants.clone(),
            value_as: Some(crate::adapter::Shape::Object),
            ..Operation::default()
        };
        let body = if login.in_value {
            form::body(settings, adapter, &operation, names)
        } else {
            let mut body = form::around(settings, adapter, &login.constants);
            body.extend(names);
            body
        };
        let path = settings
            .path("login", login.path.as_deref())
            .unwrap_or_default();
        let kind = match login.body {
            LoginBody::Json => Body::Json,
            LoginBody::Form => Body::Form,
        };
        let url = address(settings, path)?;
        finish(
            settings,
            adapter,
            login.method,
            url,
            HeaderMap::new(),
            body,
            kind,
        )
    }
}

fn address(settings: &PlatformSettings, path: &str) -> Result<Url, Failure> {
    Url::parse(&settings.url(path)).map_err(|e| local(format!("{}: {e}", settings.url(path))))
}

fn finish(
    settings: &PlatformSettings,
    adapter: &Adapter,
    method: HttpMethod,
    mut url: Url,
    mut headers: HeaderMap,
    mut body: Map<String, Value>,
    kind: Body<'_>,
) -> Result<Request, Failure> {
    let mut signer = Signer::new(settings, adapter, &mut body, &mut headers)?;
    signer.pairs(&mut body, &mut headers)?;
    let body = if method == HttpMethod::Get {
        let mut query = url.query_pairs_mut();
        for (name, value) in &body {
            query.append_pair(name, &form::plain(value));
        }
        drop(query);
        signer.bytes(&[], &mut headers)?;
        None
    } else {
        let (content_type, bytes) = written(&body, kind);
        if let Some(most) = adapter.limits.body_bytes.filter(|most| bytes.len() > *most) {
            return Err(Failure::new(
                FailureKind::Unfit,
                format!(
                    "the request has {} bytes, the platform takes {most}",
                    bytes.len()
                ),
            ));
        }
        signer.bytes(&bytes, &mut headers)?;
        Some((content_type, bytes))
    };
    Ok(Request {
        method,
        url,
        headers,
        body,
    })
}
