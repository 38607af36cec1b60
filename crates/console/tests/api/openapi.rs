//! The API's document: it is the committed one, and no page of it breaks on nonsense.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Gate;

/// Values that stand where others are asked for.
const ODD: [&str; 9] = [
    "",
    "0",
    "-1",
    "9223372036854775808",
    "x",
    "%00",
    "é\u{202e}车",
    "null",
    "2026-13-45T99:99:99Z",
];

#[test]
fn the_document_of_the_api_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = console::openapi();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept == now,
        "the API has changed: look at what UPDATE_GOLDEN=1 makes of openapi.json, and commit it"
    );
}

#[tokio::test]
async fn no_page_breaks_on_malformed_input() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    gate.truck("苏A12345", true).await;
    let document: Value = serde_json::from_str(&console::openapi()).unwrap();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, page) in methods.as_object().unwrap() {
            // These end the session, or go on for ever.
            if path == "/api/events" || (path == "/api/session" && method == "delete") {
                continue;
            }
            for (address, body) in requests(path, page, &document) {
                let method: Method = method.to_uppercase().parse().unwrap();
                let request = installer.request(method.clone(), &address);
                let request = request
                    .header("content-type", "application/json")
                    .body(body.clone());
                let status = request.send().await.unwrap().status();
                assert!(status.as_u16() < 500, "{status} {method} {address} {body}");
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked} requests are too few");
}

/// Each parameter and each field odd in turn, the others as they may be.
fn requests(path: &str, page: &Value, document: &Value) -> Vec<(String, String)> {
    let parameters = page["parameters"].as_array().cloned().unwrap_or_default();
    let of = |place: &str| -> Vec<String> {
        let all = parameters.iter().filter(|p| p["in"] == place);
        all.map(|p| p["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (in_path, in_query) = (of("path"), of("query"));
    let filled = |odd: Option<(&str, &str)>| {
        let mut address = path.to_owned();
        for name in &in_path {
            let value = odd
                .filter(|(wanted, _)| wanted == name)
                .map_or("1", |(_, odd)| odd);
            address = address.replace(&format!("{{{name}}}"), value);
        }
        address
    };
    let schema = page["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let fields: Vec<String> = schema
        .and_then(|schema| document.pointer(schema.trim_start_matches('#')))
        .and_then(|schema| schema["properties"].as_object())
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default();
    let body = |odd: Option<(&str, Value)>| {
        let usual = fields.iter().map(|field| (field.clone(), json!("1")));
        let mut all: serde_json::Map<String, Value> = usual.collect();
        if let Some((field, value)) = odd {
            all.insert(field.to_owned(), value);
        }
        Value::Object(all).to_string()
    };
    let mut requests = vec![
        (filled(None), body(None)),
        (filled(None), "\u{0}".to_owned()),
    ];
    for odd in ODD {
        for name in &in_path {
            requests.push((filled(Some((name.as_str(), odd))), body(None)));
        }
        for name in &in_query {
            requests.push((format!("{}?{name}={odd}", filled(None)), body(None)));
        }
        for field in &fields {
            requests.push((filled(None), body(Some((field.as_str(), json!(odd))))));
        }
    }
    for odd in [
        json!(null),
        json!(-1),
        json!(1e300),
        json!([[]]),
        json!({ "x": {} }),
        json!("x".repeat(9000)),
    ] {
        for field in &fields {
            requests.push((filled(None), body(Some((field.as_str(), odd.clone())))));
        }
    }
    requests
}
