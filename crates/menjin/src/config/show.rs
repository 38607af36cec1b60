//! The configuration in force as text: every value, defaults included, and no secret.

mod scale;
mod upload;

use std::fmt::Write as _;
use std::time::Duration;

use camera::Source;

use super::model::{Config, Lane};

impl Config {
    /// Like a configuration file, for reading.
    pub(crate) fn effective(&self) -> String {
        let mut out = format!("language = \"{}\"\n", self.language);
        section(
            &mut out,
            "[site]",
            &[
                ("name", quoted(&self.site.name)),
                ("code", quoted(&self.site.code)),
                ("time_zone", quoted(&self.site.zone_name)),
                (
                    "clock",
                    quoted(if self.site.clock_assumed {
                        "assume_synchronized"
                    } else {
                        "check"
                    }),
                ),
            ],
        );
        let mut storage = vec![("folder", quoted(&self.data_folder.display().to_string()))];
        let anchors = self.anchors_file.iter();
        storage.extend(anchors.map(|p| ("anchors_file", quoted(&p.display().to_string()))));
        section(&mut out, "[storage]", &storage);
        if let Some(folder) = &self.reports_folder {
            let folder = quoted(&folder.display().to_string());
            section(&mut out, "[reports]", &[("folder", folder)]);
        }
        let retention = &self.retention;
        section(
            &mut out,
            "[retention]",
            &[
                ("photos_months", retention.photos_months.to_string()),
                (
                    "notice_days",
                    (retention.notice.as_secs() / 86_400).to_string(),
                ),
                (
                    "keep_free_gb",
                    (retention.keep_free_bytes / 1_000_000_000).to_string(),
                ),
                (
                    "warn_free_gb",
                    (retention.warn_free_bytes / 1_000_000_000).to_string(),
                ),
                ("full_in_days", retention.full_in_days.to_string()),
            ],
        );
        if let Some(backup) = &self.backup {
            section(
                &mut out,
                "[backup]",
                &[
                    ("folder", quoted(&backup.folder.display().to_string())),
                    ("time", quoted(&backup.time.strftime("%H:%M").to_string())),
                    ("keep", backup.keep.to_string()),
                    ("alarm_after", span(backup.alarm_after)),
                ],
            );
        }
        let mut models = vec![("folder", quoted(&self.models_folder.display().to_string()))];
        models.extend(
            self.onnxruntime
                .iter()
                .map(|p| ("onnxruntime", quoted(&p.display().to_string()))),
        );
        section(&mut out, "[models]", &models);
        section(
            &mut out,
            "[status]",
            &[("listen", quoted(&self.status_address.to_string()))],
        );
        let mut photos = vec![
            ("jpeg_quality", self.photos.jpeg_quality.to_string()),
            ("max_kilobytes", self.photos.max_kilobytes.to_string()),
        ];
        photos.extend(
            self.photos
                .font
                .iter()
                .map(|p| ("font", quoted(&p.display().to_string()))),
        );
        section(&mut out, "[photos]", &photos);
        let mut weighbridge = Vec::new();
        if let Some(http) = &self.weighbridge {
            weighbridge.extend([
                ("listen", quoted(&http.listen.to_string())),
                ("source", quoted(&http.source)),
                ("window", span(http.window)),
            ]);
        }
        if !self.scales.is_empty() {
            weighbridge.push(("least_load_kg", self.least_load_kg.to_string()));
        }
        if !weighbridge.is_empty() {
            section(&mut out, "[weighbridge]", &weighbridge);
        }
        scale::scales(&mut out, self);
        section(
            &mut out,
            "[detection]",
            &[
                ("fps", self.detection.fps.to_string()),
                ("lowest_fps", self.detection.lowest_fps.to_string()),
            ],
        );
        section(
            &mut out,
            "[watching]",
            &[
                ("stall_after", span(self.watching.stall_after)),
                ("frozen_after", span(self.watching.frozen_after)),
                ("black_after", span(self.watching.black_after)),
            ],
        );
        section(
            &mut out,
            "[gate]",
            &[
                ("read", quoted(self.gate.read.as_str())),
                ("unread", quoted(self.gate.unread.as_str())),
                ("stale_after_hours", self.gate.stale_after_hours.to_string()),
                ("# allow entries", self.gate.allow.len().to_string()),
                ("# deny entries", self.gate.deny.len().to_string()),
            ],
        );
        section(
            &mut out,
            "[upload]",
            &[("unfinished_after", span(self.upload_unfinished_after))],
        );
        let rules = &self.registers;
        let max_chars: Vec<_> = rules
            .max_chars
            .iter()
            .map(|(name, max)| format!("{} = {max}", quoted(name)))
            .collect();
        let list = |names: &std::collections::BTreeSet<String>| {
            let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
            format!("[{}]", names.join(", "))
        };
        section(
            &mut out,
            "[registers]",
            &[
                ("max_chars", format!("{{ {} }}", max_chars.join(", "))),
                ("optional", list(&rules.optional)),
                ("mandatory", list(&rules.mandatory)),
            ],
        );
        self.lanes.iter().for_each(|lane| show_lane(&mut out, lane));
        for platform in &self.platforms {
            upload::platform(&mut out, platform);
        }
        if let Some(mqtt) = &self.mqtt {
            upload::mqtt(&mut out, mqtt);
        }
        out
    }
}

fn show_lane(out: &mut String, lane: &Lane) {
    let settings = &lane.settings;
    let region: Vec<_> = settings
        .region
        .corners()
        .iter()
        .map(|[x, y]| format!("[{x}, {y}]"))
        .collect();
    section(
        out,
        "[[lane]]",
        &[
            ("name", quoted(&lane.name)),
            ("entrance", quoted(&lane.entrance)),
            ("barrier", quoted(&lane.barrier)),
            (
                "direction",
                quoted(match settings.direction {
                    lane::Direction::In => "in",
                    lane::Direction::Out => "out",
                }),
            ),
            (
                "view",
                quoted(match settings.view {
                    lane::View::Front => "front",
                    lane::View::Rear => "rear",
                }),
            ),
            ("region", format!("[{}]", region.join(", "))),
            ("accept_confidence", settings.accept_confidence.to_string()),
            ("min_plate_px", settings.min_plate_px.to_string()),
            ("decide_after", span(settings.patience)),
            ("give_up_after", span(settings.blind_for)),
            ("camera", source(&lane.camera)),
            (
                "body_camera",
                lane.body_camera.as_ref().map_or_else(|| quoted(""), source),
            ),
            (
                "# relay",
                quoted(if lane.relay.is_some() {
                    "http"
                } else {
                    "none: decisions are only shown"
                }),
            ),
        ],
    );
}

fn source(source: &Source) -> String {
    match source {
        Source::Rtsp { address, login } => format!(
            "{{ url = \"{address}\", user = \"{}\" }}",
            login.as_ref().map_or("", |l| &l.user)
        ),
        Source::File { path, .. } => format!("{{ file = \"{}\" }}", path.display()),
        _ => quoted("?"),
    }
}

fn section(out: &mut String, head: &str, values: &[(&str, String)]) {
    let _ = write!(out, "\n{head}\n");
    for (key, value) in values {
        let _ = writeln!(out, "{key} = {value}");
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn span(duration: Duration) -> String {
    quoted(&format!("{}ms", duration.as_millis()))
}
