//! A recording read again, by whoever doubts the ledger.

use std::time::Duration;

use recorder::VideoIndex;
use serde_json::Value;

use crate::support::rtsp_server::RtspServer;
use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);

/// Runs a statement on the ledger as somebody would who has the file and knows how to write it.
fn tamper(site: &Site, sql: &str) {
    let script = "import sqlite3, sys\n\
        ledger = sqlite3.connect(sys.argv[1])\n\
        triggers = ledger.execute(\"SELECT name FROM sqlite_master WHERE type = 'trigger'\").fetchall()\n\
        for (name,) in triggers: ledger.execute(f'DROP TRIGGER {name}')\n\
        ledger.execute('PRAGMA foreign_keys = OFF')\n\
        ledger.executescript(sys.argv[2])\n\
        ledger.commit()";
    let ledger = site.data().join("ledger.sqlite3");
    let done = std::process::Command::new("python3")
        .args(["-c", script, &ledger.display().to_string(), sql])
        .output()
        .expect("runs");
    assert!(done.status.success(), "{}", text(&done.stderr));
}

struct Counted {
    fine: bool,
    json: Value,
}

impl Counted {
    fn of(site: &Site, more: &[&str]) -> Self {
        let config = site.config();
        let args = ["recount", "--json", "--config", &config, "--lane", "lane"];
        let all = [&args[..], more].concat();
        let output = menjin(&all);
        let json = serde_json::from_slice(&output.stdout);
        let json = json.unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        Self {
            fine: output.status.code() == Some(0),
            json,
        }
    }

    fn count(&self, code: &str) -> i64 {
        self.json["counts"][code].as_i64().expect("a count")
    }

    /// Plates of what was judged so: of the video, or of the ledger.
    fn plates(&self, code: &str, of: &str) -> Vec<String> {
        let all = self.json["vehicles"].as_array().expect("vehicles").iter();
        let so = all.filter(|one| one["code"] == code);
        so.map(|one| one[of]["plate"].as_str().unwrap_or("").to_owned())
            .collect()
    }
}

#[test]
fn a_recount_names_a_row_that_was_deleted_or_changed_and_a_minute_that_was_cut_and_else_agrees() {
    let server = RtspServer::start(&[("gate", clip("south-in.mp4"))], None);
    let site = Site::new()
        .lane(
            "lane",
            "in",
            "front",
            &format!("{{ url = \"{}\" }}", server.url("gate")),
        )
        .add("[recorder]\nfolders = [\"video\"]\nreserve_gb = 0\n");
    let mut daemon = site.start(&[]);
    let begin = jiff::Timestamp::now().to_string();
    // More than a minute: a file by the time of arrival, a whole one, and one behind it.
    daemon.until("a minute and some vehicles are there", 3 * MINUTE, |_| {
        let Ok(index) = VideoIndex::open_to_read(&site.data()) else {
            return false;
        };
        let span = index.span("lane", jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let videos = span.expect("readable").videos;
        let is_whole = |video: &recorder::VideoRow| video.duration_ms >= 55_000;
        let passages = site.passages();
        let passed = passages.iter().filter(|p| p.finished.is_some()).count();
        videos.iter().any(is_whole) && passed >= 4
    });
    std::thread::sleep(Duration::from_secs(4));
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let rows = site.passages().len() as i64;
    let end = jiff::Timestamp::now().to_string();
    let span = ["--from", &begin, "--until", &end];
    let page = site.folder.path().join("recount.html");
    let path = page.display().to_string();
    let with_page = [&span[..], &["--html", &path]].concat();

    // A lane on a busy computer may miss a vehicle, which the recording then shows; it invents none.
    let sound = Counted::of(&site, &with_page);
    let missed = sound.plates("not_in_ledger", "video");
    assert_eq!(sound.fine, missed.is_empty(), "{:#}", sound.json);
    assert_eq!(
        sound.count("same") + sound.count("unsure") + sound.count("beside"),
        rows,
        "{:#}",
        sound.json
    );
    let same = sound.plates("same", "video");
    assert!(same.len() >= 3, "{:#}", sound.json);
    let html = std::fs::read_to_string(&page).expect("a page");
    for plate in &same {
        assert!(html.contains(plate.as_str()), "{plate} is on the page");
    }
    assert!(html.matches("data:image/jpeg").count() >= 2 * same.len());

    // A row that was deleted: its vehicle is in the video. (The first one stands there as the recording begins.)
    let (deleted, changed) = (&same[1], &same[2]);
    tamper(
        &site,
        &format!(
            "CREATE TEMP TABLE gone AS SELECT passage_id AS id FROM readings WHERE plate = '{deleted}';
             DELETE FROM readings WHERE passage_id IN (SELECT id FROM gone);
             DELETE FROM photos WHERE passage_id IN (SELECT id FROM gone);
             DELETE FROM passage_outcomes WHERE passage_id IN (SELECT id FROM gone);
             DELETE FROM passages WHERE id IN (SELECT id FROM gone);
             UPDATE readings SET plate = 'XXXXXXX' WHERE plate = '{changed}';"
        ),
    );
    let told = Counted::of(&site, &span);
    assert!(!told.fine);
    let mut not_in_ledger = told.plates("not_in_ledger", "video");
    not_in_ledger.retain(|plate| !missed.contains(plate));
    assert_eq!(
        &not_in_ledger,
        std::slice::from_ref(deleted),
        "{:#}",
        told.json
    );
    let differently = told.plates("read_differently", "video");
    assert_eq!(
        &differently,
        std::slice::from_ref(changed),
        "{:#}",
        told.json
    );

    // A minute that was cut, out of the index as well.
    let index = site.data().join("video.sqlite3");
    let script = "import os, sqlite3, sys\n\
        index = sqlite3.connect(sys.argv[1])\n\
        index.execute('PRAGMA foreign_keys = OFF')\n\
        print(index.execute('SELECT count(*) FROM videos').fetchone()[0])\n\
        index.execute('DELETE FROM videos WHERE duration_ms = (SELECT max(duration_ms) FROM videos)')\n\
        index.commit()";
    let done = std::process::Command::new("python3")
        .args(["-c", script, &index.display().to_string()])
        .output()
        .expect("runs");
    assert!(text(&done.stdout).trim().parse::<u32>().expect("a count") >= 2);
    let cut = Counted::of(&site, &span);
    let holes = cut.json["holes"].as_array().expect("holes");
    assert!(
        holes.iter().any(|hole| hole["finding"] == true),
        "{:#}",
        cut.json
    );
    assert!(!cut.fine && cut.count("no_video") >= 2, "{:#}", cut.json);
}

#[test]
fn a_recount_that_cannot_be_says_why() {
    let site = Site::new().lane("lane", "in", "front", "{ url = \"rtsp://127.0.0.1:9/x\" }");
    site.make_ledger();
    let config = site.config();
    let ask = |lane: &str, from: &str, until: &str| {
        let args = [
            "recount", "--config", &config, "--lane", lane, "--from", from, "--until", until,
        ];
        let output = menjin(&args);
        (output.status.code(), text(&output.stderr))
    };
    let (code, why) = ask("nowhere", "today", "today");
    assert!(code == Some(2) && why.contains("lane"), "{why}");
    let (code, why) = ask("lane", "today", "today");
    assert!(code == Some(2) && why.contains("[recorder]"), "{why}");
}
