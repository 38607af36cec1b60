//! Programs that use the API with a token.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Browser, Gate};

async fn token(manager: &Browser, name: &str, scope: &str, ends_on: Option<&str>) -> String {
    let told = json!({ "name": name, "scope": scope, "ends_on": ends_on });
    let made = manager.post("/api/programs", &told).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made: Value = made.json().await.unwrap();
    made["token"].as_str().unwrap().to_owned()
}

async fn asked(gate: &Gate, method: Method, path: &str, token: &str) -> StatusCode {
    let request = gate.browser().request(method, path).bearer_auth(token);
    request.send().await.unwrap().status()
}

async fn delete(browser: &Browser, path: &str) -> StatusCode {
    let request = browser.request(Method::DELETE, path);
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_with_its_token_until_it_is_ended_and_changes_nothing() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let erp = token(&installer, "ERP", "records", None).await;
    assert!(
        erp.starts_with("menjin_"),
        "it is known where it lies about"
    );
    for path in ["/api/passages", "/api/lanes", "/api/figures", "/api/alarms"] {
        assert_eq!(
            asked(&gate, Method::GET, path, &erp).await,
            StatusCode::OK,
            "{path}"
        );
    }
    for (method, path) in [
        (Method::GET, "/api/people"),
        (Method::GET, "/api/programs"),
        (Method::POST, "/api/programs"),
        (Method::POST, "/api/lanes/north-in/lift"),
        (Method::POST, "/api/read"),
        (Method::DELETE, "/api/session"),
    ] {
        let status = asked(&gate, method.clone(), path, &erp).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    assert_eq!(gate.raised(), 0);
    let seen: Value = installer.json("/api/programs").await;
    let seen = &seen["programs"][0];
    assert_eq!(seen["name"], "ERP");
    assert_eq!(seen["made_by"], "installer");
    assert!(seen["used_at"].is_string(), "{seen}");
    assert!(!seen.to_string().contains(&erp), "shown once");
    let again = json!({ "name": "ERP", "scope": "records" });
    let again = installer.post("/api/programs", &again).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);

    // It is there after a restart, and gone once it is ended.
    let gate = gate.restarted().await;
    let installer = gate.signed_in("installer").await;
    assert_eq!(
        asked(&gate, Method::GET, "/api/lanes", &erp).await,
        StatusCode::OK
    );
    let ended = delete(&installer, "/api/programs/ERP").await;
    assert_eq!(ended, StatusCode::NO_CONTENT);
    for gone in [erp.as_str(), "menjin_0123", ""] {
        let status = asked(&gate, Method::GET, "/api/lanes", gone).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{gone:?}");
    }
    let ended = delete(&installer, "/api/programs/ERP").await;
    assert_eq!(ended, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_last_day_and_only_who_manages_gives_one() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let over = token(&installer, "over", "records", Some("2020-01-01")).await;
    let status = asked(&gate, Method::GET, "/api/lanes", &over).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let eyes = token(&installer, "eyes", "pictures", Some("2999-12-31")).await;
    let status = asked(&gate, Method::GET, "/api/passages", &eyes).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // It may; there are no models in this test.
    let status = asked(&gate, Method::POST, "/api/read", &eyes).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let guard = gate.somebody(&installer, "guard").await;
    let told = json!({ "name": "x", "scope": "records" });
    let refused = guard.post("/api/programs", &told).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    for wrong in [
        json!({ "name": "x", "scope": "nothing" }),
        json!({ "name": "x", "scope": "everything" }),
        json!({ "name": "", "scope": "records" }),
        json!({ "name": "a\u{202e}b", "scope": "records" }),
    ] {
        let refused = installer.post("/api/programs", &wrong).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
}
