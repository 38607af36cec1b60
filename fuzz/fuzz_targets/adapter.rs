//! An adapter file: its mistakes are told within bounds, and one that is taken can speak, whatever is
//! known of a passage.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use passage::{ITEMS, ItemKind};
use serde_json::{Map, Value, json};
use sync::{Adapter, PlatformSettings, Secret};

thread_local! {
    static SITE: OnceCell<(PlatformSettings, Map<String, Value>)> = const { OnceCell::new() };
}

fuzz_target!(|text: &str| {
    let Ok(table) = text.parse::<toml::Table>() else {
        return;
    };
    match Adapter::from_table(table) {
        Ok(adapter) => SITE.with(|site| {
            let (settings, facts) = site.get_or_init(site_of_a_test);
            for request in sync::fuzzing::requests(settings, &adapter, facts) {
                if let Err(words) = request {
                    assert!(!words.contains(settings.secret.expose()), "{words}");
                }
            }
            let _ = settings.problems(&adapter);
            let _ = settings.takes(&adapter);
        }),
        Err(problems) => {
            assert!(!problems.is_empty());
            let told: usize = problems.iter().map(|p| p.to_string().len()).sum();
            assert!(
                told < 100_000 + 1000 * text.len(),
                "{told} bytes of mistakes"
            );
        }
    }
});

fn site_of_a_test() -> (PlatformSettings, Map<String, Value>) {
    let settings = PlatformSettings {
        base_url: "http://192.0.2.1/api".to_owned(),
        enterprise_code: Some("530100000001".to_owned()),
        user: "menjin".to_owned(),
        secret: Secret::new("geheim-26"),
        ..PlatformSettings::default()
    };
    let facts = ITEMS.iter().map(|item| {
        let value = match item.kind {
            ItemKind::Time => json!("2026-03-01T08:30:00Z"),
            ItemKind::Day => json!("2026-03-01"),
            ItemKind::Number => json!(49.02),
            ItemKind::Flag => json!(true),
            ItemKind::Text | ItemKind::Word | ItemKind::Photo | ItemKind::Local => json!("in"),
        };
        (item.name.to_owned(), value)
    });
    (settings, facts.collect())
}
