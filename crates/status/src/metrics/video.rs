//! Figures of recorded video.

use std::fmt::Write as _;

use recorder::{GapReason, VideoProgress};

use super::head;
use crate::Status;

/// Name, help and value of one figure per camera.
type VideoFigure = (&'static str, &'static str, fn(&VideoProgress) -> u64);

const FIGURES: [VideoFigure; 4] = [
    ("video_bytes_total", "Bytes of video written", |p| p.bytes),
    ("video_pictures_total", "Pictures of video written", |p| {
        p.pictures
    }),
    ("video_files_total", "Files of video closed", |p| p.files),
    (
        "video_stops_total",
        "Times that video stopped being kept",
        |p| p.stops,
    ),
];

pub(super) fn video(out: &mut String, status: &Status) {
    let Some(state) = status.recording() else {
        return;
    };
    let cameras: Vec<_> = state.cameras.iter().map(|camera| camera.now()).collect();
    for (name, help, value) in FIGURES {
        head(out, name, "counter", help);
        for camera in &cameras {
            let _ = writeln!(
                out,
                "menjin_{name}{{camera=\"{}\"}} {}",
                camera.camera,
                value(camera)
            );
        }
    }
    head(
        out,
        "video_missing",
        "gauge",
        "1 for the reason why no video is kept at present",
    );
    for camera in &cameras {
        for reason in GapReason::ALL.into_iter().filter(|reason| reason.is_hole()) {
            let is = u8::from(camera.missing.is_some_and(|(now, _)| now == reason));
            let (name, code) = (&camera.camera, reason.code());
            let _ = writeln!(
                out,
                "menjin_video_missing{{camera=\"{name}\",reason=\"{code}\"}} {is}"
            );
        }
    }
    let name = "video_removed_early_total";
    head(
        out,
        name,
        "counter",
        "Files of video that went before their time, for a quota",
    );
    let _ = writeln!(out, "menjin_{name} {}", state.early);
    let Some(forecast) = state.forecast else {
        return;
    };
    for (name, help, value) in [
        (
            "video_room_bytes",
            "What video may take, what is kept included",
            forecast.room_bytes(),
        ),
        (
            "video_needed_bytes",
            "What video needs for as long as it is kept",
            forecast.needed_bytes(),
        ),
        (
            "video_bytes_per_day",
            "What a day of video takes",
            forecast.bytes_a_day,
        ),
    ] {
        head(out, name, "gauge", help);
        let _ = writeln!(out, "menjin_{name} {value}");
    }
}
