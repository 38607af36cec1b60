//! Programs that use the API, as its page tells them to.

use std::process::Command;
use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Daemon, Site, clip, free_port, project};

const MINUTE: Duration = Duration::from_secs(60);

/// The commands that the page shows.
fn commands() -> Vec<String> {
    let page = std::fs::read_to_string(project().join("docs/api.md")).expect("the page");
    let lines = page.lines().filter_map(|line| line.strip_prefix("    "));
    lines.map(str::to_owned).collect()
}

/// Somebody who set the console up with the code that the service printed.
struct Installer {
    base: String,
    cookie: String,
}

impl Installer {
    async fn of(daemon: &Daemon, base: &str) -> Self {
        let log = daemon.log();
        let line = log.lines().find(|line| line.contains("address=\"http"));
        let code = line.and_then(|line| line.split("code=\"").nth(1));
        let code = code.and_then(|rest| rest.split('"').next());
        let code = code.unwrap_or_else(|| panic!("a code in {log}"));
        let mut installer = Self {
            base: base.to_owned(),
            cookie: String::new(),
        };
        let account = json!({ "name": "installer", "password": "a long password" });
        for (path, told) in [
            ("/api/session/code", json!({ "code": code })),
            ("/api/setup", account),
        ] {
            let answer = installer.post(path, &told).await;
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            let set = answer.headers()["set-cookie"].to_str().expect("text");
            set.split(';')
                .next()
                .unwrap_or_default()
                .clone_into(&mut installer.cookie);
        }
        installer
    }

    async fn post(&self, path: &str, told: &Value) -> Response {
        let request = Client::new()
            .post(format!("{}{path}", self.base))
            .json(told);
        let request = request.header("x-menjin", "1").header("origin", &self.base);
        request
            .header("cookie", &self.cookie)
            .send()
            .await
            .expect("answers")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_page_says_what_programs_get() {
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let camera = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::new()
        .lane("a", "in", "front", &camera)
        .add(&format!("[console]\nlisten = \"127.0.0.1:{port}\"\n"));
    let mut daemon = site.start(&[]);
    daemon.until("a passage", 3 * MINUTE, |_| !site.passages().is_empty());
    let plate = site.passages()[0].reading.plate.clone();
    let installer = Installer::of(&daemon, &base).await;
    let mut tokens = Vec::new();
    for scope in ["records", "pictures"] {
        let told = json!({ "name": scope, "scope": scope });
        let made = installer.post("/api/programs", &told).await;
        let made: Value = made.json().await.expect("JSON");
        tokens.push(made["token"].as_str().expect("a token").to_owned());
    }
    let run = |command: &str| {
        let out = Command::new("bash")
            .args(["-c", command])
            .current_dir(project())
            .env("MENJIN", &base)
            .env("TOKEN", &tokens[0])
            .env("EYES", &tokens[1])
            .output();
        String::from_utf8(out.expect("bash runs").stdout).expect("text")
    };
    let answers: Vec<String> = commands().iter().map(|command| run(command)).collect();
    let [passages, vehicle, inside, table, picture] = &answers[..] else {
        panic!("{answers:?}");
    };
    let json =
        |text: &str| -> Value { serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}")) };
    assert_eq!(json(passages)["passages"][0]["plate"], plate.as_str());
    assert!(json(vehicle).get("error").is_none(), "{vehicle}");
    assert!(json(inside).get("error").is_none(), "{inside}");
    assert!(table.contains(&plate), "{table}");
    let picture = json(picture);
    let read = &picture["plates"][0];
    let truth =
        std::fs::read_to_string(project().join("testdata/images/truth.csv")).expect("truth");
    let row = truth
        .lines()
        .find(|row| row.contains("full-blue-day"))
        .expect("its row");
    assert!(
        row.contains(read["plate"].as_str().expect("a plate")),
        "{row}: {picture}"
    );
    assert_eq!(read["sure"], true, "{picture}");

    // What is no picture is refused in words, and what is too large is.
    let read = |body: Vec<u8>| {
        let request = Client::new().post(format!("{base}/api/read")).body(body);
        request.bearer_auth(&tokens[1]).send()
    };
    for no_picture in [Vec::new(), b"GIF89a".to_vec(), vec![0xFF, 0xD8, 0xFF]] {
        let answer = read(no_picture).await.expect("answers");
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
    let answer = read(vec![0; (10 << 20) + 1]).await.expect("answers");
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);

    // What the lane's camera shows is read for the guard, and nothing is kept of it.
    let before = site.passages().len();
    let seen = installer.post("/api/lanes/a/read", &json!({})).await;
    // The recording may be over: then there is no picture, and that is told.
    let told = [StatusCode::OK, StatusCode::NOT_FOUND];
    assert!(told.contains(&seen.status()), "{}", seen.status());
    assert_eq!(site.passages().len(), before);
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
}
