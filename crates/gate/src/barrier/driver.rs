//! Drivers as a site chooses them: by name, each with settings of its own.

use std::fmt;
use std::sync::Arc;

use settings::{Printer, Section};
use words::Said;

use super::{Barrier, DRIVERS};

/// A kind of barrier that a site can choose.
pub(super) struct Driver {
    /// What the site writes as `driver`.
    pub(super) name: &'static str,
    /// Reads the other keys. Notes every mistake, and gives nothing when there are too many to go on.
    pub(super) read: fn(&Section) -> Option<Arc<dyn DriverSettings>>,
}

/// What a site sets for one driver.
pub(super) trait DriverSettings: fmt::Debug + Send + Sync {
    /// Shows what the driver's `read` reads.
    fn show(&self, printer: &mut Printer);

    /// Host and port at which the controller listens, where it has one address.
    fn address(&self) -> Option<(String, u16)>;

    /// Makes the driver. Sends nothing, moves nothing.
    ///
    /// # Errors
    /// Every mistake in the settings.
    fn open(&self) -> Result<Arc<dyn Barrier>, Vec<BarrierProblem>>;
}

/// A mistake in the settings of a barrier.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {why}")]
pub struct BarrierProblem {
    /// Which setting.
    pub key: &'static str,
    /// What is wrong and what is allowed; holds no secrets.
    pub why: Said,
}

/// What a site sets for one barrier: which driver, and what that one wants to know.
#[derive(Debug, Clone)]
pub struct BarrierSettings {
    driver: &'static str,
    settings: Arc<dyn DriverSettings>,
}

impl BarrierSettings {
    /// Reads the table of a barrier. Its key `driver` says which other keys there are; without it
    /// the barrier is raised by an HTTP request.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let known: Vec<_> = DRIVERS.iter().map(|driver| (driver.name, driver)).collect();
        let driver = section.one_of("driver", &known, known.first()?.1);
        Some(Self {
            driver: driver.name,
            settings: (driver.read)(section)?,
        })
    }

    /// Shows what [`BarrierSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("driver", self.driver);
        self.settings.show(printer);
    }

    /// Host and port at which the controller listens, where it has one address. Connecting there moves
    /// nothing.
    #[must_use]
    pub fn address(&self) -> Option<(String, u16)> {
        self.settings.address()
    }

    /// The driver of these settings. Sends nothing, moves nothing.
    ///
    /// # Errors
    /// Every mistake in the settings, which [`BarrierSettings::read`] told already.
    pub fn open(&self) -> Result<Arc<dyn Barrier>, Vec<BarrierProblem>> {
        self.settings.open()
    }
}
