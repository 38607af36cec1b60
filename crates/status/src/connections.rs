//! Whether everybody whom the gate talks to can be reached: asked once, all at the same time, within
//! half a minute.

mod cameras;

use std::fmt::Display;

use camera::Source;
use frame::Picture;
use futures::future::{join, join_all, join3};
use gate::{BarrierSettings, DisplaySettings, InputsSettings, VoiceSettings};
use housekeeping::Standing;
use line::reach;
use sync::{MqttSettings, ProbeFailure, ProbeStep, Reached, SitePlatform};
use words::{Key, Language};

use crate::StatusPages;
use crate::indicators::health;

/// Longest wait for a name and for a connection.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Everybody whom the gate talks to.
pub struct Connections<'a> {
    /// Each camera by name, and how it is watched.
    pub cameras: Vec<(String, &'a Source, camera::Options)>,
    /// Each lane's relay.
    pub relays: Vec<(&'a str, &'a BarrierSettings)>,
    /// Inputs beside barriers.
    pub inputs: Vec<(&'a str, &'a InputsSettings)>,
    /// Displays.
    pub displays: Vec<(&'a str, &'a DisplaySettings)>,
    /// Voices.
    pub voices: Vec<(&'a str, &'a VoiceSettings)>,
    /// Platforms.
    pub platforms: &'a [SitePlatform],
    /// The broker.
    pub broker: Option<&'a MqttSettings>,
    /// Where a daemon would serve `/healthz`: what it is connected to is not disturbed.
    pub pages: &'a StatusPages,
    /// That of the texts.
    pub language: Language,
}

impl Connections<'_> {
    /// Asks everybody. `plate_width` tells how wide the plate on a picture is, in pixels, where there is one.
    pub async fn standing(&self, plate_width: &mut dyn FnMut(&Picture) -> Option<f32>) -> Standing {
        let pages = self.pages.clone();
        let daemon = tokio::task::spawn_blocking(move || health(&pages)).await;
        let daemon = daemon.ok().flatten();
        let ((cameras, devices, sinks), voices) = join(
            join3(
                self.cameras(daemon.as_ref()),
                self.devices(),
                self.sinks(daemon.is_some()),
            ),
            self.voices(),
        )
        .await;
        let mut standing = Standing::default();
        for (name, seen) in cameras {
            self.tell_camera(&name, seen, plate_width, &mut standing);
        }
        for told in devices.into_iter().chain(voices).chain(sinks) {
            match told {
                Ok(fine) => standing.fine.push(fine),
                Err(wrong) => standing.wrong.push(wrong),
            }
        }
        standing
    }

    /// Whether the address of each relay, of inputs and displays answers. No order is sent.
    async fn devices(&self) -> Vec<Result<String, String>> {
        type Device<'a> = (Key, &'a str, Option<(String, u16)>);
        let relays = self.relays.iter();
        let relays = relays.map(|(lane, relay)| (Key::ConnectionRelay, *lane, relay.address()));
        let inputs = self.inputs.iter();
        let inputs = inputs.map(|(lane, inputs)| (Key::ConnectionInputs, *lane, inputs.address()));
        let displays = self.displays.iter();
        let displays =
            displays.map(|(lane, shown)| (Key::ConnectionDisplay, *lane, shown.address()));
        let all: Vec<Device<'_>> = relays.chain(inputs).chain(displays).collect();
        let addressed = all.into_iter().filter_map(|(key, lane, address)| {
            let (host, port) = address?;
            Some((self.language.fill(key, &[("lane", &lane)]), host, port))
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

    /// Whether each voice can be heard: what is played is silent.
    async fn voices(&self) -> Vec<Result<String, String>> {
        let tried = self.voices.iter().map(|(lane, voice)| async move {
            let values = |key: Key, words: &dyn Display| {
                self.language.fill(key, &[("lane", lane), ("words", words)])
            };
            match voice.probe().await {
                Ok(()) => Ok(values(Key::ConnectionVoice, &"")),
                Err(error) => Err(values(Key::ConnectionVoiceSilent, &error)),
            }
        });
        join_all(tried).await
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

#[cfg(test)]
mod tests;
