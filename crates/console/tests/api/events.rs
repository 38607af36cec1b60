//! What happens, told to open pages.

use std::time::Duration;

use futures::StreamExt as _;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Browser, Gate};

/// A page that listens.
struct Page {
    answer: Response,
    text: String,
}

impl Page {
    async fn of(browser: &Browser, last: Option<&str>) -> Self {
        let mut request = browser.bare(Method::GET, "/api/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let text = String::new();
        Self { answer, text }
    }

    /// The next event about passages, or the word to look at everything again: name, id and data.
    async fn next(&mut self) -> (String, String, Value) {
        self.next_of(&["passage", "resync"]).await
    }

    async fn next_of(&mut self, wanted: &[&str]) -> (String, String, Value) {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let of = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let told = (of("event:"), of("id:"), of("data:"));
                self.text = rest.to_owned();
                if wanted.contains(&told.0.as_str()) {
                    return (told.0, told.1, serde_json::from_str(&told.2).unwrap());
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(60), self.answer.chunk()).await;
            let chunk = chunk.expect("an event comes").unwrap().expect("it goes on");
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }
}

#[tokio::test]
async fn a_page_hears_what_happens_and_after_a_break_and_a_restart_what_it_missed() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let mut page = Page::of(&installer, None).await;
    let id = gate.truck("苏A1234S", false).await;
    let (event, first, data) = page.next().await;
    assert_eq!(event, "passage");
    let decided = json!({ "id": id.0, "what": "decided", "lane": "north-in", "task": "doubtful" });
    assert_eq!(data, decided);
    drop(page);
    // Meanwhile:
    let told = json!({ "plate": "苏A12345", "color": "blue", "why": "x", "base": 0 });
    let path = format!("/api/passages/{id}/corrections");
    assert_eq!(installer.post(&path, &told).await.status(), StatusCode::OK);
    let second = gate.truck("苏A99999", true).await;
    let gate = gate.restarted().await;
    let mut later = gate.browser();
    later.cookie = installer.cookie;
    let mut page = Page::of(&later, Some(&first)).await;
    let (_, _, data) = page.next().await;
    let corrected = json!({ "id": id.0, "what": "corrected", "lane": "north-in", "task": null });
    assert_eq!(data, corrected, "two items of one correction are one event");
    let (_, last, data) = page.next().await;
    assert_eq!(
        (&data["id"], &data["what"]),
        (&json!(second.0), &json!("decided"))
    );
    // It goes on with what happens now, each thing once.
    let third = gate.truck("苏A77777", true).await;
    let (_, now, data) = page.next().await;
    assert_eq!(data["id"], third.0);
    assert!(now.parse::<i64>().unwrap() > last.parse::<i64>().unwrap());
}

#[tokio::test]
async fn a_page_that_was_away_too_long_or_says_nonsense_looks_at_everything_again() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    gate.truck("苏A12345", true).await;
    for last in ["nonsense", "999999", "-5", "9223372036854775807"] {
        let mut page = Page::of(&installer, Some(last)).await;
        assert_eq!(page.next().await.0, "resync", "{last}");
    }
}

#[tokio::test]
async fn a_page_is_told_to_look_when_how_all_is_has_changed() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let mut page = Page::of(&installer, None).await;
    assert_eq!(installer.json("/api/health").await["clock_trusted"], false);
    gate.status.set_clock_trusted(true);
    page.next_of(&["health"]).await;
    assert_eq!(installer.json("/api/health").await["clock_trusted"], true);
}

#[tokio::test]
async fn pages_that_listen_are_counted_and_the_others_are_still_answered() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let mut pages = Vec::new();
    for _ in 0..48 {
        pages.push(Page::of(&installer, None).await);
    }
    let one_more = installer.get("/api/events").await;
    assert_eq!(one_more.status(), StatusCode::TOO_MANY_REQUESTS);
    installer.json("/api/tasks").await;
    drop(pages);
    let mut tries = futures::stream::repeat(()).take(600);
    while tries.next().await.is_some() {
        if installer.get("/api/events").await.status() == StatusCode::OK {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("a seat that was left is not given again");
}
