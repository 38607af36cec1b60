//! What a site sets for platforms and a broker, read and shown.

mod platform;

use std::path::PathBuf;

use settings::{Printer, Section};
use words::{Key, Said};

use crate::settings::Pace;
use crate::{HomeAssistant, MqttSettings, MqttTls, Secret};

pub use platform::{SitePlatform, UploadAlarm};

impl Pace {
    /// Reads a `pace` table; what is not set stays as in `defaults`.
    #[must_use]
    pub fn read(section: &Section, defaults: &Self) -> Self {
        let whole = |key, default: u32, most| section.integer(key, default, 1..=most);
        let batch = u32::try_from(defaults.batch).unwrap_or(u32::MAX);
        let rate = defaults.backlog_per_second;
        Self {
            live_window: section.length_or_zero("live_window", defaults.live_window),
            backlog_per_second: section.number("backlog_per_second", rate, 0.0..=f64::INFINITY),
            batch: whole("batch", batch, 1000) as usize,
            poll: section.length("poll", defaults.poll),
            heartbeat: section.length("heartbeat", defaults.heartbeat),
            first_pause: section.length("first_pause", defaults.first_pause),
            longest_pause: section.length("longest_pause", defaults.longest_pause),
            step_aside_after: section.integer(
                "step_aside_after",
                defaults.step_aside_after,
                0..=u32::MAX,
            ),
            stop_patience: section.length_or_zero("stop_patience", defaults.stop_patience),
        }
    }

    /// Shows what [`Pace::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.length("live_window", self.live_window);
        printer.number("backlog_per_second", self.backlog_per_second);
        printer.value("batch", u32::try_from(self.batch).unwrap_or(u32::MAX));
        printer.length("poll", self.poll);
        printer.length("heartbeat", self.heartbeat);
        printer.length("first_pause", self.first_pause);
        printer.length("longest_pause", self.longest_pause);
        printer.value("step_aside_after", self.step_aside_after);
        printer.length("stop_patience", self.stop_patience);
    }
}

/// The broker's host, which has to be there.
fn host(section: &Section) -> String {
    match section.host("host") {
        // One that is refused is told already.
        None if section.has("host") => String::new(),
        Some(host) if !host.is_empty() => host,
        _ => section.required("host", "192.168.1.10"),
    }
}

impl MqttSettings {
    /// Reads `[mqtt]`. `site_code` is the second part of its topics where the section sets none.
    #[must_use]
    pub fn read(section: &Section, site_code: &str) -> Self {
        let defaults = Self::default();
        let site = if site_code.is_empty() {
            &defaults.site
        } else {
            site_code
        };
        let settings = Self {
            name: section.text_or("name", &defaults.name),
            host: host(section),
            port: port(section, defaults.port),
            client_id: section.text_or("client_id", &defaults.client_id),
            username: section.text("username"),
            password: section.secret("password").unwrap_or_default(),
            tls: section.optional("tls", |tls| {
                let ca_file = tls.required("ca_file", "secrets/broker-ca.pem");
                Some(MqttTls {
                    ca_file: tls.below_folder(ca_file),
                    client: client(tls),
                })
            }),
            prefix: section.text_or("prefix", &defaults.prefix),
            site: section.text_or("site", site),
            keep_alive: section.length("keep_alive", defaults.keep_alive),
            connect_timeout: section.length("connect_timeout", defaults.connect_timeout),
            timeout: section.length("timeout", defaults.timeout),
            home_assistant: section.optional("home_assistant", |home| {
                let prefix = home.text_or("prefix", "homeassistant");
                Some(HomeAssistant { prefix })
            }),
            pictures: section.flag("pictures", defaults.pictures),
            pace: section.table("pace", |pace| Pace::read(pace, &defaults.pace)),
        };
        for problem in settings.problems() {
            let key = problem.key.strip_prefix("mqtt.").unwrap_or(&problem.key);
            // A host that is missing was told while it was read.
            if key != "host" {
                section.problem(key, problem.why.clone());
            }
        }
        settings
    }

    /// Shows what [`MqttSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name.as_str());
        printer.value("host", self.host.as_str());
        printer.value("port", u32::from(self.port));
        printer.value("client_id", self.client_id.as_str());
        printer.maybe("username", self.username.as_deref());
        printer.secret("password", &self.password);
        printer.value("prefix", self.prefix.as_str());
        printer.value("site", self.site.as_str());
        printer.length("keep_alive", self.keep_alive);
        printer.length("connect_timeout", self.connect_timeout);
        printer.length("timeout", self.timeout);
        printer.value("pictures", self.pictures);
        if let Some(home) = &self.home_assistant {
            printer.table("home_assistant", |printer| {
                printer.value("prefix", home.prefix.as_str());
            });
        }
        if let Some(tls) = &self.tls {
            printer.table("tls", |printer| {
                printer.path("ca_file", &tls.ca_file);
                if let Some((certificate, key)) = &tls.client {
                    printer.path("certificate", certificate);
                    printer.secret("key", key);
                }
            });
        }
        printer.table("pace", |printer| self.pace.show(printer));
    }
}

/// Our certificate and its key: both or none.
fn client(tls: &Section) -> Option<(PathBuf, Secret)> {
    let own = (tls.path("certificate"), tls.secret_file("key_file"));
    for (key, other) in [("certificate", "key_file"), ("key_file", "certificate")] {
        if tls.has(other) && !tls.has(key) {
            let said = Said::with(Key::MistakeRequired, "key", key);
            tls.problem(key, said.and("example", "secrets/mqtt.pem"));
        }
    }
    match own {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        _ => None,
    }
}

fn port(section: &Section, default: u16) -> u16 {
    section.integer("port", default.into(), 1..=u16::MAX.into()) as u16
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use settings::{Document, Problem};

    use super::*;

    fn pace(text: &str) -> Result<Pace, Vec<Problem>> {
        let document = Document::parse(text).expect("valid TOML");
        document.read(Path::new("/"), |root| Pace::read(root, &Pace::default()))
    }

    #[test]
    fn lengths_of_time_carry_their_unit() {
        let read = pace("heartbeat = \"1m 30s\"\nlive_window = \"2d\"\n").expect("in order");
        assert_eq!(read.heartbeat, Duration::from_secs(90));
        assert_eq!(read.live_window, Duration::from_secs(2 * 86_400));
        for wrong in [
            "poll = 5",
            "poll = \"5\"",
            "poll = \"-5s\"",
            "pol = \"5s\"",
            "batch = 0",
        ] {
            assert!(pace(wrong).is_err(), "{wrong}");
        }
    }
}
