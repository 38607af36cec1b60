//! Signing in and out.

use std::time::Duration;

use console::ConsoleSettings;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Gate, PASSWORD, refused};

#[tokio::test]
async fn the_first_account_is_made_on_the_gates_own_computer_and_only_once() {
    let gate = Gate::new().await;
    let session = gate.browser().json("/api/session").await;
    assert_eq!(session["user"], Value::Null);
    assert_eq!(session["setup_needed"], true);
    assert_eq!(session["code_needed"], false);
    assert_eq!(
        session["site"],
        json!({ "has_video": false, "name": "测试厂", "zone": "Asia/Shanghai" })
    );
    let installer = gate.installer().await;
    let session = installer.json("/api/session").await;
    assert_eq!(session["user"], "installer");
    assert_eq!(session["role"], "installer");
    assert_eq!(session["setup_needed"], false);
    let told = json!({ "name": "another", "password": PASSWORD });
    let again = gate.browser().post("/api/setup", &told).await;
    assert_eq!(refused(again).await, (409, "conflict".to_owned()));
}

#[tokio::test]
async fn whoever_comes_through_a_proxy_or_by_another_name_needs_the_code() {
    let gate = Gate::new().await;
    let browser = gate.browser();
    for (name, value) in [
        ("x-forwarded-for", "192.0.2.7"),
        ("forwarded", "for=192.0.2.7"),
        ("host", "evil.example"),
    ] {
        let told = json!({ "name": "x", "password": PASSWORD });
        let request = browser.bare(Method::POST, "/api/setup").json(&told);
        let request = request.header("x-menjin", "1").header(name, value);
        let request = request.header("sec-fetch-site", "same-origin");
        let answer = request.send().await.unwrap();
        assert_eq!(refused(answer).await, (401, "wrong".to_owned()), "{name}");
    }
    let told = json!({ "name": "x", "password": PASSWORD, "code": gate.code });
    let request = browser.request(Method::POST, "/api/setup").json(&told);
    let request = request.header("x-forwarded-for", "192.0.2.7");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
}

