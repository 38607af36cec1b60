//! `[[lane]]` tables.

use std::path::Path;

use camera::{Pace, Secret, Source};
use frame::Region;
use jiff::Timestamp;

use super::model::Lane;
use super::section::Section;

pub(super) fn lane(section: &Section, folder: &Path) -> Option<Lane> {
    let defaults = lane::LaneSettings::default();
    let name = section.required("name", "north-in");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.len() > 40 || !name.chars().all(plain) {
        section.problem(
            "name",
            "may hold letters, digits, - and _, 40 at most (it names topics and metrics)",
        );
    }
    let entrance = section.required("entrance", "A");
    let barrier = section.required("barrier", "01");
    let settings = lane::LaneSettings {
        direction: section.one_of(
            "direction",
            &[("in", lane::Direction::In), ("out", lane::Direction::Out)],
            defaults.direction,
        ),
        view: section.one_of(
            "view",
            &[("front", lane::View::Front), ("rear", lane::View::Rear)],
            defaults.view,
        ),
        region: section
            .typed::<Region>(
                "region",
                "corners as shares of the picture: [[0.0, 0.2], [1.0, 0.2], [1.0, 1.0]]",
            )
            .unwrap_or_else(Region::whole),
        accept_confidence: section.number(
            "accept_confidence",
            f64::from(defaults.accept_confidence),
            0.5,
            0.9999,
        ) as f32,
        min_plate_px: section.number(
            "min_plate_px",
            f64::from(defaults.min_plate_px),
            20.0,
            1000.0,
        ) as f32,
        patience: section.duration("decide_after", defaults.patience),
        blind_for: section.duration("give_up_after", defaults.blind_for),
        ..defaults
    };
    let camera = source(&section.section("camera"), folder, true);
    let body = section.section("body_camera");
    let body_camera = source(&body, folder, false);
    let relay = super::upload::relay(&section.section("relay"), folder);
    section.finish();
    Some(Lane {
        name,
        entrance,
        barrier,
        settings,
        camera: camera?,
        body_camera,
        relay,
    })
}

/// A camera's `url` with its login, or a recorded `file`.
fn source(section: &Section, folder: &Path, required: bool) -> Option<Source> {
    let url = section.text("url");
    let file = section.text("file");
    let user = section.text("user");
    let password = secret(section, folder, "password");
    let pace = section.one_of(
        "pace",
        &[("real_time", Pace::RealTime), ("as_fast", Pace::AsFast)],
        Pace::RealTime,
    );
    let repeat = section.flag("repeat", false);
    section.finish();
    if password.is_some() && user.is_none() {
        section.problem("user", "is required beside a password");
    }
    match (url, file) {
        (Some(url), None) => Source::rtsp(&url, user.as_deref(), password)
            .map_err(|e| section.problem("url", e.to_string()))
            .ok(),
        (None, Some(file)) => {
            let path = folder.join(file);
            Some(Source::File {
                path,
                pace,
                start: Timestamp::now(),
                repeat,
            })
        }
        (Some(_), Some(_)) => {
            section.problem("file", "give either url or file, not both");
            None
        }
        (None, None) => {
            if required {
                section.problem(
                    "url",
                    "is required, for example url = \"rtsp://192.168.1.64/Streaming/Channels/101\"",
                );
            }
            None
        }
    }
}

/// A secret from the file named by `<key>_file` or the environment variable named by `<key>_env`;
/// never from the configuration itself, which people copy into mails.
pub(super) fn secret(section: &Section, folder: &Path, key: &str) -> Option<Secret> {
    let (file_key, env_key) = (format!("{key}_file"), format!("{key}_env"));
    if section.has(key) {
        let _ = section.text(key);
        section.problem(key, format!("secrets are not kept here: write {file_key} = \"secrets/name\" (mode 0600) or {env_key} = \"NAME\""));
    }
    let file = section.text(&file_key);
    let variable = section.text(&env_key);
    if let Some(file) = file {
        return from_file(section, &file_key, &folder.join(file));
    }
    let variable = variable?;
    match std::env::var(&variable) {
        Ok(value) => Some(Secret::new(value)),
        Err(_) => {
            section.problem(
                &env_key,
                format!("the environment variable {variable} is not set"),
            );
            None
        }
    }
}

fn from_file(section: &Section, key: &str, path: &Path) -> Option<Secret> {
    secret_text(section, key, path).map(Secret::new)
}

/// The text of a file that only its owner may read, without the last line's end.
pub(super) fn secret_text(section: &Section, key: &str, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path);
    if let Ok(metadata) = &metadata
        && metadata.permissions().mode() & 0o077 != 0
    {
        let path = path.display();
        section.problem(
            key,
            format!("{path} can be read by others; run: chmod 600 {path}"),
        );
    }
    match std::fs::read_to_string(path) {
        Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(e) => {
            section.problem(key, format!("{}: {e}", path.display()));
            None
        }
    }
}
