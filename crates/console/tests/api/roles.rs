//! Each role is refused what is not theirs, page by page.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Gate, PASSWORD, refused};

const ROLES: [&str; 4] = ["guard", "manager", "installer", "inspector"];

/// Who may use each page, written down once more: nobody who is not named here.
const MAY: [(&str, &[&str]); 5] = [
    ("/api/people", &["manager", "installer"]),
    ("/api/people/{name}", &["manager", "installer"]),
    ("/api/export", &["manager", "installer", "inspector"]),
    ("/api/passages/paper", &["guard", "manager", "installer"]),
    (
        "/api/passages/{id}/corrections",
        &["guard", "manager", "installer"],
    ),
];
const ANYONE: [&str; 4] = [
    "/api/session",
    "/api/session/code",
    "/api/setup",
    "/api/words",
];

#[tokio::test]
async fn every_page_refuses_who_is_not_signed_in_and_each_role_that_may_not() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let mut people = vec![("nobody", gate.browser())];
    for role in ROLES {
        let browser = match role {
            "installer" => installer.clone(),
            _ => gate.somebody(&installer, role).await,
        };
        people.push((role, browser));
    }
    let document: Value = serde_json::from_str(&console::openapi()).unwrap();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let is_own = path == "/api/session" && method != "get" && method != "post";
            if ANYONE.contains(&path.as_str()) || is_own {
                continue;
            }
            let may = MAY.iter().find(|(known, _)| known == path);
            let may = may.map_or(&ROLES[..], |(_, may)| may);
            for (role, browser) in &people {
                let method: Method = method.to_uppercase().parse().unwrap();
                let wanted = path.replace("{lane}", "north-in").replace("{id}", "1");
                let wanted = wanted
                    .replace("{name}", "x")
                    .replace("{photo_id}", "head-0");
                let answer = browser
                    .request(method.clone(), &wanted)
                    .send()
                    .await
                    .unwrap();
                let status = answer.status();
                let hint = format!("{role} {method} {path}: {status}");
                match *role {
                    "nobody" => assert_eq!(status, StatusCode::UNAUTHORIZED, "{hint}"),
                    role if may.contains(&role) => {
                        assert_ne!(status, StatusCode::FORBIDDEN, "{hint}");
                        assert_ne!(status, StatusCode::UNAUTHORIZED, "{hint}");
                    }
                    _ => assert_eq!(status, StatusCode::FORBIDDEN, "{hint}"),
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 50, "the document was not found");
}

#[tokio::test]
async fn a_manager_makes_no_installer_and_changes_none_and_one_installer_always_stays() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let manager = gate.somebody(&installer, "manager").await;
    let told = json!({ "name": "x", "role": "installer", "password": PASSWORD });
    assert_eq!(
        refused(manager.post("/api/people", &told).await).await.0,
        403
    );
    let lower = json!({ "role": "guard" });
    let answer = manager.send(Method::PUT, "/api/people/installer", &lower);
    assert_eq!(refused(answer.await).await.0, 403);
    for change in [
        lower,
        json!({ "role": "installer", "disabled": true }),
        json!({ "role": "installer", "ends_on": "2999-01-01" }),
    ] {
        let answer = installer.send(Method::PUT, "/api/people/installer", &change);
        assert_eq!(refused(answer.await).await, (409, "conflict".to_owned()));
    }
    let endless = json!({ "name": "y", "role": "inspector", "password": PASSWORD });
    let answer = manager.post("/api/people", &endless).await;
    assert_eq!(refused(answer).await, (400, "invalid".to_owned()));
    let people = manager.json("/api/people").await;
    assert_eq!(people["people"].as_array().unwrap().len(), 2);
    assert!(!people.to_string().contains("argon2"));
}
