//! One relay output, for whoever raises a barrier with it.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{Account, Device, DeviceAddress, DeviceFault, DeviceStep, Error};

/// A relay output of a device.
pub struct OutputContact {
    address: DeviceAddress,
    account: Option<Account>,
    output: String,
    patience: Duration,
}

impl OutputContact {
    /// The output of this name at a device. Sends nothing. Each question has `patience` for its answer.
    #[must_use]
    pub fn new(
        address: DeviceAddress,
        account: Option<Account>,
        output: impl Into<String>,
        patience: Duration,
    ) -> Self {
        Self {
            address,
            account,
            output: output.into(),
            patience,
        }
    }

    /// Switches the output once, `within` this time. The device's clock is asked first, which moves nothing: it
    /// dates the log-in, and shows that somebody answers.
    ///
    /// # Errors
    /// Where [`Error::moved_nothing`] the order was never sent. With all others the output may have switched or not.
    pub async fn switch_on(&self, within: Duration) -> Result<(), Error> {
        self.switch("active", within).await
    }

    /// Lets the output go, for a device that does not do so by itself.
    ///
    /// # Errors
    /// As [`OutputContact::switch_on`]. Letting go twice does no harm.
    pub async fn let_go(&self) -> Result<(), Error> {
        self.switch("inactive", 2 * self.patience).await
    }

    async fn switch(&self, state: &str, within: Duration) -> Result<(), Error> {
        let until = Instant::now() + within;
        let late = |step| Error::new(&self.address, step, DeviceFault::TimedOut);
        let mut device = Device::unasked(&self.address, self.account.as_ref(), self.patience)?;
        let asked = timeout_at(until, device.learn_clock()).await;
        asked.unwrap_or_else(|_| Err(late(DeviceStep::Clock)))?;
        if until.saturating_duration_since(Instant::now()) < LEAST_LEFT {
            return Err(late(DeviceStep::Clock));
        }
        let order = device.client.set_relay_output_state(&self.output, state);
        let switched = timeout_at(until, order).await;
        let switched = switched.map_err(|_| late(DeviceStep::Contact))?;
        device.told(DeviceStep::Contact, switched)
    }
}

/// With less time an order is not sent: its answer could not come in time.
const LEAST_LEFT: Duration = Duration::from_millis(100);

impl Error {
    /// Whether it is certain that nothing moved: whatever moves something was never sent.
    #[must_use]
    pub fn moved_nothing(&self) -> bool {
        let before = matches!(self.step(), DeviceStep::Connect | DeviceStep::Clock);
        before || matches!(self.fault(), DeviceFault::Unreachable(_))
    }
}

impl std::fmt::Debug for OutputContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutputContact")
            .field("address", &self.address)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}
