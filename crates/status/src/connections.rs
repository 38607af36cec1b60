//! Whether everybody whom the gate talks to can be reached: asked once, all at the same time, within
//! half a minute.

use std::fmt::Display;
use std::net::SocketAddr;

use camera::{CameraStatus, Codec, Probe, Source};
use frame::Picture;
use futures::future::{join_all, join3};
use gate::BarrierSettings;
use housekeeping::Standing;
use line::reach;
use serde_json::Value;
use sync::{MqttSettings, ProbeFailure, ProbeStep, Reached, SitePlatform};
use words::{Group, Key, Language};

use crate::indicators::health;

/// Longest wait for a name and for a connection.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
/// A clock further off dates no photo: what [`camera::Options::clock_tolerance`] is by default.
const CLOCK_OFF_MS: i64 = 10_000;

/// Everybody whom the gate talks to.
pub struct Connections<'a> {
    /// Each camera by name, and how it is watched.
    pub cameras: Vec<(String, &'a Source, camera::Options)>,
    /// Each lane's relay.
    pub relays: Vec<(&'a str, &'a BarrierSettings)>,
    /// Platforms.
    pub platforms: &'a [SitePlatform],
    /// The broker.
    pub broker: Option<&'a MqttSettings>,
    /// Where a daemon would serve `/healthz`: what it is connected to is not disturbed.
    pub pages: SocketAddr,
    /// That of the texts.
    pub language: Language,
}

