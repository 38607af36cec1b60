//! A device that answers.

use std::sync::Arc;
use std::time::Duration;

use oxvif::soap::SoapError;
use oxvif::{Capabilities, OnvifClient, OnvifError};

use crate::clock::DeviceClock;
use crate::text::shown;
use crate::wire::Wire;
use crate::{Account, DeviceAddress, DeviceFault, DeviceStep, Error};

/// Longest wait for one answer. Cheap cameras take up to 3 s for their list of profiles.
const PATIENCE: Duration = Duration::from_secs(8);

/// A device that has answered, and where its services are.
pub struct Device {
    pub(crate) client: OnvifClient,
    pub(crate) services: Capabilities,
    pub(crate) wire: Arc<Wire>,
    account: Option<Account>,
    /// By how much its clock was ahead when it was asked, where it tells.
    clock_ahead_s: Option<i64>,
}

impl Device {
    /// Connects and asks which services there are. Log-ins are dated by the device's own clock, where
    /// it tells without one.
    ///
    /// # Errors
    /// With the address, the step and what to do.
    pub async fn connect(
        address: &DeviceAddress,
        account: Option<&Account>,
    ) -> Result<Self, Error> {
        let mut device = Self::unasked(address, account, PATIENCE)?;
        device.learn_clock().await?;
        let asked = device.client.get_capabilities().await;
        device.services = device.told(DeviceStep::Connect, asked)?;
        // The newer media service is told of here only (ONVIF Media 2, 5.1).
        if let Ok(services) = device.client.get_services().await {
            device.learn_services(&services);
        }
        device.wire.take_fault();
        Ok(device)
    }

    /// A device of which nothing is known yet but its first service.
    pub(crate) fn unasked(
        address: &DeviceAddress,
        account: Option<&Account>,
        patience: Duration,
    ) -> Result<Self, Error> {
        let failed = |fault| Error::new(address, DeviceStep::Connect, fault);
        let wire = Wire::new(address.clone(), account.cloned(), patience).map_err(failed)?;
        let wire = Arc::new(wire);
        let mut device = Self {
            client: OnvifClient::new(address.url().as_str()),
            services: Capabilities::default(),
            wire,
            account: account.cloned(),
            clock_ahead_s: None,
        };
        device.date_logins(0);
        Ok(device)
    }

    /// The address by which it is asked.
    #[must_use]
    pub fn address(&self) -> &DeviceAddress {
        self.wire.address()
    }

    /// Asks for its clock without a log-in, and dates log-ins by it from then on. Some devices tell
    /// nobody; ours is taken for theirs then.
    pub(crate) async fn learn_clock(&mut self) -> Result<(), Error> {
        let wire = Arc::clone(&self.wire) as Arc<dyn oxvif::transport::Transport>;
        let nobody = OnvifClient::new(self.address().url().as_str()).with_transport(wire);
        let asked = DeviceClock::ask(&nobody).await;
        let clock = match self.told(DeviceStep::Clock, asked) {
            Ok(clock) => clock,
            Err(error) => match error.fault() {
                DeviceFault::Unauthorized { .. }
                | DeviceFault::Refused(_)
                | DeviceFault::Unsupported => None,
                _ => return Err(error),
            },
        };
        self.clock_ahead_s = clock.as_ref().map(DeviceClock::ahead_s);
        self.date_logins(self.clock_ahead_s.unwrap_or(0));
        Ok(())
    }

    fn date_logins(&mut self, ahead_s: i64) {
        let wire = Arc::clone(&self.wire) as Arc<dyn oxvif::transport::Transport>;
        let mut client = OnvifClient::new(self.address().url().as_str())
            .with_transport(wire)
            .with_utc_offset(ahead_s);
        if let Some(account) = &self.account {
            client = client.with_credentials(&account.user, account.password.expose());
        }
        self.client = client;
    }

    fn learn_services(&mut self, services: &[oxvif::OnvifService]) {
        for service in services {
            let url = Some(service.url.clone());
            if service.namespace.contains("/ver20/media/wsdl") {
                self.services.media2.url = url;
            } else if service.is_device_io() {
                self.services.device_io.url = url;
            } else if service.namespace.contains("/ver10/media/wsdl") {
                self.services.media.url.get_or_insert(service.url.clone());
            } else if service.namespace.contains("/events/wsdl") {
                self.services.events.url.get_or_insert(service.url.clone());
            } else if service.namespace.contains("/imaging/wsdl") {
                self.services.imaging.url.get_or_insert(service.url.clone());
            }
        }
    }

    /// Address of a service, or that the device has none.
    pub(crate) fn service(&self, step: DeviceStep, url: Option<&String>) -> Result<String, Error> {
        url.cloned()
            .ok_or_else(|| self.failed(step, DeviceFault::Unsupported))
    }

    pub(crate) fn failed(&self, step: DeviceStep, fault: DeviceFault) -> Error {
        let fault = match fault {
            DeviceFault::Unauthorized { .. } => DeviceFault::Unauthorized {
                clock_ahead_s: self.clock_ahead_s,
            },
            DeviceFault::Refused(why) => DeviceFault::Refused(
                self.account
                    .as_ref()
                    .map_or(why.clone(), |account| account.password.scrub(&why)),
            ),
            other => other,
        };
        Error::new(self.address(), step, fault)
    }

    /// An answer of `oxvif`, or why there is none.
    pub(crate) fn told<T>(
        &self,
        step: DeviceStep,
        answer: Result<T, OnvifError>,
    ) -> Result<T, Error> {
        let noted = self.wire.take_fault();
        answer.map_err(|error| {
            let fault = noted.unwrap_or_else(|| fault_of(&error));
            self.failed(step, fault)
        })
    }
}

fn fault_of(error: &OnvifError) -> DeviceFault {
    let OnvifError::Soap(SoapError::Fault {
        code,
        reason,
        subcode,
        detail,
    }) = error
    else {
        return DeviceFault::NoDevice(shown(&error.to_string()));
    };
    let code = format!("{code} {}", subcode.as_deref().unwrap_or_default());
    let words = format!("{code} {reason}").to_lowercase();
    let says = |known: &[&str]| known.iter().any(|word| words.contains(word));
    if says(&[
        "notauthorized",
        "not authorized",
        "failedauthentication",
        "unauthorized",
    ]) {
        return DeviceFault::Unauthorized {
            clock_ahead_s: None,
        };
    }
    if says(&[
        "notsupported",
        "not supported",
        "notimplemented",
        "not implemented",
    ]) {
        return DeviceFault::Unsupported;
    }
    let detail = detail.as_deref().unwrap_or_default();
    DeviceFault::Refused(shown(&format!("{reason} {detail} ({})", code.trim())))
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device")
            .field("address", self.address())
            .finish_non_exhaustive()
    }
}
