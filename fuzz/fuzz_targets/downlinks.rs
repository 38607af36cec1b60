//! An entry of a list that a platform sends down, by its first byte one of three kinds: what was
//! understood once is understood the same when the ledger is read.
#![no_main]

use std::cell::OnceCell;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sync::{Adapter, DownlinkKind, over_limit_notice};

const ADAPTERS: [&str; 2] = [
    include_str!("../../config/regulators/yunnan.toml"),
    include_str!("../../config/regulators/bearer-english.toml"),
];

thread_local! {
    static KNOWN: OnceCell<(TimeZone, Vec<Adapter>)> = const { OnceCell::new() };
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(raw) = serde_json::from_slice::<Value>(rest) else {
        return;
    };
    KNOWN.with(|known| {
        let (zone, adapters) = known.get_or_init(|| {
            let read = |text: &&str| {
                text.parse()
                    .map(Adapter::from_table)
                    .expect("TOML")
                    .expect("fine")
            };
            (
                TimeZone::get("Asia/Shanghai").expect("known"),
                ADAPTERS.iter().map(read).collect(),
            )
        });
        let adapter = &adapters[usize::from(first >> 7)];
        let kind = DownlinkKind::ALL[usize::from(*first) % DownlinkKind::ALL.len()];
        let Some(entry) = sync::fuzzing::understood(adapter, kind, zone, raw.clone()) else {
            return;
        };
        assert_eq!(entry.raw, raw);
        assert!(entry.platform_id.chars().count() <= 200 && entry.sha256.len() == 64);
        let again = sync::fuzzing::understood(adapter, kind, zone, raw).expect("the same list");
        assert_eq!(
            (&again.parsed, &again.platform_id),
            (&entry.parsed, &entry.platform_id)
        );
        if let Some(notice) = over_limit_notice(&entry.parsed, zone) {
            let stored = serde_json::to_string(&entry.parsed).expect("JSON");
            let stored: Value = serde_json::from_str(&stored).expect("JSON");
            assert_eq!(over_limit_notice(&stored, zone), Some(notice));
        }
    });
});
