//! `[lane.relay]` of a camera's relay output, read and shown.

use onvif::{Account, DeviceAddress};
use settings::{Printer, Section};

use crate::onvif_device;

/// What a site sets for a camera's relay output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnvifRelaySettings {
    /// The camera.
    pub address: DeviceAddress,
    /// As whom it is asked.
    pub account: Option<Account>,
    /// Which of its outputs, as the device names it.
    pub output: String,
    /// When the output is let go; 0 where the device does so by itself.
    pub let_go_after_ms: u32,
    /// Longest wait for one answer.
    pub timeout_ms: u32,
    /// Longest time for all of it together, at most 2000.
    pub total_ms: u32,
}

impl OnvifRelaySettings {
    pub(super) fn read(section: &Section) -> Option<Self> {
        let device = onvif_device::read(section);
        let total_ms = section.integer("total_ms", 2000, 1..=2000);
        let output = section.required("output", "AlarmOut_1");
        let let_go_after_ms = section.integer("let_go_after_ms", 0, 0..=5000);
        let timeout_ms = section.integer("timeout_ms", 900, 1..=2000);
        let (address, account) = device?;
        Some(Self {
            address,
            account,
            output,
            let_go_after_ms,
            timeout_ms,
            total_ms,
        })
    }

    pub(super) fn print(&self, printer: &mut Printer) {
        printer.value("address", self.address.to_string());
        printer.value("output", self.output.as_str());
        onvif_device::show(printer, self.account.as_ref());
        printer.value("let_go_after_ms", self.let_go_after_ms);
        printer.value("timeout_ms", self.timeout_ms);
        printer.value("total_ms", self.total_ms);
    }
}
