//! What the dashboard and the alert rules ask for is measured.

use std::collections::BTreeSet;
use std::path::Path;

use crate::sources;

/// Names of metrics in a text, without `menjin_` and without what a histogram adds.
fn named(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let names = text.split("menjin_").skip(1);
    names
        .map(|rest| {
            let name: String = rest.chars().take_while(|c| is_part(*c)).collect();
            name.trim_end_matches("_bucket").to_owned()
        })
        .collect()
}

#[test]
fn every_metric_of_the_dashboard_and_the_alert_rules_exists() {
    let status: Vec<_> = sources::all()
        .into_iter()
        .filter(|source| source.of == "status")
        .collect();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
    for file in ["grafana-menjin.json", "prometheus-alerts.yml"] {
        let text = std::fs::read_to_string(config.join(file)).expect("there");
        let asked = named(&text);
        assert!(asked.len() > 5, "{file}: {asked:?}");
        for name in asked {
            let literal = format!("\"{name}\"");
            let measured = status.iter().any(|source| source.text.contains(&literal));
            assert!(
                measured,
                "{file} asks for menjin_{name}, which nothing measures"
            );
        }
    }
}
