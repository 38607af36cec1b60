//! The streams of a device: what it sends, and where.

use oxvif::types::VideoEncoding;
use oxvif::{MediaProfile, VideoEncoderConfiguration};
use serde::Serialize;
use url::Url;

use crate::text::{shown, token};
use crate::{Device, DeviceStep, Error};

/// One stream that a device offers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamProfile {
    /// Names the profile at the device.
    pub token: String,
    /// Its name for people.
    pub name: String,
    /// Coding, as the device writes it; empty where it does not say.
    pub codec: String,
    /// Pixels, 0 where the device does not say.
    pub width: u32,
    /// Pixels, 0 where the device does not say.
    pub height: u32,
    /// Most pictures a second.
    pub fps: Option<f32>,
    /// Where it is played, without user and password.
    pub url: String,
    /// Names what its overlay belongs to.
    pub source_config: Option<String>,
    /// Names the sensor, whose image settings count.
    pub source: Option<String>,
}

impl StreamProfile {
    /// Whether this is a stream to watch a lane with: coded so that it can be decoded, and with an address.
    #[must_use]
    pub fn is_watchable(&self) -> bool {
        let decodes = ["H264", "H265", ""].contains(&self.codec.as_str());
        decodes && !self.url.is_empty()
    }
}

/// A recorder has two profiles for each of its channels; each costs a question.
const MOST_PROFILES: usize = 64;

impl Device {
    /// Its streams, by the newer media service where there is one: only that one tells of H.265.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn profiles(&self) -> Result<Vec<StreamProfile>, Error> {
        if self.services.media2.url.is_some() {
            match self.profiles_of_media2().await {
                Ok(profiles) if !profiles.is_empty() => return Ok(profiles),
                // Some firmware announces the service and does not have it.
                Ok(_) | Err(_) => {}
            }
        }
        self.profiles_of_media1().await
    }

    async fn profiles_of_media2(&self) -> Result<Vec<StreamProfile>, Error> {
        let step = DeviceStep::Profiles;
        let media = self.service(step, self.services.media2.url.as_ref())?;
        let asked = self.client.get_profiles_media2(&media).await;
        let profiles = self.told(step, asked)?;
        let asked = self
            .client
            .get_video_encoder_configurations_media2(&media)
            .await;
        let encoders = self.told(step, asked).unwrap_or_default();
        let mut streams = Vec::new();
        for profile in profiles.into_iter().take(MOST_PROFILES) {
            let Some(token) = token(&profile.token) else {
                continue;
            };
            let encoder = encoders
                .iter()
                .find(|encoder| Some(&encoder.token) == profile.video_encoder_token.as_ref());
            let asked = self.client.get_stream_uri_media2(&media, &token).await;
            let url = self.told(step, asked).unwrap_or_default();
            streams.push(StreamProfile {
                name: shown(&profile.name),
                codec: encoder.map(|e| codec(&e.encoding)).unwrap_or_default(),
                width: encoder.map_or(0, |e| e.resolution.width),
                height: encoder.map_or(0, |e| e.resolution.height),
                fps: encoder.and_then(|e| Some(e.rate_control.as_ref()?.frame_rate_limit)),
                url: self.playable(&url),
                source_config: profile.video_source_config_token,
                source: profile.video_source_token,
                token,
            });
        }
        Ok(streams)
    }

    async fn profiles_of_media1(&self) -> Result<Vec<StreamProfile>, Error> {
        let step = DeviceStep::Profiles;
        let media = self.service(step, self.services.media.url.as_ref())?;
        let asked = self.client.get_profiles(&media).await;
        let profiles = self.told(step, asked)?;
        let asked = self.client.get_video_encoder_configurations(&media).await;
        let encoders = self.told(step, asked).unwrap_or_default();
        let mut streams = Vec::new();
        for profile in profiles.into_iter().take(MOST_PROFILES) {
            let Some(token) = token(&profile.token) else {
                continue;
            };
            let encoder = self.encoder_of(&media, &profile, &encoders).await;
            let asked = self.client.get_stream_uri(&media, &token).await;
            let url = self
                .told(step, asked)
                .map(|told| told.uri)
                .unwrap_or_default();
            streams.push(StreamProfile {
                name: shown(&profile.name),
                codec: encoder
                    .as_ref()
                    .map(|e| codec(&e.encoding))
                    .unwrap_or_default(),
                width: encoder.as_ref().map_or(0, |e| e.resolution.width),
                height: encoder.as_ref().map_or(0, |e| e.resolution.height),
                fps: encoder.and_then(|e| Some(e.rate_control?.frame_rate_limit as f32)),
                url: self.playable(&url),
                source_config: profile.video_source_config_token,
                source: profile.video_source_token,
                token,
            });
        }
        Ok(streams)
    }

    /// The encoder of a profile: of the list, or asked for by itself at devices without a list.
    async fn encoder_of(
        &self,
        media: &str,
        profile: &MediaProfile,
        listed: &[VideoEncoderConfiguration],
    ) -> Option<VideoEncoderConfiguration> {
        let token = profile.video_encoder_token.as_ref()?;
        if let Some(encoder) = listed.iter().find(|encoder| encoder.token == *token) {
            return Some(encoder.clone());
        }
        let asked = self
            .client
            .get_video_encoder_configuration(media, token)
            .await;
        self.told(DeviceStep::Profiles, asked).ok()
    }

    /// The address of a stream as we reach it: at the host by which the device was asked, without user
    /// and password. Empty when it is none.
    fn playable(&self, named: &str) -> String {
        let Ok(mut url) = Url::parse(named.trim()) else {
            return String::new();
        };
        let plain = url.scheme() == "rtsp"
            && url.set_username("").is_ok()
            && url.set_password(None).is_ok()
            && url.set_host(Some(self.address().host())).is_ok();
        let text = url.to_string();
        if plain {
            token(&text).unwrap_or_default()
        } else {
            String::new()
        }
    }
}

fn codec(encoding: &VideoEncoding) -> String {
    match encoding {
        VideoEncoding::H264 => "H264".to_owned(),
        VideoEncoding::H265 => "H265".to_owned(),
        VideoEncoding::Jpeg => "JPEG".to_owned(),
        other => shown(&format!("{other:?}")),
    }
}
