//! What a device tells of itself.

use oxvif::types::ImagingSettings;
use serde::Serialize;
use words::Said;

use crate::text::{shown, token};
use crate::{Device, DeviceClock, DeviceFault, DeviceStep, Error, Overlay, StreamProfile};

/// A device as it describes itself.
#[derive(Debug, Clone, Serialize)]
pub struct Description {
    /// By which address it was asked.
    pub address: String,
    /// Who made it.
    pub manufacturer: String,
    /// What it is.
    pub model: String,
    /// Which firmware it runs.
    pub firmware: String,
    /// Its serial number.
    pub serial: String,
    /// Its clock, where it tells.
    pub clock: Option<DeviceClock>,
    /// Its streams.
    pub profiles: Vec<StreamProfile>,
    /// What it writes over its pictures.
    pub overlays: Vec<Overlay>,
    /// Its relay outputs.
    pub outputs: Vec<OutputPort>,
    /// Its digital inputs.
    pub inputs: Vec<InputPort>,
    /// How the sensor of the first stream is set.
    pub image: Option<ImageSettings>,
    /// What it was asked for and did not tell, and why. What it does not have is not among it.
    pub untold: Vec<Said>,
}

/// A relay output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutputPort {
    /// Names it at the device.
    pub token: String,
    /// `Monostable` lets go by itself, `Bistable` stays until it is told to.
    pub mode: String,
    /// After what time it lets go, as the device writes it (`PT1S`).
    pub delay: String,
    /// `open` or `closed` when nothing is asked of it.
    pub idle: String,
}

/// A digital input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputPort {
    /// Names it at the device, and in its events.
    pub token: String,
    /// `open` or `closed` when nothing happens.
    pub idle: String,
}

/// How a sensor is set, as far as it matters for plates; each on the device's own scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImageSettings {
    /// `AUTO` or `MANUAL`.
    pub exposure: Option<String>,
    /// Shutter, microseconds.
    pub shutter_us: Option<f32>,
    /// Brightness.
    pub brightness: Option<f32>,
    /// Contrast.
    pub contrast: Option<f32>,
    /// Sharpness.
    pub sharpness: Option<f32>,
    /// Backlight compensation, `ON` or `OFF`.
    pub backlight: Option<String>,
    /// Wide dynamic range, `ON` or `OFF`.
    pub wide_range: Option<String>,
    /// Infrared filter, `ON` by day, `OFF` by night, or `AUTO`.
    pub ir_cut: Option<String>,
}

impl Device {
    /// Everything that it tells.
    ///
    /// # Errors
    /// When it does not even tell what it is or which streams it has. Whatever else fails is in
    /// [`Description::untold`].
    pub async fn describe(&self) -> Result<Description, Error> {
        let asked = self.client.get_device_info().await;
        let info = self.told(DeviceStep::Describe, asked)?;
        let profiles = self.profiles().await?;
        let mut untold = Vec::new();
        let mut optional = |error: Error| {
            if *error.fault() != DeviceFault::Unsupported {
                untold.push(error.said());
            }
        };
        let clock = self.clock().await.unwrap_or_else(|error| {
            optional(error);
            None
        });
        let overlays = self.overlays().await.unwrap_or_else(|error| {
            optional(error);
            Vec::new()
        });
        let outputs = self.outputs().await.unwrap_or_else(|error| {
            optional(error);
            Vec::new()
        });
        let inputs = self.inputs().await.unwrap_or_else(|error| {
            optional(error);
            Vec::new()
        });
        let source = profiles.first().and_then(|profile| profile.source.clone());
        let image = match source {
            Some(source) => self.image(&source).await.map_or_else(
                |error| {
                    optional(error);
                    None
                },
                Some,
            ),
            None => None,
        };
        Ok(Description {
            address: self.address().to_string(),
            manufacturer: shown(&info.manufacturer),
            model: shown(&info.model),
            firmware: shown(&info.firmware_version),
            serial: shown(&info.serial_number),
            clock,
            profiles,
            overlays,
            outputs,
            inputs,
            image,
            untold,
        })
    }

    /// Its relay outputs.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn outputs(&self) -> Result<Vec<OutputPort>, Error> {
        let asked = self.client.get_relay_outputs().await;
        let told = self.told(DeviceStep::Contacts, asked)?.into_iter();
        let ports = told.filter_map(|output| {
            Some(OutputPort {
                token: token(&output.token)?,
                mode: shown(&output.mode),
                delay: shown(&output.delay_time),
                idle: shown(&output.idle_state),
            })
        });
        Ok(ports.collect())
    }

    /// Its digital inputs.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn inputs(&self) -> Result<Vec<InputPort>, Error> {
        let step = DeviceStep::Contacts;
        let service = self.service(step, self.services.device_io.url.as_ref())?;
        let asked = self.client.get_digital_inputs(&service).await;
        let told = self.told(step, asked)?.into_iter();
        let ports = told.filter_map(|input| {
            Some(InputPort {
                token: token(&input.token)?,
                idle: shown(&input.idle_state),
            })
        });
        Ok(ports.collect())
    }

    /// How the sensor of this name is set.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn image(&self, source: &str) -> Result<ImageSettings, Error> {
        let step = DeviceStep::Image;
        let service = self.service(step, self.services.imaging.url.as_ref())?;
        let asked = self.client.get_imaging_settings(&service, source).await;
        Ok(ImageSettings::of(&self.told(step, asked)?))
    }
}

impl ImageSettings {
    fn of(told: &ImagingSettings) -> Self {
        let word = |word: &Option<String>| word.as_deref().map(shown);
        Self {
            exposure: word(&told.exposure_mode),
            shutter_us: told.exposure_time,
            brightness: told.brightness,
            contrast: told.contrast,
            sharpness: told.sharpness,
            backlight: word(&told.backlight_compensation),
            wide_range: word(&told.wide_dynamic_range_mode),
            ir_cut: word(&told.ir_cut_filter),
        }
    }
}
