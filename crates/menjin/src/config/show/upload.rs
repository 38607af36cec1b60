//! Platforms and MQTT as they are in force, without secrets.

use std::collections::BTreeMap;

use super::{quoted, section, span};
use crate::config::model::Platform;

const HIDDEN: &str = "***";

pub(super) fn platform(out: &mut String, platform: &Platform) {
    let s = &platform.settings;
    let path = |p: &std::path::Path| quoted(&p.display().to_string());
    let maybe = |text: Option<&str>| quoted(text.unwrap_or(""));
    let secret = |there: bool| quoted(if there { HIDDEN } else { "" });
    section(
        out,
        "[[platform]]",
        &[
            ("name", quoted(s.name.trim_start_matches("platform:"))),
            ("adapter", path(&platform.adapter_file)),
            ("# adapter title", quoted(&platform.adapter.title)),
            ("base_url", quoted(&s.base_url)),
            ("enterprise_code", maybe(s.enterprise_code.as_deref())),
            ("enterprise_name", maybe(s.enterprise_name.as_deref())),
            ("user", quoted(&s.user)),
            ("# secret", secret(!s.secret.expose().is_empty())),
            ("# private key", secret(s.signing_key.is_some())),
            ("# platform's key", secret(s.platform_key.is_some())),
            (
                "ca_file",
                s.ca_file.as_deref().map_or_else(|| quoted(""), path),
            ),
            ("photo_url", maybe(s.photo_url.as_deref())),
            ("time_zone", quoted(&s.time_zone)),
            ("connect_timeout", span(s.connect_timeout)),
            ("timeout", span(s.timeout)),
            ("alarm_after", span(platform.alarm.oldest)),
            ("lowest_rate", platform.alarm.lowest_rate.to_string()),
        ],
    );
    table(out, "[platform.names]", &s.names);
    table(out, "[platform.paths]", &s.paths);
    if let Some(ftp) = &s.ftp {
        section(
            out,
            "[platform.ftp]",
            &[
                ("host", quoted(&ftp.host)),
                ("port", ftp.port.to_string()),
                ("user", quoted(&ftp.user)),
                ("# password", quoted(HIDDEN)),
                ("folder", quoted(&ftp.folder)),
            ],
        );
    }
    pace(out, "[platform.pace]", &s.pace);
}

pub(super) fn mqtt(out: &mut String, mqtt: &sync::MqttSettings) {
    section(
        out,
        "[mqtt]",
        &[
            ("name", quoted(&mqtt.name)),
            ("host", quoted(&mqtt.host)),
            ("port", mqtt.port.to_string()),
            ("client_id", quoted(&mqtt.client_id)),
            ("username", quoted(mqtt.username.as_deref().unwrap_or(""))),
            ("# password", quoted(HIDDEN)),
            ("prefix", quoted(&mqtt.prefix)),
            ("site", quoted(&mqtt.site)),
            ("keep_alive", span(mqtt.keep_alive)),
            ("connect_timeout", span(mqtt.connect_timeout)),
            ("timeout", span(mqtt.timeout)),
        ],
    );
    if let Some(tls) = &mqtt.tls {
        let file = quoted(&tls.ca_file.display().to_string());
        section(out, "[mqtt.tls]", &[("ca_file", file)]);
    }
    pace(out, "[mqtt.pace]", &mqtt.pace);
}

fn table(out: &mut String, head: &str, values: &BTreeMap<String, String>) {
    if values.is_empty() {
        return;
    }
    let named: Vec<(String, String)> = values
        .iter()
        .map(|(name, value)| (quoted(name), quoted(value)))
        .collect();
    let lines: Vec<(&str, String)> = named
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    section(out, head, &lines);
}

fn pace(out: &mut String, head: &str, pace: &sync::Pace) {
    section(
        out,
        head,
        &[
            ("live_window", span(pace.live_window)),
            ("backlog_per_second", pace.backlog_per_second.to_string()),
            ("batch", pace.batch.to_string()),
            ("poll", span(pace.poll)),
            ("heartbeat", span(pace.heartbeat)),
            ("first_pause", span(pace.first_pause)),
            ("longest_pause", span(pace.longest_pause)),
            ("step_aside_after", pace.step_aside_after.to_string()),
            ("stop_patience", span(pace.stop_patience)),
        ],
    );
}
