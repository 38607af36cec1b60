//! Screens at the gate, which nobody signs in at.

use std::sync::Arc;
use std::time::Duration;

use console::ConsoleSettings;
use gate::Notice;
use jiff::Timestamp;
use ledger::NewDownlink;
use passage::{Register, Verdict};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Browser, Gate};

/// With these keys under `[console.screens]`.
fn settings(keys: &str) -> ConsoleSettings {
    let text = format!("[console.screens]\n{keys}");
    let document = settings::Document::parse(&text).unwrap();
    let read = document.read(std::path::Path::new("/"), |root| {
        root.table("console", ConsoleSettings::read)
    });
    read.unwrap()
}

fn notice(lane: &str, plate: &str) -> Arc<Notice> {
    Arc::new(Notice {
        verdict: Verdict::Deny,
        alarm: false,
        plate: plate.to_owned(),
        color: "yellow".to_owned(),
        emission: "国四".to_owned(),
        decision: "禁止通行".to_owned(),
        reason: "在禁行名单上".to_owned(),
        time: "07:05".to_owned(),
        lane: lane.to_owned(),
    })
}

/// A screen that looks.
struct Screen {
    answer: reqwest::Response,
    text: String,
}

impl Screen {
    async fn of(browser: &Browser, lane: &str) -> Self {
        let path = format!("/api/screens/{lane}/events");
        let answer = browser.bare(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let text = String::new();
        Self { answer, text }
    }

    async fn next(&mut self) -> Value {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data:"));
                let data = data.map(|data| serde_json::from_str(data).unwrap());
                self.text = rest.to_owned();
                if let Some(data) = data {
                    return data;
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(60), self.answer.chunk()).await;
            let chunk = chunk.expect("an event comes").unwrap().expect("it goes on");
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }
}

#[tokio::test]
async fn screens_are_there_only_where_the_site_says_so_and_show_nothing_else() {
    let gate = Gate::new().await;
    let nobody = gate.browser();
    for path in ["/api/board", "/api/screens/north-in/events"] {
        let answer = nobody.bare(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // The web app answers, as for any path of its own.
    let page = nobody
        .bare(Method::GET, "/display/north-in")
        .send()
        .await
        .unwrap();
    assert!(!page.text().await.unwrap().contains("/screen/display.js"));

    let gate = Gate::set(settings("public = true")).await;
    let nobody = gate.browser();
    for (path, part) in [
        ("/display/north-in", "/screen/display.js"),
        ("/board", "/screen/board.js"),
        ("/screen/screen.css", "--allow"),
    ] {
        let page = nobody.bare(Method::GET, path).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        assert!(page.headers().contains_key("content-security-policy"));
        assert!(page.text().await.unwrap().contains(part), "{path}");
    }
    let unknown = "/api/screens/no-such-lane/events";
    let answer = nobody.bare(Method::GET, unknown).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    for closed in ["/api/lanes", "/api/passages", "/api/health", "/api/tasks"] {
        let answer = nobody.bare(Method::GET, closed).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{closed}");
    }
}

#[tokio::test]
async fn a_decision_stands_on_its_lane_s_screen_with_all_six_items_and_goes_after_a_while() {
    let gate = Gate::set(settings("public = true\nkeep = \"6s\"")).await;
    let mut screen = Screen::of(&gate.browser(), "north-in").await;
    let first = screen.next().await;
    assert_eq!(first["decision"], Value::Null);
    assert_eq!(first["control"]["text"], "未启动管控");
    gate.notices.send(notice("south-in", "冀B22222")).unwrap();
    gate.notices.send(notice("north-in", "冀A12345")).unwrap();
    let shown = screen.next().await;
    let decision = &shown["decision"];
    for (item, value) in [
        ("plate", "冀A12345"),
        ("emission", "国四"),
        ("text", "禁止通行"),
        ("verdict", "deny"),
        ("time", "07:05"),
        ("reason", "在禁行名单上"),
    ] {
        assert_eq!(decision[item], value);
    }
    assert!(decision["left_ms"].as_u64().unwrap() <= 6000);
    // A screen that comes now sees it too, and one that comes later does not.
    assert_eq!(
        Screen::of(&gate.browser(), "north-in").await.next().await["decision"]["plate"],
        "冀A12345"
    );
    // It is told anew every five seconds.
    while screen.next().await["decision"] != Value::Null {}
}

#[tokio::test]
async fn screens_do_not_use_up_the_gate() {
    let gate = Gate::set(settings("public = true")).await;
    let browser = gate.browser();
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(Screen::of(&browser, "north-in").await);
    }
    let path = "/api/screens/north-in/events";
    let answer = browser.bare(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_board_tells_the_enterprise_its_persons_and_what_is_in_force() {
    let keys = "public = true\npersons = [\"环保值班：李四 0311-1234567\"]\n\
                [console.screens.orange]\nvehicles = \"国四及以下禁行\"\nmachinery = \"停用国二\"";
    let gate = Gate::set(settings(keys)).await;
    let enterprise = json!({ "enterpriseName": "某某钢铁有限公司", "contactName": "王五" });
    gate.record(Register::Enterprise, "1", enterprise).await;
    let entries = vec![NewDownlink {
        platform_id: "1".to_owned(),
        sha256: "1".to_owned(),
        raw: Value::Null,
        parsed: json!({"warningLevel": "orange", "responseLevel": "II", "measures": "减少运输",
            "startTime": "2026-01-01T00:00:00Z", "endTime": "2999-01-01T00:00:00Z"}),
    }];
    let now = Timestamp::now();
    let kept = gate
        .ledger
        .write(move |writer| writer.keep_downlinks("p", "strategy", &entries, now));
    kept.await.unwrap();
    let answer = gate
        .browser()
        .bare(Method::GET, "/api/board")
        .send()
        .await
        .unwrap();
    let board: Value = answer.json().await.unwrap();
    assert_eq!(board["control"]["text"], "橙色预警 Ⅱ级响应");
    let facts = board["facts"].to_string();
    for fact in ["某某钢铁有限公司", "王五", "环保值班", "李四 0311-1234567"] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    let measures = board["measures"].to_string();
    for measure in ["国四及以下禁行", "停用国二", "减少运输"] {
        assert!(measures.contains(measure), "{measure}: {measures}");
    }
}
