//! From a file to a checked configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use words::Language;

use super::model::{Config, DetectionRate, Photos, Site, Watching};
use super::section::{Problem, Section};
use super::{keep, lane, scale, upload};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("cannot read the configuration {}: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is no valid TOML: {reason}", path.display())]
    Syntax { path: PathBuf, reason: String },
    #[error("{} mistakes in {}:{}", problems.len(), path.display(), listed(problems))]
    Mistakes {
        path: PathBuf,
        problems: Vec<Problem>,
    },
}

fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}

/// Reads and checks the configuration at `path`. Relative paths in it are below its folder.
pub(crate) fn load(path: &Path) -> Result<Config, LoadError> {
    let text = std::fs::read_to_string(path).map_err(|source| LoadError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let table = text.parse::<toml::Table>().map_err(|e| LoadError::Syntax {
        path: path.to_owned(),
        reason: e.to_string(),
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let root = Section::root(table);
    let config = read(&root, folder);
    let problems = root.into_problems();
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(LoadError::Mistakes {
            path: path.to_owned(),
            problems,
        }),
    }
}

fn read(root: &Section, folder: &Path) -> Option<Config> {
    let language = root.one_of(
        "language",
        &[("zh", Language::Zh), ("en", Language::En)],
        Language::Zh,
    );
    let site = site(&root.section("site"));
    let storage = root.section("storage");
    let data_folder = folder.join(storage.text_or("folder", "data"));
    let anchors_file = storage.text("anchors_file").map(|path| folder.join(path));
    storage.finish();

    let reports = root.section("reports");
    let reports_folder = reports.text("folder").map(|path| folder.join(path));
    reports.finish();
    let backup = keep::backup(&root.section("backup"), folder);
    let retention = keep::retention(&root.section("retention"));

    let models = root.section("models");
    let models_folder = folder.join(models.text_or("folder", "../models"));
    let onnxruntime = models.text("onnxruntime").map(|p| folder.join(p));
    models.finish();

    let status_address = status_address(&root.section("status"));
    let photos = photos(&root.section("photos"), folder);
    let detection = detection(&root.section("detection"));
    let watching = watching(&root.section("watching"));
    let gate = gate_settings(&root.section("gate"));

    let lane_sections = root.sections("lane");
    if lane_sections.is_empty() {
        root.problem("lane", "at least one [[lane]] is required");
    }
    let lanes: Vec<_> = lane_sections
        .iter()
        .filter_map(|section| lane::lane(section, folder))
        .collect();
    distinct(root, "lane", "name", lanes.iter().map(|l| l.name.as_str()));

    let platforms: Vec<_> = root
        .sections("platform")
        .iter()
        .filter_map(|section| upload::platform(section, folder, &site))
        .collect();
    distinct(
        root,
        "platform",
        "name",
        platforms
            .iter()
            .map(|p| p.settings.name.trim_start_matches("platform:")),
    );
    let has_mqtt = root.has("mqtt");
    let mqtt_section = root.section("mqtt");
    let mqtt = if has_mqtt {
        upload::mqtt(&mqtt_section, folder, &site.code)
    } else {
        None
    };

    let weighbridges = root.section("weighbridge");
    let scales = scale::scales(&weighbridges, &lanes);
    let least_load_kg = weighbridges.integer("least_load_kg", 200, 1, 20_000);
    // Beside serial lines, records by HTTP are there only where one of their settings is.
    let by_http = !weighbridges.has("scale")
        || upload::WEIGHBRIDGE_KEYS
            .iter()
            .any(|key| weighbridges.has(key));
    let weighbridge = (root.has("weighbridge") && by_http)
        .then(|| upload::weighbridge(&weighbridges, folder))
        .flatten();
    weighbridges.finish();

    let registers = registers(&root.section("registers"));
    let uploads = root.section("upload");
    let upload_unfinished_after = uploads.duration("unfinished_after", Duration::from_secs(60));
    if upload_unfinished_after > ledger::MAX_DELAY {
        uploads.problem("unfinished_after", "must not be more than 1h");
    }
    uploads.finish();
    Some(Config {
        language,
        site,
        data_folder,
        anchors_file,
        reports_folder,
        backup,
        retention,
        models_folder,
        onnxruntime,
        status_address,
        photos,
        detection,
        watching,
        gate,
        lanes,
        platforms,
        mqtt,
        weighbridge,
        scales,
        least_load_kg,
        registers,
        upload_unfinished_after,
    })
}

fn site(section: &Section) -> Site {
    let name = section.text_or("name", "");
    let code = section.text_or("code", "");
    let zone_name = section.text_or("time_zone", "Asia/Shanghai");
    let zone = TimeZone::get(&zone_name).unwrap_or_else(|_| {
        section.problem(
            "time_zone",
            format!("\"{zone_name}\" is no time zone such as Asia/Shanghai"),
        );
        TimeZone::UTC
    });
    let clock_assumed = section.one_of(
        "clock",
        &[("check", false), ("assume_synchronized", true)],
        false,
    );
    section.finish();
    Site {
        name,
        code,
        zone,
        zone_name,
        clock_assumed,
    }
}

/// `[registers]` as it is written.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Registers {
    max_chars: BTreeMap<String, u16>,
    optional: BTreeSet<String>,
    mandatory: BTreeSet<String>,
}

fn registers(section: &Section) -> records::Rules {
    let written: Registers = section.rest().unwrap_or_default();
    let rules = records::Rules {
        max_chars: written.max_chars,
        optional: written.optional,
        mandatory: written.mandatory,
        ..records::Rules::on(jiff::civil::Date::ZERO)
    };
    for name in rules.unknown_names() {
        section.problem(
            "",
            format!("\"{name}\" is no REGISTER.ITEM; see `menjin register items`"),
        );
    }
    rules
}

fn status_address(section: &Section) -> SocketAddr {
    let default = SocketAddr::from(([127, 0, 0, 1], 9180));
    let address: SocketAddr = section.parsed("listen").unwrap_or(default);
    if !address.ip().is_loopback() {
        section.problem(
            "listen",
            "must be a loopback address such as 127.0.0.1:9180",
        );
    }
    section.finish();
    address
}

fn photos(section: &Section, folder: &Path) -> Photos {
    let photos = Photos {
        font: section.text("font").map(|p| folder.join(p)),
        jpeg_quality: section.integer("jpeg_quality", 85, 40, 98) as u8,
        max_kilobytes: section.integer("max_kilobytes", 300, 50, 10_000),
    };
    section.finish();
    photos
}

fn detection(section: &Section) -> DetectionRate {
    let fps = section.number("fps", 8.0, 1.0, 30.0) as f32;
    let lowest_fps = section.number("lowest_fps", 3.0, 0.5, 30.0) as f32;
    if lowest_fps > fps {
        section.problem("lowest_fps", "must not be above fps");
    }
    section.finish();
    DetectionRate { fps, lowest_fps }
}

fn watching(section: &Section) -> Watching {
    let defaults = camera::Options::default();
    let watching = Watching {
        stall_after: section.duration("stall_after", defaults.stall_after),
        frozen_after: section.duration("frozen_after", defaults.frozen_after),
        black_after: section.duration("black_after", defaults.black_after),
    };
    section.finish();
    watching
}

fn gate_settings(section: &Section) -> gate::Settings {
    let settings: gate::Settings = section.rest().unwrap_or_default();
    if let Err(problems) = gate::Policy::new(settings.clone()) {
        for problem in problems {
            section.problem(&problem.key, problem.problem.to_string());
        }
    }
    settings
}

fn distinct<'a>(root: &Section, table: &str, key: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for (i, name) in names.enumerate() {
        if !name.is_empty() && !seen.insert(name) {
            root.problem(
                &format!("{table}[{i}].{key}"),
                format!("\"{name}\" is used twice"),
            );
        }
    }
}
