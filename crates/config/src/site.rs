//! What belongs to the site as a whole.

use std::time::Duration;

use jiff::tz::TimeZone;
use settings::{Printer, Section};
use words::{Key, Said};

const CLOCKS: [(&str, bool); 2] = [("check", false), ("assume_synchronized", true)];

/// `[site]`.
#[derive(Debug, Clone)]
pub struct SiteIdentity {
    /// Name of the enterprise.
    pub name: String,
    /// Enterprise code that the regulator gave; also the first part of every serial number.
    pub code: String,
    /// Its time zone.
    pub zone: TimeZone,
    /// What the zone is called.
    pub zone_name: String,
    /// The operating system is not asked whether its clock is right.
    pub clock_assumed: bool,
}

impl SiteIdentity {
    pub(crate) fn read(section: &Section) -> Self {
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

    pub(crate) fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name.as_str());
        printer.value("code", self.code.as_str());
        printer.value("time_zone", self.zone_name.as_str());
        printer.word("clock", &CLOCKS, &self.clock_assumed);
    }

    /// What a platform goes by where it sets nothing else.
    pub(crate) fn as_platform(&self) -> sync::PlatformSettings {
        sync::PlatformSettings {
            enterprise_code: Some(self.code.clone()),
            enterprise_name: Some(self.name.clone()),
            time_zone: self.zone_name.clone(),
            ..sync::PlatformSettings::default()
        }
    }
}

/// `[upload] unfinished_after`.
pub(crate) fn unfinished_after(section: &Section) -> Duration {
    section.length_up_to(
        "unfinished_after",
        Duration::from_secs(60),
        ledger::MAX_DELAY,
    )
}
