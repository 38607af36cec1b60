//! What belongs to the site as a whole.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::tz::TimeZone;
use settings::{Printer, Section};
use words::{Key, Said};

const CLOCKS: [(&str, bool); 2] = [("check", false), ("assume_synchronized", true)];

/// `[site]`.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) name: String,
    /// Enterprise code that the regulator gave; also the first part of every serial number.
    pub(crate) code: String,
    pub(crate) zone: TimeZone,
    pub(crate) zone_name: String,
    /// The operating system is not asked whether its clock is right.
    pub(crate) clock_assumed: bool,
}

impl Site {
    pub(super) fn read(section: &Section) -> Self {
        let zone_name = section.text_or("time_zone", "Asia/Shanghai");
        let zone = TimeZone::get(&zone_name).unwrap_or_else(|_| {
            let said = Said::with(Key::MistakeTimeZone, "text", &zone_name);
            section.problem("time_zone", said);
            TimeZone::UTC
        });
        Self {
            name: section.text_or("name", ""),
            code: section.text_or("code", ""),
            zone,
            zone_name,
            clock_assumed: section.one_of("clock", &CLOCKS, false),
        }
    }

    pub(super) fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name.as_str());
        printer.value("code", self.code.as_str());
        printer.value("time_zone", self.zone_name.as_str());
        printer.word("clock", &CLOCKS, &self.clock_assumed);
    }

    /// What a platform goes by where it sets nothing else.
    pub(super) fn as_platform(&self) -> sync::PlatformSettings {
        sync::PlatformSettings {
            enterprise_code: Some(self.code.clone()),
            enterprise_name: Some(self.name.clone()),
            time_zone: self.zone_name.clone(),
            ..sync::PlatformSettings::default()
        }
    }
}

/// `[status] listen`: where `/healthz` and `/metrics` are served.
pub(super) fn status_address(section: &Section) -> SocketAddr {
    let default = SocketAddr::from(([127, 0, 0, 1], 9180));
    let address = section.parsed("listen", Key::MistakeNotAnAddress);
    let address: SocketAddr = address.unwrap_or(default);
    if !address.ip().is_loopback() {
        section.problem("listen", Key::MistakeNotLoopback);
    }
    address
}

/// `[upload] unfinished_after`.
pub(super) fn unfinished_after(section: &Section) -> Duration {
    section.length_up_to(
        "unfinished_after",
        Duration::from_secs(60),
        ledger::MAX_DELAY,
    )
}
