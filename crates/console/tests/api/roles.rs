//! Each role is refused what is not theirs, page by page.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Gate, PASSWORD, refused};

const ROLES: [&str; 4] = ["guard", "manager", "installer", "inspector"];

const MANAGE: &[&str] = &["manager", "installer"];
const WORK: &[&str] = &["guard", "manager", "installer"];
const TAKE_AWAY: &[&str] = &["manager", "installer", "inspector"];

/// Who may use each page, written down once more: whoever is signed in may use what is not named here.
const MAY: [(&str, &str, &[&str]); 60] = [
    ("get", "/api/people", MANAGE),
    ("post", "/api/people", MANAGE),
    ("put", "/api/people/{name}", MANAGE),
    ("get", "/api/programs", MANAGE),
    ("post", "/api/programs", MANAGE),
    ("delete", "/api/programs/{name}", MANAGE),
    ("get", "/api/sign-ins", MANAGE),
    ("post", "/api/vehicles/{plate}/remarks", WORK),
    ("post", "/api/remarks/{id}/withdrawal", WORK),
    ("post", "/api/visits", WORK),
    ("get", "/api/visits/{id}/exits", WORK),
    ("post", "/api/visits/{id}/withdrawal", WORK),
    ("post", "/api/inside/stocktaking", WORK),
    ("get", "/api/handovers", WORK),
    ("post", "/api/handovers", WORK),
    ("get", "/api/handovers/draft", WORK),
    ("get", "/api/handovers/{id}", WORK),
    ("post", "/api/handovers/{id}/receipt", WORK),
    ("get", "/api/export", TAKE_AWAY),
    ("get", "/api/video/{lane}/export", TAKE_AWAY),
    ("post", "/api/passages/{id}/clips", WORK),
    ("post", "/api/lanes/{lane}/read", WORK),
    ("post", "/api/alarms/{id}/seen", WORK),
    ("post", "/api/lanes/{lane}/lift", WORK),
    ("post", "/api/lanes/{lane}/hold", WORK),
    ("post", "/api/lanes/{lane}/hold/end", WORK),
    ("post", "/api/passages/paper", WORK),
    ("post", "/api/passages/{id}/corrections", WORK),
    ("post", "/api/records/{register}", MANAGE),
    ("post", "/api/records/{register}/review", MANAGE),
    ("post", "/api/records/{register}/table", MANAGE),
    ("get", "/api/records/{register}/table", TAKE_AWAY),
    ("put", "/api/records/{register}/{key}/files/{item}", MANAGE),
    ("get", "/api/cameras", MANAGE),
    ("get", "/api/identity", MANAGE),
    ("put", "/api/identity", MANAGE),
    ("post", "/api/cameras", MANAGE),
    ("post", "/api/cameras/search", MANAGE),
    ("post", "/api/cameras/describe", MANAGE),
    ("post", "/api/cameras/picture", MANAGE),
    ("put", "/api/cameras/{lane}/region", MANAGE),
    ("get", "/api/cameras/{lane}/check", MANAGE),
    ("post", "/api/cameras/{lane}/check", MANAGE),
    ("post", "/api/restart", MANAGE),
    ("post", "/api/strategies", MANAGE),
    ("post", "/api/strategies/sent/{id}/rejection", MANAGE),
    ("post", "/api/strategies/{key}/end", MANAGE),
    ("post", "/api/visitors", MANAGE),
    ("post", "/api/visitors/{key}/end", MANAGE),
    ("post", "/api/over-limit/{id}/review", MANAGE),
    ("post", "/api/over-limit/{id}/review/evidence", MANAGE),
    ("post", "/api/policy/replay", MANAGE),
    ("get", "/api/inspections", TAKE_AWAY),
    ("post", "/api/inspections", TAKE_AWAY),
    ("get", "/api/inspections/{id}", TAKE_AWAY),
    ("post", "/api/inspections/{id}/draw", TAKE_AWAY),
    ("post", "/api/inspections/{id}/marks", TAKE_AWAY),
    ("get", "/api/inspections/{id}/sheets/{passage}", TAKE_AWAY),
    ("get", "/api/inspections/{id}/days", TAKE_AWAY),
    ("get", "/api/inspections/{id}/pack", TAKE_AWAY),
];
const ANYONE: [&str; 6] = [
    "/api/board",
    "/api/screens/{lane}/events",
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
            let own = |(m, p, _): &&(&str, &str, &[&str])| m == method && p == path;
            let may = MAY.iter().find(own).map_or(&ROLES[..], |(_, _, may)| may);
            for (role, browser) in &people {
                let method: Method = method.to_uppercase().parse().unwrap();
                let wanted = path.replace("{lane}", "north-in").replace("{id}", "1");
                let wanted = wanted
                    .replace("{name}", "x")
                    .replace("{passage}", "1")
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
