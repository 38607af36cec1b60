//! What a device writes over its pictures: read, set, and read back.

use oxvif::types::{OsdConfiguration, OsdOptions, OsdPosition, OsdTextString};
use serde::Serialize;
use words::{Key, Said};

use crate::text::{shown, token};
use crate::{Device, DeviceFault, DeviceStep, Error};

/// One text or picture over the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlay {
    /// Names it at the device.
    pub token: String,
    /// Which video source configuration it belongs to.
    pub source_config: String,
    /// `UpperLeft` and the like, or `Custom`.
    pub corner: String,
    /// What it shows.
    pub text: OverlayText,
}

/// What an overlay shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayText {
    /// Day and time.
    DateAndTime,
    /// The day alone.
    Date,
    /// The time alone.
    Time,
    /// These words.
    Plain(String),
    /// A picture, or something that the standard does not know.
    Other,
}

const CORNERS: [&str; 4] = ["UpperLeft", "LowerLeft", "UpperRight", "LowerRight"];

impl Overlay {
    fn of(osd: &OsdConfiguration) -> Option<Self> {
        let text = osd.text_string.as_ref();
        Some(Self {
            token: token(&osd.token)?,
            source_config: osd.video_source_config_token.clone(),
            corner: shown(&osd.position.type_),
            text: text.map_or(OverlayText::Other, |text| match text.type_.as_str() {
                "DateAndTime" => OverlayText::DateAndTime,
                "Date" => OverlayText::Date,
                "Time" => OverlayText::Time,
                "Plain" => OverlayText::Plain(shown(text.plain_text.as_deref().unwrap_or(""))),
                _ => OverlayText::Other,
            }),
        })
    }
}

impl Device {
    /// What it writes over all of its streams.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn overlays(&self) -> Result<Vec<Overlay>, Error> {
        let media = self.service(DeviceStep::Overlay, self.services.media.url.as_ref())?;
        let asked = self.client.get_osds(&media, None).await;
        let all = self.told(DeviceStep::Overlay, asked)?;
        Ok(all.iter().filter_map(Overlay::of).collect())
    }

    /// Has the stream of `source_config` show day and time, and `text`; and reads back that it does. An older text
    /// that begins with the same words before its first number or letter is replaced; others are left as they are.
    ///
    /// # Errors
    /// With the address, the step and what to do; also when the device shows something else than it
    /// was given.
    pub async fn set_overlay(
        &self,
        source_config: &str,
        text: &str,
    ) -> Result<Vec<Overlay>, Error> {
        let step = DeviceStep::SetOverlay;
        let media = self.service(step, self.services.media.url.as_ref())?;
        let asked = self.client.get_osd_options(&media, source_config).await;
        let options = self.told(step, asked).unwrap_or_default();
        let there = self.osds_of(&media, source_config).await?;
        let is_time = |osd: &&OsdConfiguration| kind(osd) == "DateAndTime";
        if !there.iter().any(|osd| is_time(&osd)) {
            let osd = new(source_config, date_and_time(&options), &there, &options);
            self.create(&media, &osd).await?;
        }
        let there = self.osds_of(&media, source_config).await?;
        let plain = |osd: &OsdConfiguration| {
            let text = osd.text_string.as_ref().filter(|_| kind(osd) == "Plain");
            text.and_then(|text| text.plain_text.clone())
        };
        let shows = |osd: &&OsdConfiguration| plain(osd).as_deref() == Some(text);
        let ours = |osd: &&OsdConfiguration| plain(osd).is_some_and(|old| is_older(&old, text));
        if !there.iter().any(|osd| shows(&osd)) {
            match there.iter().find(ours) {
                Some(old) => {
                    let mut osd = old.clone();
                    osd.text_string.get_or_insert_default().plain_text = Some(text.to_owned());
                    let set = self.client.set_osd(&media, &osd).await;
                    self.told(step, set)?;
                }
                None => {
                    let osd = new(source_config, words(text), &there, &options);
                    self.create(&media, &osd).await?;
                }
            }
        }
        self.expect_overlay(&media, source_config, text).await
    }

    async fn create(&self, media: &str, osd: &OsdConfiguration) -> Result<(), Error> {
        let made = self.client.create_osd(media, osd).await;
        self.told(DeviceStep::SetOverlay, made).map(drop)
    }

    async fn osds_of(&self, media: &str, of: &str) -> Result<Vec<OsdConfiguration>, Error> {
        let asked = self.client.get_osds(media, Some(of)).await;
        let mut all = self.told(DeviceStep::SetOverlay, asked)?;
        all.retain(|osd| osd.video_source_config_token == of);
        Ok(all)
    }

    async fn expect_overlay(
        &self,
        media: &str,
        source_config: &str,
        text: &str,
    ) -> Result<Vec<Overlay>, Error> {
        let there = self.osds_of(media, source_config).await?;
        let shown: Vec<_> = there.iter().filter_map(Overlay::of).collect();
        let wanted = [
            OverlayText::DateAndTime,
            OverlayText::Plain(crate::text::shown(text)),
        ];
        if wanted.iter().all(|w| shown.iter().any(|o| o.text == *w)) {
            return Ok(shown);
        }
        let texts = shown.iter().filter_map(|overlay| match &overlay.text {
            OverlayText::Plain(text) => Some(text.as_str()),
            _ => None,
        });
        let texts = texts.collect::<Vec<_>>().join(" | ");
        let said = Said::with(Key::OnvifOverlayStays, "texts", texts);
        Err(self.failed(DeviceStep::SetOverlay, DeviceFault::NotKept(said)))
    }
}

