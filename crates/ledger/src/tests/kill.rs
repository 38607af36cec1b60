//! A writing process killed with no warning, again and again.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use passage::*;

use super::{body, findings, open, passed, photo, truck};
use crate::*;

const KILLS: u64 = 20;
const FOLDER: &str = "LEDGER_TEST_FOLDER";

/// What the child does until it is killed: decides, finishes every other one, claims and answers.
/// It tells of each commit after it has returned.
#[test]
#[ignore = "the killed process of the test below"]
fn child_that_writes_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let mut writer = open(Path::new(&folder), &["mqtt"]);
    let jpeg = vec![7_u8; 30_000];
    for n in 0_i64.. {
        let truck = truck(n * 100);
        let head = [
            photo(PhotoKind::HeadOriginal, &jpeg),
            photo(PhotoKind::Head, &jpeg[1..]),
        ];
        let id = writer.decide(&truck, &head).unwrap();
        tell(&format!("decided {id} {}", truck.key));
        if n % 2 == 0 {
            writer.finish(id, &passed(n * 100 + 50), &body()).unwrap();
            tell(&format!("finished {id} -"));
        }
        let claim = Claim {
            sink: "mqtt",
            now: truck.decided_at,
            live_window: Duration::from_secs(60),
            limit: 3,
            backlog_limit: 3,
        };
        for item in writer.claim_due(&claim).unwrap() {
            writer.ack(item.id, truck.decided_at, "ok").unwrap();
            tell(&format!("acknowledged {} -", item.id));
        }
    }
}

fn tell(line: &str) {
    let mut out = io::stdout().lock();
    writeln!(out, "\n{line}")
        .and_then(|()| out.flush())
        .unwrap();
}

/// Runs the child for a while and gives the words of what it told: the last word by id.
fn run_and_kill(folder: &Path, after: Duration) -> Vec<(String, i64, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tests::kill::child_that_writes_until_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reading = std::thread::spawn(move || {
        let words = |line: String| {
            let mut words = line.split(' ');
            let (what, id, key) = (words.next()?, words.next()?, words.next()?);
            let told = ["decided", "finished", "acknowledged"].contains(&what);
            told.then(|| Some((what.to_owned(), id.parse().ok()?, key.to_owned())))?
        };
        out.lines()
            .map_while(Result::ok)
            .filter_map(words)
            .collect()
    });
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reading.join().unwrap()
}

#[test]
fn nothing_told_is_lost_when_the_process_is_killed_at_any_moment() {
    let data = tempfile::tempdir().unwrap();
    let mut keys: BTreeMap<i64, String> = BTreeMap::new();
    let mut finished = Vec::new();
    let mut acknowledged = Vec::new();
    for round in 0..KILLS {
        let after = Duration::from_millis(rand::random_range(40..400));
        for (what, id, key) in run_and_kill(data.path(), after) {
            match what.as_str() {
                "decided" => drop(keys.insert(id, key)),
                "finished" => finished.push(id),
                _ => acknowledged.push(id),
            }
        }
        let mut writer = open(data.path(), &["mqtt"]);
        let found = findings(data.path());
        assert!(
            found.iter().all(|f| f.code == FindingCode::OrphanFile),
            "after kill {round}: {found:?}"
        );
        writer.sweep_orphans(Duration::ZERO).unwrap();
        let reader = writer.reader().unwrap();
        for (id, key) in &keys {
            let passage = reader
                .passage(PassageId(*id))
                .unwrap()
                .expect("a told passage");
            assert_eq!(&passage.key.to_string(), key, "ids are never used again");
            for delivery in passage.deliveries {
                assert_ne!(
                    delivery.state,
                    DeliveryState::Sending,
                    "put back at the start"
                );
                let told = acknowledged.contains(&delivery.id.0);
                assert!(!told || delivery.state == DeliveryState::Acknowledged);
            }
        }
        for id in &finished {
            assert!(
                reader
                    .passage(PassageId(*id))
                    .unwrap()
                    .unwrap()
                    .finished
                    .is_some()
            );
        }
    }
    assert!(
        keys.len() >= 20,
        "the children came to write only {} passages",
        keys.len()
    );
}