impl Connections<'_> {
    /// Asks everybody. `plate_width` tells how wide the plate on a picture is, in pixels, where there is one.
    pub async fn standing(&self, plate_width: &mut dyn FnMut(&Picture) -> Option<f32>) -> Standing {
        let pages = self.pages;
        let daemon = tokio::task::spawn_blocking(move || health(pages)).await;
        let daemon = daemon.ok().flatten();
        let (cameras, relays, sinks) = join3(
            self.cameras(daemon.as_ref()),
            self.relays(),
            self.sinks(daemon.is_some()),
        )
        .await;
        let mut standing = Standing::default();
        for (name, seen) in cameras {
            self.tell_camera(&name, seen, plate_width, &mut standing);
        }
        for told in relays.into_iter().chain(sinks) {
            match told {
                Ok(fine) => standing.fine.push(fine),
                Err(wrong) => standing.wrong.push(wrong),
            }
        }
        standing
    }

    /// Every camera once. Where a device refuses an account, nobody tries that account there again:
    /// a recorder serves many cameras, and locks the account after a few failures.
    async fn cameras(&self, daemon: Option<&Value>) -> Vec<(String, CameraSeen)> {
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

    fn tell_camera(
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

    /// Whether each relay's address answers. No order is sent.
    async fn relays(&self) -> Vec<Result<String, String>> {
        let addressed = self.relays.iter().filter_map(|(lane, relay)| {
            let (host, port) = relay.address()?;
            Some((
                self.language.fill(Key::ConnectionRelay, &[("lane", lane)]),
                host,
                port,
            ))
        });
        let asked = addressed.map(|(name, host, port)| async move {
            let reached = reach(&host, port, PATIENCE).await;
            let reached = reached
                .map(|_| Reached::Connected)
                .map_err(ProbeFailure::from);
            self.told(&name, &format!("{host}:{port}"), &reached, false)
        });
        join_all(asked).await
    }

    /// Platforms and broker. Beside a running daemon nobody logs in: a broker would throw the daemon
    /// out, and a platform may take its token away.
    async fn sinks(&self, daemon_runs: bool) -> Vec<Result<String, String>> {
        let as_itself = !daemon_runs;
        let platforms = join_all(self.platforms.iter().map(|platform| async move {
            let (settings, adapter) = (&platform.settings, &platform.adapter);
            let reached = sync::probe_platform(settings, adapter, as_itself).await;
            self.told(&settings.name, &settings.base_url, &reached, daemon_runs)
        }));
        let broker = async {
            let settings = self.broker?;
            let reached = sync::probe_broker(settings, as_itself).await;
            let address = format!("{}:{}", settings.host, settings.port);
            Some(self.told(&settings.name, &address, &reached, daemon_runs))
        };
        let (mut told, broker) = tokio::join!(platforms, broker);
        told.extend(broker);
        told
    }

    fn told(
        &self,
        name: &str,
        address: &str,
        reached: &Result<Reached, ProbeFailure>,
        daemon_runs: bool,
    ) -> Result<String, String> {
        let here = [("name", &name as &dyn Display), ("address", &address)];
        let failure = match reached {
            Ok(Reached::LoggedIn) => return Ok(self.language.fill(Key::ConnectionLoggedIn, &here)),
            Ok(Reached::Connected) if daemon_runs => {
                return Ok(self.language.fill(Key::ConnectionLeftToDaemon, &here));
            }
            Ok(Reached::Connected) => return Ok(self.language.fill(Key::ConnectionFine, &here)),
            Err(failure) => failure,
        };
        let key = match failure.step {
            ProbeStep::Name => Key::ConnectionNoName,
            ProbeStep::Connect => Key::ConnectionSilent,
            ProbeStep::Talk => Key::ConnectionOdd,
            ProbeStep::LogIn => Key::ConnectionRefused,
        };
        let values = [here[0], here[1], ("words", failure as &dyn Display)];
        Err(self.language.fill(key, &values))
    }
}

/// What one look at a camera brought.
enum CameraSeen {
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
fn fault_of(health: &Value, camera: &str) -> Option<(String, String)> {
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use camera::{Options, Secret};

    use super::*;

    /// A recorder that refuses every password, and counts how many it was told.
    fn strict_recorder() -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
        let port = listener.local_addr().expect("an address").port();
        let tries = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&tries);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || refuse(stream, &counted));
            }
        });
        (port, tries)
    }

    fn refuse(mut stream: std::net::TcpStream, tries: &AtomicUsize) {
        let lines = BufReader::new(stream.try_clone().expect("cloned")).lines();
        let mut cseq = String::new();
        for line in lines.map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("CSeq:") {
                cseq = number.trim().to_owned();
            }
            tries.fetch_add(
                usize::from(line.starts_with("Authorization:")),
                Ordering::SeqCst,
            );
            if line.is_empty() {
                let answer = format!(
                    "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n{}\"\r\n\r\n",
                    tries.load(Ordering::SeqCst)
                );
                if stream.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        }
    }

    fn at(port: u16, path: &str) -> Source {
        let url = format!("rtsp://127.0.0.1:{port}/{path}");
        Source::rtsp(&url, Some("admin"), Some(Secret::new("hunter2-wrong"))).expect("an address")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_wrong_password_is_tried_once_on_a_recorder_however_many_cameras_it_serves() {
        let (port, tries) = strict_recorder();
        let sources = ["101", "201", "301"].map(|path| at(port, path));
        let named = sources.iter().zip(["a", "b", "c"]);
        let connections = Connections {
            cameras: named
                .map(|(source, name)| (name.to_owned(), source, Options::default()))
                .collect(),
            relays: Vec::new(),
            platforms: &[],
            broker: None,
            pages: ([127, 0, 0, 1], 1).into(),
            language: Language::En,
        };
        let standing = connections.standing(&mut |_| None).await;
        assert_eq!(standing.wrong.len(), 3, "{standing:#?}");
        assert!(standing.fine.is_empty(), "{standing:#?}");
        assert_eq!(
            tries.load(Ordering::SeqCst),
            1,
            "the account may be locked by more"
        );
        for line in &standing.wrong {
            assert!(!line.contains("hunter2"), "{line}");
        }
        assert!(
            standing.wrong[2].contains("not tried"),
            "{}",
            standing.wrong[2]
        );
    }

    #[test]
    fn what_the_daemon_says_of_a_camera_is_not_asked_again() {
        let health = serde_json::json!({"reasons": [
            {"camera": "north-in", "status": "unauthorized", "reason": "401"}, {"lane": "x"}]});
        let fault = fault_of(&health, "north-in").expect("a fault");
        assert_eq!(fault, ("unauthorized".to_owned(), "401".to_owned()));
        assert_eq!(fault_of(&health, "north"), None);
    }
}
