//! Video of the lanes' cameras, from the camera to whoever doubts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ledger::{Reader, VideoHour};
use recorder::{VideoIndex, VideoRow};
use serde_json::Value;

use crate::doctor::{photo, truck};
use crate::support::ffprobe::played;
use crate::support::rtsp_server::RtspServer;
use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);

fn recording(server: &RtspServer) -> Site {
    let camera = format!("{{ url = \"{}\" }}", server.url("gate"));
    Site::new()
        .lane("north-in", "in", "front", &camera)
        .add("[recorder]\nfolders = [\"video\"]\nreserve_gb = 0\n")
}

fn server() -> RtspServer {
    RtspServer::start(&[("gate", clip("short-720p.mp4"))], None)
}

fn videos(site: &Site) -> Vec<VideoRow> {
    let index = VideoIndex::open_to_read(&site.data()).expect("an index");
    let span = index.span("north-in", jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    span.expect("readable").videos
}

fn parts(site: &Site) -> Vec<PathBuf> {
    let root = site.folder.path().join("video");
    let found = Command::new("find")
        .arg(root)
        .args(["-name", "*.mp4.part"])
        .output()
        .expect("runs");
    text(&found.stdout).lines().map(PathBuf::from).collect()
}

fn bytes_of(files: &[PathBuf]) -> u64 {
    files
        .iter()
        .filter_map(|file| file.metadata().ok())
        .map(|meta| meta.len())
        .sum()
}

#[test]
fn what_a_kill_leaves_open_plays_after_the_next_start_and_every_file_has_its_row() {
    let server = server();
    let site = recording(&server);
    for _ in 0..4 {
        let mut daemon = site.start(&[]);
        daemon.until("video is written", MINUTE, |_| {
            bytes_of(&parts(&site)) > 200_000
        });
        daemon.signal("-KILL");
        assert_eq!(daemon.ended(MINUTE).1, None);
    }
    let daemon = site.start(&[]);
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    assert!(parts(&site).is_empty(), "nothing is left open");
    let videos = videos(&site);
    assert!(
        videos.iter().filter(|video| video.repaired).count() >= 4,
        "{videos:?}"
    );
    for video in &videos {
        assert_eq!(played(&video.file), video.pictures, "{video:?}");
    }
    let from = videos[0].start.to_string();
    let span = [
        "--lane",
        "north-in",
        "--from",
        &from,
        "--until",
        "2999-01-01",
        "--config",
        &site.config(),
    ]
    .map(str::to_owned);
    let run = |what: &str, more: &[&str]| {
        let all: Vec<&str> = ["video", what]
            .into_iter()
            .chain(span.iter().map(String::as_str))
            .chain(more.iter().copied())
            .collect();
        menjin(&all)
    };
    let listed = run("list", &["--json"]);
    let lines = text(&listed.stdout);
    assert_eq!(
        lines
            .lines()
            .filter(|line| line.starts_with("{\"video\""))
            .count(),
        videos.len(),
        "{lines}"
    );
    assert!(lines.contains("service_stopped"), "{lines}");
    assert_eq!(run("check", &[]).status.code(), Some(0));
    let to = site.folder.path().join("span.mp4");
    let exported = run("export", &["--json", "--to", &to.display().to_string()]);
    let told: Value = serde_json::from_slice(&exported.stdout).expect("JSON");
    assert_eq!(told["pictures"], played(&to));
    let all: u64 = videos.iter().map(|video| video.pictures).sum();
    assert_eq!(told["pictures"], all);
    // That of a passage is asked for by its number.
    let came = videos[0].start.as_millisecond() + 4500;
    let mut writer =
        ledger::Writer::open(&site.data(), ledger::Options::default()).expect("a ledger");
    let id = writer
        .decide(&truck("\u{82CF}A12345", came), &photo())
        .expect("kept");
    drop(writer);
    let to = site.folder.path().join("passage.mp4");
    let (number, file) = (id.to_string(), to.display().to_string());
    let config = site.config();
    let of_passage = [
        "video",
        "export",
        "--json",
        "--passage",
        &number,
        "--to",
        &file,
        "--config",
        &config,
    ];
    let told: Value = serde_json::from_slice(&menjin(&of_passage).stdout).expect("JSON");
    assert_eq!(
        told["from"],
        serde_json::json!(videos[0].start),
        "it came half a second after the first picture"
    );
    assert_eq!(told["pictures"], played(&to));
    // A file that is changed is named.
    let mut bytes = std::fs::read(&videos[0].file).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&videos[0].file, bytes).expect("written");
    let checked = run("check", &[]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        text(&checked.stdout).contains(&videos[0].file.display().to_string()),
        "{}",
        text(&checked.stdout)
    );
}

