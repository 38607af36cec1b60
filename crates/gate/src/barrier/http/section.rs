//! `[lane.relay]`: a barrier's relay, read and shown.

use std::collections::BTreeMap;

use secret::Secret;
use settings::{Printer, Section};
use words::{Key, Said};

use super::{HttpRelaySettings, RelayMethod};

const METHODS: [(&str, RelayMethod); 2] = [("GET", RelayMethod::Get), ("POST", RelayMethod::Post)];
/// Names of headers whose value can only be a secret.
const SECRET_HEADERS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "token",
    "secret",
    "api-key",
    "apikey",
    "password",
];

impl HttpRelaySettings {
    pub(super) fn read(section: &Section) -> Self {
        let url = section.required("url", "http://192.168.1.80/relay/{barrier}/on");
        let defaults = Self::at(url);
        let settings = Self {
            method: section.one_of("method", &METHODS, defaults.method),
            body: section.text("body"),
            content_type: section.text_or("content_type", &defaults.content_type),
            headers: read_headers(section),
            user: section.text("user"),
            password: section.secret("password"),
            expect: section.text("expect"),
            timeout_ms: section.integer("timeout_ms", defaults.timeout_ms, 1..=2000),
            total_ms: section.integer("total_ms", defaults.total_ms, 1..=2000),
            repeatable: section.flag("repeatable", defaults.repeatable),
            ..defaults
        };
        if !settings.url.is_empty() {
            let (_, problems) = settings.check();
            for problem in problems {
                section.problem(problem.key, problem.why);
            }
        }
        settings
    }

    pub(super) fn print(&self, printer: &mut Printer) {
        printer.value("url", settings::shown_address(&self.url));
        printer.word("method", &METHODS, &self.method);
        printer.maybe("body", self.body.as_deref());
        printer.value("content_type", self.content_type.as_str());
        printer.maybe("user", self.user.as_deref());
        if let Some(password) = &self.password {
            printer.secret("password", password);
        }
        printer.maybe("expect", self.expect.as_deref());
        printer.value("timeout_ms", self.timeout_ms);
        printer.value("total_ms", self.total_ms);
        printer.value("repeatable", self.repeatable);
        let headers = self.headers.iter();
        let (secret, plain): (Vec<_>, Vec<_>) =
            headers.partition(|(_, value)| value.origin().is_some());
        if !plain.is_empty() {
            printer.table("headers", |p| {
                plain
                    .iter()
                    .for_each(|(name, value)| p.value(name, value.expose()));
            });
        }
        if !secret.is_empty() {
            printer.table("secret_headers", |p| {
                secret
                    .iter()
                    .for_each(|(name, value)| p.secret_place(name, value));
            });
        }
    }
}

fn read_headers(section: &Section) -> BTreeMap<String, Secret> {
    let plain = section.texts("headers").into_iter();
    let mut headers: BTreeMap<_, _> = plain
        .map(|(name, value)| (name, Secret::new(value)))
        .collect();
    for name in headers.keys() {
        let lower = name.to_lowercase();
        if SECRET_HEADERS.iter().any(|secret| lower.contains(secret)) {
            let said = Said::with(Key::MistakeSecretHeader, "name", name);
            section.problem(&format!("headers.{name}"), said);
        }
    }
    headers.extend(section.table("secret_headers", |section| {
        let names = section.keys().into_iter();
        let secrets = names.filter_map(|name| {
            let secret = section.table(&name, |place| place.secret_place())?;
            Some((name, secret))
        });
        secrets.collect::<Vec<_>>()
    }));
    headers
}
