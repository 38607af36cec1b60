//! Doors for the targets in `fuzz/`: what a platform says, without a network between. They are
//! compiled with `--cfg fuzzing` alone.

use jiff::tz::TimeZone;
use ledger::NewDownlink;
use serde_json::{Map, Value};

pub use crate::platform::{AnswerHeard, Ear};
use crate::{Adapter, DownlinkKind, Failure, FtpSettings, PlatformSettings};

/// What an FTP server says from its welcome on, up to the port for a file.
///
/// # Errors
/// As a delivery would fail.
pub async fn ftp(server: &FtpSettings, replies: &[u8]) -> Result<u16, Failure> {
    crate::ftp::port_for_a_file(server, replies).await
}

/// One entry of a list under our names; `None` when the adapter fetches no such list.
#[must_use]
pub fn understood(
    adapter: &Adapter,
    kind: DownlinkKind,
    zone: &TimeZone,
    raw: Value,
) -> Option<NewDownlink> {
    let (_, list) = adapter.downlink.all().find(|(known, _)| *known == kind)?;
    Some(crate::platform::understood(adapter, list, zone, raw))
}

/// Every request that the adapter knows, made of these facts: its bytes, or why the platform would
/// not take it.
#[must_use]
pub fn requests(
    settings: &PlatformSettings,
    adapter: &Adapter,
    facts: &Map<String, Value>,
) -> Vec<Result<Vec<u8>, String>> {
    crate::platform::requests(settings, adapter, facts)
}
