//! `[[platform]]`, `[mqtt]` and a lane's `[lane.relay]`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sync::{Adapter, AdapterError, PlatformKey, PlatformSettings, SigningKey};

use super::lane::{secret, secret_text};
use super::model::{Platform, Weighbridge};
use super::section::Section;

pub(super) fn platform(
    section: &Section,
    folder: &Path,
    site: &super::model::Site,
) -> Option<Platform> {
    let file = section.required("adapter", "regulators/yunnan.toml");
    let adapter = (!file.is_empty()).then(|| adapter(section, &folder.join(&file)));
    let password = secret(section, folder, "secret");
    let signing_key = key(section, folder, "private_key_file", SigningKey::from_pem);
    let platform_key = key(section, folder, "platform_key_file", PlatformKey::from_pem);
    let alarm = super::model::UploadAlarm {
        oldest: section.duration("alarm_after", Duration::from_secs(300)),
        lowest_rate: section.number("lowest_rate", 0.95, 0.0, 1.0),
    };
    let ftp = section.has("ftp").then(|| {
        let section = section.section("ftp");
        let password = secret(&section, folder, "password");
        let mut ftp: sync::FtpSettings = section.rest().unwrap_or_default();
        ftp.password = password.unwrap_or_default();
        ftp
    });
    let (zone_given, code_given) = (section.has("time_zone"), section.has("enterprise_code"));
    let mut settings: PlatformSettings = section.rest()?;
    settings.secret = password.unwrap_or_default();
    settings.signing_key = signing_key;
    settings.platform_key = platform_key;
    settings.ftp = ftp;
    settings.secrets_folder = Some(folder.to_owned());
    settings.ca_file = settings.ca_file.map(|path| folder.join(path));
    settings.name = format!("platform:{}", settings.name);
    if !zone_given {
        settings.time_zone.clone_from(&site.zone_name);
    }
    if !code_given && !site.code.is_empty() {
        settings.enterprise_code = Some(site.code.clone());
    }
    if settings.enterprise_name.is_none() && !site.name.is_empty() {
        settings.enterprise_name = Some(site.name.clone());
    }
    let adapter = adapter.flatten();
    // Without its adapter a platform's own mistakes are told all the same.
    let problems = settings.problems(adapter.as_ref().unwrap_or(&Adapter::default()));
    for problem in problems {
        let of_adapter = adapter.is_none() && problem.key.starts_with("paths.");
        if !of_adapter && (zone_given || problem.key != "time_zone") {
            section.problem(&problem.key, problem.words);
        }
    }
    let adapter = adapter?;
    Some(Platform {
        settings,
        adapter,
        adapter_file: folder.join(file),
        alarm,
    })
}

fn adapter(section: &Section, path: &Path) -> Option<Adapter> {
    match Adapter::load(path) {
        Ok(adapter) => return Some(adapter),
        Err(AdapterError::Mistakes { path, problems }) => {
            for problem in problems {
                section.problem("adapter", format!("{}: {problem}", path.display()));
            }
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|e| format!(": {e}"));
            section.problem("adapter", format!("{error}{}", cause.unwrap_or_default()));
        }
    }
    None
}

fn key<K>(
    section: &Section,
    folder: &Path,
    name: &str,
    read: impl FnOnce(&str) -> Result<K, String>,
) -> Option<K> {
    let path = folder.join(section.text(name)?);
    let text = secret_text(section, name, &path)?;
    read(&text)
        .map_err(|why| section.problem(name, format!("{} {why}", path.display())))
        .ok()
}

pub(super) fn mqtt(section: &Section, folder: &Path, site: &str) -> Option<sync::MqttSettings> {
    let password = secret(section, folder, "password");
    let site_given = section.has("site");
    let mut settings: sync::MqttSettings = section.rest()?;
    if let Some(password) = password {
        settings.password = password;
    }
    if !site_given && !site.is_empty() {
        site.clone_into(&mut settings.site);
    }
    if let Some(tls) = &mut settings.tls {
        tls.ca_file = folder.join(&tls.ca_file);
    }
    for problem in settings.problems() {
        let key = problem.key.strip_prefix("mqtt.").unwrap_or(&problem.key);
        section.problem(key, problem.words.clone());
    }
    Some(settings)
}

/// Shorter tokens can be guessed by whoever sits in the same network.
const TOKEN_CHARS: usize = 16;

/// What records by HTTP are set with.
pub(super) const WEIGHBRIDGE_KEYS: [&str; 5] =
    ["listen", "token_file", "token_env", "source", "window"];

pub(super) fn weighbridge(section: &Section, folder: &Path) -> Option<Weighbridge> {
    let given = section.required("listen", "127.0.0.1:9181");
    let listen = given
        .parse()
        .map_err(|_| {
            if !given.is_empty() {
                section.problem("listen", "must be an address and a port: 127.0.0.1:9181");
            }
        })
        .ok();
    let token = secret(section, folder, "token");
    let long_enough = |token: &sync::Secret| token.expose().trim().chars().count() >= TOKEN_CHARS;
    if !token.as_ref().is_some_and(long_enough) {
        section.problem(
            "token_file",
            format!(
                "must name a file (mode 0600) with a token of {TOKEN_CHARS} characters or more"
            ),
        );
    }
    let source = section.text_or("source", "weighbridge");
    if source.trim().is_empty() {
        section.problem("source", "must not be empty");
    }
    let window = section.duration("window", Duration::from_secs(3600));
    if window > Duration::from_secs(24 * 3600) {
        section.problem("window", "must not be more than 24h");
    }
    Some(Weighbridge {
        listen: listen?,
        token: token?,
        source,
        window,
    })
}

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

pub(super) fn relay(section: &Section, folder: &Path) -> Option<gate::RelaySettings> {
    if section.is_empty() {
        return None;
    }
    let password = secret(section, folder, "password");
    let secret_headers = secret_headers(section, folder);
    let mut settings: gate::RelaySettings = section.rest()?;
    settings.password = password;
    for name in settings.headers.keys() {
        let lower = name.to_lowercase();
        if SECRET_HEADERS.iter().any(|secret| lower.contains(secret)) {
            section.problem(
                &format!("headers.{name}"),
                format!("secrets are not kept here: write [lane.relay.secret_headers] {name} = {{ file = \"secrets/relay-token\" }} (mode 0600) or {{ env = \"NAME\" }}"),
            );
        }
    }
    settings.headers.extend(secret_headers);
    for problem in gate::HttpRelay::new(settings.clone())
        .err()
        .unwrap_or_default()
    {
        section.problem(problem.key, problem.problem);
    }
    Some(settings)
}

fn secret_headers(section: &Section, folder: &Path) -> BTreeMap<String, gate::Secret> {
    let headers = section.section("secret_headers");
    let mut found = BTreeMap::new();
    for name in headers.keys() {
        let place = headers.section(&name);
        let value = match (place.text("file"), place.text("env")) {
            (Some(file), None) => secret_text(&place, "file", &folder.join(file)),
            (None, Some(variable)) => std::env::var(&variable)
                .map_err(|_| {
                    place.problem(
                        "env",
                        format!("the environment variable {variable} is not set"),
                    );
                })
                .ok(),
            _ => {
                place.problem(
                    "",
                    "write { file = \"secrets/name\" } (mode 0600) or { env = \"NAME\" }",
                );
                None
            }
        };
        place.finish();
        found.extend(value.map(|value| (name, gate::Secret::new(value))));
    }
    headers.finish();
    found
}
