//! A camera's own relay output, switched by ONVIF.
//!
//! The device's clock is asked first, which moves nothing; then the output is switched once. That order is
//! tried again only while it is certain that it was never sent. Where the device does not let go by
//! itself (`Bistable`), the driver does so, again and again until the device says that it did: an output that
//! is let go twice moves nothing either.

use std::sync::Arc;
use std::time::Duration;

use onvif::{DeviceFault, Error, OutputContact};
use settings::Printer;

use super::driver::{BarrierProblem, Driver, DriverSettings};
use super::{Action, Actuation, Alarm, AlarmKind, Barrier, Lift};

mod section;

pub use section::OnvifRelaySettings;

pub(super) const DRIVER: Driver = Driver {
    name: "onvif",
    read: |section| Some(Arc::new(OnvifRelaySettings::read(section)?)),
};

const PAUSE: Duration = Duration::from_millis(150);
/// A device that was restarted while its output was on is back within this.
const LET_GO_TRIES: u32 = 60;
const LET_GO_PAUSE: Duration = Duration::from_secs(2);

/// A driver for the relay output of a camera.
#[derive(Debug)]
pub struct OnvifRelay {
    contact: Arc<OutputContact>,
    let_go_after: Option<Duration>,
    total: Duration,
}

impl OnvifRelay {
    /// The driver for `settings`. Sends nothing.
    #[must_use]
    pub fn new(settings: &OnvifRelaySettings) -> Self {
        let contact = OutputContact::new(
            settings.address.clone(),
            settings.account.clone(),
            &settings.output,
            Duration::from_millis(settings.timeout_ms.into()),
        );
        let let_go_after = settings.let_go_after_ms;
        Self {
            contact: Arc::new(contact),
            let_go_after: (let_go_after > 0).then(|| Duration::from_millis(let_go_after.into())),
            total: Duration::from_millis(settings.total_ms.into()),
        }
    }

    async fn raise_within(&self, lift: &Lift) -> Result<Actuation, Alarm> {
        let start = tokio::time::Instant::now();
        let mut tries = 0;
        loop {
            tries += 1;
            let left = self.total.saturating_sub(start.elapsed());
            let Err(error) = self.contact.switch_on(left).await else {
                self.let_go_later(lift);
                return Ok(Actuation::Raised);
            };
            let passing = error.moved_nothing() && kind(&error) == AlarmKind::Unreachable;
            if !passing || start.elapsed() + PAUSE >= self.total {
                if !error.moved_nothing() {
                    // It may have switched all the same.
                    self.let_go_later(lift);
                }
                return Err(Alarm::new(kind(&error), error.to_string(), tries));
            }
            tracing::warn!(
                barrier = lift.barrier,
                passage = lift.passage,
                problem = %error,
                tries,
                "the barrier's relay output failed, trying again"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Lets the output go after its time, where the device does not do so by itself. Nobody waits for it.
    fn let_go_later(&self, lift: &Lift) {
        let Some(after) = self.let_go_after else {
            return;
        };
        let contact = Arc::clone(&self.contact);
        let barrier = lift.barrier.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            for _ in 0..LET_GO_TRIES {
                let Err(error) = contact.let_go().await else {
                    return;
                };
                tracing::warn!(barrier, problem = %error, "the relay output stays on, trying again");
                tokio::time::sleep(LET_GO_PAUSE).await;
            }
            tracing::error!(barrier, "the relay output could not be let go");
        });
    }
}

impl DriverSettings for OnvifRelaySettings {
    fn show(&self, printer: &mut Printer) {
        self.print(printer);
    }

    fn address(&self) -> Option<(String, u16)> {
        Some(self.address.host_and_port())
    }

    fn open(&self) -> Result<Arc<dyn Barrier>, Vec<BarrierProblem>> {
        Ok(Arc::new(OnvifRelay::new(self)))
    }
}

impl Barrier for OnvifRelay {
    fn raise<'a>(&'a self, lift: &'a Lift) -> Action<'a> {
        Box::pin(self.raise_within(lift))
    }

    fn patience(&self) -> Duration {
        self.total
    }
}

/// What the guard is told. As long as the order was never sent, nobody can have carried it out.
fn kind(error: &Error) -> AlarmKind {
    match error.fault() {
        DeviceFault::Unreachable(_) => AlarmKind::Unreachable,
        DeviceFault::TimedOut | DeviceFault::Unanswered(_) if error.moved_nothing() => {
            AlarmKind::Unreachable
        }
        DeviceFault::TimedOut => AlarmKind::TimedOut,
        DeviceFault::Unanswered(_) => AlarmKind::Unanswered,
        DeviceFault::Unauthorized { .. } | DeviceFault::ClearPassword => AlarmKind::Unauthorized,
        DeviceFault::Refused(_) | DeviceFault::Unsupported => AlarmKind::Refused,
        _ => AlarmKind::Failed,
    }
}
