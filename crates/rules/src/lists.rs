//! Vehicles that platforms hold over the limit.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{DownlinkView, Reader};
use passage::ListKind;
use policy::{Age, List, OverLimitNotice, over_limit_now};
use sync::DownlinkKind;

/// A platform that sends lists of over-limit vehicles.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Its name in the ledger.
    pub platform: String,
    /// Where its clocks stand.
    pub zone: TimeZone,
}

/// When each platform's list was last fetched whole.
pub(crate) type Fetches = Vec<(String, Timestamp)>;

pub(crate) fn fetches(reader: &Reader) -> ledger::Result<Fetches> {
    reader.downlink_fetches(DownlinkKind::OverLimit.as_str())
}

/// The lists of all platforms.
pub(crate) fn lists(
    reader: &Reader,
    platforms: &[Listing],
    fetches: &Fetches,
) -> ledger::Result<Vec<List>> {
    let entries = reader.downlinks(DownlinkKind::OverLimit.as_str())?;
    let lists = platforms.iter().map(|listing| {
        let name = &listing.platform;
        let fetched = fetches.iter().find(|(platform, _)| platform == name);
        let age = fetched.map_or(Age::Never, |(_, at)| Age::AsOf(*at));
        let own = entries.iter().filter(|entry| entry.platform == *name);
        let said = own.filter_map(|entry| notice(entry, &listing.zone));
        List::new(ListKind::Deny, name, age, over_limit_now(said))
    });
    Ok(lists.collect())
}

fn notice(entry: &DownlinkView, zone: &TimeZone) -> Option<OverLimitNotice> {
    let notice = sync::over_limit_notice(&entry.parsed, zone);
    if notice.is_none() {
        tracing::warn!(
            platform = entry.platform,
            id = entry.id,
            "an over-limit entry names no plate and no VIN"
        );
    }
    let meant = notice.as_ref().and_then(|n| n.plate.perhaps_meant());
    if let (Some(notice), Some(meant)) = (&notice, meant) {
        let (plate, platform) = (&notice.plate, &entry.platform);
        tracing::warn!(%plate, %meant, platform, id = entry.id, "an over-limit entry names a plate that does not occur and matches nobody; ask the platform");
    }
    notice
}
