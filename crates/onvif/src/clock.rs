//! A device's clock against ours, and setting it.

use jiff::Timestamp;
use oxvif::types::{SetDateTimeRequest, UtcDateTime};
use oxvif::{OnvifClient, OnvifError};
use serde::Serialize;
use words::{Key, Said};

use crate::text::shown;
use crate::{Device, DeviceFault, DeviceStep, Error};

/// What a device knows of the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceClock {
    /// Its time in UTC, when it was asked.
    pub time: Timestamp,
    /// Its clock less ours, in milliseconds. It tells whole seconds: half a second either way means
    /// nothing.
    pub ahead_ms: i64,
    /// Its time zone as it writes it: `CST-8` is China's.
    pub zone: String,
}

/// How a device is to get the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockSetting {
    /// Ours, once.
    Now,
    /// From this server, on and on.
    Ntp(String),
}

/// A clock that was just set may be off by its whole second and the way there and back.
const SET_WITHIN_MS: i64 = 3000;
/// China's time as devices write zones (POSIX 1003.1).
const CHINA: &str = "CST-8";

impl DeviceClock {
    /// Asks for it; nothing when the device tells no time in UTC.
    pub(crate) async fn ask(client: &OnvifClient) -> Result<Option<Self>, OnvifError> {
        let before = Timestamp::now();
        let told = client.get_system_date_and_time().await?;
        let waited_ms = Timestamp::now().duration_since(before).as_millis();
        let Some(time) = told.utc_unix.and_then(|s| Timestamp::from_second(s).ok()) else {
            return Ok(None);
        };
        // In the middle of its second, told in the middle of the wait.
        let ahead = time.duration_since(before).as_millis() + 500 - waited_ms / 2;
        Ok(Some(Self {
            time,
            ahead_ms: i64::try_from(ahead).unwrap_or(i64::MAX),
            zone: shown(&told.timezone),
        }))
    }

    /// In whole seconds.
    pub(crate) fn ahead_s(&self) -> i64 {
        (self.ahead_ms + 500).div_euclid(1000)
    }
}

impl Device {
    /// The device's clock now.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn clock(&self) -> Result<Option<DeviceClock>, Error> {
        let asked = DeviceClock::ask(&self.client).await;
        self.told(DeviceStep::Clock, asked)
    }

    /// Sets the device's clock and reads it back. `zone` replaces its time zone; without one it
    /// keeps its own, or gets China's where it has none.
    ///
    /// # Errors
    /// With the address, the step and what to do; also when the device shows another time than it was
    /// given.
    pub async fn set_clock(
        &mut self,
        setting: &ClockSetting,
        zone: Option<&str>,
    ) -> Result<DeviceClock, Error> {
        let own = self.client.get_system_date_and_time().await;
        let own = self.told(DeviceStep::Clock, own)?;
        let zone = zone
            .map(str::to_owned)
            .or(crate::text::token(&own.timezone));
        let mut request = SetDateTimeRequest {
            datetime_type: "Manual".to_owned(),
            daylight_savings: false,
            timezone: zone.unwrap_or_else(|| CHINA.to_owned()),
            utc_datetime: Some(utc(Timestamp::now())),
        };
        if let ClockSetting::Ntp(server) = setting {
            let set = self.client.set_ntp(false, &[server]).await;
            self.told(DeviceStep::SetClock, set)?;
            request.datetime_type = "NTP".to_owned();
            request.utc_datetime = None;
        }
        let set = self.client.set_system_date_and_time(&request).await;
        self.told(DeviceStep::SetClock, set)?;
        self.learn_clock().await?;
        if let ClockSetting::Ntp(server) = setting {
            self.expect_ntp(server).await?;
        }
        let not_kept = |key| self.failed(DeviceStep::SetClock, DeviceFault::NotKept(key));
        let clock = self.clock().await?;
        let clock = clock.ok_or_else(|| not_kept(Key::OnvifNoClock.into()))?;
        let off = clock.ahead_ms.abs() > SET_WITHIN_MS;
        if *setting == ClockSetting::Now && off {
            let said = Said::with(Key::OnvifClockStays, "seconds", clock.ahead_s());
            return Err(not_kept(said));
        }
        Ok(clock)
    }

    async fn expect_ntp(&self, server: &str) -> Result<(), Error> {
        let kept = self.client.get_ntp().await;
        let kept = self.told(DeviceStep::SetClock, kept)?;
        if kept.servers.iter().any(|kept| kept == server) {
            return Ok(());
        }
        let servers = shown(&kept.servers.join(", "));
        let said = Said::with(Key::OnvifNtpStays, "servers", servers);
        Err(self.failed(DeviceStep::SetClock, DeviceFault::NotKept(said)))
    }
}

fn utc(now: Timestamp) -> UtcDateTime {
    let at = now.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    UtcDateTime {
        year: u16::try_from(at.year()).unwrap_or_default(),
        month: part(at.month()),
        day: part(at.day()),
        hour: part(at.hour()),
        minute: part(at.minute()),
        second: part(at.second()),
    }
}
