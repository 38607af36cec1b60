//! The whole chain with real servers: camera, daemon, ledger, regulator, broker.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::rtsp_server::RtspServer;
use crate::support::{Site, clip, free_port, menjin, project, text};
use simulator::{Options, serve};

const MINUTE: Duration = Duration::from_secs(60);

fn file(name: &str) -> String {
    format!(
        "{{ file = \"{}\", pace = \"as_fast\" }}",
        clip(name).display()
    )
}

/// Plates of one lane's truth, and how many vehicles show none.
fn truth(lane: &str) -> (Vec<String>, usize) {
    let path = project().join("testdata/footage/truth.csv");
    let text = std::fs::read_to_string(path).expect("truth");
    let plates: Vec<String> = text
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|row| row.get(1) == Some(&lane))
        .map(|row| row[4].to_owned())
        .collect();
    let without = plates.iter().filter(|p| p.is_empty()).count();
    (
        plates.into_iter().filter(|p| !p.is_empty()).collect(),
        without,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_passage_of_the_footage_is_once_in_the_ledger_and_once_at_the_regulator() {
    let regulator = serve(Options::default()).await.expect("listens");
    let site = Site::new()
        .lane("north-in", "in", "front", &file("north-in.mp4"))
        .lane("south-in", "in", "front", &file("south-in.mp4"))
        // The lane between the notice boards, which carry numbers that resemble plates.
        .add("region = [[0.30, 0.15], [0.55, 0.15], [0.80, 0.45], [1.0, 0.75], [1.0, 1.0], [0.55, 1.0], [0.30, 0.40]]\n")
        .regulator(regulator.addr.port());
    let daemon = site.start(&["--until-done"]);
    let ended = tokio::task::spawn_blocking(move || daemon.ended(6 * MINUTE))
        .await
        .expect("ran");
    assert_eq!(ended.1, Some(0));

    let passages = site.passages();
    for lane in ["north-in", "south-in"] {
        let (plates, without) = truth(lane);
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        let of_lane: Vec<_> = passages.iter().filter(|p| p.lane == lane).collect();
        for passage in &of_lane {
            *count.entry(&passage.reading.plate).or_default() += 1;
        }
        for plate in &plates {
            assert_eq!(
                count.get(plate.as_str()),
                Some(&1),
                "{lane} {plate} in {count:?}"
            );
        }
        let recognised = of_lane.iter().filter(|p| p.reading.recognised).count();
        assert_eq!(recognised, plates.len(), "{lane}: {count:?}");
        assert_eq!(of_lane.len(), plates.len() + without, "{lane}: {count:?}");
    }
    for passage in &passages {
        assert!(
            passage.finished.is_some(),
            "{} has no end",
            passage.reading.plate
        );
        assert_eq!(passage.photos.len(), 4, "{}", passage.reading.plate);
    }
    site.assert_sound();
    assert_proved_and_then_betrayed(&site, &passages[0]);
    assert_eq!(regulator.counts().passages, passages.len() as u64);
    for arrival in regulator.received() {
        assert_eq!(arrival.photos.len(), 2, "{}", arrival.serial);
    }
    regulator.stop().await;
}

/// `menjin verify` finds nothing, and then the one photo that was painted over.
fn assert_proved_and_then_betrayed(site: &Site, passage: &passage::PassageView) {
    let config = site.config();
    let whole = menjin(&["verify", "--config", &config]);
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stdout));
    assert!(text(&whole.stdout).contains("The ledger is whole"));

    let path = &passage.photos[0].path;
    let file = site.data().join(path);
    let before = std::fs::read(&file).expect("a photo");
    let mut painted = before.clone();
    let middle = painted.len() / 2;
    painted[middle] ^= 1;
    std::fs::write(&file, painted).expect("painted over");
    let betrayed = menjin(&["verify", "--config", &config]);
    assert_eq!(betrayed.status.code(), Some(1));
    assert!(
        text(&betrayed.stdout).contains(path),
        "{}",
        text(&betrayed.stdout)
    );
    std::fs::write(&file, before).expect("as it was");
}