#[tokio::test]
async fn the_printed_code_lets_somebody_in_once_and_ends_with_the_first_account() {
    let gate = Gate::new().await;
    let mut browser = gate.browser();
    let wrong = json!({ "code": "AAAAA-AAAAA" });
    let answer = browser.post("/api/session/code", &wrong).await;
    assert_eq!(refused(answer).await, (401, "wrong".to_owned()));
    let right = json!({ "code": gate.code.clone().unwrap() });
    let answer = browser.post("/api/session/code", &right).await;
    assert_eq!(answer.status(), StatusCode::OK);
    browser.keep_cookie(&answer);
    let again = gate.browser().post("/api/session/code", &right).await;
    assert_eq!(refused(again).await, (401, "wrong".to_owned()));
    assert_eq!(browser.json("/api/session").await["role"], "installer");
    let told = json!({ "name": "li", "role": "installer", "password": PASSWORD });
    let made = browser.post("/api/people", &told).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    assert_eq!(refused(browser.get("/api/people").await).await.0, 401);
    let gate = gate.restarted().await;
    assert_eq!(gate.code, None, "there are accounts");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_the_same_and_guesses_have_to_wait() {
    let gate = Gate::new().await;
    let _installer = gate.installer().await;
    let browser = gate.browser();
    let mut told = Vec::new();
    for name in ["installer", "nobody"] {
        let answer = browser.sign_in(name, "not this one").await;
        assert_eq!(answer.headers().get("set-cookie"), None);
        told.push(answer.text().await.unwrap());
    }
    assert_eq!(told[0], told[1]);
    let mut answer = browser.sign_in("installer", "not this one").await;
    for _ in 0..30 {
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        answer = browser.sign_in("installer", "not this one").await;
    }
    // Also with the right one.
    let right = browser.sign_in("installer", PASSWORD).await;
    assert_eq!(refused(right).await, (429, "wait".to_owned()));
    let wait = answer.headers()["retry-after"].to_str().unwrap().to_owned();
    assert_eq!(refused(answer).await, (429, "wait".to_owned()));
    assert!(wait.parse::<u64>().unwrap() >= 1, "{wait}");
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_its_token_is_of_no_use_then() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let other = gate.signed_in("installer").await;
    let answer = installer.request(Method::DELETE, "/api/session");
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(
        answer.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(
        refused(installer.get("/api/tasks").await).await,
        (401, "not_signed_in".to_owned())
    );
    other.json("/api/tasks").await;
}

#[tokio::test]
async fn a_session_survives_a_restart_and_only_the_hash_of_its_token_is_kept() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let token = installer.cookie.clone().unwrap();
    let token = token.split_once('=').unwrap().1.to_owned();
    let gate = gate.restarted().await;
    let mut after = gate.browser();
    after.cookie = installer.cookie;
    assert_eq!(after.json("/api/session").await["user"], "installer");
    let file = std::fs::read(gate.data.path().join("console.sqlite3")).unwrap();
    let holds = |text: &[u8]| file.windows(text.len()).any(|part| part == text);
    let raw: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&token[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    assert!(!holds(token.as_bytes()) && !holds(&raw) && !holds(PASSWORD.as_bytes()));
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_although_its_page_is_open() {
    let gate = Gate::set(ConsoleSettings {
        idle: Duration::from_secs(2),
        ..ConsoleSettings::default()
    })
    .await;
    let installer = gate.installer().await;
    let mut looks = 0;
    // What a page fetches by itself does not count.
    while installer.get("/api/tasks").await.status() == StatusCode::OK {
        looks += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(looks < 600, "it goes on and on");
    }
    assert_eq!(refused(installer.get("/api/tasks").await).await.0, 401);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_one_that_is_over_can_not_sign_in() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    guard.json("/api/tasks").await;
    let off = json!({ "role": "guard", "disabled": true });
    let changed = installer.send(Method::PUT, "/api/people/guard", &off).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(refused(guard.get("/api/tasks").await).await.0, 401);
    let answer = gate.browser().sign_in("guard", PASSWORD).await;
    assert_eq!(refused(answer).await, (401, "wrong".to_owned()));
    let over = json!({ "name": "inspector", "role": "inspector", "password": PASSWORD,
                       "ends_on": "2026-01-31" });
    let made = installer.post("/api/people", &over).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let answer = gate.browser().sign_in("inspector", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let told = answer.text().await.unwrap();
    assert!(told.contains("until 2026-01-31"), "{told}");
    // Without the password nobody learns that there was such an account.
    let answer = gate
        .browser()
        .sign_in("inspector", "a wrong password")
        .await;
    assert!(!answer.text().await.unwrap().contains("2026-01-31"));
}

#[tokio::test]
async fn an_own_new_password_ends_the_other_sessions() {
    let gate = Gate::new().await;
    let mut installer = gate.installer().await;
    let other = gate.signed_in("installer").await;
    let told = json!({ "password": "wrong one", "new_password": "another password" });
    let answer = installer.send(Method::PUT, "/api/session", &told).await;
    assert_eq!(refused(answer).await, (401, "wrong".to_owned()));
    let told = json!({ "password": PASSWORD, "new_password": "another password" });
    let answer = installer.send(Method::PUT, "/api/session", &told).await;
    assert_eq!(answer.status(), StatusCode::OK);
    installer.keep_cookie(&answer);
    installer.json("/api/tasks").await;
    assert_eq!(refused(other.get("/api/tasks").await).await.0, 401);
    assert_eq!(
        gate.browser().sign_in("installer", PASSWORD).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_manager_reads_who_came_who_was_refused_and_what_became_of_accounts() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let manager = gate.somebody(&installer, "manager").await;
    let guard = gate.somebody(&installer, "guard").await;
    let mut guesses = 0;
    while gate
        .browser()
        .sign_in("guard", "a wrong one")
        .await
        .status()
        != 429
    {
        guesses += 1;
        assert!(guesses < 12, "nobody is held off");
    }
    let change = json!({ "role": "manager", "password": "another password" });
    let changed = manager
        .send(Method::PUT, "/api/people/guard", &change)
        .await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_eq!(refused(guard.get("/api/tasks").await).await.0, 401);
    let told = json!({ "password": PASSWORD, "new_password": "yet another password" });
    let mut manager = manager;
    let answer = manager.send(Method::PUT, "/api/session", &told).await;
    assert_eq!(answer.status(), StatusCode::OK);
    manager.keep_cookie(&answer);

    let seen = manager.json("/api/sign-ins?name=guard").await;
    let lines = seen["lines"].as_array().unwrap();
    let what: Vec<_> = lines
        .iter()
        .rev()
        .map(|line| {
            (
                line["what"].as_str().unwrap(),
                line["who"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        vec![("account_added", "installer"), ("signed_in", "guard")],
        vec![("refused", "guard"); guesses],
        vec![
            ("held_off", "guard"),
            ("role_changed", "manager"),
            ("password_set", "manager"),
        ],
    ];
    assert_eq!(what, expected.concat());
    assert_eq!(lines[1]["detail"], "manager");
    assert_eq!(lines[1]["about"], "guard");
    assert_eq!(lines[2]["address"], "127.0.0.1", "{seen}");
    let all = manager.json("/api/sign-ins").await;
    assert_eq!(all["lines"][1]["what"], "password_changed");
    assert_eq!(all["next"], serde_json::Value::Null);
    assert!(!all.to_string().contains("password\""), "{all}");
}

#[tokio::test]
async fn guesses_of_the_own_old_password_have_to_wait_and_end_no_session() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let told = json!({ "password": "wrong one", "new_password": "another password" });
    let mut guesses = 0;
    loop {
        let answer = installer.send(Method::PUT, "/api/session", &told).await;
        match refused(answer).await.0 {
            429 => break,
            code => assert_eq!(code, 401),
        }
        guesses += 1;
        assert!(guesses < 12, "nobody is held off");
    }
    installer.json("/api/tasks").await;
    let short = json!({ "password": PASSWORD, "new_password": "short" });
    let answer = installer.send(Method::PUT, "/api/session", &short).await;
    assert_eq!(refused(answer).await, (400, "invalid".to_owned()));
}
