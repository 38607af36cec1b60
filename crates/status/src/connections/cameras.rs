//! Cameras: each is looked at once, and told of.

use std::fmt::Display;

use camera::{CameraStatus, Codec, Probe, Source};
use frame::Picture;
use futures::future::join_all;
use housekeeping::Standing;
use serde_json::Value;
use words::{Group, Key};

use super::Connections;

/// A clock further off dates no photo: what [`camera::Options::clock_tolerance`] is by default.
const CLOCK_OFF_MS: i64 = 10_000;

impl Connections<'_> {
    /// Every camera once. Where a device refuses an account, nobody tries that account there again:
    /// a recorder serves many cameras, and locks the account after a few failures.
    pub(super) async fn cameras(&self, daemon: Option<&Value>) -> Vec<(String, CameraSeen)> {
        let mut first: Vec<usize> = Vec::new();
        let mut others: Vec<(usize, usize)> = Vec::new();
        let mut seen: Vec<Option<CameraSeen>> = Vec::new();
        for (at, (name, source, _)) in self.cameras.iter().enumerate() {
            let fault = daemon.and_then(|health| fault_of(health, name));
            let known = fault.map(|(status, reason)| CameraSeen::Fault { status, reason });
            let same = first
                .iter()
                .copied()
                .find(|&f| shares_account(self.cameras[f].1, source));
            match (&known, same) {
                (Some(_), _) => {}
                (None, Some(leader)) => others.push((at, leader)),
                (None, None) => first.push(at),
            }
            seen.push(known);
        }
        let looked = join_all(first.iter().map(|&at| self.look(at))).await;
        for (at, look) in first.into_iter().zip(looked) {
            seen[at] = Some(look);
        }
        let refused = |at: usize| seen[at].as_ref().is_some_and(CameraSeen::is_refused);
        let (left, asked): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, f)| refused(*f));
        let looked = join_all(asked.iter().map(|&(at, _)| self.look(at))).await;
        for ((at, _), look) in asked.into_iter().zip(looked) {
            seen[at] = Some(look);
        }
        for (at, leader) in left {
            seen[at] = Some(CameraSeen::NotTried {
                after: self.cameras[leader].0.clone(),
            });
        }
        let names = self.cameras.iter().map(|(name, ..)| name.clone());
        names
            .zip(seen)
            .filter_map(|(name, seen)| Some((name, seen?)))
            .collect()
    }

    async fn look(&self, at: usize) -> CameraSeen {
        let (name, source, options) = &self.cameras[at];
        match camera::probe(name, source, options.clone()).await {
            Ok(probe) if probe.state.status.is_fault() => CameraSeen::Fault {
                status: probe.state.status.code().to_owned(),
                reason: probe.state.reason,
            },
            Ok(probe) => CameraSeen::Fine(Box::new(probe)),
            Err(error) => CameraSeen::Fault {
                status: CameraStatus::Unreadable.code().to_owned(),
                reason: error.to_string(),
            },
        }
    }

    pub(super) fn tell_camera(
        &self,
        camera: &str,
        seen: CameraSeen,
        plate_width: &mut dyn FnMut(&Picture) -> Option<f32>,
        to: &mut Standing,
    ) {
        let language = self.language;
        match seen {
            CameraSeen::Fine(probe) => {
                to.fine.push(self.camera_fine(camera, &probe, plate_width));
                let offset = probe.state.clock_offset_ms.unwrap_or_default();
                if offset.abs() > CLOCK_OFF_MS {
                    let values = [
                        ("camera", &camera as &dyn Display),
                        ("seconds", &(offset / 1000)),
                    ];
                    to.wrong
                        .push(language.fill(Key::ConnectionClockOff, &values));
                }
            }
            CameraSeen::Fault { status, reason } => {
                let values = [
                    ("camera", &camera as &dyn Display),
                    ("why", &language.named(Group::CameraWhy, &status)),
                    ("reason", &reason),
                    ("next", &language.named(Group::CameraNext, &status)),
                ];
                to.wrong
                    .push(language.fill(Key::ConnectionCameraWrong, &values));
            }
            CameraSeen::NotTried { after } => {
                let values = [("camera", &camera as &dyn Display), ("after", &after)];
                to.wrong
                    .push(language.fill(Key::ConnectionCameraNotTried, &values));
            }
        }
    }

    fn camera_fine(
        &self,
        camera: &str,
        probe: &Probe,
        plate_width: &mut dyn FnMut(&Picture) -> Option<f32>,
    ) -> String {
        let language = self.language;
        let picture = probe.frame.as_ref().map(|frame| &frame.picture);
        let (width, height, codec) = match &probe.state.video {
            Some(video) => (video.width, video.height, codec_name(video.codec)),
            None => picture.map_or((0, 0, ""), |p| (p.width(), p.height(), "")),
        };
        let values = [
            ("camera", &camera as &dyn Display),
            ("width", &width),
            ("height", &height),
            ("codec", &codec),
        ];
        let mut line = language.fill(Key::ConnectionCamera, &values);
        if let Some(fps) = probe.fps {
            let fps = format!("{fps:.0}");
            line += &language.fill(Key::ConnectionFps, &[("fps", &fps)]);
        }
        if let Some(ms) = probe.state.clock_offset_ms {
            let seconds = format!("{:.1}", ms as f64 / 1000.0);
            line += &language.fill(Key::ConnectionClock, &[("seconds", &seconds)]);
        }
        if let Some(px) = picture.and_then(plate_width) {
            let px = format!("{px:.0}");
            line += &language.fill(Key::ConnectionPlate, &[("px", &px)]);
        }
        line
    }
}

/// What one look at a camera brought.
pub(super) enum CameraSeen {
    Fine(Box<Probe>),
    Fault {
        status: String,
        reason: String,
    },
    /// The account was refused on the same device just before.
    NotTried {
        after: String,
    },
}

impl CameraSeen {
    fn is_refused(&self) -> bool {
        let refused = CameraStatus::Unauthorized.code();
        matches!(self, Self::Fault { status, .. } if status == refused)
    }
}

/// Whether both are on one device under one account.
fn shares_account(a: &Source, b: &Source) -> bool {
    match (a, b) {
        (
            Source::Rtsp {
                address: a,
                login: Some(one),
            },
            Source::Rtsp {
                address: b,
                login: Some(other),
            },
        ) => a.is_on_host_of(b) && one == other,
        _ => false,
    }
}

/// What the running daemon says is wrong with a camera: it is not asked a second time.
pub(super) fn fault_of(health: &Value, camera: &str) -> Option<(String, String)> {
    let reasons = health["reasons"].as_array()?;
    let fault = reasons.iter().find(|reason| reason["camera"] == camera)?;
    let text = |key: &str| fault[key].as_str().unwrap_or_default().to_owned();
    // An older daemon's detail is its reason.
    let detail = ["detail", "reason"]
        .into_iter()
        .find(|key| !fault[*key].is_null());
    Some((text("status"), text(detail.unwrap_or("detail"))))
}

fn codec_name(codec: Codec) -> &'static str {
    match codec {
        Codec::H264 => "H.264",
        Codec::H265 => "H.265",
        Codec::Pictures => "JPEG/PNG",
        Codec::Other => "",
    }
}