/// The truck of the clip is on a deny list, and so is one that differs in its last character.
#[tokio::test(flavor = "multi_thread")]
async fn a_guard_sees_the_rule_what_the_list_says_and_what_looks_alike_and_so_does_the_ledger() {
    let site = Site::new()
        .lane("north-in", "in", "front", &file("short-720p.mp4"))
        .add(
            "[gate]\nread = \"allow\"\n\
             [[gate.deny]]\nplate = \"粤H736FL\"\nreason = \"欠缴停车费\"\n\
             [[gate.deny]]\nplate = \"粤H736F1\"\nreason = \"another truck\"\n",
        );
    let daemon = site.start(&["--until-done"]);
    let (lines, code) = tokio::task::spawn_blocking(move || daemon.ended(2 * MINUTE))
        .await
        .expect("ran");
    assert_eq!(code, Some(0));
    let seen = lines.join("\n");
    let config = site.config();
    let listed = menjin(&["passages", "--config", &config]);
    for shown in [seen, text(&listed.stdout)] {
        for words in ["on the deny list", "欠缴停车费", "粤H736F1"] {
            assert!(shown.contains(words), "{words} in\n{shown}");
        }
    }
    let json = menjin(&["passages", "--json", "--config", &config]);
    let row: serde_json::Value =
        serde_json::from_str(text(&json.stdout).lines().next().expect("a passage")).expect("JSON");
    assert_eq!(row["decision"], "deny");
    assert_eq!(row["reason"], "on_deny_list");
    assert_eq!(row["grounds"]["detail"], "欠缴停车费");
    assert_eq!(row["grounds"]["look_alikes"][0]["plate"], "粤H736F1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_while_the_platform_was_away_arrives_once_when_it_is_back() {
    let port = free_port();
    let site = Site::new()
        .lane("south-in", "in", "front", &file("short-720p.mp4"))
        .regulator(port);
    let mut daemon = site.start(&[]);
    daemon.until("a passage", MINUTE, |_| !site.passages().is_empty());
    daemon.until("its end", MINUTE, |_| {
        site.passages().iter().all(|p| p.finished.is_some())
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let recorded = site.passages().len() as u64;

    let listen = ([127, 0, 0, 1], port).into();
    let regulator = serve(Options {
        listen,
        ..Options::default()
    })
    .await
    .expect("listens");
    let site = site.add("");
    let mut daemon = site.start(&[]);
    // The clip is played again, so the second run adds as many as the first.
    daemon.until("all of them", 2 * MINUTE, |_| {
        regulator.counts().passages >= 2 * recorded && site.passages().len() as u64 == 2 * recorded
    });
    daemon.signal("-INT");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    assert_eq!(regulator.counts().passages, 2 * recorded);
    site.assert_sound();
    regulator.stop().await;
}

#[test]
fn a_vehicle_at_the_barrier_survives_kill_9_and_is_not_doubled() {
    let server = RtspServer::start(&[("lane", clip("south-in.mp4"))], None);
    let mut watcher = std::process::Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-rtsp_transport",
            "tcp",
            "-i",
            &server.url("lane"),
            "-c",
            "copy",
            "-f",
            "null",
            "-",
        ])
        .stdin(std::process::Stdio::null())
        .spawn()
        .expect("keeps the stream running between the two daemons");
    let site = Site::new().lane(
        "lane",
        "in",
        "front",
        &format!("{{ url = \"{}\" }}", server.url("lane")),
    );
    let mut daemon = site.start(&[]);
    daemon.until("a decided passage", 2 * MINUTE, |_| {
        !site.passages().is_empty()
    });
    let first = site.passages()[0].clone();
    daemon.signal("-KILL");
    drop(daemon);

    let mut daemon = site.start(&[]);
    daemon.until("the next vehicle", 2 * MINUTE, |_| {
        let passages = site.passages();
        passages.len() >= 2 && passages[0].finished.is_some()
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let passages = site.passages();
    assert_eq!(
        passages[0].key, first.key,
        "what was committed is still there"
    );
    let same = passages
        .iter()
        .filter(|p| p.reading.plate == first.reading.plate)
        .count();
    assert_eq!(
        same,
        1,
        "{:?}",
        passages
            .iter()
            .map(|p| &p.reading.plate)
            .collect::<Vec<_>>()
    );
    site.assert_sound();
    let _ = watcher.kill();
    let _ = watcher.wait();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_camera_password_is_told_and_never_shown() {
    let site = Site::new();
    let right = site.secret("right", "right-password");
    site.secret("wrong", "hunter2-wrong");
    let server = RtspServer::start(&[("lane", clip("short-720p.mp4"))], Some(("admin", &right)));
    let site = site.lane(
        "lane",
        "in",
        "front",
        &format!(
            "{{ url = \"{}\", user = \"admin\", password_file = \"wrong\" }}",
            server.url("lane")
        ),
    );
    let mut daemon = site.start(&[]);
    let page = format!("http://127.0.0.1:{}/healthz", site.status_port);
    let client = reqwest::Client::new();
    let mut health = String::new();
    for _ in 0..100 {
        let answer = client.get(&page).send().await.expect("answers");
        let status = answer.status();
        health = answer.text().await.expect("text");
        if health.contains("unauthorized") {
            assert_eq!(status, 503);
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(health.contains("unauthorized"), "{health}");
    let metrics = client
        .get(page.replace("healthz", "metrics"))
        .send()
        .await
        .expect("answers")
        .text()
        .await
        .expect("text");
    assert!(
        metrics.contains(
            "menjin_camera_state{camera=\"lane\",role=\"lane\",state=\"unauthorized\"} 1"
        )
    );
    daemon.until("the log", MINUTE, |d| !d.log().is_empty());
    for shown in [&health, &metrics, &daemon.log(), &daemon.command_line()] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn a_read_only_data_folder_stops_the_start_with_what_to_do() {
    let site = Site::new().lane("lane", "in", "front", &file("short-720p.mp4"));
    std::fs::create_dir(site.data()).expect("made");
    let script = format!(
        "mount -t tmpfs -o size=4m,ro none '{}' && exec '{}' run --config '{}'",
        site.data().display(),
        env!("CARGO_BIN_EXE_menjin"),
        site.config()
    );
    let output = std::process::Command::new("unshare")
        .args(["-m", "sh", "-c", &script])
        .current_dir(project())
        .output()
        .expect("unshare runs");
    let error = crate::support::text(&output.stderr);
    if error.contains("unshare failed") || error.contains("permission denied") {
        return skipped("not root: a read-only disk cannot be made here");
    }
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("mount the disk writable"), "{error}");
}

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn skipped(why: &str) {
    println!("skipped: {why}");
}