#[test]
fn a_minute_of_video_that_is_changed_removed_or_inserted_is_named_by_verify() {
    let server = server();
    let site = recording(&server);
    let mut daemon = site.start(&[]);
    daemon.until("video is written", MINUTE, |_| {
        bytes_of(&parts(&site)) > 200_000
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    // Minutes of an hour that is over, as the daemon would have kept them.
    let made = videos(&site).remove(0);
    let day = made
        .file
        .parent()
        .expect("a day")
        .with_file_name("2026-01-05");
    std::fs::create_dir(&day).expect("made");
    let names: Vec<String> = (0..3)
        .map(|n| format!("20260105T030{n}00.000Z.mp4"))
        .collect();
    let hash: String = made
        .sha256
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut files = String::new();
    for name in &names {
        std::fs::copy(&made.file, day.join(name)).expect("copied");
        files += &format!("2026-01-05/{name} 60000 {} {}\n", made.bytes, hash);
    }
    let hour = VideoHour {
        camera: "north-in".to_owned(),
        hour: "2026-01-05T03:00:00Z".parse().expect("a time"),
        files,
        gaps: String::new(),
    };
    let mut writer =
        ledger::Writer::open(&site.data(), ledger::Options::default()).expect("a ledger");
    writer
        .keep_video_hour(&hour, jiff::Timestamp::now())
        .expect("kept");
    drop(writer);
    let verify = || {
        let output = menjin(&["verify", "--video", "--json", "--config", &site.config()]);
        let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = json["video"]["findings"]
            .as_array()
            .expect("findings")
            .iter();
        let found: Vec<_> = found
            .map(|f| {
                (
                    f["code"].as_str().unwrap_or("").to_owned(),
                    PathBuf::from(f["file"].as_str().unwrap_or("")),
                )
            })
            .collect();
        assert_eq!(
            output.status.code(),
            Some(i32::from(!found.is_empty())),
            "{json}"
        );
        found
    };
    assert_eq!(verify(), []);
    let mut bytes = std::fs::read(day.join(&names[0])).expect("readable");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(day.join(&names[0]), bytes).expect("written");
    std::fs::remove_file(day.join(&names[1])).expect("removed");
    let inserted = day.join("20260105T030300.000Z.mp4");
    std::fs::copy(&made.file, &inserted).expect("copied");
    let found = verify();
    let named = |code: &str, path: PathBuf| (code.to_owned(), path);
    assert_eq!(
        found,
        [
            named("changed", day.join(&names[0])),
            named("removed", Path::new("north-in/2026-01-05").join(&names[1])),
            named("inserted", inserted),
        ]
    );
    // What goes because its time is over is no finding, for the chain says so.
    let mut writer =
        ledger::Writer::open(&site.data(), ledger::Options::default()).expect("a ledger");
    let before = "2026-01-05T03:02:00Z".parse().expect("a time");
    writer
        .keep_video_removal("north-in", before, "age", jiff::Timestamp::now())
        .expect("kept");
    drop(writer);
    assert_eq!(verify().len(), 2);
    assert!(
        Reader::open(&site.data())
            .expect("opens")
            .verify(&ledger::VerifyOptions::default())
            .expect("looks")
            .breaks
            .is_empty()
    );
}
