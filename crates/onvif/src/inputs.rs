//! Changes of a device's digital inputs: a loop under the lane, the arm's end switch.

use std::time::{Duration, Instant};

use oxvif::types::NotificationMessage;

use crate::text::token;
use crate::{Device, DeviceStep, Error};

/// An input that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputChange {
    /// Names it at the device.
    pub input: String,
    /// Whether it is on now.
    pub active: bool,
    /// It did not change: the device tells how it stands, because we just came.
    pub initial: bool,
}

/// How long a subscription is wanted for, each time: a device that loses us forgets us then.
const WANTED: &str = "PT60S";
/// It is renewed well before.
const RENEW_AFTER: Duration = Duration::from_secs(20);
/// How long the device waits for something to tell; below the patience of a call.
const WAIT: &str = "PT5S";
const MOST_MESSAGES: u32 = 32;

/// A device's inputs, listened to by asking again and again: no port of ours is open.
pub struct DeviceInputs {
    device: Device,
    subscription: String,
    renewed: Instant,
}

impl DeviceInputs {
    /// Begins to listen.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn listen(device: Device) -> Result<Self, Error> {
        let step = DeviceStep::Inputs;
        let events = device.service(step, device.services.events.url.as_ref())?;
        let asked = device
            .client
            .create_pull_point_subscription(&events, None, Some(WANTED))
            .await;
        let subscription = device.told(step, asked)?.reference_url;
        Ok(Self {
            device,
            subscription,
            renewed: Instant::now(),
        })
    }

    /// What changed since the last time; waits a few seconds for it, and may come back with nothing.
    ///
    /// # Errors
    /// With the address, the step and what to do. Whoever goes on listening connects anew.
    pub async fn changes(&mut self) -> Result<Vec<InputChange>, Error> {
        let step = DeviceStep::Inputs;
        if self.renewed.elapsed() > RENEW_AFTER {
            let client = &self.device.client;
            let renewed = client.renew_subscription(&self.subscription, WANTED).await;
            self.device.told(step, renewed)?;
            self.renewed = Instant::now();
        }
        let client = &self.device.client;
        let asked = client
            .pull_messages(&self.subscription, WAIT, MOST_MESSAGES)
            .await;
        let messages = self.device.told(step, asked)?;
        Ok(messages.iter().filter_map(change).collect())
    }
}

/// What a message tells of an input. The standard calls the topic `Device/Trigger/DigitalInput`,
/// Hikvision adds `AlarmIn`; names of values differ, so whatever reads as on or off counts.
fn change(message: &NotificationMessage) -> Option<InputChange> {
    let last = message.topic.rsplit(['/', ':']).next()?;
    if !["DigitalInput", "AlarmIn"].contains(&last) {
        return None;
    }
    let input = message.source.values().find_map(|name| token(name))?;
    let known = ["LogicalState", "State", "Value"];
    let named = known.iter().find_map(|name| message.data.get(*name));
    let active = named.map_or_else(
        || message.data.values().find_map(|value| on_or_off(value)),
        |value| on_or_off(value),
    )?;
    Some(InputChange {
        input,
        active,
        initial: message.property_operation == "Initialized",
    })
}

fn on_or_off(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "active" | "on" => Some(true),
        "false" | "0" | "inactive" | "off" => Some(false),
        _ => None,
    }
}

impl std::fmt::Debug for DeviceInputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceInputs")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