/// Whether `old` is what was shown before `text`: a label of a gate whose numbers were others.
fn is_older(old: &str, text: &str) -> bool {
    let head = |text: &str| {
        let end = text.find(|c: char| c.is_ascii_alphanumeric());
        text[..end.unwrap_or(text.len())].to_owned()
    };
    !head(text).is_empty() && head(old) == head(text)
}

fn kind(osd: &OsdConfiguration) -> &str {
    osd.text_string.as_ref().map_or("", |text| &text.type_)
}

/// In the first corner that the device offers and nothing stands in.
fn new(
    source_config: &str,
    text: OsdTextString,
    there: &[OsdConfiguration],
    options: &OsdOptions,
) -> OsdConfiguration {
    let offered = |corner: &&&str| {
        let offers = &options.position_types;
        offers.is_empty() || offers.iter().any(|offer| offer == **corner)
    };
    let free = |corner: &&&str| there.iter().all(|osd| osd.position.type_ != ***corner);
    let mut corners = CORNERS.iter().filter(offered);
    let corner = corners.clone().find(free).or_else(|| corners.next());
    OsdConfiguration {
        token: String::new(),
        video_source_config_token: source_config.to_owned(),
        type_: "Text".to_owned(),
        position: OsdPosition {
            type_: corner.unwrap_or(&CORNERS[0]).to_string(),
            x: None,
            y: None,
        },
        text_string: Some(text),
        image_path: None,
    }
}

fn words(text: &str) -> OsdTextString {
    OsdTextString {
        type_: "Plain".to_owned(),
        plain_text: Some(text.to_owned()),
        ..OsdTextString::default()
    }
}

/// Year first and 24 hours, where the device offers it.
fn date_and_time(options: &OsdOptions) -> OsdTextString {
    let best = |offers: &[String], wanted: &[&str]| {
        let like = |offer: &&String| {
            let plain: String = offer.chars().filter(char::is_ascii_alphabetic).collect();
            wanted.iter().any(|w| plain.eq_ignore_ascii_case(w))
        };
        offers.iter().find(like).or(offers.first()).cloned()
    };
    let date = best(&options.date_formats, &["yyyymmdd"]);
    let time = best(&options.time_formats, &["hhmmss", "hourclock"]);
    OsdTextString {
        type_: "DateAndTime".to_owned(),
        date_format: Some(date.unwrap_or_else(|| "yyyy-MM-dd".to_owned())),
        time_format: Some(time.unwrap_or_else(|| "HH:mm:ss".to_owned())),
        ..OsdTextString::default()
    }
}
