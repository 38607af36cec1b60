//! `[lane.relay]`: a barrier's relay, read and shown.

use std::collections::BTreeMap;

use gate::{HttpRelay, Method, RelaySettings, Secret};
use settings::{Printer, Section};

const METHODS: [(&str, Method); 2] = [("GET", Method::Get), ("POST", Method::Post)];
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

pub(super) fn read(section: &Section) -> RelaySettings {
    let settings = RelaySettings {
        url: section.required("url", "http://192.168.1.80/relay/{barrier}/on"),
        method: section.one_of("method", &METHODS, Method::Get),
        body: section.text("body"),
        content_type: section.text_or("content_type", "application/json"),
        headers: read_headers(section),
        user: section.text("user"),
        password: section.secret("password"),
        expect: section.text("expect"),
        timeout_ms: section.integer("timeout_ms", 800, 1..=2000),
        total_ms: section.integer("total_ms", 2000, 1..=2000),
        repeatable: section.flag("repeatable", false),
    };
    if !settings.url.is_empty() {
        let checked = HttpRelay::new(settings.clone());
        for problem in checked.err().unwrap_or_default() {
            section.problem(problem.key, problem.problem);
        }
    }
    settings
}

pub(super) fn show(settings: &RelaySettings, printer: &mut Printer) {
    printer.value("url", settings.url.as_str());
    printer.word("method", &METHODS, &settings.method);
    printer.maybe("body", settings.body.as_deref());
    printer.value("content_type", settings.content_type.as_str());
    printer.maybe("user", settings.user.as_deref());
    if let Some(password) = &settings.password {
        printer.secret("password", password);
    }
    printer.maybe("expect", settings.expect.as_deref());
    printer.value("timeout_ms", settings.timeout_ms);
    printer.value("total_ms", settings.total_ms);
    printer.value("repeatable", settings.repeatable);
    let headers = settings.headers.iter();
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

fn read_headers(section: &Section) -> BTreeMap<String, Secret> {
    let plain = section.texts("headers").into_iter();
    let mut headers: BTreeMap<_, _> = plain
        .map(|(name, value)| (name, Secret::new(value)))
        .collect();
    for name in headers.keys() {
        let lower = name.to_lowercase();
        if SECRET_HEADERS.iter().any(|secret| lower.contains(secret)) {
            section.problem(
                &format!("headers.{name}"),
                format!("secrets are not kept here: write [lane.relay.secret_headers] {name} = {{ file = \"secrets/relay-token\" }} (mode 0600) or {{ env = \"NAME\" }}"),
            );
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
